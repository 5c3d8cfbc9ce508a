import json
from pathlib import Path

import pytest

from rules.documents import (
    DocumentNotValid,
    format_document,
    is_valid_document,
    mask_document,
    normalise_document,
)

pytestmark = pytest.mark.once

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "vectors.json").read_text("utf-8"))


@pytest.mark.parametrize("document", VECTORS["cnpj"]["valid"])
def test_a_cnpj_is_valid_with_letters_or_without(document):
    assert is_valid_document(document)
    assert normalise_document(format_document(document)) == document


@pytest.mark.parametrize("document", VECTORS["cnpj"]["invalid"])
def test_a_cnpj_with_wrong_check_digits_is_refused(document):
    with pytest.raises(DocumentNotValid):
        normalise_document(document)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("529.982.247-25", "52998224725"),
        (" 529 982 247 25 ", "52998224725"),
        ("12.abc.345/01de-35", "12ABC34501DE35"),
        ("16.727.230/0001-97", "16727230000197"),
    ],
)
def test_a_document_is_stored_without_punctuation_in_upper_case(typed, stored):
    assert normalise_document(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "529.982.247-24",
        "111.111.111-11",
        "5299822472",
        "529982247255",
        "abc",
        "12ABC34501DE3\u0665",
    ],
)
def test_what_is_neither_cpf_nor_cnpj_is_refused(typed):
    assert not is_valid_document(typed)


def test_documents_are_shown_punctuated():
    assert format_document("52998224725") == "529.982.247-25"
    assert format_document("12ABC34501DE35") == "12.ABC.345/01DE-35"


def test_a_cpf_is_masked_in_lists_and_a_cnpj_is_public():
    assert mask_document("12343125400") == "***.431.254-**"
    assert mask_document("12ABC34501DE35") == "12.ABC.345/01DE-35"
