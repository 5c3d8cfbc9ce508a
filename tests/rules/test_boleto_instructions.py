"""What a bank takes a boleto to come to, and what it must be told to collect what is owed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rules.boleto_instructions import (
    NO_REBATE,
    AtBank,
    Instruction,
    InstructionKind,
    ToldAmount,
    ToldKind,
    at_bank,
    rebate_to_tell,
)

ENTRY, AMOUNT, REBATE = ToldKind.ENTRY, ToldKind.AMOUNT, ToldKind.REBATE


@pytest.mark.parametrize(
    ("told", "amount", "rebate"),
    [
        ([], 100, 0),
        ([(ENTRY, 80)], 80, 0),
        ([(ENTRY, 100), (REBATE, 30)], 100, 30),
        ([(ENTRY, 100), (REBATE, 30), (AMOUNT, 110)], 110, 30),
        ([(ENTRY, 100), (REBATE, 30), (REBATE, 0)], 100, 0),
        ([(ENTRY, 100), (REBATE, 30), (ENTRY, 70)], 70, 0),  # turned down, and told again
    ],
)
def test_a_bank_goes_by_what_it_was_told_last(told, amount, rebate) -> None:
    known = at_bank(Decimal(100), [ToldAmount(kind, Decimal(each)) for kind, each in told])

    assert known == AtBank(Decimal(amount), Decimal(rebate))


@pytest.mark.parametrize(
    ("amount", "rebate", "owed", "wanted"),
    [
        (100, 0, 100, None),
        (100, 0, 70, Instruction(InstructionKind.REBATE, amount=Decimal(30))),
        (100, 30, 70, None),
        (100, 30, 60, Instruction(InstructionKind.REBATE, amount=Decimal(40))),
        (100, 30, 80, Instruction(InstructionKind.REBATE, amount=Decimal(20))),
        (100, 30, 100, NO_REBATE),
        (100, 30, 105, NO_REBATE),
        (100, 0, 105, None),
    ],
)
def test_it_is_told_what_brings_it_to_collect_what_is_owed(amount, rebate, owed, wanted) -> None:
    known = AtBank(Decimal(amount), Decimal(rebate))

    assert rebate_to_tell(known, owed=Decimal(owed)) == wanted
