"""What a bank must be told of a boleto it collects after its invoice changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from rules.money import ZERO


class InstructionKind(StrEnum):
    """What the bank is asked for; the last one wins."""

    NEW_DUE_DATE = "new_due_date"
    REBATE = "rebate"
    WRITE_OFF = "write_off"


class InstructionStatus(StrEnum):
    """Where an instruction stands. One title has at most one that is pending."""

    PENDING = "pending"
    EXPORTED = "exported"


@dataclass(frozen=True)
class Instruction:
    """What a bank is to be told: the new date and amount, or how much is taken off."""

    kind: InstructionKind
    due_date: date | None = None
    amount: Decimal = ZERO


WRITE_OFF = Instruction(InstructionKind.WRITE_OFF)
