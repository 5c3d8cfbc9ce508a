import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.money import TooPrecise, from_cents
from rules.pix import (
    PixAmountNotPossible,
    PixCharge,
    PixKeyNotValid,
    PixTxidNotValid,
    br_code,
    crc16,
    is_pix_key,
)
from tests.support.br_codes import fields_of

pytestmark = pytest.mark.once

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "vectors.json").read_text("utf-8"))[
    "pix"
]
STATIC, _ = VECTORS["valid"]
KEY = "123e4567-e12b-12d1-a456-426655440000"


def a_charge(**changed):
    return PixCharge(**{"key": KEY, "name": "Fulano de Tal", "city": "BRASILIA", **changed})


def test_the_check_sum_is_that_of_the_standard():
    text, checked = VECTORS["crc16_check"]

    assert crc16(text) == checked


def test_the_central_banks_own_example_is_made_to_the_letter():
    assert br_code(a_charge()) == STATIC


@given(
    st.integers(min_value=1, max_value=10**12 - 1).map(from_cents),
    st.from_regex(r"[A-Za-z0-9]{1,25}", fullmatch=True),
)
def test_what_is_written_is_read_back(amount, txid):
    read = fields_of(br_code(a_charge(amount=amount, txid=txid)))

    assert (read["26.01"], Decimal(read["54"]), read["62.05"]) == (KEY, amount, txid)


def test_without_an_amount_the_payer_chooses():
    assert "54" not in fields_of(br_code(a_charge()))


def test_names_lose_accents_and_what_does_not_fit():
    read = fields_of(
        br_code(a_charge(name="Provedor São João Telecomunicações", city="Conceição do Araguaia"))
    )

    assert (read["59"], read["60"]) == ("Provedor Sao Joao Telecom", "Conceicao do Ar")


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"key": "somebody"}, PixKeyNotValid),
        ({"txid": "FAT-1"}, PixTxidNotValid),
        ({"txid": "x" * 26}, PixTxidNotValid),
        ({"amount": Decimal(0)}, PixAmountNotPossible),
        ({"amount": Decimal("10000000000.00")}, PixAmountNotPossible),
        ({"amount": Decimal("0.001")}, TooPrecise),
    ],
)
def test_what_no_code_can_carry_is_refused(changed, refusal):
    with pytest.raises(refusal):
        br_code(a_charge(**changed))


@pytest.mark.parametrize(
    ("key", "valid"),
    [
        ("52998224725", True),
        ("52998224726", False),
        ("16727230000197", True),
        ("12ABC34501DE35", True),
        ("12abc34501de35", False),
        ("529.982.247-25", False),
        ("+5511987654321", True),
        ("11987654321", False),
        ("financeiro@provedor.com.br", True),
        ("a@b", False),
        ("@", False),
        (KEY, True),
        (KEY.upper(), True),
        (KEY.replace("-", ""), False),
        ("x" * 70 + "@provedor.com.br", False),
        ("", False),
    ],
)
def test_a_key_is_one_of_five_kinds(key, valid):
    assert is_pix_key(key) is valid
