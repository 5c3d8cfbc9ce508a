"""Cases over HTTP: any of them, the list behind each number, history in words, search, live."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from activities.tasks import NewTask, make_task
from api.live import Live
from models import cases
from models.cases import Case
from models.client_services import ClientService
from models.customers import Customer
from models.live import _mark
from models.sight import see_only
from models.standings import refresh_standings
from rules.cases import Process
from tests import builders
from tests.builders import a_collections_case, a_customer, an_invoice
from tests.support.web import Web


@pytest.fixture
async def maria(web: Web) -> Case:
    """A customer's case in collections, with a little history and something to come."""
    async with web.database.write() as session:
        customer = await a_customer(session, name="Maria José da Conceição", code="C-1042")
        case = await a_collections_case(session, customer, at=web.now)
        await an_invoice(session, customer, number="2026-000123")
        for kind, by, told in (
            ("classified", "system", {"invoices": 2, "amount": "389.80"}),
            ("contact", "ana", {"direction": "active", "channel": "phone", "subject": "Dívida"}),
            ("message_sent", "system", {"channel": "sms", "purpose": "contact_cadence_1"}),
            ("agreement_broken", "system", {"agreement_id": 7}),
            ("teleported", "system", {"where": "Marte"}),
        ):
            cases.record_event(session, case, kind=kind, by=by, at=web.now, **told)
        case.next_kind, case.next_at = "follow_up", web.now + timedelta(days=3)
        session.add(case)
    return case


SEE_ACCOUNTS = "collections.account:see"


async def test_a_message_to_come_is_told_for_when_it_may_leave(web: Web, maria: Case) -> None:
    async with web.database.write() as session:
        case = await session.get_one(Case, maria.id)
        case.next_kind, case.next_at = "cadence", web.now + timedelta(hours=13)  # Thursday, 23:00
        session.add(case)

    page = await (await web.browser(SEE_ACCOUNTS)).get(f"/casos/{maria.id}")

    assert "Mensagem ao cliente" in page.text
    assert "21/11/2026 08:00" in page.text  # Saturday, after a holiday
    assert "19/11/2026 23:00" not in page.text


async def test_a_case_says_where_it_stands_and_what_comes_next(web: Web, maria: Case) -> None:
    page = await (await web.browser(SEE_ACCOUNTS)).get(f"/casos/{maria.id}")

    assert page.status_code == 200
    for words in (
        "Maria José da Conceição", "O que acontece agora", "Tarefa de acompanhamento",
        "22/11/2026 10:00", "em 3 dias", "Aguardando negociação", "Por quê?",
    ):  # fmt: skip
        assert words in page.text


async def test_history_is_told_in_sentences(web: Web, maria: Case) -> None:
    browser = await web.browser(SEE_ACCOUNTS)

    page = (await browser.get(f"/casos/{maria.id}")).text

    for sentence in (
        "2 faturas classificadas, no total de R$\xa0389,80.",
        "Contato ativo por telefone: Dívida",
        "Mensagem enviada por SMS (Cobrança: primeiro contato).",
        "Acordo 7 não cumprido.",
        "Evento registrado como “teleported”.",
    ):
        assert sentence in page


@pytest.mark.parametrize(
    ("part", "shown", "hidden"),
    [
        ("people", "Contato ativo", "Mensagem enviada"),
        ("messages", "Mensagem enviada", "Acordo 7"),
        ("money", "Acordo 7", "Contato ativo"),
        ("system", "teleported", "Acordo 7"),
    ],
)
async def test_history_is_narrowed_to_a_part(web: Web, maria: Case, part, shown, hidden) -> None:
    page = await (await web.browser(SEE_ACCOUNTS)).get(f"/casos/{maria.id}?historico={part}")

    assert shown in page.text
    assert hidden not in page.text


