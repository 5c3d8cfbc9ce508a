"""Tasks over HTTP: every route and permission, two at once, several at once, said twice."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import select

from activities.tasks import NewTask, make_task
from api.app import create_app
from models.cases import CaseEvent
from models.people import AuditEntry, Team, TeamMember, User
from models.tasks import Task, case_of_task
from rules.business_days import local_date
from tests.builders import a_collections_case, a_customer
from tests.conftest import House
from tests.support.web import Web

ACT = ("tasks:see", "tasks:act")


@pytest.fixture
def running(house: House) -> Web:
    """The application with an engine, for what only the task's journey does."""
    web = Web(create_app(house.settings, house.database, house.client), house.database)
    web.now = house.clock.now
    return web


async def a_task(web: Web, key: str = "call", *, hours: float = 240, **values) -> int:
    new = NewTask(
        key=key, title=values.pop("title", "Ligar para o cliente"), process="collections",
        due_at=web.now + timedelta(hours=hours), **values,
    )  # fmt: skip
    async with web.database.write() as session:
        task = await make_task(session, new, by="system", at=web.now)
    return task.number


async def stored(web: Web, task_id: int) -> Task:
    async with web.database.read() as session:
        return await session.get_one(Task, task_id)


async def history(web: Web, task_id: int) -> list[str]:
    async with web.database.read() as session:
        case = await case_of_task(session, task_id)
        kinds = select(CaseEvent.kind).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id)
        return list(await session.exec(kinds))


ROUTES = [
    ("GET", "/api/tasks", "tasks:see"),
    ("GET", "/api/tasks/1", "tasks:see"),
    ("POST", "/api/tasks", "tasks:act"),
    ("POST", "/api/tasks/next", "tasks:act"),
    ("PATCH", "/api/tasks/1", "tasks:act"),
    ("POST", "/api/tasks/1/claim", "tasks:act"),
    ("POST", "/api/tasks/1/release", "tasks:act"),
    ("POST", "/api/tasks/1/delegation", "tasks:act"),
    ("POST", "/api/tasks/1/snooze", "tasks:act"),
    ("POST", "/api/tasks/1/comments", "tasks:act"),
    ("POST", "/api/tasks/1/conclusion", "tasks:act"),
    ("POST", "/api/tasks/1/cancellation", "tasks:act"),
]
BODIES = {
    "/api/tasks": {"title": "Ligar", "due_at": "2099-01-05T12:00:00Z"},
    "/api/tasks/1/delegation": {"to": "ana"},
    "/api/tasks/1/snooze": {"until": "2099-01-05T12:00:00Z"},
    "/api/tasks/1/comments": {"text": "ok"},
    "/api/tasks/1/cancellation": {"reason": "ok"},
}


@pytest.mark.parametrize(("method", "path", "permission"), ROUTES)
async def test_each_route_asks_for_its_permission(web: Web, method, path, permission) -> None:
    await a_task(web)
    without = ["tasks:see"] if permission == "tasks:act" else ["customers:see"]
    stranger = web.visitor()
    program = await web.program(*without)

    unknown = await stranger.request(method, path, json=BODIES.get(path, {}))
    refused = await program.request(method, path, json=BODIES.get(path, {}))

    assert (unknown.status_code, refused.status_code) == (401, 403)


@pytest.mark.parametrize(("method", "path", "permission"), ROUTES)
async def test_each_route_answers_whoever_may(web: Web, method, path, permission) -> None:
    await a_task(web)
    program = await web.program(*ACT, login="ana")

    answer = await program.request(method, path, json=BODIES.get(path, {}))

    by_journey = path.endswith(("conclusion", "cancellation"))  # and no engine is there
    assert answer.status_code in ({503} if by_journey else {200, 201}), answer.text


PAGES = [
    ("GET", "/"), ("GET", "/tarefas"), ("GET", "/tarefas/equipe"), ("GET", "/tarefas/livres"),
    ("GET", "/tarefas/todas"), ("GET", "/tarefas/finalizadas"), ("GET", "/tarefas/contadores"),
    ("GET", "/tarefas/contagem"), ("GET", "/tarefas/1"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), PAGES)
async def test_pages_ask_for_the_permission_to_see(web: Web, method, path) -> None:
    await a_task(web)

    seen = await (await web.browser("tasks:see")).request(method, path)
    refused = await (await web.browser("customers:see", login="bia")).request(method, path)

    assert (seen.status_code, refused.status_code) == (200, 403)


