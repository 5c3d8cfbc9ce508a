"""What a text means among registered cost centres."""

from __future__ import annotations

import pytest

from models.folding import fold
from rules.cost_centres import CentreName, KnownCentres

pytestmark = pytest.mark.once

KNOWN = KnownCentres(
    [
        CentreName("VENDAS", "Equipe de vendas"), CentreName("ADM", "Administração"),
        CentreName("A", "Filial"), CentreName("B", "Filial"), CentreName("4.1", "VENDAS"),
    ],
    fold=lambda text: fold(text) or "",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("VENDAS", "VENDAS"), ("vendas", "VENDAS"), ("  Vendas ", "VENDAS"),
        ("equipe  de  Vendas", "VENDAS"), ("administracao", "ADM"), ("ADMINISTRAÇÃO", "ADM"),
        ("filial", "filial"), ("Marketing ", "Marketing"), ("", ""),
    ],
)  # fmt: skip
def test_a_code_goes_before_a_name_and_what_nobody_registered_stays(text: str, code: str) -> None:
    assert KNOWN.code_of(text) == code
