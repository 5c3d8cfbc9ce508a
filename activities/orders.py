"""Orders to the network: delivered until it takes them; what it refuses becomes a task."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.cases import now, refusals_reported
from activities.clients.errors import NotTaken, PermanentlyRefused
from activities.clients.provisioning import ProvisioningClient, StateOrder
from activities.collection_steps import team_with_code
from activities.contract_webhooks import announce_connection
from activities.outcomes import Outcome
from activities.tasks import NewTask, make_task
from models.calendars import load_calendar
from models.connections import Connection
from models.contracts import Contract
from models.database import Database
from models.policies import load_policy
from models.provisioning import ProvisioningOrder, ask, lock_order, newest_order
from rules.cases import Process
from rules.due import due_after
from rules.ladder_steps import LadderPolicy
from rules.messages import MessagePolicy, retry_at
from rules.provisioning import OrderStatus, kept_by, receives_until
from rules.sentences import N_
from settings import Settings

#: After so many tries a person is asked to look, and the tries go on.
ASK_AFTER = 4


@dataclass(frozen=True)
class OrderRef:
    """Which order a delivery is of."""

    order_id: int


class OrderActivities:
    """What tells the network."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database = database
        self.client = ProvisioningClient(settings)

    @activity.defn
    async def tell_network(self, ref: OrderRef) -> Outcome:
        """This will tell the network of an order once, and say what became of it.

        Repeated: the network knows the order's number. An order that a newer one of the same
        connection overtook is not told, and the newer one is told once more if this one may have
        been heard after it: the last word must be the one that holds.
        """
        with refusals_reported():
            at = now()
            wanted = await self._wanted(ref, at)
            if isinstance(wanted, Outcome):
                return wanted
            try:
                await self.client.tell(wanted, timestamp=int(at.timestamp()))
            except PermanentlyRefused as refusal:
                return await self._failed(ref, str(refusal), at)
            except NotTaken as refusal:
                return await self._not_taken(ref, str(refusal), at)
            return await self._taken(ref, at)

    async def _wanted(self, ref: OrderRef, at: datetime) -> StateOrder | Outcome:
        async with self.database.write() as session:
            order = await lock_order(session, ref.order_id)
            if order.status != OrderStatus.WAITING:
                return Outcome(order.status)
            newest = await newest_order(session, order.connection_id)
            if newest.number > order.number:
                order.status = OrderStatus.REPLACED
                if order.attempts:
                    await _say_again(session, newest, order, at=at)
                return Outcome(order.status)
            order.attempts += 1
            connection = await session.get_one(Connection, order.connection_id)
            contract = await session.get_one(Contract, order.contract_id)
            policy = await load_policy(session, LadderPolicy())
            return StateOrder(
                order.number, order.connection_id, contract.code, connection.kind, order.state,
                order.reason, **_left(connection, order, policy),
            )  # fmt: skip

    async def _taken(self, ref: OrderRef, at: datetime) -> Outcome:
        async with self.database.write() as session:
            order = await lock_order(session, ref.order_id)
            order.status, order.done_at, order.error = OrderStatus.DONE, at, ""
            contract = await session.get_one(Contract, order.contract_id)
            await announce_connection(session, order, contract, at=at)
            newest = await newest_order(session, order.connection_id)
            if newest.number > order.number:
                await _say_again(session, newest, order, at=at)
            return Outcome(order.status)

    async def _failed(self, ref: OrderRef, reason: str, at: datetime) -> Outcome:
        async with self.database.write() as session:
            order = await lock_order(session, ref.order_id)
            order.status, order.error = OrderStatus.FAILED, reason[:300]
            await _ask_for_help(session, order, at)
            return Outcome(order.status)

    async def _not_taken(self, ref: OrderRef, reason: str, at: datetime) -> Outcome:
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
            return Outcome(order.status, again)


async def _say_again(
    session: AsyncSession, newest: ProvisioningOrder, older: ProvisioningOrder, *, at: datetime
) -> None:
    """An older order was under way while a newer one was told, and may have been heard after it:
    what holds is said once more, as an order of its own. Not tried yet: it will be heard last;
    the same state: whichever was heard last, it holds."""
    if newest.attempts and newest.status != OrderStatus.FAILED and newest.state != older.state:
        again = newest.model_dump(exclude={"id"})
        again |= {"status": OrderStatus.WAITING, "asked_at": at, "attempts": 0, "done_at": None}
        await ask(session, [again])


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


def _left(connection: Connection, order: ProvisioningOrder, policy: LadderPolicy) -> dict[str, Any]:
    """What the law leaves a connection in the state that is ordered."""
    until = receives_until(
        connection.kind, order.state, since=order.asked_at, days=policy.incoming_days
    )
    keeps = kept_by(connection.kind, order.state)
    return {"keeps": keeps, "receives_until": until and until.isoformat()}
