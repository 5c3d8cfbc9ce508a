"""While the engine or the database is away, pages read, commands say so, and nothing is lost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import col, select
from temporalio.client import WorkflowExecutionStatus

from activities.tickets import NewTicket, open_ticket
from api.app import create_app, routers
from api.places import routes_of
from engine import connect
from models.cases import Case, CaseEvent, Command
from models.database import Database
from models.invoices import Invoice
from models.kickoff import KickoffTemplateItem, kickoff_of_contract
from models.outbox import OutboxEntry, start_case
from rules.tickets import Channel
from settings import Settings
from tests.builders import a_collections_case, a_customer, an_invoice
from tests.conftest import House
from tests.contracts import a_plan, made
from tests.support.contestations import Dispute
from tests.support.engine import own_deployment
from tests.support.ports import free_port
from tests.support.web import Web

AWAY = "O motor de processos não está respondendo. Tente novamente em instantes."
AWAY_IN_ENGLISH = "The process engine is not answering. Try again in a moment."


@pytest.fixture
async def away(database: Database, house: House, tmp_path: Path) -> Web:
    """The application as it is while nobody listens at the engine's address."""
    client = await connect(own_deployment(tmp_path), lazy=True)
    web = Web(create_app(house.settings, database, client), database)
    web.now = house.clock.now
    return web


@pytest.fixture
async def debt(house: House) -> dict[str, int]:
    """A customer with an invoice that can be started and one that can be agreed on."""
    at = house.clock.now
    async with house.database.write() as session:
        customer = await a_customer(session)
        stages = ("classified", "in_contact", "negotiating", "in_agreement")
        made = [
            await an_invoice(session, customer, collection_stage=stage, stage_since=at)
            for stage in stages
        ]
        case = await a_collections_case(session, customer, at=at)
        start_case(session, case, at=at)
    await house.clock.settle()
    return {
        "customer": customer.id,
        **{stage: row.key for stage, row in zip(stages, made, strict=True)},
    }


async def rows(database: Database) -> list[list[str]]:
    async with database.read() as session:
        return [
            sorted(str(row.model_dump()) for row in await session.exec(select(table)))
            for table in (CaseEvent, Command, Invoice, OutboxEntry)
        ]


ASK_THE_ENGINE = ("/gestao/conferencia", "/gestao/motor")


def pages() -> list[str]:
    """Every page whose address needs nothing filled in, but for streams and redirects, for those
    that ask the engine itself, and for those of a client's own people."""
    found = (route for route in routes_of(routers()) if not route.path.startswith("/api/"))
    others = {
        "/oidc/entrar", "/oidc/retorno", "/eventos", "/health", "/cobrancas", *ASK_THE_ENGINE,
        "/meus-chamados", "/meus-chamados/novo",
    }  # fmt: skip
    return [
        route.path
        for route in found
        if "GET" in route.methods and "{" not in route.path and route.path not in others
    ]


async def test_without_the_engine_every_page_still_reads(away: Web, debt) -> None:
    browser = await away.browser("*")

    answers = {path: (await browser.get(path)).status_code for path in pages()}

    assert len(answers) > 30
    unread = {path: status for path, status in answers.items() if status not in {200, 303}}
    assert {path for path in unread if not path.startswith("/cobrancas/")} == set()
    # A tool's page with nothing picked says so.
    assert set(unread.values()) <= {422}


@pytest.mark.parametrize("path", ASK_THE_ENGINE)
async def test_what_asks_the_engine_says_that_it_is_away(away: Web, path: str) -> None:
    answer = await (await away.browser("*")).get(path)

    assert answer.status_code == 503
    assert "O motor de processos não está respondendo." in answer.text


async def test_without_the_engine_commands_say_so_and_do_nothing(away: Web, debt) -> None:
    program = await away.program("*")
    path = f"/api/collections/customers/{debt['customer']}"
    commands: dict[str, dict[str, Any]] = {
        f"{path}/start": {"invoice_ids": [debt["classified"]]},
        f"{path}/confirmation": {},
        f"{path}/agreements": {
            "ids": [debt["negotiating"]], "tolerance_date": "2099-01-01", "category_id": 1,
        },
        f"/api/invoices/{debt['in_agreement']}/bureau-record": {"details": "x"},
    }  # fmt: skip
    before = await rows(away.database)

    for command, body in commands.items():
        began = time.monotonic()
        answer = await program.post(command, json=body)
        assert time.monotonic() - began < 15
        assert answer.status_code == 503, (command, answer.text)
        told = answer.json()
        assert (told["code"], told["detail"], told["detail_en"]) == (
            "EngineUnavailable", AWAY, AWAY_IN_ENGLISH,
        )  # fmt: skip

    assert await rows(away.database) == before


async def test_without_the_engine_commands_of_every_process_do_nothing(
    away: Web, house: House, tmp_path: Path
) -> None:
    at = house.clock.now
    async with house.database.write() as session:
        contract = await made(session, await a_plan(session), at=at)
        session.add(KickoffTemplateItem(code="t1", name="Inventário"))
        signed = await made(session, await a_plan(session, plan_type="tem"), at=at)
        kickoff = await kickoff_of_contract(session, signed.key)
        ticket = await open_ticket(
            session, NewTicket(key="k", subject="x", text="y", channel=Channel.PHONE), by="a", at=at
        )
    dispute = await Dispute(house.database, tmp_path).begin()
    contestation = await dispute.contest()
    assert kickoff is not None
    program = await away.program("*")
    commands: dict[str, dict[str, Any]] = {
        f"/api/contracts/{contract.key}/activation": {},
        f"/api/kickoffs/{kickoff.number}/assignment": {},
        f"/api/tickets/{ticket.number}/replies": {"text": "Oi"},
        f"/api/contestations/{contestation.number}/filing": {},
    }
    before = await rows(away.database)

    for command, body in commands.items():
        answer = await program.post(command, json=body)
        assert (answer.status_code, answer.json()["code"]) == (503, "EngineUnavailable"), command

    assert await rows(away.database) == before


