"""The trail: every command on collections and agreements is in it, with who, when, what, whence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlmodel import col, select

from models.outbox import start_case
from models.people import AuditEntry
from rules.business_days import local_date
from tests import builders
from tests.conftest import House
from tests.support.web import Web

PERMISSIONS = (
    "agreements:see", "agreements:act", "collections.account:see", "collections.account:act",
    "collections.classified:act", "collections.in_contact:act", "collections.in_agreement:act",
    "collections.registered:act", "bureau:override", "payments:act", "messages:act", "tasks:act",
    "tasks:see", "messages:see", "payments:see", "bureau:act",
)  # fmt: skip
FROM = "127.0.0.1"


@pytest.fixture
def web(running: Web) -> Web:
    return running


@pytest.fixture
async def debt(house: House) -> dict[str, int]:
    """A customer whose two overdue invoices wait for the start."""
    at = house.clock.now
    async with house.database.write() as session:
        customer = await builders.a_customer(session, email="ana@example.com")
        invoices = [
            await builders.an_invoice(
                session, customer, collection_stage="classified", stage_since=at
            )
            for _ in range(2)
        ]
        category = await builders.a_category(session)
        contact = await builders.a_contact_category(session)
        case = await builders.a_collections_case(session, customer, stage="classified", at=at)
        start_case(session, case, at=at)
    await house.clock.settle()
    return {
        "customer": customer.id, "first": invoices[0].id, "second": invoices[1].id,
        "category": category.id, "contact": contact.id,
    }  # fmt: skip


async def trail(house: House) -> list[tuple[str, str, str, str]]:
    async with house.database.read() as session:
        entries = await session.exec(select(AuditEntry).order_by(col(AuditEntry.id)))
        return [(each.action, each.subject, each.by, each.ip) for each in entries]


async def asked(program: httpx2.AsyncClient, path: str, body: Any = None) -> Any:
    answer = await program.post(path, json=body or {})
    assert answer.status_code < 300, answer.text
    return answer.json()


async def agree(program: httpx2.AsyncClient, house: House, debt: dict[str, int]) -> int:
    tomorrow = local_date(house.clock.now) + timedelta(days=1)
    made = await asked(
        program, f"/api/collections/customers/{debt['customer']}/agreements",
        {"ids": [debt["first"]], "tolerance_date": str(tomorrow), "category_id": debt["category"]},
    )  # fmt: skip
    return int(made["agreement_id"])


async def test_every_command_on_an_account_is_in_the_trail(
    house: House, web: Web, debt: dict[str, int]
) -> None:
    program = await web.program(*PERMISSIONS)
    account = f"/api/collections/customers/{debt['customer']}"
    customer = f"customer/{debt['customer']}"

    await asked(program, f"{account}/start", {"invoice_ids": [debt["first"], debt["second"]]})
    await asked(program, f"{account}/confirmation")
    await asked(program, f"{account}/contacts", {
        "kind": "active", "channel": "phone", "category_id": debt["contact"],
        "subject": "Ligação", "text": "Vai pagar.",
    })  # fmt: skip
    agreement = await agree(program, house, debt)
    await asked(program, f"/api/agreements/{agreement}/cancellation", {"reason": "Engano"})
    await asked(program, f"/api/invoices/{debt['second']}/bureau-record", {
        "details": "Não pagou", "override": True, "reason": "Pedido da diretoria",
    })  # fmt: skip

    assert [entry for entry in await trail(house) if entry[0] != "bureau.override"] == [
        ("collections.start_collection", customer, "robo", FROM),
        ("collections.confirm_process", customer, "robo", FROM),
        ("contact.add", customer, "robo", FROM),
        ("collections.make_agreement", customer, "robo", FROM),
        ("agreements.cancel_agreement", f"agreement/{agreement}", "robo", FROM),
        ("collections.add_to_bureau", customer, "robo", FROM),
    ]


async def test_both_ends_of_a_broken_agreement_are_in_the_trail(
    house: House, web: Web, debt: dict[str, int]
) -> None:
    program = await web.program(*PERMISSIONS)
    account = f"/api/collections/customers/{debt['customer']}"
    await asked(program, f"{account}/start", {"invoice_ids": [debt["first"]]})
    await asked(program, f"{account}/confirmation")

    for end in ("renegotiation", "restoration"):
        agreement = await agree(program, house, debt)
        await house.clock.forward(days=3)
        await asked(program, f"/api/agreements/{agreement}/{end}")
        await house.clock.settle()

    ends = [entry[0] for entry in await trail(house) if entry[0].startswith("agreements.")]
    assert ends == ["agreements.renegotiate", "agreements.restore_originals"]


async def test_what_a_command_said_and_did_stands_in_its_entry(
    house: House, web: Web, debt: dict[str, int]
) -> None:
    program = await web.program(*PERMISSIONS)
    path = f"/api/collections/customers/{debt['customer']}/start"
    key = {"Idempotency-Key": "k1"}

    for _ in range(2):
        answer = await program.post(path, json={"invoice_ids": [debt["first"]]}, headers=key)
        assert answer.status_code == 200
    refused = await program.post(path, json={"invoice_ids": []})

    assert refused.status_code == 422
    async with house.database.read() as session:
        entry = (await session.exec(select(AuditEntry))).one()
    assert entry.details == {
        "invoice_ids": [debt["first"]],
        "answer": {"stage": "in_contact", "invoice_ids": [debt["first"]]},
    }
    assert entry.at is not None


async def test_a_message_written_by_hand_is_in_the_trail(
    house: House, web: Web, debt: dict[str, int]
) -> None:
    browser = await web.browser(*PERMISSIONS)
    letter = {
        "key": "key-of-the-letter", "to_address": "ana@example.com", "subject": "Olá",
        "text": "Bom dia", "is_confirmed": "1",
    }  # fmt: skip

    for _ in range(2):
        sent = await browser.post(f"/mensagens/clientes/{debt['customer']}/email", data=letter)
        assert sent.status_code == 303

    assert await trail(house) == [("messages.write", "message/1", "ana", FROM)]


async def test_a_finished_task_is_in_the_trail(
    house: House, web: Web, debt: dict[str, int]
) -> None:
    program = await web.program(*PERMISSIONS)
    due_at = (house.clock.now + timedelta(days=1)).isoformat()
    task = await asked(program, "/api/tasks", {"title": "Ligar", "due_at": due_at})
    await house.clock.settle()

    await asked(program, f"/api/tasks/{task['id']}/conclusion", {"remarks": "ok"})

    assert (await trail(house))[-1] == (
        "tasks.conclude", f"task/{task['id']}", "robo", FROM
    )  # fmt: skip
