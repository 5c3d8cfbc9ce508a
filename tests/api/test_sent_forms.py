"""A form that is sent twice, as by a double click: carried out once, both are led to one place."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import httpx2
import pytest
from sqlmodel import select

from models.attachments import Attachment
from models.sent_forms import SentForm
from models.tasks import Task
from models.tickets import Ticket
from tests import builders
from tests.support.web import Web

TASK = {"title": "Ligar", "due_at": "2026-11-25T10:00"}


async def key_of(browser: httpx2.AsyncClient, path: str) -> dict[str, str]:
    """What a form of the page carries beside what is typed."""
    found = re.findall(r'name="form_key" value="([\w-]+)"', (await browser.get(path)).text)
    assert found
    return {"form_key": found[-1]}


async def count(web: Web, model) -> int:
    async with web.database.read() as session:
        return len((await session.exec(select(model))).all())


@pytest.fixture
async def client(web: Web) -> httpx2.AsyncClient:
    """One of a client's own people."""
    async with web.database.write() as session:
        company = await builders.a_customer(session, code="C-1")
    return await web.browser(login="lia", company_id=company.id)


async def test_a_double_click_opens_one_ticket(web: Web, client) -> None:
    form = {"subject": "Sem sinal", "text": "Parou", **await key_of(client, "/meus-chamados/novo")}

    first, second = await asyncio.gather(
        *(client.post("/meus-chamados/novo", data=form) for _ in range(2))
    )
    later = await client.post("/meus-chamados/novo", data=form)

    assert [each.status_code for each in (first, second, later)] == [303, 303, 303]
    assert len({each.headers["location"] for each in (first, second, later)}) == 1
    assert await count(web, Ticket) == 1
    assert "primeira resposta até" in (await client.get(later.headers["location"])).text


async def test_a_form_with_a_file_is_parted_by_other_words_and_still_the_same(
    web: Web, client
) -> None:
    form = {"subject": "Sem sinal", "text": "Parou", **await key_of(client, "/meus-chamados/novo")}
    file = ("conta.txt", b"12345", "text/plain")

    led = [
        (await client.post("/meus-chamados/novo", data=form, files={"file": file})).headers
        for _ in range(2)
    ]

    assert led[0]["location"] == led[1]["location"]
    assert (await count(web, Ticket), await count(web, Attachment)) == (1, 1)


async def test_other_words_another_page_or_another_person_are_another_form(web: Web) -> None:
    ana = await web.browser("tasks:see", "tasks:act")
    bia = await web.browser("tasks:see", "tasks:act", login="bia")
    key = await key_of(ana, "/tarefas/nova")

    await ana.post("/tarefas/nova", data={**TASK, **key})
    await ana.post("/tarefas/nova", data={**TASK, **key, "title": "Escrever"})
    await ana.post("/tarefas/nova", data={**TASK, **await key_of(ana, "/tarefas/nova")})
    await bia.post("/tarefas/nova", data={**TASK, **key})
    await ana.post("/tarefas/nova", data=TASK)

    assert await count(web, Task) == 5


async def test_what_was_refused_may_be_sent_again(web: Web) -> None:
    ana = await web.browser("tasks:see", "tasks:act")
    form = {**TASK, "due_at": "ontem", **await key_of(ana, "/tarefas/nova")}

    refused = [(await ana.post("/tarefas/nova", data=form)).status_code for _ in range(2)]

    assert refused == [422, 422]
    assert await count(web, SentForm) == 0


async def test_a_form_whose_first_try_died_is_carried_out_a_minute_later(
    web: Web, monkeypatch
) -> None:
    ana = await web.browser("tasks:see", "tasks:act")
    form = {**TASK, **await key_of(ana, "/tarefas/nova")}
    monkeypatch.setattr("api.sent_forms.PATIENCE_SECONDS", 0.1)
    await ana.post("/tarefas/nova", data=form)
    async with web.database.write() as session:
        [sent] = (await session.exec(select(SentForm))).all()
        sent.answer = {}

    early = await ana.post("/tarefas/nova", data=form)
    web.now += timedelta(minutes=2)
    late = await ana.post("/tarefas/nova", data=form)

    assert (early.status_code, late.status_code) == (409, 303)
    assert "ainda está sendo atendido" in early.text
    assert await count(web, Task) == 2


async def test_an_answer_that_opens_a_session_is_kept_nowhere(web: Web) -> None:
    async with web.database.write() as session:
        session.add(SentForm(key="old", at=web.now - timedelta(hours=2), answer={"location": "/"}))
    ana = await web.browser("people:see", "people:act")

    await ana.post("/sair", data=await key_of(ana, "/senha"))

    async with web.database.read() as session:
        kept = (await session.exec(select(SentForm))).all()
    assert [each.answer for each in kept if each.key != "old"] == []


async def test_every_form_of_a_page_carries_a_key(web: Web) -> None:
    ana = await web.browser("*")

    for path in ("/tarefas", "/pessoas/novo", "/chamados/novo", "/mensagens/modelos"):
        text = (await ana.get(path)).text
        forms = re.findall(r'<form\b[^>]*method="post"[^>]*>(.{0,40})', text)
        assert forms
        assert all('name="form_key"' in each for each in forms), path