@pytest.mark.parametrize(
    "path",
    ["/tarefas/nova", "/tarefas/proxima", "/tarefas/em-lote/assumir"]
    + [
        f"/tarefas/1/{action}"
        for action in (
            "assumir", "devolver", "encaminhar", "adiar", "comentar", "alterar", "concluir",
            "cancelar",
        )
    ],
)  # fmt: skip
async def test_without_the_permission_to_act_nothing_is_done(web: Web, path) -> None:
    task_id = await a_task(web)
    browser = await web.browser("tasks:see")

    page = await browser.get("/tarefas/1")
    refused = await browser.post(path, data={"ids": "1", "text": "oi", "reason": "x"})

    assert refused.status_code == 403
    assert 'data-key="c"' not in page.text
    assert await history(web, task_id) == ["opened"]


async def test_the_second_to_claim_reads_who_was_first(web: Web) -> None:
    task_id = await a_task(web)
    ana = await web.program(*ACT, login="ana")
    bia = await web.program(*ACT, login="bia")

    answers = await asyncio.gather(*(who.post(f"/api/tasks/{task_id}/claim") for who in (ana, bia)))

    assert sorted(answer.status_code for answer in answers) == [200, 409]
    first = next(a for a in answers if a.status_code == 200).json()["assignee"]
    problem = next(a for a in answers if a.status_code == 409).json()
    assert problem["code"] == "TaskAlreadyClaimed"
    assert first in problem["detail"]
    assert await history(web, task_id) == ["opened", "claimed"]


async def test_the_page_names_who_was_first(web: Web) -> None:
    task_id = await a_task(web)
    await (await web.program(*ACT, login="bia")).post(f"/api/tasks/{task_id}/claim")

    page = await (await web.browser(*ACT)).post(f"/tarefas/{task_id}/assumir")

    assert page.status_code == 409
    assert "já foi assumida por bia" in page.text


async def test_what_a_person_does_stands_in_history_and_audit(web: Web) -> None:
    task_id = await a_task(web)
    ana = await web.program(*ACT, login="ana")

    for path, body in (
        ("claim", {}),
        ("claim", {}),
        ("comments", {"text": "Liguei, ocupado."}),
        ("comments", {"text": "Liguei, ocupado."}),
        ("snooze", {"until": (web.now + timedelta(hours=2)).isoformat()}),
        ("release", {}),
        ("release", {}),
    ):
        answer = await ana.post(f"/api/tasks/{task_id}/{path}", json=body)
        assert answer.status_code in {200, 201}, answer.text

    done = ["claimed", "commented", "snoozed", "released"]
    assert await history(web, task_id) == ["opened", *done]
    async with web.database.read() as session:
        trail = select(AuditEntry.action).where(AuditEntry.subject == f"task/{task_id}")
        assert list(await session.exec(trail)) == [f"task.{kind}" for kind in done]


async def test_only_who_has_a_task_gives_it_back(web: Web) -> None:
    task_id = await a_task(web, assignee="bia")

    answer = await (await web.program(*ACT, login="ana")).post(f"/api/tasks/{task_id}/release")

    assert answer.status_code == 409
    assert (await stored(web, task_id)).assignee == "bia"


async def test_a_task_for_somebody_absent_goes_to_the_substitute(web: Web) -> None:
    task_id = await a_task(web)
    ana = await web.program(*ACT, login="ana")
    caio = await web.user(login="caio")
    away = local_date(web.now) + timedelta(days=3)
    await web.user(login="bia", absent_until=away, substitute_id=caio)

    answer = await ana.post(f"/api/tasks/{task_id}/delegation", json={"to": "bia"})

    assert answer.json()["assignee"] == "caio"
    page = await (await web.browser("tasks:see", login="davi")).get(f"/tarefas/{task_id}")
    assert "Encaminhou a Caio, que substitui Bia." in page.text


async def test_a_task_is_not_given_to_a_stranger(web: Web) -> None:
    task_id = await a_task(web)

    answer = await (await web.program(*ACT)).post(
        f"/api/tasks/{task_id}/delegation", json={"to": "ninguem"}
    )

    assert answer.status_code == 404
    assert answer.json()["field"] == "to"


async def test_a_snoozed_task_is_out_of_sight_until_then(web: Web) -> None:
    task_id = await a_task(web, assignee="ana")
    ana = await web.program(*ACT, login="ana")
    until = web.now + timedelta(hours=2)
    await ana.post(f"/api/tasks/{task_id}/snooze", json={"until": until.isoformat()})

    hidden = await ana.get("/api/tasks", params={"view": "mine"})
    shown = await ana.get("/api/tasks", params={"view": "mine", "shows_snoozed": True})
    web.now = until
    back = await ana.get("/api/tasks", params={"view": "mine"})

    counts = [len(answer.json()["items"]) for answer in (hidden, shown, back)]
    assert counts == [0, 1, 1]


async def test_nothing_is_snoozed_into_the_past(web: Web) -> None:
    task_id = await a_task(web)

    answer = await (await web.program(*ACT)).post(
        f"/api/tasks/{task_id}/snooze", json={"until": web.now.isoformat()}
    )

    assert (answer.status_code, answer.json()["field"]) == (422, "until")


