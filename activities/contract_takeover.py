"""A successor takes over: what was the customer's under the old contract goes on under the new."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contract_ends import expire_contract
from activities.contract_webhooks import announce_contract
from activities.idle_days import begin_idle, blocked_since, end_idle
from models.charges import Charge
from models.connections import connections_of
from models.contract_changes import changes_of
from models.contracts import Contract, put_in_stage, record_contract_event
from models.invoice_contracts import hand_on
from models.invoices import Invoice, record_invoice_event
from models.ladders import LadderException, LadderExecution, hand_on_reaches, look_again
from rules.business_days import local_date
from rules.charges import PENDING
from rules.contract_changes import LIVE, ChangeKind, ChangeStage
from rules.contracts import ContractStage
from rules.panels import InvoiceStatus
from rules.webhooks import BusinessEventKind as K

#: An old contract in one of these leaves the new one there; from any other it is active.
KEPT = (ContractStage.REDUCED, ContractStage.BLOCKED, ContractStage.SUSPENDED)


async def take_over(
    session: AsyncSession, old: Contract, new: Contract, *, by: str, at: datetime
) -> None:
    """This will put a successor in service in the place of the contract before it, which expires.

    The network hears nothing: connections stay as they are. Open invoices, what the ladder did and
    may not do, and changes still to come go on under the new contract; charges and history stay.
    """
    on = new.starts_on or local_date(at)
    stage = ContractStage(old.stage) if old.stage in KEPT else ContractStage.ACTIVE
    await _move_connections(session, old, new, on=on, by=by, at=at)
    await _move_changes(session, old, new, on=on, by=by, at=at)
    invoices = await _move_debts(session, old, new, by=by, at=at)
    await _move_terminal(session, old, new)
    new.activated_at = at
    put_in_stage(session, new, stage, by=by, at=at)
    record_contract_event(
        session, new, kind="taken_over", by=by, at=at, code=old.code, invoices=invoices
    )
    await announce_contract(session, new, K.CONTRACT_ACTIVATED, at=at, predecessor=old.code)
    await expire_contract(session, old, at=at, reason=f"Renovado pelo contrato {new.code}")
    await look_again(session, contract_id=new.key)


async def _move_connections(
    session: AsyncSession, old: Contract, new: Contract, *, on: date, by: str, at: datetime
) -> None:
    """The days without service until now are the old contract's, the later ones the new one's."""
    connections = await connections_of(session, old.key)
    since = blocked_since(connections)
    for each in connections:
        each.contract_id = new.key
        session.add(each)
    await session.flush()
    if since is not None:
        await end_idle(session, old, since=since, until=on, by=by, at=at)
        await begin_idle(session, [(new, on)])


async def _move_changes(
    session: AsyncSession, old: Contract, new: Contract, *, on: date, by: str, at: datetime
) -> None:
    """A temporary plan stays: all its differences were charged under the old contract."""
    for change in await changes_of(session, old.key, stages=LIVE):
        if change.kind == ChangeKind.UPGRADE and change.stage == ChangeStage.IN_EFFECT:
            continue
        change.contract_id, change.amount_before = new.key, new.monthly_amount
        session.add(change)
    await session.flush()
    if old.suspended_from is not None:
        await end_idle(session, old, since=old.suspended_from, until=on, by=by, at=at)
        new.suspended_from, new.suspended_until = old.suspended_from, old.suspended_until
        old.suspended_from = old.suspended_until = None
        await begin_idle(session, [(new, on)])


async def _move_debts(
    session: AsyncSession, old: Contract, new: Contract, *, by: str, at: datetime
) -> int:
    """What is owed is asked for by the contract in service, or the ladder would block nothing; what
    is still to be billed, a credit too, comes onto its invoices."""
    open_ones = select(Invoice).where(
        Invoice.contract_id == old.key,
        col(Invoice.status).not_in((InvoiceStatus.SETTLED, InvoiceStatus.CANCELLED)),
    )
    invoices = (await session.exec(open_ones.with_for_update())).all()
    for invoice in invoices:
        invoice.contract_id = new.key
        session.add(invoice)
        record_invoice_event(
            session, invoice, kind="taken_over", by=by, at=at, code=new.code, was=old.code
        )
    beside = await hand_on(session, old=old.key, new=new.key)
    await hand_on_reaches(session, old=old.key, new=new.key, invoice_ids=beside)
    ids = [invoice.id for invoice in invoices]
    for statement in (
        update(Charge).where(col(Charge.contract_id) == old.key, col(Charge.status).in_(PENDING)),
        update(LadderExecution).where(col(LadderExecution.invoice_id).in_(ids)),
        update(LadderException).where(col(LadderException.contract_id) == old.key),
    ):
        moved = statement.values(contract_id=new.key)
        await session.exec(moved.execution_options(synchronize_session="fetch"))
    return len(invoices)


async def _move_terminal(session: AsyncSession, old: Contract, new: Contract) -> None:
    terminal, old.phone_terminal = old.phone_terminal, None
    session.add(old)
    await session.flush()
    new.phone_terminal = terminal
    session.add(new)