async def test_a_long_history_goes_on_where_it_broke_off(web: Web, maria: Case) -> None:
    async with web.database.write() as session:
        case = await session.get_one(Case, maria.id)
        for number in range(120):
            cases.record_event(
                session, case, kind="contact", by="ana", at=web.now, direction="active",
                channel="phone", subject=f"conversa {number:03}",
            )  # fmt: skip
    program = await web.program(SEE_ACCOUNTS)

    seen, before = [], None
    while True:
        answer = await program.get(
            f"/api/cases/{maria.id}/events", params={"before": before} if before else {}
        )
        seen += answer.json()["items"]
        before = answer.json()["next"]
        if before is None:
            break
    page = await (await web.browser(SEE_ACCOUNTS)).get(f"/casos/{maria.id}?historico=people")

    assert len(seen) == len({event["id"] for event in seen}) == 126
    assert seen[0]["sentence"] == "Contato ativo por telefone: conversa 119"
    assert "conversa 119" in page.text
    assert "conversa 020" not in page.text
    assert "antes=" in page.text


async def test_a_program_reads_case_and_next_step(web: Web, maria: Case) -> None:
    program = await web.program(SEE_ACCOUNTS)

    case = (await program.get(f"/api/cases/{maria.id}")).json()
    listed = (await program.get("/api/cases", params={"process": "collections"})).json()

    assert case["next"] == {
        "kind": "follow_up", "at": "2026-11-22T13:00:00Z", "label": "Tarefa de acompanhamento",
        "consequence": (
            "Sem contato registrado, pede-se a quem cuida do caso que procure o cliente."
        ),
    }  # fmt: skip
    assert case["document"].startswith("***")
    assert listed["items"] == [case]


async def test_cases_of_a_process_that_one_may_not_see_are_refused(web: Web, maria: Case) -> None:
    program = await web.program("tasks:see")
    browser = await web.browser("tasks:see", login="bia")

    answers = [
        await program.get(f"/api/cases/{maria.id}"),
        await program.get(f"/api/cases/{maria.id}/events"),
        await program.get("/api/cases", params={"process": "collections"}),
        await browser.get(f"/casos/{maria.id}"),
        await browser.get("/casos?processo=collections"),
    ]

    assert [answer.status_code for answer in answers] == [403] * 5
    assert (await program.get("/api/cases")).json()["items"] == []


async def test_an_unknown_case_is_not_found(web: Web) -> None:
    program = await web.program(SEE_ACCOUNTS)

    assert (await program.get("/api/cases/999")).status_code == 404
    assert (await program.get("/api/cases/999/events")).status_code == 404


@pytest.mark.parametrize(
    "path", ["/casos", "/gestao", "/gestao/motor", "/busca?q=maria", "/eventos"]
)
async def test_pages_ask_who_is_there(web: Web, path) -> None:
    assert (await web.visitor().get(path)).status_code == 303


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("C-1042", {"customer"}),
        ("c-10", {"customer"}),
        ("529.982.247-25", {"customer"}),
        ("529982", {"customer"}),
        ("maria jose", {"customer"}),
        ("JOSÉ DA CONCEIÇÃO", {"customer"}),
        ("conceicao", {"customer"}),
        ("2026-000123", {"invoice"}),
        ("2026-0001", {"invoice"}),
        ("ligação", {"task"}),
        ("ligacao", {"task"}),
        ("%", set()),
        ("_", set()),
        ("999999999999999999999999", set()),
        ("ninguém", set()),
        ("' OR 1=1 --", set()),
    ],
)
async def test_the_search_finds(web: Web, maria: Case, query, kinds) -> None:
    async with web.database.write() as session:
        new = NewTask(key="t", title="Fazer ligação", due_at=web.now, process="tasks")
        await make_task(session, new, by="ana", at=web.now)
    program = await web.program("*", owns=("*",))

    answer = await program.get("/api/search", params={"q": query})

    assert {hit["kind"] for hit in answer.json()["items"]} == kinds


async def test_the_search_finds_only_what_one_may_see(web: Web, maria: Case) -> None:
    program = await web.program("tasks:see")
    reader = await web.browser("customers:see", login="bia")

    nothing = await program.get("/api/search", params={"q": "maria"})
    masked = await reader.get("/busca?q=maria")

    assert nothing.json()["items"] == []
    assert "***.982.247-**" in masked.text
    assert "/cobrancas/contas/" not in masked.text


