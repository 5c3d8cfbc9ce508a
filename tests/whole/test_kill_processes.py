"""Every process under way at once, while worker, API and engine are killed in turn.

Twins are asked for the same thing on the same day, so that whatever was lost or done twice makes
one of them differ from the others.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, func, select

from activities.repair import find_disagreements
from api.dependencies import clock
from engine import connect
from models import outbox
from models.bulk import BulkRun
from models.carrier_invoices import CarrierInvoice
from models.charges import Charge
from models.contestations import Contestation, ContestationItem, ContestationProtocol
from models.contracts import Contract
from models.database import Database
from models.findings import Finding
from models.invoices import Invoice
from models.ladders import LadderExecution
from models.messages import Message
from models.provisioning import ProvisioningOrder
from models.sink import SinkMessage
from models.tickets import Ticket
from settings import ProvisioningSettings
from tests.support.contestations import RULES
from tests.support.insisting import until
from tests.support.network import Network, a_network
from tests.support.ports import free_port
from tests.support.running import await_health, migrate, running, settings_for
from tests.whole.asked import IMPORTED, KILLS, House, everything, program
from tests.whole.sold import TWINS, rows_of, sold_before

pytestmark = [pytest.mark.once, pytest.mark.timeout(420)]


async def test_whatever_is_killed_every_process_goes_on(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    async with a_network(port=free_port()) as network:
        settings = settings.model_copy(
            update={"provisioning": ProvisioningSettings(url=network.url)}
        )
        migrate(settings)
        database = Database(settings.database())
        token, rows = await sold_before(database)
        with running(settings) as up:
            async with program(settings.base_url(), token) as http:
                house = House(up, database, http, rows)
                await asyncio.gather(*everything(house))
                assert not house.left, "something was never killed"
                await_health(up)
                await all_is_quiet(database)
                await rows_and_engine_agree(house)
        await every_contract_alike(database)
        await billed_once(database, rows)
        await laddered_once(database, rows, network)
        await renewed_once(database, rows)
        await contested_once(database)
        await every_ticket_alike(database)
        await imported_once(database)
        await every_message_once(database)
        await database.dispose()


async def all_is_quiet(database: Database) -> None:
    """Nothing waits to be delivered, sent or told."""

    async def left() -> object:
        async with database.read() as session:
            # What keeps to the hours of contact waits for Monday, if today is Sunday.
            unsent = select(Message.purpose).where(
                col(Message.status).in_(["queued", "sending"]), ~col(Message.respects_window)
            )
            orders = select(ProvisioningOrder.id).where(ProvisioningOrder.status == "waiting")
            open_contestations = select(Contestation.stage).where(Contestation.stage != "closed")
            changes = [
                *(await session.exec(unsent)), *(await session.exec(orders)),
                *(await session.exec(open_contestations)),
            ]  # fmt: skip
            waiting = await outbox.backlog(session)
        return changes or waiting

    await until(left, what="still under way")


async def rows_and_engine_agree(house: House) -> None:
    """No case without its workflow, no workflow without its case, no stage told differently."""
    client = await connect(house.running.settings)

    async def disagreements() -> object:
        return await find_disagreements(house.database, client, now=clock(), pause=1)

    await until(disagreements, what="rows and engine disagree", seconds=60)


async def every_contract_alike(database: Database) -> None:
    """Six lives to their end and six kickoffs into service, each with the same charges."""
    async with database.read() as session:
        contracts = await session.exec(select(Contract).where(col(Contract.created_by) == "robo"))
        stories: dict[tuple[str, str], list[Counter[Any]]] = {}
        for contract in contracts:
            charges = await session.exec(select(Charge).where(Charge.contract_id == contract.id))
            story = Counter((c.kind, c.due_date, c.amount, c.status) for c in charges)
            stories.setdefault((contract.plan_type, contract.stage), []).append(story)
    assert {kind: len(twins) for kind, twins in stories.items()} == {
        ("internet", "cancelled"): TWINS, ("tem", "active"): TWINS,
    }  # fmt: skip
    for twins in stories.values():
        assert all(twin == twins[0] for twin in twins)
        assert twins[0]
    lived = stories["internet", "cancelled"][0]
    assert sum(count for (kind, *_), count in lived.items() if kind == "early_fee") <= 1


async def billed_once(database: Database, rows: dict[str, Any]) -> None:
    """Each charge is on one invoice, and the invoices come to what was charged."""
    async with database.read() as session:
        charges = (
            await session.exec(select(Charge).where(col(Charge.contract_id).in_(rows["charged"])))
        ).all()
        invoices = (
            await session.exec(select(Invoice).where(col(Invoice.contract_id).in_(rows["charged"])))
        ).all()
    assert {charge.status for charge in charges} == {"invoiced"}
    assert len(charges) == 2 * TWINS
    assert Counter(charge.invoice_id for charge in charges) == {each.id: 2 for each in invoices}
    assert {each.amount for each in invoices} == {Decimal("150.00")}
    assert len(invoices) == TWINS


async def laddered_once(database: Database, rows: dict[str, Any], network: Network) -> None:
    """One block of each, and then the lift; the network's last word is that all are active."""
    overdue = rows["overdue_contracts"]
    async with database.read() as session:
        done = await session.exec(
            select(LadderExecution.invoice_id).where(LadderExecution.outcome == "done")
        )
        blocks = Counter(done)
        orders = list(
            await session.exec(
                select(ProvisioningOrder.contract_id, ProvisioningOrder.state)
                .where(col(ProvisioningOrder.contract_id).in_(overdue))
                .order_by(col(ProvisioningOrder.id))
            )
        )
        stages = await session.exec(select(Contract.stage).where(col(Contract.id).in_(overdue)))
        assert set(stages) == {"active"}
    assert list(blocks.values()) == [1] * TWINS
    told = {contract: [state for who, state in orders if who == contract] for contract in overdue}
    # A block that was under way when its process was killed has the lift said once more.
    said = {contract: [state for state, _ in groupby(states)] for contract, states in told.items()}
    assert all(states == ["blocked", "active"] for states in said.values()), told
    times_heard = Counter(headers["idempotency-key"] for headers, _ in network.heard)
    # A kill repeats what is under way at that moment, each order once.
    assert max(times_heard.values()) <= 1 + len(KILLS)


