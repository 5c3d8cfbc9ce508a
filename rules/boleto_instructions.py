"""What a bank must be told of a boleto it collects after its invoice changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from rules.money import ZERO


class InstructionKind(StrEnum):
    """What the bank is asked for; the last one wins."""

    NEW_DUE_DATE = "new_due_date"
    REBATE = "rebate"
    NO_REBATE = "no_rebate"
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


class ToldKind(StrEnum):
    """What a bank was told of an amount: a title's first, another in its place, what comes off."""

    ENTRY = "entry"
    AMOUNT = "amount"
    REBATE = "rebate"


@dataclass(frozen=True)
class ToldAmount:
    """One thing that a bank was told of what a boleto comes to."""

    kind: ToldKind
    amount: Decimal


@dataclass(frozen=True)
class AtBank:
    """What a bank takes a boleto to come to: its amount, and what comes off it for good."""

    amount: Decimal
    rebate: Decimal = ZERO


def at_bank(face: Decimal, told: Iterable[ToldAmount]) -> AtBank:
    """This will give what a bank goes by, from everything it was told, in order.

    `face` is what the boleto was made out for. A title that enters has no rebate yet.
    """
    known = AtBank(face)
    for each in told:
        if each.kind is ToldKind.ENTRY:
            known = AtBank(each.amount)
        elif each.kind is ToldKind.AMOUNT:
            known = replace(known, amount=each.amount)
        else:
            known = replace(known, rebate=each.amount)
    return known


def rebate_to_tell(known: AtBank, *, owed: Decimal) -> Instruction | None:
    """What brings a bank to collect what is owed: another rebate, or none any more; None: it does.

    What is owed beyond the boleto's amount is told with a due date, as nobody asks for more.
    """
    rebate = max(known.amount - owed, ZERO)
    if rebate == known.rebate:
        return None
    return Instruction(InstructionKind.REBATE, amount=rebate) if rebate else NO_REBATE


NO_REBATE = Instruction(InstructionKind.NO_REBATE)
