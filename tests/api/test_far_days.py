"""Days at the ends of the calendar, which no clock of another zone and no next day can follow."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, ValidationError

from api.forms import FROM_FORM, Instant
from models.people import ApiToken
from tests.support.web import Web


class Meeting(BaseModel):
    at: Instant


@pytest.mark.once
@pytest.mark.parametrize("typed", ["0001-01-01", "0001-01-01T00:00", "9999-12-31T23:59"])
def test_an_instant_beyond_the_calendar_is_wrong_beside_its_field(typed: str) -> None:
    with pytest.raises(ValidationError):
        Meeting.model_validate({"at": typed}, context=FROM_FORM)


async def test_a_token_that_ends_after_the_last_day_is_refused_and_not_made(web: Web) -> None:
    asked = {"name": "Integração", "permissions": ["tasks:see"], "expires_on": "9999-12-31"}
    browser = await web.browser("tasks:see")
    program = await web.program("tasks:see")

    by_page = await browser.post("/tokens", data=asked)
    by_program = await program.post("/api/tokens", json=asked)

    assert (by_page.status_code, by_program.status_code) == (422, 422)
    assert by_program.json()["code"] == "ValueNotStorable"
    assert [each.name for each in await web.rows(ApiToken)] == ["integration"]
