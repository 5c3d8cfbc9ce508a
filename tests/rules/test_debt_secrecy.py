"""Amounts in messages to telephones: which texts name one, and whose number may read it."""

from __future__ import annotations

import pytest

from rules.debt_secrecy import AmountToThirdParty, check_secrecy, tells_amount

pytestmark = pytest.mark.once

OWN, OTHER = "+5511987654321", "+5511912345678"


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("Sua fatura de R$ 10 venceu", True),
        ("Sua fatura de R$10,00 venceu", True),
        ("Ficam 1.249,90 em aberto", True),
        ("Ficam 1249,90 em aberto", True),
        ("Ligue 0800 000 0000 ate 27/10/2026", False),
        ("Protocolo 20261027000017, 10,5 km", False),
        ("Nota 1,234,56", False),
    ],
)
def test_an_amount_is_money_with_its_sign_or_its_cents(text: str, *, tells: bool) -> None:
    assert tells_amount(text) is tells


def test_what_is_owed_is_told_to_the_customers_own_number_alone() -> None:
    check_secrecy("R$ 10,00", phone=OWN, known={OWN})
    check_secrecy("Ligue para nos", phone=OTHER, known={OWN})

    with pytest.raises(AmountToThirdParty) as refused:
        check_secrecy("R$ 10,00", phone=OTHER, known={OWN})

    assert refused.value.field == "to_address"
