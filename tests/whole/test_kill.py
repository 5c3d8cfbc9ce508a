"""Two hundred journeys with messages under way, while worker, API and engine are killed in turn."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from sqlmodel import col, func, select
from temporalio.client import Client

from api.dependencies import clock
from api.security import digest
from engine import connect
from models import cases, outbox
from models.cases import Case
from models.customers import Customer
from models.database import Database
from models.invoices import Invoice
from models.messages import Message, queue_message
from models.people import ApiToken, Role, RolePermission, User, UserRole
from models.sink import SinkMessage
from models.standings import refresh_standings
from rules.cases import Process, Step
from tests.builders import a_customer, an_invoice
from tests.support.insisting import PATIENCE_SECONDS, insist
from tests.support.running import Running, await_health, migrate, running, settings_for

pytestmark = [pytest.mark.once, pytest.mark.timeout(420)]

JOURNEYS = 200
KILLS = {30: "worker", 90: "api", 150: "engine"}


async def test_whatever_is_killed_every_journey_ends_right(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    migrate(settings)
    database = Database(settings.database())
    token, customers = await two_hundred_debts(database)

    with running(settings) as house:
        await collect_all(house, token, customers)
        await_health(house)
        await all_is_done(database)
        ended = await outcomes(house)

    assert len(ended) == JOURNEYS
    assert set(ended.values()) == {"COMPLETED"}
    await every_journey_ended_right(database)
    await every_message_came_once(database)
    await database.dispose()


async def two_hundred_debts(database: Database) -> tuple[str, list[int]]:
    """Classified customers, each with a message under way, and a program's token."""
    token, at = secrets.token_urlsafe(32), clock()
    async with database.write() as session:
        customers = [await _a_debt(session, number, at) for number in range(JOURNEYS)]
        await refresh_standings(session, customers)
        user = User(login="robo", name="Robô", created_at=at)
        role = Role(code="robo", name="Robô")
        session.add_all([user, role])
        await session.flush()
        session.add(RolePermission(role_id=role.id, permission="*"))
        session.add(UserRole(user_id=user.id, role_id=role.id))
        session.add(ApiToken(token_hash=digest(token), user_id=user.id, name="t", created_at=at))
    return token, customers


async def _a_debt(session: object, number: int, at: datetime) -> int:
    customer: Customer = await a_customer(
        session, code=f"K{number}", email=f"k{number}@cliente.test"
    )
    assert customer.id is not None
    await an_invoice(
        session, customer, code=f"K{number}", collection_stage="classified", stage_since=at
    )
    case = await cases.open_case(
        session, process=Process.COLLECTIONS, subject_id=customer.id, customer_id=customer.id,
        stage="classified", by="system", at=at,
    )  # fmt: skip
    cases.schedule(case, Step("start_task", at + timedelta(days=2)))
    outbox.start_case(session, case, at=at)
    message = Message(
        key=f"kill/{number}", case_id=case.id, customer_id=customer.id, channel="email",
        purpose="payment_thanks", to_address=customer.email, subject="Olá", text="Olá",
        respects_window=False, not_before=at, created_at=at, created_by="system",
    )  # fmt: skip
    await queue_message(session, message)
    return customer.id


async def collect_all(house: Running, token: str, customers: list[int]) -> None:
    """Starts, confirms and pays each debt, eight at once, and kills on the way."""
    done = Counter[str]()
    waiting = iter(enumerate(customers))
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(base_url=house.settings.base_url(), headers=headers) as http:

        async def worker() -> None:
            for number, customer in waiting:
                await _collect(http, number, customer)
                done["all"] += 1
                if part := KILLS.get(done["all"]):
                    house.kill(part)

        await asyncio.gather(*(worker() for _ in range(8)))


async def _collect(http: httpx2.AsyncClient, number: int, customer: int) -> None:
    path = f"/api/collections/customers/{customer}"
    listed = await insist(http, "GET", f"{path}/invoices", key="", params={"stage": "classified"})
    ids = [each["id"] for each in listed.json()]
    await insist(http, "POST", f"{path}/start", key=f"s{number}", json={"invoice_ids": ids})
    await insist(http, "POST", f"{path}/confirmation", key=f"c{number}", json={})
    payment = {"code": f"P{number}", "invoice": f"K{number}", "amount": "100.00"}
    payment["paid_on"] = str((clock() - timedelta(days=1)).date())
    await insist(http, "POST", "/api/payments", key=f"p{number}", json=payment)


async def all_is_done(database: Database) -> None:
    """Waits until nothing is under way any more."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        async with database.read() as session:
            open_cases = await session.exec(
                select(func.count()).where(
                    Case.process == Process.COLLECTIONS, col(Case.closed_at).is_(None)
                )
            )
            unsent = await session.exec(
                select(func.count()).where(
                    # What the morning's ladder writes may have to wait for a weekday.
                    col(Message.status).in_(["queued", "sending"]),
                    col(Message.key).startswith("kill/"),
                )
            )
            left = open_cases.one() + unsent.one() + await outbox.backlog(session)
        if left == 0:
            return
        await asyncio.sleep(0.5)
    raise AssertionError(f"{left} things are still under way")


async def outcomes(house: Running) -> dict[str, str]:
    """How each journey ended in the engine. One told to start after its end looks, and ends."""
    client = await connect(house.settings)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (ended := await _listed(client)) and "RUNNING" in ended.values():
        assert time.monotonic() < deadline, f"still running: {ended}"
        await asyncio.sleep(0.5)
    return ended


async def _listed(client: Client) -> dict[str, str]:
    listed = client.list_workflows("WorkflowType='CollectionsJourney'")
    return {execution.id: execution.status.name async for execution in listed if execution.status}


async def every_journey_ended_right(database: Database) -> None:
    """Each invoice recovered, settled once."""
    async with database.read() as session:
        stages = Counter(
            (invoice.collection_stage, invoice.status, str(invoice.open_amount))
            for invoice in await session.exec(select(Invoice))
        )
    assert stages == {("recovered", "settled", "0.00"): JOURNEYS}


async def every_message_came_once(database: Database) -> None:
    """Each message is in the sink once; on the wire at most one repeat for each kill."""
    async with database.read() as session:
        sent = (
            await session.exec(select(Message).where(Message.purpose == "payment_thanks"))
        ).all()
        kept = (await session.exec(select(SinkMessage).order_by("id"))).all()
    ours = [message for message in sent if message.key.startswith("kill/")]
    assert {message.status for message in ours} <= {"sent", "delivered"}
    arrived = Counter(message.provider_id for message in kept)
    assert len(ours) == JOURNEYS
    assert all(
        arrived[message.provider_id.strip("<>")] + arrived[message.provider_id] == 1
        for message in ours
    )
    repeats = sum(message.deliveries - 1 for message in kept)
    assert repeats <= len(KILLS), f"{repeats} repeats on the wire"
