"""A customer's registration as people type it, and as it is stored."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rules.customers import CustomerFacts, addressed, as_stored
from rules.refusals import Refusal

TYPED = CustomerFacts(name="Ana Souza", document="529.982.247-25")


def test_what_is_typed_is_stored_bare() -> None:
    stored = as_stored(
        replace(
            TYPED, name="  Ana   Souza ", email=" ana@exemplo.com.br ", mobile="(81) 98765-4321",
            street=" Rua  Um, 2 ", city=" Recife ", uf="pe", postal_code="50030230",
        )
    )  # fmt: skip

    assert stored == CustomerFacts(
        name="Ana Souza", document="52998224725", email="ana@exemplo.com.br",
        mobile="+5581987654321", street="Rua Um, 2", city="Recife", uf="PE",
        postal_code="50030-230",
    )  # fmt: skip


@pytest.mark.parametrize("blank", [None, "", "  "])
def test_what_is_left_blank_is_nothing(blank: str | None) -> None:
    stored = as_stored(replace(TYPED, email=blank, mobile=blank, street=blank, postal_code=blank))

    assert (stored.email, stored.mobile, stored.street, stored.postal_code) == (None,) * 4


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", "  "),
        ("document", "529.982.247-24"),
        ("email", "ana.exemplo"),
        ("mobile", "1234"),
        ("uf", "XX"),
        ("postal_code", "123"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(field: str, typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        as_stored(replace(TYPED, **{field: typed}))

    assert refused.value.field == field


@pytest.mark.parametrize(
    ("name", "document", "greeted"),
    [
        ("Ana Souza", "52998224725", "Ana"),
        ("Dr. Francisco da Conceição", "52998224725", "Francisco"),
        ("Sra Ana Souza", "52998224725", "Ana"),
        ("Dra.", "52998224725", "Dra."),
        ("da Rocha Ltda.", "07424030000174", "da Rocha Ltda."),
    ],
)
def test_letters_greet_people_by_the_first_name_and_companies_by_the_whole(
    name: str, document: str, greeted: str
) -> None:
    assert addressed(name, document=document) == greeted
