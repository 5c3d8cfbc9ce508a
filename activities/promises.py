"""Promises to pay: made, reminded of, kept, broken, withdrawn; ladder and cadence wait so long."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.ladder_pauses import pause, resume
from activities.messages import write_to_customer
from models import cases, outbox
from models.customers import Customer, read_customer
from models.invoices import Invoice
from models.messages import withdraw_contact
from models.people import Deed, record
from models.policies import load_policy
from models.promises import (
    Promise,
    lock_promise,
    overdue_invoices,
    paid_of,
    promises_since,
    promises_under_way,
    still_owed,
)
from models.webhooks import Happening, announce
from models.worklist_kept import refresh_worklist
from rules import promises as rules
from rules.business_days import at_local_time, local_date
from rules.cases import Process
from rules.ladder import PauseReason
from rules.money import ZERO
from rules.promises import PromiseFacts, PromisePolicy, PromiseStatus
from rules.webhooks import OF_PROMISES

REMINDER = "promise_reminder"
#: The day before, when the day begins.
REMIND_AT = time(9)


@dataclass(frozen=True)
class NewPromise:
    """What the customer said."""

    promised_on: date
    amount: Decimal | None = None  #: None: all that is overdue
    note: str = ""


async def make_promise(
    session: AsyncSession, customer_id: int, new: NewPromise, *, deed: Deed
) -> Promise:
    """This will write a promise down: ladder and cadence wait, and the customer is reminded.

    Refuses what rules/promises.py does, and an unknown customer.
    """
    customer = await read_customer(session, customer_id)
    today, policy = local_date(deed.at), await load_policy(session, PromisePolicy())
    invoices = await overdue_invoices(session, customer_id, today=today)
    overdue = sum((each.open_amount for each in invoices), ZERO)
    amount = overdue if new.amount is None else new.amount
    facts = await _facts(session, customer_id, overdue, policy, deed.at)
    rules.check_promise(new.promised_on, amount, facts, policy, today=today)
    promise = Promise(
        customer_id=customer_id, amount=amount, promised_on=new.promised_on, note=new.note,
        invoices={"ids": [each.key for each in invoices]}, made_at=deed.at, made_by=deed.by,
    )  # fmt: skip
    session.add(promise)
    await session.flush()
    for each in invoices:
        await pause(session, each, **_named(promise, by=deed.by, at=deed.at))
    await refresh_worklist(session, [customer_id])
    await _remind(session, promise, customer, invoices[0], deed=deed)
    await _tell(session, promise, "promise_made", by=deed.by, at=deed.at)
    record(
        session, deed, "promise.make", subject=f"customer/{customer_id}", amount=str(amount),
        promised_on=new.promised_on.isoformat(),
    )  # fmt: skip
    return promise


async def withdraw_promise(session: AsyncSession, promise_id: int, *, deed: Deed) -> Promise:
    """This will take a promise back that was written down by mistake. Refuses one that is over."""
    promise = await lock_promise(session, promise_id)
    if promise.status != PromiseStatus.MADE:
        raise rules.PromiseAlreadyDone
    await _end(session, promise, PromiseStatus.WITHDRAWN, by=deed.by, at=deed.at)
    await refresh_worklist(session, [promise.customer_id])
    record(session, deed, "promise.withdraw", subject=f"promise/{promise_id}")
    return promise


async def let_promises_go(
    session: AsyncSession, customer_id: int, invoice_ids: Collection[int], *, by: str, at: datetime
) -> None:
    """This will end the customer's promise of any of these invoices, neither kept nor broken.

    An agreement on them is their newer word; none, or none of these: nothing happens.
    """
    for promise in await promises_under_way(session, after=0, limit=20, customer_ids=[customer_id]):
        if not set(promise.invoice_ids).isdisjoint(invoice_ids):
            await _end(session, promise, PromiseStatus.WITHDRAWN, by=by, at=at)
            await refresh_worklist(session, [customer_id])


async def judge_promises(
    session: AsyncSession,
    *,
    today: date,
    at: datetime,
    after: int = 0,
    limit: int = 200,
    customer_ids: Collection[int] | None = None,
) -> tuple[int, int | None]:
    """This will end a page of promises, of everybody or of these customers, that are kept or broken
    by now; how many, and after which the next page begins (None: that was the last)."""
    found = await promises_under_way(session, after=after, limit=limit, customer_ids=customer_ids)
    if not found:
        return 0, None
    policy, ended = await load_policy(session, PromisePolicy()), list[int]()
    owed = await still_owed(session, found)
    for promise in found:
        status = rules.outcome(
            paid=await paid_of(session, promise), owed=owed[promise.key], amount=promise.amount,
            policy=policy, promised_on=promise.promised_on, today=today,
        )  # fmt: skip
        if status is not PromiseStatus.MADE:
            await _end(session, promise, status, by="system", at=at)
            ended.append(promise.customer_id)
    if ended:
        await refresh_worklist(session, ended)
    return len(ended), found[-1].key if len(found) == limit else None


async def _facts(
    session: AsyncSession, customer_id: int, overdue: Decimal, policy: PromisePolicy, at: datetime
) -> PromiseFacts:
    since = at - timedelta(days=policy.within_days)
    recent = await promises_since(session, customer_id, since=since)
    under_way = await promises_under_way(session, after=0, limit=1, customer_ids=[customer_id])
    return PromiseFacts(overdue, bool(under_way), len(recent))


async def _end(
    session: AsyncSession, promise: Promise, status: PromiseStatus, *, by: str, at: datetime
) -> None:
    promise.status, promise.ended_at = status, at
    session.add(promise)
    invoices = select(Invoice).where(col(Invoice.id).in_(promise.invoice_ids))
    for each in (await session.exec(invoices.order_by(col(Invoice.id)))).all():
        await resume(session, each, **_named(promise, by=by, at=at))
    await _tell(session, promise, f"promise_{status}", by=by, at=at)


def _named(promise: Promise, *, by: str, at: datetime) -> dict[str, Any]:
    return {
        "reason": PauseReason.PROMISE, "reference": f"promise/{promise.key}", "by": by, "at": at,
    }  # fmt: skip


async def _remind(
    session: AsyncSession, promise: Promise, customer: Customer, invoice: Invoice, *, deed: Deed
) -> None:
    """A word the day before; a promise for today or tomorrow needs none."""
    remind_at = at_local_time(promise.promised_on - timedelta(days=1), at=REMIND_AT)
    if remind_at <= deed.at:
        return
    case = await cases.case_of(session, process=Process.COLLECTIONS, subject_id=customer.id or 0)
    written = await write_to_customer(
        session, case=case, customer=customer, purpose=REMINDER, at=deed.at,
        key=_reminder_of(promise), invoice_id=invoice.id,
        values={"promise": {"amount": promise.amount, "promised_on": promise.promised_on}},
    )  # fmt: skip
    for message in written:
        message.not_before = remind_at
        session.add(message)


async def _tell(
    session: AsyncSession, promise: Promise, kind: str, *, by: str, at: datetime
) -> None:
    """The account's history, and its clocks, which stand still or go on."""
    case = await cases.case_of(
        session, process=Process.COLLECTIONS, subject_id=promise.customer_id
    )  # fmt: skip
    if promise.status != PromiseStatus.MADE:
        await withdraw_contact(session, _reminder_of(promise), at=at)
    await _announce(session, promise, at=at)
    if case is None:
        return
    cases.record_event(
        session, case, kind=kind, by=by, at=at, amount=str(promise.amount),
        promised_on=promise.promised_on.isoformat(),
    )  # fmt: skip
    outbox.tell_case(session, case, news_id=f"promise/{promise.key}/{promise.status}", at=at)


async def _announce(session: AsyncSession, promise: Promise, *, at: datetime) -> None:
    about = {"amount": str(promise.amount), "promised_on": promise.promised_on.isoformat()}
    happening = Happening(f"promise/{promise.key}", promise.customer_id, about)
    if promise.status in OF_PROMISES:
        await announce(session, OF_PROMISES[promise.status], happening, at=at)


def _reminder_of(promise: Promise) -> str:
    return f"promise/{promise.key}/reminder"
