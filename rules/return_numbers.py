"""Nosso números as return files have them, and the company's own running number behind each.

The bank prints and reports one number in several ways: with or without wallet, company and check
digit. What all of them hold is the running number, which rules.boleto_banks made it from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class _Place:
    """Where the running number stands: so many digits before what follows it at the end."""

    digits: int
    after: int = 0

    def of(self, number: str) -> str:
        end = len(number) - self.after
        return number[max(0, end - self.digits) : end]


#: By bank and columns, counted from the end; only banks whose boletos are of our own making.
_PLACES: Mapping[tuple[str, int], _Place] = {
    ("001", 240): _Place(10),
    ("001", 400): _Place(10),
    ("033", 240): _Place(12, after=1),
    ("033", 400): _Place(7, after=1),
    ("085", 240): _Place(9),
    ("104", 240): _Place(15),
    ("104", 400): _Place(15),
    ("237", 240): _Place(11, after=1),
    ("237", 400): _Place(11, after=1),
    ("341", 240): _Place(8),
    ("341", 400): _Place(8),
    ("756", 240): _Place(9, after=1),
    ("756", 400): _Place(11),
}


def sequence_in(our_number: str, *, bank: str, columns: int) -> int | None:
    """This will give the running number in a nosso número; None where it is not of our making."""
    place = _PLACES.get((bank, columns))
    digits = place.of(our_number) if place else ""
    return int(digits) if digits.isascii() and digits.isdigit() and int(digits) else None


def our_number_in_file(
    sequence: int, our_number: str, *, bank: str, columns: int, width: int
) -> str | None:
    """This will give a boleto's nosso número as its bank's files have it; None where the bank's
    boletos are not of our making. `our_number` is as it stands on the boleto, `width` how much the
    file's field holds of it."""
    place = _PLACES.get((bank, columns))
    if place is None:
        return None
    is_read = sequence_in(our_number, bank=bank, columns=columns) == sequence
    if is_read and len(our_number) <= width:
        return our_number
    digits = f"{sequence:0{place.digits}d}"[-place.digits :]
    return digits + our_number[-1:] * place.after
