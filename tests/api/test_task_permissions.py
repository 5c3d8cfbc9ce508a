"""Tasks over HTTP: every route and page asks for its permission."""

from __future__ import annotations

import pytest

from tests.support.tasks import ACT, a_task, history
from tests.support.web import Web

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
    ("GET", "/tarefas"), ("GET", "/tarefas/equipe"), ("GET", "/tarefas/livres"),
    ("GET", "/tarefas/todas"), ("GET", "/tarefas/finalizadas"), ("GET", "/tarefas/contadores"),
    ("GET", "/tarefas/contagem"), ("GET", "/tarefas/1"),
]  # fmt: skip


async def test_whoever_sees_no_tasks_begins_at_what_they_do_see(web: Web) -> None:
    sees = [
        await web.browser("tasks:see", login="ana"),
        await web.browser("customers:see", login="bia"),
    ]
    stranger = await web.browser(login="rui")

    inbox, customers, nothing = [await each.get("/") for each in (*sees, stranger)]

    assert inbox.status_code == 200
    assert (customers.status_code, customers.headers["location"]) == (303, "/clientes")
    assert nothing.status_code == 403
    assert "Seu perfil ainda não abre nenhuma página" in nothing.text


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
