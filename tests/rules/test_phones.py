import json
from pathlib import Path

import pytest

from rules.phones import PhoneNotValid, format_phone, normalise_phone

pytestmark = pytest.mark.once

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "vectors.json").read_text("utf-8"))
KNOWN = [case[:2] for case in VECTORS["phones"] if not case[1].startswith("invalid")]
INVALID = [case[0] for case in VECTORS["phones"] if case[1].startswith("invalid")]


@pytest.mark.parametrize(("typed", "stored"), KNOWN)
def test_a_phone_is_stored_in_e164(typed, stored):
    assert normalise_phone(typed) == stored
    assert normalise_phone(stored) == stored


@pytest.mark.parametrize(
    "typed", [*INVALID, "", "abc", "*144", "1056", "1187654321", "+12125550100"]
)
def test_a_number_nobody_can_be_reached_at_is_refused(typed):
    with pytest.raises(PhoneNotValid, match="Informe DDD e número") as refused:
        normalise_phone(typed)

    assert refused.value.field == "phone"


def test_a_phone_is_shown_as_brazilians_read_it():
    assert format_phone("+553141417429") == "(31) 4141-7429"
    assert format_phone("+5511987654321") == "(11) 98765-4321"
