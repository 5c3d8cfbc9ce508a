import json
from datetime import date
from decimal import Decimal

import pytest

from rules.refusals import Refusal, written_amount, written_date

pytestmark = pytest.mark.once


class TooManyCats(Refusal):
    message = "Há %(cats)s gatos. Adote no máximo %(most)s."
    field = "cats"


def test_a_refusal_is_its_portuguese_sentence():
    assert str(TooManyCats(cats=9, most=7)) == "Há 9 gatos. Adote no máximo 7."


def test_a_refusal_can_be_said_again_in_another_language_from_what_it_carries():
    refusal = TooManyCats(cats=9, most=7)

    carried = json.loads(json.dumps({"code": refusal.code, "params": refusal.params}))

    assert carried == {"code": "TooManyCats", "params": {"cats": 9, "most": 7}}
    assert TooManyCats.code == "TooManyCats"
    assert Refusal.code == "Refusal"


def test_a_refusal_names_its_usual_field_unless_told_another():
    assert TooManyCats(cats=9, most=7).field == "cats"
    assert TooManyCats(cats=9, most=7, field="dogs").field == "dogs"
    assert TooManyCats.field == "cats"


def test_dates_and_amounts_are_written_as_brazilians_write_them():
    assert written_date(date(2026, 10, 7)) == "07/10/2026"
    assert written_amount(Decimal("1234567.50")) == "1.234.567,50"
    assert written_amount(Decimal("-0.005")) == "-0,005"
    assert written_amount(Decimal("1E+3")) == "1.000"
