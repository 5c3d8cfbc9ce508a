"""A request that comes twice, as after an answer that was lost: done once, answered alike."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlmodel import SQLModel, func, select

from models.attachments import Attachment
from models.boleto_instructions import InvoiceRenegotiation
from models.bulk import BulkRun
from models.calendar_feeds import CalendarFeed
from models.calendars import ServiceCalendar
from models.cases import Command
from models.collections import Contact
from models.contract_changes import ContractChange
from models.contracts import Contract, ContractService
from models.customer_marks import CustomerMark
from models.ladders import LadderException
from models.payments import Payment
from models.people import ApiToken, User
from models.plans import SlaTable
from models.promises import Promise
from models.received_contestations import ReceivedContestation
from models.saved_filters import SavedFilter
from models.tasks import Task, TaskComment
from models.tickets import Ticket
from models.webhooks import WebhookEndpoint
from tests import builders
from tests.contracts import a_plan, activated
from tests.support.cnab import file_400, liquidation_400, sent
from tests.support.web import NOW, Web

KEY = {"Idempotency-Key": "k1"}


@pytest.fixture
async def scene(web: Web) -> dict[str, Any]:
    """A customer with an account, a plan to sell, and a contract in service."""
    async with web.database.write() as session:
        customer = await builders.a_customer(session)
        await builders.a_collections_case(session, customer)
        plan = await a_plan(session)
        contract = await activated(session, plan, customer=customer, at=NOW)
        category = await builders.a_contact_category(session)
        owed = {"due_date": date(2026, 11, 10), "collection_stage": None, "stage_since": None}
        invoice = await builders.an_invoice(session, customer, contract_id=contract.id, **owed)
    return {
        "customer": customer.id, "plan": plan.id, "contract": contract.id, "category": category.id,
        "invoice": invoice.code, "invoice_id": invoice.id,
    }  # fmt: skip


def asked(scene: dict[str, Any]) -> dict[str, tuple[str, dict[str, Any], type[SQLModel]]]:
    """What would be doubled if it were carried out twice: where, what, and the rows it makes."""
    contract = f"/api/contracts/{scene['contract']}"
    contact = {
        "kind": "active", "channel": "phone", "category_id": scene["category"], "subject": "x",
        "text": "y",
    }  # fmt: skip
    return {
        "contract": (
            f"/api/customers/{scene['customer']}/contracts",
            {"plan_id": scene["plan"], "ends_on": "2027-11-19", "welcome": False}, Contract,
        ),
        "change": (f"{contract}/changes", {"kind": "suspension"}, ContractChange),
        "service": (
            f"{contract}/services", {"description": "IP fixo", "amount": "20.00"}, ContractService,
        ),
        "exception": (
            f"{contract}/ladder-exception",
            {"kind": "exception", "until": "2026-11-30", "reason": "x"}, LadderException,
        ),
        "contact": (f"/api/collections/customers/{scene['customer']}/contacts", contact, Contact),
        "ticket": ("/api/tickets", {"subject": "Sem sinal", "text": "Parou"}, Ticket),
        "task": ("/api/tasks", {"title": "Ligar", "due_at": "2026-11-30T12:00:00Z"}, Task),
        "contestation": (
            "/api/contestations/received", {"invoice": scene["invoice"], "text": "Em dobro"},
            ReceivedContestation,
        ),
        "promise": (
            f"/api/collections/customers/{scene['customer']}/promises",
            {"promised_on": "2026-11-23"}, Promise,
        ),
        "payment": (
            "/api/payments",
            {"code": "P1", "invoice": scene["invoice"], "amount": "10.00",
             "paid_on": "2026-11-18"}, Payment,
        ),
        "renegotiation": (
            f"/api/invoices/{scene['invoice_id']}/renegotiation",
            {"due_date": "2026-11-30", "reason": "x"}, InvoiceRenegotiation,
        ),
        "calendar": (
            "/api/calendars", {"code": "c", "name": "C", "friday": "08:00-12:00"}, ServiceCalendar,
        ),
        "registry": ("/api/registries/tabelas-de-sla", {"code": "t", "name": "T"}, SlaTable),
        "mark": (
            f"/api/customers/{scene['customer']}/marks", {"kind": "fraud", "reason": "x"},
            CustomerMark,
        ),
        "filter": ("/api/saved-filters", {"name": "x", "path": "/tarefas"}, SavedFilter),
    }  # fmt: skip


WHAT = (
    "contract", "change", "service", "exception", "contact", "ticket", "task", "contestation",
    "promise", "payment", "renegotiation", "calendar", "registry", "filter", "mark",
)  # fmt: skip


async def count(web: Web, table: type[SQLModel]) -> int:
    async with web.database.read() as session:
        return (await session.exec(select(func.count()).select_from(table))).one()


def identity(answer: httpx2.Response) -> Any:
    """What names the thing that was made."""
    told = answer.json()
    names = ("id", "contract_id", "change_id", "service_id", "contestation_id")
    return next(told[name] for name in names if name in told)


@pytest.mark.parametrize("what", WHAT)
async def test_sent_twice_it_is_made_once(web: Web, scene: dict[str, Any], what: str) -> None:
    program = await web.program("*")
    path, body, table = asked(scene)[what]
    before = await count(web, table)

    first = await program.post(path, json=body, headers=KEY)
    again = await program.post(path, json=body, headers=KEY)

    assert (first.status_code, again.status_code) == (201, 201), first.text + again.text
    assert identity(first) == identity(again)
    assert await count(web, table) == before + 1


async def test_sent_twice_at_the_same_instant_it_is_made_once(
    web: Web, scene: dict[str, Any]
) -> None:
    program = await web.program("*")
    path, body, table = asked(scene)["contract"]
    before = await count(web, table)

    answers = await asyncio.gather(*(program.post(path, json=body, headers=KEY) for _ in range(4)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({identity(answer) for answer in answers}) == 1
    assert await count(web, table) == before + 1


async def test_another_name_or_another_caller_is_another_request(
    web: Web, scene: dict[str, Any]
) -> None:
    one, other = await web.program("*"), await web.program("*", login="outro")
    path, body, table = asked(scene)["contract"]
    before = await count(web, table)

    await one.post(path, json=body, headers=KEY)
    await one.post(path, json=body, headers={"Idempotency-Key": "k2"})
    await other.post(path, json=body, headers=KEY)
    await one.post(path, json=body)

    assert await count(web, table) == before + 4


async def test_what_was_refused_may_be_sent_again_with_the_same_name(
    web: Web, scene: dict[str, Any]
) -> None:
    program = await web.program("*")
    path, body, table = asked(scene)["contract"]
    before = await count(web, table)

    refused = await program.post(path, json={"welcome": False}, headers=KEY)
    mended = await program.post(path, json=body, headers=KEY)

    assert (refused.status_code, mended.status_code) == (422, 201)
    assert await count(web, table) == before + 1


async def test_a_remark_and_taking_the_next_task(web: Web, scene: dict[str, Any]) -> None:
    program = await web.program("*")
    tasks = [
        (await program.post("/api/tasks", json={"title": t, "due_at": "2026-11-30T12:00:00Z"}))
        for t in ("Uma", "Outra")
    ]
    path = f"/api/tasks/{tasks[0].json()['id']}/comments"

    for _ in range(2):
        assert (await program.post(path, json={"text": "Oi"}, headers=KEY)).status_code == 201
    taken = [(await program.post("/api/tasks/next", headers=KEY)).json()["id"] for _ in range(2)]

    assert await count(web, TaskComment) == 1
    assert taken[0] == taken[1]


SECRETS = {
    "token": ("/api/tokens", {"name": "x", "has_all": True}, ApiToken),
    "one_time_password": ("/api/users", {"login": "rui", "name": "Rui", "role_ids": []}, User),
    "url": ("/api/calendar-feeds", {}, CalendarFeed),
    "secret": (
        "/api/webhooks", {"name": "x", "url": "https://x.example/", "events": ["invoice.paid"]},
        WebhookEndpoint,
    ),
}  # fmt: skip


@pytest.mark.parametrize("told_once", SECRETS)
async def test_a_secret_is_told_once_and_kept_nowhere(web: Web, told_once: str) -> None:
    program = await web.program("*")
    path, body, table = SECRETS[told_once]
    before = await count(web, table)

    first = await program.post(path, json=body, headers=KEY)
    again = await program.post(path, json=body, headers=KEY)

    assert (first.status_code, again.status_code) == (201, 409), first.text + again.text
    assert again.json()["code"] == "SecretAlreadyTold"
    assert f"nº {first.json()['id']}" in again.json()["detail"]
    assert await count(web, table) == before + 1
    async with web.database.read() as session:
        kept = (await session.exec(select(Command.answer))).all()
    assert first.json()[told_once] not in str(kept)


#: Makes the same thing once by itself: an offer is accepted once a day at its total.
NAMES_ITSELF = {"/api/customer-page/agreements"}


async def test_every_creating_route_takes_a_name(web: Web) -> None:
    paths = (await web.visitor().get("/openapi.json")).json()["paths"]
    creating, unnamed = set(), set()
    for path, operations in paths.items():
        asked = operations.get("post", {"responses": {}})
        if path.startswith("/api/") and {"201", "202"} & asked["responses"].keys():
            creating.add(path)
            names = {each["name"] for each in asked.get("parameters", [])}
            unnamed |= set() if "Idempotency-Key" in names else {path}

    assert len(creating) > 30
    assert unnamed == NAMES_ITSELF


async def test_a_file_of_the_bank_sent_twice_is_taken_in_once(web: Web, settings: Any) -> None:
    program = await web.program("*")
    content = sent(file_400("341", liquidation_400("00000001")))
    file = {"file": ("CB.RET", content, "text/plain")}

    answers = [await program.post("/api/bank-returns", files=file, headers=KEY) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201], answers[1].text
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert await count(web, BulkRun) == 1
    assert len(list((Path(settings.data) / "uploads").iterdir())) == 1


async def test_a_file_attached_twice_is_attached_once(web: Web, scene: dict[str, Any]) -> None:
    program = await web.program("*")
    path = f"/api/contracts/{scene['contract']}/attachments"
    file = {"file": ("a.txt", b"texto", "text/plain")}

    answers = [await program.post(path, files=file, headers=KEY) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201], answers[0].text
    assert answers[0].json() == answers[1].json()
    assert await count(web, Attachment) == 1


async def test_a_file_sent_twice_is_imported_once(web: Web) -> None:
    program = await web.program("*")
    file = {"files": ("c.csv", b"codigo;nome\nC1;Ana\n", "text/csv")}

    answers = [
        (await program.post("/api/imports", files=file, headers=KEY)).json() for _ in range(2)
    ]

    assert answers[0] == answers[1]
    assert await count(web, BulkRun) == 1


async def test_a_wizard_that_is_sent_twice_makes_one_contract(
    web: Web, scene: dict[str, Any]
) -> None:
    browser = await web.browser("contracts:see", "contracts:act")
    form = {
        "cliente": str(scene["customer"]), "plan_id": str(scene["plan"]), "ends_on": "2027-11-19",
        "go": "make", "confirmed": "1", "step": "6", "command_id": "k1",
    }  # fmt: skip
    before = await count(web, Contract)

    answers = [await browser.post("/contratos/novo", data=form) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303], answers[0].text
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert await count(web, Contract) == before + 1