async def test_a_task_is_concluded_once_however_often_it_is_asked(running: Web) -> None:
    task_id = await a_task(running)
    ana = await running.program(*ACT, login="ana")
    same = {"Idempotency-Key": "conclude-1"}
    told = {"result": "promised", "remarks": "Paga dia 10."}

    first = await ana.post(f"/api/tasks/{task_id}/conclusion", json=told, headers=same)
    again = await ana.post(f"/api/tasks/{task_id}/conclusion", json=told, headers=same)
    other = await ana.post(f"/api/tasks/{task_id}/conclusion", json=told)

    assert first.json() == again.json() == {
        "task_id": task_id, "status": "concluded", "result": "promised",
    }  # fmt: skip
    assert (other.status_code, other.json()["code"]) == (409, "TaskAlreadyFinished")
    assert "ana" in other.json()["detail"]
    assert await history(running, task_id) == ["opened", "stage"]


@pytest.mark.parametrize("path", ["claim", "release", "delegation", "snooze", "cancellation"])
async def test_a_finished_task_is_left_alone(running: Web, path) -> None:
    task_id = await a_task(running)
    ana = await running.program(*ACT, login="ana")
    await ana.post(f"/api/tasks/{task_id}/conclusion", json={})
    bodies = {
        "delegation": {"to": "ana"}, "cancellation": {"reason": "x"},
        "snooze": {"until": (running.now + timedelta(hours=1)).isoformat()},
    }  # fmt: skip

    answer = await ana.post(f"/api/tasks/{task_id}/{path}", json=bodies.get(path, {}))

    assert (answer.status_code, answer.json()["code"]) == (409, "TaskAlreadyFinished")


async def test_cancelling_without_a_reason_is_refused_beside_the_field(running: Web) -> None:
    task_id = await a_task(running)
    ana = await running.browser(*ACT)

    page = await ana.post(f"/tarefas/{task_id}/cancelar", data={"reason": "  "})

    assert page.status_code == 422
    assert 'id="e-reason"' in page.text
    assert (await stored(running, task_id)).status == "open"


async def test_a_conclusion_in_the_future_is_refused(running: Web) -> None:
    task_id = await a_task(running)
    tomorrow = running.now + timedelta(days=1)

    answer = await (await running.program(*ACT)).post(
        f"/api/tasks/{task_id}/conclusion", json={"finished_at": tomorrow.isoformat()}
    )

    assert (answer.status_code, answer.json()["field"]) == (422, "finished_at")


async def test_concluding_on_the_page_and_by_program_is_the_same(running: Web) -> None:
    task_id = await a_task(running)
    browser = await running.browser(*ACT, login="ana")

    answer = await browser.post(
        f"/tarefas/{task_id}/concluir", data={"result": "no_answer", "remarks": "Caixa postal."}
    )

    assert answer.status_code == 303
    task = await stored(running, task_id)
    assert (task.status, task.result, task.remarks, task.finished_by) == (
        "concluded", "no_answer", "Caixa postal.", "ana",
    )  # fmt: skip


async def test_several_at_once_each_with_its_own_answer(web: Web) -> None:
    mine = await a_task(web, "a", title="Livre")
    taken = await a_task(web, "b", title="De outra", assignee="bia")
    ana = await web.browser(*ACT, login="ana")

    page = await ana.post("/tarefas/em-lote/assumir", data={"ids": [str(mine), str(taken)]})

    assert page.status_code == 200
    assert "1 tarefa(s) assumida(s)." in page.text
    assert "De outra" in page.text
    assert "já foi assumida por bia" in page.text
    assert [(await stored(web, i)).assignee for i in (mine, taken)] == ["ana", "bia"]


async def test_several_are_concluded_at_once(running: Web) -> None:
    tasks = [await a_task(running, str(n)) for n in range(3)]
    ana = await running.browser(*ACT, login="ana")
    await ana.post("/tarefas/em-lote/concluir", data={"ids": [str(tasks[0])]})

    page = await ana.post(
        "/tarefas/em-lote/concluir", data={"ids": [str(i) for i in tasks], "result": "done"}
    )

    assert "2 tarefa(s) concluída(s)." in page.text
    assert "já foi finalizada por ana" in page.text
    assert {(await stored(running, i)).status for i in tasks} == {"concluded"}


async def test_the_whole_filter_is_meant_when_it_is_ticked(web: Web) -> None:
    for n in range(3):
        await a_task(web, f"x{n}", title="Ligar")
    await a_task(web, "other", title="Escrever")
    ana = await web.browser(*ACT, login="ana")

    answer = await ana.post(
        "/tarefas/em-lote/assumir", data={"filtro": "busca=Ligar", "visao": "unassigned"}
    )

    assert answer.status_code == 303
    async with web.database.read() as session:
        mine = await session.exec(select(Task.title).where(Task.assignee == "ana"))
        assert list(mine) == ["Ligar"] * 3


