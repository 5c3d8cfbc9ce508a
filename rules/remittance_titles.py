"""What a remittance tells of a boleto: a movement, who collects and who pays."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from rules.money import ZERO


class Movement(StrEnum):
    """What a bank is told of a title (FEBRABAN, código de movimento remessa)."""

    ENTRY = "01"
    WRITE_OFF = "02"
    REBATE = "04"
    NO_REBATE = "05"
    NEW_DUE_DATE = "06"
    NEW_AMOUNT = "47"


@dataclass(frozen=True)
class Company:
    """Who collects."""

    name: str
    document: str


@dataclass(frozen=True)
class Payer:
    """Who is to pay."""

    name: str
    document: str
    street: str = ""
    city: str = ""
    uf: str = ""
    postal_code: str = ""


@dataclass(frozen=True)
class RemittedTitle:
    """A boleto, and what the bank is told of it; `sequence` is the company's own running number.

    `rebate` is what comes off it for good, `discount` what does if it is paid by its due date.
    `fine_percent` is of the amount, `interest_percent` by the month; nothing: none is told.
    """

    movement: Movement
    sequence: int
    label: str
    number: str
    due_date: date
    amount: Decimal
    issued_on: date
    payer: Payer
    rebate: Decimal = ZERO
    discount: Decimal = ZERO
    fine_percent: Decimal = ZERO
    interest_percent: Decimal = ZERO


def plain(text: str, length: int) -> str:
    """Capitals without accents, cut to a length: nothing else is sure to be read."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(bare.upper().split())[:length]
