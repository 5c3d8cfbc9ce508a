"""The inbox: its lists, several tasks at once, and the next one to do."""

from __future__ import annotations

import asyncio
import re

import pytest
from sqlmodel import select

from models.client_services import ClientService
from models.people import Team, TeamMember, User
from models.tasks import Task
from tests import builders
from tests.support.tasks import ACT, a_task, stored
from tests.support.web import NOW, Web


async def test_several_at_once_each_with_its_own_answer(web: Web) -> None:
    mine = await a_task(web, "a", title="Livre")
    taken = await a_task(web, "b", title="De outra", assignee="bia")
    ana = await web.browser(*ACT, login="ana")

    page = await ana.post("/tarefas/em-lote/assumir", data={"ids": [str(mine), str(taken)]})

    assert page.status_code == 200
    assert "1 tarefa assumida." in page.text
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

    assert "2 tarefas concluídas." in page.text
    assert "já foi finalizada por Ana" in page.text
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


@pytest.mark.parametrize(
    ("sent_from", "leads_to"),
    [
        ("/tarefas?busca=Ligar&prioridade=1", "/tarefas?busca=Ligar&prioridade=1"),
        ("/gestao", "/tarefas"),
    ],
)
async def test_after_a_bulk_deed_the_list_is_as_it_was(
    web: Web, sent_from: str, leads_to: str
) -> None:
    task = await a_task(web, title="Ligar")
    ana = await web.browser(*ACT, login="ana")

    answer = await ana.post(
        "/tarefas/em-lote/assumir", data={"ids": [str(task)]},
        headers={"Referer": f"http://acerto.test{sent_from}"},
    )  # fmt: skip

    assert (answer.status_code, answer.headers["location"]) == (303, leads_to)


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
    nothing = await (await web.browser("tasks:see", login="bia")).get("/tarefas/contagem")

    assert "vencido há 2 dias" in page.text
    assert nothing.text == ""
    assert count.text[0] in {"1", "2"}  # the new one may fall due tomorrow
    assert re.search(r"<span [^>]+> tarefas? suas? em atraso ou para hoje</span>$", count.text)
    assert 'title="Suas tarefas em atraso ou para hoje"' in page.text
    assert "suas e de quem você substitui; as adiadas ficam de fora." in page.text
    assert "Velha" in export.text


async def test_a_finished_task_is_found_among_the_finished(running: Web) -> None:
    task_id = await a_task(running, title="Feita")
    ana = await running.program(*ACT, login="ana")
    await ana.post(f"/api/tasks/{task_id}/conclusion", json={"result": "done"})

    page = await (await running.browser("tasks:see", login="bia")).get("/tarefas/finalizadas")
    answer = await ana.get("/api/tasks", params={"view": "finished"})

    assert "Feita" in page.text
    assert [item["finished_by"] for item in answer.json()["items"]] == ["ana"]


async def test_programs_too_get_an_answer_for_each_of_several(running: Web) -> None:
    mine, taken = await a_task(running, "a"), await a_task(running, "b", assignee="bia")
    ana = await running.program(*ACT, login="ana")

    claimed = await ana.post("/api/tasks/bulk/claim", json={"ids": [mine, taken]})
    ended = await ana.post("/api/tasks/bulk/conclude", json={"ids": [mine], "result": "done"})
    nothing = await ana.post("/api/tasks/bulk/claim", json={"ids": []})

    assert claimed.json()["done"] == 1
    [refused] = claimed.json()["refused"]
    assert (refused["id"], "já foi assumida" in refused["detail"]) == (taken, True)
    assert ended.json() == {"done": 1, "refused": []}
    assert nothing.status_code == 422


async def test_the_next_is_of_what_one_can_do_and_within_what_one_takes_on(web: Web) -> None:
    ana = await web.program(*ACT, login="ana")
    await a_task(web, "carrier", hours=1, process="contestation")
    ticket = await a_task(web, "ticket", hours=5, process="tickets")
    later = await a_task(web, "later", hours=9, process="tickets")
    async with web.database.write() as session:
        user = (await session.exec(select(User).where(User.login == "ana"))).one()
        user.skills, user.task_limit = "tickets", 1
        session.add(user)

    first = (await ana.post("/api/tasks/next")).json()["id"]
    again = (await ana.post("/api/tasks/next")).json()["id"]
    beyond = await ana.post(f"/api/tasks/{later}/claim")

    assert (first, again) == (ticket, ticket)  # with one she is full: her own comes back
    assert beyond.status_code == 422
    assert "o seu limite" in beyond.json()["detail"]


async def test_a_filter_is_kept_under_a_name_for_oneself(web: Web) -> None:
    await a_task(web, "a")
    ana, bia = await web.browser(*ACT, login="ana"), await web.program(*ACT, login="bia")
    path = {"path": "/tarefas/equipe", "query": "prioridade=1"}

    kept = await ana.post("/filtros", data={"name": "Urgentes", **path})
    page = await ana.get("/tarefas")
    nameless = await bia.post("/api/saved-filters", json=path)
    elsewhere = await bia.post(
        "/api/saved-filters", json={"name": "x", "path": "//mal.example", "query": "a=1"}
    )
    stolen = await bia.delete("/api/saved-filters/1")
    gone = await ana.post("/filtros/1/remocao")

    assert kept.headers["location"] == "/tarefas/equipe?prioridade=1"
    assert 'href="/tarefas/equipe?prioridade=1"' in page.text
    assert (nameless.status_code, stolen.status_code) == (422, 404)
    assert (elsewhere.status_code, elsewhere.json()["field"]) == (422, "path")
    assert gone.status_code == 303
    assert "Urgentes" not in (await ana.get("/tarefas")).text