async def test_a_document_is_whole_for_the_same_people_on_every_page(web: Web, maria: Case) -> None:
    async with web.database.write() as session:
        customer = await session.get_one(Customer, maria.customer_id)
        await an_invoice(session, customer, collection_stage="classified")
        await refresh_standings(session, [customer.id])
    sees = ("customers:see", "collections.account:see", "collections.classified:see")
    reader = await web.browser(*sees, login="bia")
    trusted = await web.browser(*sees, "documents:whole", login="eva")
    program = await web.program(*sees, "documents:whole")
    pages = ("/busca?q=maria", f"/cobrancas/contas/{maria.customer_id}", "/cobrancas/classificados")

    for path in pages:
        assert "***.982.247-**" in (await reader.get(path)).text, path
        assert "529.982.247-25" not in (await reader.get(path)).text, path
        assert "529.982.247-25" in (await trusted.get(path)).text, path
    [row] = (await program.get("/api/collections/panels/1")).json()["rows"]
    assert row["document"] == "529.982.247-25"


async def test_the_stream_tells_of_changes_and_ends_with_the_house(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.live.EVERY_SECONDS", 0.02)
    live = Live(web.database)
    stream = live.events("ana")
    assert await anext(stream) == "retry: 3000\n\n"
    first = await anext(stream)
    assert "tasks-changed" in first
    assert "panels-changed" in first
    heard = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0.1)

    async with web.database.write() as session:
        new = NewTask(key="t", title="Ligar", due_at=web.now, process="tasks", assignee="ana")
        await make_task(session, new, by="bia", at=web.now)
    told = await asyncio.wait_for(heard, 5)
    live.close()
    rest = [event async for event in stream]

    assert "event: tasks-changed" in told
    assert 'data: {"due": 1}' in told
    assert "panels-changed" not in told
    assert rest == []


async def test_a_clients_stream_tells_of_the_own_companys_tasks_alone(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.live.EVERY_SECONDS", 0.02)
    async with web.database.write() as session:
        team = await builders.a_team(session, code="aurora")
        company = await builders.a_customer(session, name="Aurora", code="AURORA")
        service = ClientService(
            customer_id=company.id or 0, model="advanced", team_id=team.id, changed_at=web.now,
            changed_by="ana",
        )  # fmt: skip
        session.add(service)
        told = {"due_at": web.now, "process": "tasks"}
        await make_task(session, NewTask(key="h", title="Da casa", **told), by="ana", at=web.now)
    live, nobody = Live(web.database), _mark([])
    see_only(company.id)  # the first to ask reads for everybody
    house = await live.look()
    see_only(None)
    stream = live.events("lia", company_id=company.id)
    begun = [await anext(stream), await anext(stream)]
    heard = asyncio.ensure_future(anext(stream))
    async with web.database.write() as session:
        await make_task(session, NewTask(key="h2", title="Da casa", **told), by="a", at=web.now)
    await asyncio.sleep(0.1)
    is_silent = not heard.done()
    async with web.database.write() as session:
        new = NewTask(key="c", title="Do cliente", customer_id=company.id, team_id=team.id, **told)
        await make_task(session, new, by="ana", at=web.now)
    event = await asyncio.wait_for(heard, 5)
    live.close()

    assert house.tasks != nobody
    assert "tasks-changed" in begun[1]
    assert is_silent
    assert "event: tasks-changed" in event
    assert "panels-changed" not in event


async def test_after_a_break_the_stream_tells_what_was_missed(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.live.EVERY_SECONDS", 0.02)
    stream = Live(web.database).events("ana", seen="old.marks.3")

    events = [await anext(stream), await asyncio.wait_for(anext(stream), 5)]

    assert "tasks-changed" in events[1]
    assert "panels-changed" in events[1]


async def test_a_task_of_a_case_leads_to_its_case(web: Web, maria: Case) -> None:
    async with web.database.write() as session:
        new = NewTask(
            key="t", title="Ligar", due_at=web.now + timedelta(days=1),
            process=Process.COLLECTIONS, for_case_id=maria.id, customer_id=maria.customer_id,
        )  # fmt: skip
        task = await make_task(session, new, by="system", at=web.now)

    both = await web.browser("tasks:see", "collections.account:see")
    alone = await web.browser("tasks:see", login="leo")
    pages = [(await each.get(f"/tarefas/{task.number}")).text for each in (both, alone)]

    account = f"/cobrancas/contas/{maria.subject_id}"
    assert [f'href="{account}"' in page for page in pages] == [True, False]
