"""What stands in a company's inventory."""

from __future__ import annotations

import re
from enum import StrEnum

from rules.refusals import Refusal


class LineNumberNotValid(Refusal):
    message = (
        "%(number)s não é o número de uma linha: escreva o DDD e o número, só com algarismos. De "
        "chip, aparelho ou circuito, diga o tipo e o identificador."
    )
    field = "number"


class LineIdentifierNotValid(Refusal):
    message = "%(number)s não identifica um chip, aparelho ou circuito: escreva-o com algarismos."
    field = "number"


class LineKind(StrEnum):
    """What is in the inventory."""

    MOBILE = "mobile"
    FIXED = "fixed"
    SIM = "sim"
    DEVICE = "device"
    CIRCUIT = "circuit"


class LineStatus(StrEnum):
    """Whether the company has the line; its dates say since when."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"


#: A telephone number without its zeros in front: 4004-1234, 0800 123 4567, DDD and number.
_PHONE = re.compile(r"[1-9]\d{7,11}", re.ASCII)
#: An ICCID, IMEI or serial number, or what a carrier calls a circuit: SPO/IP-00123.
_IDENTIFIER = re.compile(r"(?=.*\d)[0-9A-Z][0-9A-Z ./_:-]{2,24}", re.ASCII)
_PHONES = (LineKind.MOBILE, LineKind.FIXED)


def check_number(number: str, *, kind: LineKind) -> None:
    """This will refuse what cannot be a line's number (LineNumberNotValid), or what cannot identify
    any other asset (LineIdentifierNotValid). `number` is written as rules write it."""
    if kind in _PHONES and not _PHONE.fullmatch(number):
        raise LineNumberNotValid(number=number)
    if kind not in _PHONES and not _IDENTIFIER.fullmatch(number):
        raise LineIdentifierNotValid(number=number)