async def test_a_task_is_given_only_to_who_does_such_tasks_and_has_room(web: Web) -> None:
    ana = await web.program(*ACT, login="ana")
    browser = await web.browser(*ACT, login="rui")
    await web.user(login="bia", name="Bia", skills="tickets")
    await web.user(login="caio", name="Caio", task_limit=1, skills="collections,tickets")
    task = await a_task(web, "call", process="collections")
    ticket = await a_task(web, "ticket", process="tickets")
    general = await a_task(web, "general", process="tasks")

    page = (await browser.get(f"/tarefas/{task}")).text.partition('name="to"')[2]
    unable = await ana.post(f"/api/tasks/{task}/delegation", json={"to": "bia"})
    able = await ana.post(f"/api/tasks/{ticket}/delegation", json={"to": "bia"})
    anybody = await ana.post(f"/api/tasks/{general}/delegation", json={"to": "bia"})
    room = await ana.post(f"/api/tasks/{task}/delegation", json={"to": "caio"})
    same = await ana.post(f"/api/tasks/{task}/delegation", json={"to": "caio"})
    full = await ana.post(f"/api/tasks/{ticket}/delegation", json={"to": "caio"})
    asked = {"title": "Ligar", "due_at": "2026-11-30T12:00:00Z", "process": "collections"}
    made = await ana.post("/api/tasks", json={**asked, "assignee": "bia"})
    bulk = await ana.post("/api/tasks/bulk/delegate", json={"ids": [task, ticket], "to": "bia"})

    assert ('<option value="bia"' in page, '<option value="caio"' in page) == (False, True)
    assert (unable.status_code, unable.json()["code"]) == (422, "TaskSkillMissing")
    assert unable.json()["detail"].startswith("bia não atende tarefas de Cobrança.")
    assert unable.json()["detail_en"].startswith("bia does not do tasks of Collections.")
    assert [each.status_code for each in (able, anybody, room, same)] == [200] * 4
    assert (full.json()["code"], full.json()["field"]) == ("ColleagueFull", "to")
    assert (made.json()["code"], made.json()["field"]) == ("TaskSkillMissing", "assignee")
    assert [each["id"] for each in bulk.json()["refused"]] == [task]


async def test_who_is_away_is_judged_by_their_substitute(web: Web) -> None:
    ana = await web.program(*ACT, login="ana")
    able = await web.user(login="bia", name="Bia", skills="tickets")
    away = {"absent_until": NOW.date(), "substitute_id": able}
    await web.user(login="caio", name="Caio", skills="collections", **away)
    task = await a_task(web, "call", process="collections")
    ticket = await a_task(web, "ticket", process="tickets")

    refused = await ana.post(f"/api/tasks/{task}/delegation", json={"to": "caio"})
    given = await ana.post(f"/api/tasks/{ticket}/delegation", json={"to": "caio"})

    assert refused.json()["code"] == "TaskSkillMissing"
    assert given.json()["assignee"] == "bia"


async def test_who_has_nothing_begins_where_something_waits(web: Web) -> None:
    ana = await web.browser("tasks:see", login="ana")
    bia = await web.browser("tasks:see", login="bia")
    assert (await ana.get("/")).status_code == 200  # nobody has anything
    await a_task(web, "1", title="De Bia", assignee="bia")

    elsewhere = await ana.get("/")
    own = await bia.get("/")
    await a_task(web, "2", title="De ninguém")
    free = await ana.get("/")
    told = await ana.get(free.headers["location"])
    asked = await ana.get("/tarefas")

    assert (elsewhere.status_code, elsewhere.headers["location"]) == (303, "/tarefas/todas")
    assert "De Bia" in own.text
    assert free.headers["location"] == "/tarefas/livres"
    assert "Nenhuma tarefa está com você agora" in told.text
    assert asked.status_code == 200  # whoever wants to see that there is nothing may


async def test_teams_of_clients_are_not_among_the_houses_in_filters(web: Web) -> None:
    async with web.database.write() as session:
        company = await builders.a_customer(session, code="C-9")
        house, client = Team(code="suporte", name="Suporte"), Team(code="c9", name="Hospital C9")
        session.add_all([house, client])
        await session.flush()
        session.add(ClientService(
            customer_id=company.id or 0, model="advanced", team_id=client.id,
            changed_at=web.now, changed_by="ana",
        ))  # fmt: skip
    browser = await web.browser("*")

    for path in ("/tarefas", "/casos", "/gestao"):
        text = (await browser.get(path)).text
        assert ">Suporte</option>" in text, path
        assert ">Hospital C9</option>" not in text, path