async def test_what_needs_no_engine_is_done_and_goes_on_once_it_is_back(
    away: Web, house: House
) -> None:
    async with house.database.write() as session:
        customer = await a_customer(session)
        plan = await a_plan(session)
    program = await away.program("*")
    asked = {"plan_id": plan.id, "ends_on": "2030-01-01", "welcome": False}

    sold = await program.post(f"/api/customers/{customer.id}/contracts", json=asked)
    opened = await program.post("/api/tickets", json={"subject": "x", "text": "y"})
    billed = await program.post("/api/billing/runs")
    await house.clock.settle()

    assert [each.status_code for each in (sold, opened, billed)] == [201, 201, 202]
    run = (await program.get(f"/api/billing/runs/{billed.json()['id']}")).json()
    assert run["status"] == "done"
    async with house.database.read() as session:
        cases = (await session.exec(select(Case).where(col(Case.closed_at).is_(None)))).all()
    for case in cases:
        described = await house.client.get_workflow_handle(case.workflow_id).describe()
        assert described.status == WorkflowExecutionStatus.RUNNING, case.workflow_id


@pytest.fixture
def without_database(settings: Settings) -> Web:
    """The application whose database nobody serves."""
    nobody = Database(f"postgresql+asyncpg://postgres@127.0.0.1:{free_port()}/acerto")
    return Web(create_app(settings, nobody), nobody)


async def test_without_the_database_everybody_is_told_to_ask_again(without_database: Web) -> None:
    visitor = without_database.visitor(headers={"Authorization": "Bearer x"})
    person = without_database.visitor(cookies={"acerto": "x"})

    refused = await visitor.post("/api/tickets", json={"subject": "x", "text": "y"})
    read = await person.get("/tarefas")

    assert (refused.status_code, refused.json()["code"]) == (503, "DatabaseUnavailable")
    assert refused.json()["detail_en"].startswith("The database is not answering")
    assert read.status_code == 503
    assert "O banco de dados não está respondendo" in read.text


async def test_a_database_that_stays_locked_is_told_as_away(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL waits for a lock as long as it takes")
    monkeypatch.setattr("models.database.SQLITE_BUSY_MS", 100)
    hasty = Database(settings.database())
    web = Web(create_app(settings, hasty), database)
    program = await web.program("*")

    async with locked(settings.database_url or ""):
        answer = await program.post("/api/tickets", json={"subject": "x", "text": "y"})
    after = await program.post("/api/tickets", json={"subject": "x", "text": "y"})
    await hasty.dispose()

    assert (answer.status_code, answer.json()["code"]) == (503, "DatabaseUnavailable")
    assert after.status_code == 201


async def test_a_person_reads_it_too(away: Web, debt) -> None:
    browser = await away.browser("*")

    answer = await browser.post(
        f"/cobrancas/classificados/{debt['customer']}/inicio",
        data={"invoice_ids": debt["classified"], "command_id": "k1"},
    )

    assert answer.status_code == 503
    assert AWAY in answer.text


async def test_asked_again_once_the_engine_is_back_it_is_done_once(
    away: Web, house: House, debt
) -> None:
    back = create_app(house.settings, house.database, house.client)
    path = f"/api/collections/customers/{debt['customer']}/start"
    sent = {
        "json": {"invoice_ids": [debt["classified"]]},
        "headers": {"Idempotency-Key": "k1"},
    }
    program = await away.program("*")
    assert (await program.post(path, **sent)).status_code == 503

    web = Web(back, house.database)
    web.now = house.clock.now
    again = await web.program("*", login="outro")
    first, second = await again.post(path, **sent), await again.post(path, **sent)

    assert first.status_code == 200, first.text
    assert first.json() == second.json()
    async with house.database.read() as session:
        started = await session.get_one(Invoice, debt["classified"])
    assert started.collection_stage == "in_contact"


@pytest.fixture(params=[15_000, 100], ids=["waits", "gives up and tries again"])
def busy_ms(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """How long a connection of SQLite waits for its turn; asked for before the house is there."""
    monkeypatch.setattr("models.database.SQLITE_BUSY_MS", request.param)
    return request.param


async def test_a_locked_database_is_waited_for(busy_ms: int, house: House, debt) -> None:
    web = Web(create_app(house.settings, house.database, house.client), house.database)
    web.now = house.clock.now
    program = await web.program("*")
    await program.get("/api/tasks")  # that the token is in use is noted once a while
    began = time.monotonic()

    async with locked(house.settings.database_url or ""):
        asked = asyncio.create_task(
            program.post(
                f"/api/collections/customers/{debt['customer']}/start",
                json={"invoice_ids": [debt["classified"]]},
            )
        )
        await asyncio.sleep(2)
        assert not asked.done()
    answer = await asked

    assert answer.status_code == 200, answer.text
    assert time.monotonic() - began > 2
    async with house.database.read() as session:
        started = await session.get_one(Invoice, debt["classified"])
    assert started.collection_stage == "in_contact"


@asynccontextmanager
async def locked(url: str) -> AsyncIterator[None]:
    """Somebody else writes and takes long about it."""
    other = Database(url)
    async with other.write() as session:
        lock = "SELECT 1" if other.is_sqlite else "LOCK TABLE cases IN EXCLUSIVE MODE"
        await session.exec(text(lock))  # to begin at all locks SQLite
        yield
    await other.dispose()
