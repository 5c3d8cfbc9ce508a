"""Orders to the network: delivered until it takes them; what it refuses becomes a task."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.cases import now, refusals_reported
from activities.clients.errors import NotTaken, PermanentlyRefused
from activities.clients.provisioning import ProvisioningClient, StateOrder
from activities.collection_steps import team_with_code
from activities.contract_webhooks import announce_connection
from activities.tasks import NewTask, make_task
from models.calendars import load_calendar
from models.connections import Connection
from models.contracts import Contract
from models.database import Database
from models.policies import load_policy
from models.provisioning import ProvisioningOrder, lock_order
from rules.cases import Process
from rules.due import due_after
from rules.ladder_steps import LadderPolicy
from rules.messages import MessagePolicy, retry_at
from rules.provisioning import OrderStatus
from rules.sentences import N_
from settings import Settings

#: After so many tries a person is asked to look, and the tries go on.
ASK_AFTER = 4


@dataclass(frozen=True)
class OrderRef:
    """Which order a delivery is of."""

    order_id: int


@dataclass(frozen=True)
class OrderOutcome:
    """Where an order stands; with `wait_until` it is tried again then."""

    status: str
    wait_until: datetime | None = None


class OrderActivities:
    """What tells the network."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database = database
        self.client = ProvisioningClient(settings)

    @activity.defn
    async def tell_network(self, ref: OrderRef) -> OrderOutcome:
        """This will tell the network of an order once, and say what became of it.

        Repeated: the network knows the order's number. An order that a newer one of the same
        connection overtook is not told: the last word must be the one that holds.
        """
        with refusals_reported():
            at = now()
            wanted = await self._wanted(ref)
            if isinstance(wanted, OrderOutcome):
                return wanted
            try:
                await self.client.tell(wanted, timestamp=int(at.timestamp()))
            except PermanentlyRefused as refusal:
                return await self._failed(ref, str(refusal), at)
            except NotTaken as refusal:
                return await self._not_taken(ref, str(refusal), at)
            return await self._taken(ref, at)

    async def _wanted(self, ref: OrderRef) -> StateOrder | OrderOutcome:
        async with self.database.write() as session:
            order = await lock_order(session, ref.order_id)
            if order.status != OrderStatus.WAITING:
                return OrderOutcome(order.status)
            newer = select(ProvisioningOrder.id).where(
                ProvisioningOrder.connection_id == order.connection_id,
                col(ProvisioningOrder.id) > order.number,
            )
            if (await session.exec(newer.limit(1))).first() is not None:
                order.status = OrderStatus.REPLACED
                return OrderOutcome(order.status)
            order.attempts += 1
            connection = await session.get_one(Connection, order.connection_id)
            contract = await session.get_one(Contract, order.contract_id)
            return StateOrder(
                order.number, order.connection_id, contract.code, connection.kind, order.state,
                order.reason,
            )  # fmt: skip

    async def _taken(self, ref: OrderRef, at: datetime) -> OrderOutcome:
        async with self.database.write() as session:
            order = await lock_order(session, ref.order_id)
            order.status, order.done_at, order.error = OrderStatus.DONE, at, ""
            contract = await session.get_one(Contract, order.contract_id)
            await announce_connection(session, order, contract, at=at)
            return OrderOutcome(order.status)

    async def _failed(self, ref: OrderRef, reason: str, at: datetime) -> OrderOutcome:
        async with self.database.write() as session:
            order = await lock_order(session, ref.order_id)
            order.status, order.error = OrderStatus.FAILED, reason[:300]
            await _ask_for_help(session, order, at)
            return OrderOutcome(order.status)

    async def _not_taken(self, ref: OrderRef, reason: str, at: datetime) -> OrderOutcome:
        async with self.database.write() as session:
            order = await lock_order(session, ref.order_id)
            order.error = reason[:300]
            again = retry_at(now=at, attempts=order.attempts, policy=MessagePolicy())
            if order.due_by is not None and order.due_by > at:
                # The legal deadline of a lift is not slept through.
                again = min(
                    again, max(order.due_by - timedelta(hours=1), at + timedelta(minutes=1))
                )
            if order.attempts >= ASK_AFTER or (order.due_by is not None and order.due_by <= at):
                await _ask_for_help(session, order, at)
            return OrderOutcome(order.status, again)


async def _ask_for_help(session: AsyncSession, order: ProvisioningOrder, at: datetime) -> None:
    policy = await load_policy(session, LadderPolicy())
    team = await team_with_code(session, policy.team)
    contract = await session.get_one(Contract, order.contract_id)
    task = NewTask(
        key=f"provisioning/{order.number}/failed",
        title=N_("Conexão do contrato %(contract)s: a rede não aceitou"),
        places={"contract": contract.code},
        description=f"/cobrancas/contas/{order.customer_id}/conexoes",
        due_at=order.due_by
        if order.due_by is not None and order.due_by > at
        else due_after(at, business_days=1, calendar=await load_calendar(session)),
        process=Process.COLLECTIONS,
        kind="provisioning",
        customer_id=order.customer_id,
        team_id=team.id if team else None,
        priority=1,
        reason=order.error,
        consequence=N_("O cliente fica com a conexão no estado anterior."),
    )
    await make_task(session, task, by="system", at=at)
