"""Tasks over HTTP: what is done to one, by one person or two at once, once or twice."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import col, select

from models.people import AuditEntry
from rules.business_days import local_date
from tests.support.tasks import ACT, a_task, history, stored
from tests.support.web import Web


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
    assert "já foi assumida por Bia" in page.text


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
        trail = trail.order_by(col(AuditEntry.id))
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


async def test_who_is_second_reads_who_was_first_and_keeps_the_words(running: Web) -> None:
    task_id = await a_task(running)
    ana = await running.program(*ACT, login="ana")
    bia = await running.browser(*ACT, login="bia")
    await ana.post(f"/api/tasks/{task_id}/conclusion", json={"result": "done"})

    late = await bia.post(
        f"/tarefas/{task_id}/concluir", data={"result": "done", "remarks": "Paga na sexta."}
    )

    assert late.status_code == 409
    assert "já foi finalizada por Ana" in late.text
    assert "Paga na sexta." in late.text


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


async def test_whoever_did_it_is_named_by_who_records_it(running: Web) -> None:
    task_id = await a_task(running)
    await running.user(login="bia")
    browser = await running.browser(*ACT, login="ana")

    refused = await browser.post(f"/tarefas/{task_id}/concluir", data={"done_by": "ninguem"})
    answer = await browser.post(f"/tarefas/{task_id}/concluir", data={"done_by": "bia"})

    assert (refused.status_code, answer.status_code) == (404, 303)
    assert 'id="e-done_by"' in refused.text
    assert (await stored(running, task_id)).finished_by == "bia"
    async with running.database.read() as session:
        trail = (await session.exec(select(AuditEntry).order_by(AuditEntry.id.desc()))).first()
    assert (trail.by, trail.details["done_by"]) == ("ana", "bia")


async def test_a_task_is_done_only_once_its_list_is(running: Web) -> None:
    ana = await running.program(*ACT, login="ana")
    asked = {"title": "Instalar", "due_at": "2026-11-30T12:00:00Z", "items": ["Cabo", "Sinal"]}
    made = (await ana.post("/api/tasks", json=asked)).json()
    path = f"/api/tasks/{made['id']}"

    added = (await ana.post(f"{path}/items", json={"text": "  Foto  do local "})).json()["items"]
    early = await ana.post(f"{path}/conclusion", json={"result": "done"})
    for item in added[:2]:
        await ana.put(f"{path}/items/{item['id']}", json={"is_done": True})
    await ana.put(f"{path}/items/{added[0]['id']}", json={"is_done": True})
    gone = await ana.delete(f"{path}/items/{added[2]['id']}")
    ended = await ana.post(f"{path}/conclusion", json={"result": "done"})
    late = await ana.post(f"{path}/items", json={"text": "x"})

    assert [item["text"] for item in added] == ["Cabo", "Sinal", "Foto do local"]
    assert (early.json()["code"], early.json()["field"]) == ("TaskItemsOpen", "result")
    assert "3 itens" in early.json()["detail"]
    assert (gone.status_code, ended.status_code, late.status_code) == (204, 200, 409)
    kinds = await history(running, made["id"])
    assert [kind for kind in kinds if kind.startswith("item_")] == [
        "item_added", "item_done", "item_done", "item_removed",
    ]  # fmt: skip


async def test_another_result_leaves_the_list_open_on_purpose(running: Web) -> None:
    ana = await running.program(*ACT, login="ana")
    asked = {"title": "Ligar", "due_at": "2026-11-30T12:00:00Z", "items": ["Ligar"]}
    made = (await ana.post("/api/tasks", json=asked)).json()

    ended = await ana.post(f"/api/tasks/{made['id']}/conclusion", json={"result": "no_answer"})

    assert (ended.status_code, ended.json()["result"]) == (200, "no_answer")


@pytest.mark.parametrize(
    ("items", "code"),
    [([" "], "TaskItemRequired"), (["x" * 201], "TaskItemTooLong"), (["x"] * 51, None)],
)
async def test_a_list_that_cannot_be_kept_is_refused(
    web: Web, items: list[str], code: str | None
) -> None:
    ana = await web.program(*ACT, login="ana")
    asked = {"title": "Ligar", "due_at": "2026-11-30T12:00:00Z", "items": items}

    answer = await ana.post("/api/tasks", json=asked)

    assert answer.status_code == 422
    assert code in {None, answer.json()["code"]}
    assert (await ana.get("/api/tasks")).json()["items"] == []


async def test_a_person_ticks_the_list_on_the_tasks_page(web: Web) -> None:
    ana = await web.browser(*ACT, login="ana")
    form = {"title": "Instalar", "due_at": "2026-11-30T09:00", "priority": "2"}
    made = await ana.post("/tarefas/nova", data={**form, "lines": "Cabo\n\n Sinal \n"})
    path = made.headers["location"]

    added = await ana.post(f"{path}/itens", data={"text": "Foto"})
    empty = await ana.post(f"{path}/itens", data={"text": " "})
    ticked = await ana.post(f"{path}/itens/2", data={"feito": "1"})
    foreign = await ana.post(f"{path}/itens/9", data={"feito": "1"})
    taken_out = await ana.post(f"{path}/itens/3/retirada")
    page = (await ana.get(path)).text
    reader = (await (await web.browser("tasks:see", login="rui")).get(path)).text

    assert [each.status_code for each in (made, added, ticked, taken_out)] == [303] * 4
    assert (empty.status_code, foreign.status_code) == (422, 404)
    assert "1/2" in page
    assert 'aria-pressed="true" aria-label="Feito: Sinal"' in page
    assert ("Tirar da lista: Foto" in page, "itens/1" in reader, "Cabo" in reader) == (
        False,
        False,
        True,
    )
