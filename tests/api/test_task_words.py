"""Tasks over HTTP: how one is made, what it says to whom, and how it is corrected."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.tasks import case_of_task
from tests.builders import a_collections_case, a_customer
from tests.conftest import House
from tests.support.tasks import ACT, a_task, history, stored
from tests.support.web import Web


async def test_a_task_for_a_case_carries_its_customer(web: Web) -> None:
    async with web.database.write() as session:
        customer = await a_customer(session, name="Maria da Silva")
        case = await a_collections_case(session, customer, at=web.now)
    ana = await web.program(*ACT, login="ana")
    asked = {
        "title": "Conferir endereço", "for_case_id": case.id, "assignee": "ana", "key": "k1",
        "due_at": (web.now + timedelta(days=1)).isoformat(),
    }  # fmt: skip

    made, again = [(await ana.post("/api/tasks", json=asked)).json() for _ in range(2)]

    assert made == again
    assert (made["customer"], made["process"]) == ("Maria da Silva", "collections")
    assert made["document"].startswith("***")


async def test_a_task_is_not_made_for_a_case_that_is_not_there(web: Web) -> None:
    asked = {"title": "x", "for_case_id": 999, "due_at": "2099-01-05T12:00:00Z"}

    answer = await (await web.program(*ACT)).post("/api/tasks", json=asked)

    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"title": "", "due_at": "2099-01-05T12:00:00Z"}, "title"),
        ({"title": "x", "due_at": "2099-01-05T12:00:00"}, "due_at"),
        ({"title": "x", "due_at": "2001-01-05T12:00:00Z"}, "due_at"),
        ({"title": "x", "due_at": "2099-01-05T12:00:00Z", "priority": 7}, "priority"),
    ],
)
async def test_a_task_with_a_wrong_field_is_refused_there(web: Web, asked, field) -> None:
    answer = await (await web.program(*ACT)).post("/api/tasks", json=asked)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


async def test_a_moved_deadline_moves_the_clocks(running: Web, house: House) -> None:
    task_id = await a_task(running, hours=24 * 10, assignee="ana")
    ana = await running.program(*ACT, login="ana")
    async with running.database.read() as session:
        before = (await case_of_task(session, task_id)).next_at
    due = running.now + timedelta(days=30)

    answer = await ana.patch(
        f"/api/tasks/{task_id}", json={"due_at": due.isoformat(), "title": "Ligar de novo"}
    )
    await house.clock.settle()

    assert answer.json()["title"] == "Ligar de novo"
    async with running.database.read() as session:
        case = await case_of_task(session, task_id)
    assert case.due_at == due
    assert before is not None
    assert case.next_at is not None
    assert case.next_at > before + timedelta(days=10)
    assert await history(running, task_id) == ["opened", "edited"]


async def test_of_two_who_correct_a_task_the_second_is_told(web: Web) -> None:
    program = await web.program("tasks:see", "tasks:act")
    due_at = (web.now + timedelta(days=1)).isoformat()
    task = (await program.post("/api/tasks", json={"title": "Ligar", "due_at": due_at})).json()
    path = f"/api/tasks/{task['id']}"

    first = await program.patch(path, json={"title": "Ligar hoje", "seen_version": 1})
    second = await program.patch(path, json={"title": "Escrever", "seen_version": 1})

    assert first.status_code == 200
    assert (second.status_code, second.json()["code"]) == (409, "StaleVersion")
    assert (await program.get(path)).json()["title"] == "Ligar hoje"


ENGLISH = {"Accept-Language": "en"}


CORRECT = {
    "title": "Corrigir o e-mail de %(name)s",
    "consequence": "As próximas mensagens por este canal também não chegarão.",
    "places": {"name": "Ana & Cia"},
}


async def test_what_the_system_asks_is_told_in_the_readers_language(web: Web):
    task_id = await a_task(web, **CORRECT)
    browser = await web.browser(*ACT)
    program = await web.program(*ACT)

    for path in (f"/tarefas/{task_id}", "/tarefas/livres"):
        page = (await browser.get(path)).text
        assert "Corrigir o e-mail de Ana &amp; Cia" in page, path
        english = (await browser.get(path, headers=ENGLISH)).text
        assert "Correct the e-mail address of Ana &amp; Cia" in english, path
        assert "%(name)s" not in page + english, path
    told = (await program.get(f"/api/tasks/{task_id}", headers=ENGLISH)).json()
    assert told["title"] == "Correct the e-mail address of Ana & Cia"
    assert told["consequence"].startswith("The next messages by this channel")


async def test_a_title_left_as_it_is_shown_stays_as_it_is_stored(web: Web):
    task_id = await a_task(web, **CORRECT)
    browser = await web.browser(*ACT)
    due = "2026-12-20T10:00"
    as_shown = {"title": "Correct the e-mail address of Ana & Cia", "due_at": due, "priority": "1"}

    await browser.post(f"/tarefas/{task_id}/alterar", data=as_shown, headers=ENGLISH)
    kept = await stored(web, task_id)
    await browser.post(f"/tarefas/{task_id}/alterar", data=as_shown | {"title": "Dar 10% a menos"})
    typed = await stored(web, task_id)

    assert (kept.title, kept.priority) == (CORRECT["title"], 1)
    assert typed.title == "Dar 10% a menos"
    assert "Dar 10% a menos" in (await browser.get(f"/tarefas/{task_id}")).text


async def test_a_task_is_made_on_its_page_with_its_priority(web: Web):
    browser = await web.browser(*ACT)

    answer = await browser.post(
        "/tarefas/nova", data={"title": "Ligar", "due_at": "2026-12-20T10:00", "priority": "1"}
    )

    assert answer.status_code == 303
    task = await stored(web, int(answer.headers["location"].rsplit("/", 1)[1]))
    assert (task.title, task.priority) == ("Ligar", 1)
