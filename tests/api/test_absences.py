"""Absences: from a day to a day; whoever stands in has the tasks meanwhile, and no longer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from models.people import User
from tests.support.tasks import ACT, a_task, stored
from tests.support.web import Web

DAY = timedelta(days=1)


async def away(web: Web, *, since: int | None, until: int, substitute: str = "caio") -> None:
    """Bia is away for these days from today on; her substitute has come in before."""
    today = web.now.date()
    async with web.database.write() as session:
        people = {user.login: user for user in await session.exec(select(User))}
        bia = people["bia"]
        bia.absent_from = today + since * DAY if since is not None else None
        bia.absent_until = today + until * DAY
        bia.substitute_id = people[substitute].id
        session.add(bia)


@pytest.mark.parametrize(
    ("since", "until", "sees"),
    [(None, 3, True), (0, 0, True), (-2, 1, True), (1, 5, False), (-5, -1, False)],
)
async def test_whoever_stands_in_sees_and_takes_what_was_asked_of_the_absent(
    web: Web, since, until, sees
) -> None:
    task_id = await a_task(web, "t", title="Ligar para Rui", assignee="bia", hours=2)
    caio = await web.program(*ACT, login="caio")
    await web.user(*ACT, login="bia")
    await away(web, since=since, until=until)

    mine = (await caio.get("/api/tasks", params={"view": "mine"})).json()["items"]
    taken = await caio.post(f"/api/tasks/{task_id}/claim")

    assert [each["id"] for each in mine] == ([task_id] if sees else [])
    assert taken.status_code == (200 if sees else 409)
    assert (await stored(web, task_id)).assignee == ("caio" if sees else "bia")


async def test_the_inbox_says_for_whom_one_stands_in(web: Web) -> None:
    caio, dora = await web.browser(*ACT, login="caio"), await web.browser(*ACT, login="dora")
    await web.user(*ACT, login="bia")
    await away(web, since=None, until=3)
    task_id = await a_task(web)

    said = "Você substitui Bia"
    assert said in (await caio.get("/tarefas")).text
    assert said not in (await caio.get("/tarefas/todas")).text
    assert said not in (await dora.get("/tarefas")).text
    assert "Bia (ausente; substitui: Caio)" in (await dora.get(f"/tarefas/{task_id}")).text


async def test_somebody_else_s_absence_is_noted_by_who_may(web: Web) -> None:
    bia, caio = await web.user(login="bia"), await web.user(login="caio")
    chief = await web.program("people:see", "people:edit", login="chefe")
    page = await web.browser("people:see", "people:edit", login="gerente")
    other = await web.program("people:see", login="dora")
    asked = {"absent_from": "2026-11-23", "absent_until": "2026-11-27", "substitute_id": caio}

    noted = await chief.put(f"/api/users/{bia}/absence", json=asked)
    shown = await page.get(f"/pessoas/{bia}/ausencia")
    backwards = await page.post(
        f"/pessoas/{bia}/ausencia", data={**asked, "absent_until": "2026-11-20"}
    )
    refused = await other.put(f"/api/users/{bia}/absence", json=asked)

    assert (noted.status_code, refused.status_code) == (204, 403)
    assert 'value="2026-11-23"' in shown.text
    assert backwards.status_code == 422
    assert "O último dia fora não pode ser anterior ao primeiro." in backwards.text


async def test_an_absence_that_is_over_is_a_slip_and_refused(web: Web) -> None:
    bia = await web.program(login="bia")
    page = await web.browser(login="caio")
    today = web.now.date()

    past = await bia.put("/api/own/absence", json={"absent_until": str(today - DAY)})
    typed = await page.post("/ausencia", data={"absent_until": str(today - 365 * DAY)})
    still = await bia.put("/api/own/absence", json={"absent_until": str(today)})
    back = await bia.put("/api/own/absence", json={"absent_until": None})

    assert (past.status_code, past.json()["code"]) == (422, "AbsenceOver")
    assert (typed.status_code, 'id="e-absent_until"' in typed.text) == (422, True)
    assert (still.status_code, back.status_code) == (204, 204)


async def test_who_is_away_on_one_of_the_days_stands_in_for_nobody(web: Web) -> None:
    bia, caio = await web.user(login="bia"), await web.user(login="caio")
    chief = await web.program("people:see", "people:edit", login="chefe")
    week = {"absent_from": "2026-12-07", "absent_until": "2026-12-11"}

    await chief.put(f"/api/users/{caio}/absence", json=week)
    before = await chief.put(
        f"/api/users/{bia}/absence", json={"absent_until": "2026-12-04", "substitute_id": caio}
    )
    during = await chief.put(
        f"/api/users/{bia}/absence", json={"absent_until": "2026-12-08", "substitute_id": caio}
    )

    assert (before.status_code, during.status_code) == (204, 422)
