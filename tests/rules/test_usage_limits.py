"""Limits of usage: of a line, of a cost centre, of every line; at the limit and a cent above."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rules.carrier_charges import Label
from rules.carrier_records import ChargeKind
from rules.usage_limits import Breach, UsageLimit, Used, breaches, codes_of, told

pytestmark = pytest.mark.once

LOCAL = Label(ChargeKind.CALL, ("143", "VC1"), "Movel Local Intra Rede")
FAR = Label(ChargeKind.CALL, ("152", "VC3"), "Movel Fora da Area")
TEXTS = Label(ChargeKind.SERVICE, (), "Mensagem SMS")
USED = (
    Used("119001", "VENDAS", LOCAL, Decimal("60.00")),
    Used("119001", "VENDAS", TEXTS, Decimal("40.00")),
    Used("119002", "VENDAS", LOCAL, Decimal("30.00")),
    Used("119003", "CAMPO", FAR, Decimal("99.99")),
)


def broken(**values) -> list[tuple[str, str, tuple[str, ...]]]:
    limit = UsageLimit(1, "Limite", **values)
    return [(each.who, str(each.spent), each.services) for each in breaches(limit, USED)]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"amount": Decimal("100.00")}, []),
        ({"amount": Decimal("99.99")}, [("119001", "100.00", ())]),
        ({"number": "119003", "amount": Decimal(50)}, [("119003", "99.99", ())]),
        ({"cost_centre": "VENDAS", "amount": Decimal("129.99")}, [("VENDAS", "130.00", ())]),
        ({"cost_centre": "VENDAS", "amount": Decimal("130.00")}, []),
        (
            {"allowed": codes_of("vc1, mensagem sms")},
            [("119003", "99.99", ("152 Movel Fora da Area",))],
        ),
        ({"allowed": codes_of("143, mensagem, vc3")}, []),
        ({"allowed": codes_of("Movel")}, [("119001", "100.00", ("Mensagem SMS",))]),
        ({}, []),
    ],
)
def test_who_breaks_a_limit(values, expected):
    assert broken(**values) == expected


def test_a_task_names_five_and_counts_the_others():
    found = [Breach(f"L{n}", Decimal(1)) for n in range(7)]

    assert told(found) == "L0, L1, L2, L3, L4 (+2)"