async def test_nothing_picked_is_said(web: Web) -> None:
    answer = await (await web.browser(*ACT)).post("/tarefas/em-lote/assumir", data={})

    assert answer.status_code == 422
    assert "Marque ao menos uma tarefa." in answer.text


async def test_the_next_task_is_the_most_urgent_one_may_do(web: Web) -> None:
    ana = await web.program(*ACT, login="ana")
    async with web.database.write() as session:
        own, foreign = Team(code="own", name="Nossa"), Team(code="foreign", name="Outra")
        session.add_all([own, foreign])
        await session.flush()
        user = (await session.exec(select(User).where(User.login == "ana"))).one()
        session.add(TeamMember(team_id=own.id, user_id=user.id))
        teams = own.id, foreign.id
    soon = await a_task(web, "soon", hours=1, team_id=teams[0])
    high = await a_task(web, "high", hours=9, priority=1)
    late = await a_task(web, "late", hours=-5, team_id=teams[0], priority=3)
    await a_task(web, "not-mine", hours=-50, team_id=teams[1])

    taken = [(await ana.post("/api/tasks/next")).json()["id"] for _ in range(4)]

    assert taken == [late, high, soon, late]  # the last: all is taken, so the most urgent of hers


async def test_two_who_take_the_next_get_different_ones(web: Web) -> None:
    for n in range(2):
        await a_task(web, str(n))
    people = [await web.program(*ACT, login=login) for login in ("ana", "bia")]

    taken = await asyncio.gather(*(who.post("/api/tasks/next") for who in people))

    assert len({answer.json()["id"] for answer in taken}) == 2


async def test_with_nothing_to_do_there_is_no_next(web: Web) -> None:
    answer = await (await web.program(*ACT)).post("/api/tasks/next")

    assert (answer.status_code, answer.json()) == (200, None)


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
    task_id = await a_task(running, hours=24 * 10)
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


async def test_pages_of_the_list_follow_each_other(web: Web) -> None:
    made = [await a_task(web, str(n), hours=n) for n in range(5)]
    ana = await web.program("tasks:see")

    first = (await ana.get("/api/tasks", params={"limit": 2})).json()
    second = (await ana.get("/api/tasks", params={"limit": 2, "cursor": first["next"]})).json()
    third = (await ana.get("/api/tasks", params={"limit": 2, "cursor": second["next"]})).json()

    seen = [item["id"] for answer in (first, second, third) for item in answer["items"]]
    assert (seen, third["next"]) == (made, None)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({}, {"Ligar", "Escrever", "Velha"}),
        ({"view": "unassigned"}, {"Escrever", "Velha"}),
        ({"assignee": "bia"}, {"Ligar"}),
        ({"priority": 1}, {"Escrever"}),
        ({"is_overdue": True}, {"Velha"}),
        ({"text": "escre"}, {"Escrever"}),
        ({"text": "100%"}, set()),
        ({"process": "bureau"}, set()),
        ({"view": "finished"}, set()),
    ],
)
async def test_the_list_narrows(web: Web, query, titles) -> None:
    await a_task(web, "1", title="Ligar", assignee="bia")
    await a_task(web, "2", title="Escrever", priority=1)
    await a_task(web, "3", title="Velha", hours=-1)

    answer = await (await web.program("tasks:see")).get("/api/tasks", params=query)

    assert {item["title"] for item in answer.json()["items"]} == titles


async def test_the_inbox_says_since_when_a_task_is_late(web: Web) -> None:
    await a_task(web, "late", title="Velha", hours=-49, assignee="ana")
    await a_task(web, "soon", title="Nova", hours=1, assignee="ana")
    browser = await web.browser("tasks:see", login="ana")

    page = await browser.get("/")
    count = await browser.get("/tarefas/contagem")
    export = await browser.get("/tarefas?formato=csv")

    assert "atrasada há 2 dias" in page.text
    assert count.text in {"1", "2"}  # the new one may fall due tomorrow
    assert "Velha" in export.text


async def test_a_finished_task_is_found_among_the_finished(running: Web) -> None:
    task_id = await a_task(running, title="Feita")
    ana = await running.program(*ACT, login="ana")
    await ana.post(f"/api/tasks/{task_id}/conclusion", json={"result": "done"})

    page = await (await running.browser("tasks:see", login="bia")).get("/tarefas/finalizadas")
    answer = await ana.get("/api/tasks", params={"view": "finished"})

    assert "Feita" in page.text
    assert [item["finished_by"] for item in answer.json()["items"]] == ["ana"]


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