async def renewed_once(database: Database, rows: dict[str, Any]) -> None:
    """Each is in its second term, with the same charges of it."""
    async with database.read() as session:
        contracts = await session.exec(select(Contract).where(col(Contract.id).in_(rows["ending"])))
        assert {(each.stage, each.term) for each in contracts} == {("active", 2)}
        charges = await session.exec(
            select(col(Charge.contract_id), col(Charge.period_start)).where(
                col(Charge.contract_id).in_(rows["ending"])
            )
        )
        periods = Counter(tuple(each) for each in charges)
    assert set(periods.values()) == {1}
    assert len(set(Counter(contract for contract, _ in periods).values())) == 1


async def contested_once(database: Database) -> None:
    """Credited whole, one protocol, two letters, and nothing found twice."""
    [contestation] = await rows_of(database, Contestation)
    items = await rows_of(database, ContestationItem)
    assert (contestation.stage, contestation.credited) == ("closed", sum(i.due for i in items))
    assert contestation.credited > 2 * contestation.claimed
    assert len(await rows_of(database, ContestationProtocol)) == 1
    assert len(await rows_of(database, CarrierInvoice)) == 2
    found = [
        each for each in await rows_of(database, Finding)
        if each.invoice_id == contestation.invoice_id
    ]  # fmt: skip
    assert len(found) == len(RULES)
    letters = [
        each.contact for each in await rows_of(database, Message)
        if each.purpose.startswith("contest")
    ]  # fmt: skip
    # What is contested, and what is due once it was granted.
    assert sorted(letters) == [f"contestation/{contestation.id}/letter/{n}" for n in (1, 2)]


async def every_ticket_alike(database: Database) -> None:
    """Protocols differ; stories and letters do not."""
    tickets = await rows_of(database, Ticket)
    assert len({ticket.protocol for ticket in tickets}) == len(tickets) == TWINS
    assert {ticket.stage for ticket in tickets} == {"resolved"}
    letters = Counter(
        each.purpose for each in await rows_of(database, Message)
        if each.purpose.startswith("ticket") and each.channel == "email"
    )  # fmt: skip
    assert letters
    assert {count % TWINS for count in letters.values()} == {0}, letters


async def imported_once(database: Database) -> None:
    """Every invoice settled by its one payment."""
    async with database.read() as session:
        settled = await session.exec(
            select(func.count()).where(
                col(Invoice.code).startswith("IF"), Invoice.status == "settled"
            )
        )
        assert settled.one() == IMPORTED
        runs = await session.exec(
            select(BulkRun.kind, func.count()).where(BulkRun.kind == "import").group_by("kind")
        )
        assert list(runs) == [("import", 3)]


async def every_message_once(database: Database) -> None:
    """Each has one place in the sink; on the wire at most one repeat for each kill."""
    sent, kept = await rows_of(database, Message), await rows_of(database, SinkMessage)
    waits = {"queued"} if any(each.respects_window for each in sent) else set()
    assert {each.status for each in sent} <= {"sent", "delivered", "suppressed"} | waits
    assert len({each.key for each in sent}) == len(sent)
    left = [each for each in sent if each.status in {"sent", "delivered"}]
    assert len({each.provider_id for each in left}) == len(left)
    assert len(kept) == len(left)
    assert sum(each.deliveries - 1 for each in kept) <= len(KILLS)
