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
    PixCodeCorrupted,
    PixCodeNotReadable,
    PixKeyNotValid,
    PixTxidNotValid,
    br_code,
    crc16,
    is_pix_key,
    read_br_code,
)

pytestmark = pytest.mark.once

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "vectors.json").read_text("utf-8"))[
    "pix"
]
STATIC, DYNAMIC = VECTORS["valid"]
KEY = "123e4567-e12b-12d1-a456-426655440000"


def a_charge(**changed):
    return PixCharge(**{"key": KEY, "name": "Fulano de Tal", "city": "BRASILIA", **changed})


def test_the_check_sum_is_that_of_the_standard():
    text, checked = VECTORS["crc16_check"]

    assert crc16(text) == checked


def test_the_central_banks_own_example_is_made_to_the_letter():
    assert br_code(a_charge()) == STATIC


def test_a_static_code_says_its_key_and_a_dynamic_one_its_address():
    static, dynamic = read_br_code(STATIC), read_br_code(DYNAMIC)

    assert (static.key, static.url, static.name, static.city) == (
        KEY, None, "Fulano de Tal", "BRASILIA",
    )  # fmt: skip
    assert (static.amount, static.txid) == (None, None)
    assert dynamic.url == "pix.example.com/qr/93598be0-1bd0-4997-8318-81776a1d8a99"
    assert dynamic.key is None


@pytest.mark.parametrize(
    "code", VECTORS["invalid_crc"] + [STATIC[:-1] + "C", STATIC.replace("B", "C")]
)
def test_a_code_that_was_changed_is_refused(code):
    with pytest.raises(PixCodeCorrupted):
        read_br_code(code)


@pytest.mark.parametrize("text", ["", "6304", "hello", "000201", "0002" + "6304"])
def test_what_is_no_code_is_refused(text):
    with pytest.raises((PixCodeNotReadable, PixCodeCorrupted)):
        read_br_code(text)


@pytest.mark.parametrize("head", ["0002016304", "00990126304", "ab6304", "000201260604abcd6304"])
def test_a_right_check_sum_does_not_make_a_pix(head):
    with pytest.raises(PixCodeNotReadable):
        read_br_code(head + crc16(head))


@given(
    st.integers(min_value=1, max_value=10**12 - 1).map(from_cents),
    st.from_regex(r"[A-Za-z0-9]{1,25}", fullmatch=True),
)
def test_what_is_written_is_read_back(amount, txid):
    read = read_br_code(br_code(a_charge(amount=amount, txid=txid)))

    assert (read.key, read.amount, read.txid) == (KEY, amount, txid)


def test_names_lose_accents_and_what_does_not_fit():
    read = read_br_code(
        br_code(a_charge(name="Provedor São João Telecomunicações", city="Conceição do Araguaia"))
    )

    assert read.name == "Provedor Sao Joao Telecom"
    assert read.city == "Conceicao do Ar"


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
