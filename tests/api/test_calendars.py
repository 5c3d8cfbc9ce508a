"""The pages and the JSON of service calendars."""

from __future__ import annotations

from activities.tasks import NewTask, make_task
from models.calendars import Closure, load_calendar
from rules.business_days import local_date
from rules.due import due_after
from tests.support.web import Web

DEADLINES = "/cadastros/calendarios/prazos"
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


async def test_deadlines_of_an_older_version_are_listed_and_counted_anew(web: Web) -> None:
    browser = await web.browser("registries:see", "registries:edit", "tasks:see")
    program = await web.program("registries:see")
    async with web.database.write() as session:
        due = due_after(web.now, business_days=2, calendar=await load_calendar(session))
        new = NewTask(key="t", title="Ligar", due_at=due, process="tasks")
        task = await make_task(session, new, by="ana", at=web.now)
        session.add(Closure(day=local_date(due.at), name="Recesso"))

    before = await browser.get("/cadastros/calendarios")
    listed = await browser.get(DEADLINES)
    older = (await program.get("/api/calendars/older-deadlines")).json()
    refused = await program.post("/api/calendars/recount")
    done = await browser.post(DEADLINES)

    assert "Ligar" in listed.text
    assert "1 prazo de versão anterior" in before.text
    assert [(each["calendar"], each["tasks"]) for each in older] == [("bank", 1)]
    assert (refused.status_code, done.status_code) == (403, 303)
    assert "Ligar" not in (await browser.get(DEADLINES)).text
    assert "Nenhum prazo" in (await browser.get(f"{DEADLINES}?lista=processos")).text
    shown = (await browser.get(f"/tarefas/{task.id}")).text
    assert "2 dias úteis a partir de" in shown
    assert "prazo recontado de" in shown
