"""The pages and the JSON of service calendars."""

from __future__ import annotations

from tests.support.web import Web

DESK = {"code": "desk", "name": "Mesa", "monday": "08:00-12:00, 13:00-18:00"}


async def test_a_calendar_is_made_changed_and_shown_with_its_deadlines(web: Web) -> None:
    browser = await web.browser("registries:see", "registries:edit")

    made = await browser.post("/cadastros/calendarios/novo", data={**DESK, "is_active": "1"})
    changed = await browser.post("/cadastros/calendarios/1", data={**DESK, "name": "Mesa nova"})
    shown = await browser.get("/cadastros/calendarios/1")

    assert (made.status_code, changed.status_code) == (303, 303)
    assert "08:00-12:00, 13:00-18:00" in shown.text
    assert "desk 2" in shown.text
    assert "Mesa nova" in (await browser.get("/cadastros/calendarios")).text


async def test_a_calendar_without_hours_or_with_words_for_hours_is_refused(web: Web) -> None:
    program = await web.program("registries:see", "registries:edit")

    empty = await program.post("/api/calendars", json={"code": "x", "name": "X"})
    unread = await program.post("/api/calendars", json={**DESK, "friday": "de manhã"})

    assert (empty.status_code, empty.json()["code"]) == (422, "NoWorkingHours")
    assert (unread.json()["code"], unread.json()["field"]) == ("HoursNotRead", "friday")
    assert (await program.get("/api/calendars")).json() == []


async def test_who_only_sees_changes_nothing(web: Web) -> None:
    program = await web.program("registries:see")

    assert (await program.post("/api/calendars", json=DESK)).status_code == 403
