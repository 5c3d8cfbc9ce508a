"""Logging a contact, and doing at once what its result leads to."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.customer_links import make_link, send_link
from activities.link_addresses import address_of
from activities.tasks import NewTask, make_task
from models.calendars import load_calendar
from models.cases import case_of
from models.collections import CollectionAccount, Contact, NewContact, add_contact
from models.invoices import Invoice
from models.people import Deed, record
from models.registries import ContactResult
from rules.cases import Process
from rules.collection_stages import CollectionStage
from rules.contact_results import TASKS, ResultStep
from rules.due import due_after
from rules.panels import InvoiceStatus
from settings import Settings


@dataclass(frozen=True)
class LoggedContact:
    """A contact and what followed; `invoice_code` is what a contestation would be of."""

    contact_id: int
    step: ResultStep
    task_id: int | None = None
    invoice_code: str = ""


async def log_contact(
    session: AsyncSession,
    account: CollectionAccount,
    new: NewContact,
    *,
    settings: Settings,
    deed: Deed,
) -> LoggedContact:
    """This will log a contact and take the step of its result: a task, or the customer's link.

    A promise or a contestation needs more than a result says: where to take it is told. Refuses
    what add_contact does.
    """
    row = await add_contact(session, account, new, by=deed.by, at=deed.at)
    record(
        session, deed, "contact.add", subject=f"customer/{account.customer_id}",
        contact_id=row.id, direction=new.kind, channel=new.channel, subject_line=new.subject,
    )  # fmt: skip
    result = await session.get(ContactResult, new.result_id) if new.result_id else None
    step = ResultStep(result.step) if result else ResultStep.NONE
    if result is not None and step in TASKS:
        task_id = await _ask(session, account, row, result, deed=deed)
        return LoggedContact(row.id or 0, step, task_id)
    if step is ResultStep.SEND_LINK:
        link = await make_link(session, account.customer_id, days=None, deed=deed)
        await send_link(session, link, address=address_of(link, settings), deed=deed)
    return LoggedContact(row.id or 0, step, invoice_code=await _oldest(session, account, step))


async def _ask(
    session: AsyncSession,
    account: CollectionAccount,
    contact: Contact,
    result: ContactResult,
    *,
    deed: Deed,
) -> int:
    """Whoever called goes on with it."""
    case = await case_of(session, process=Process.COLLECTIONS, subject_id=account.customer_id)
    new = NewTask(
        key=f"contact/{contact.id}/{result.step}",
        kind=result.step,
        process=Process.COLLECTIONS,
        due_at=due_after(
            deed.at, business_days=result.in_business_days, calendar=await load_calendar(session)
        ),
        description=contact.text,
        for_case_id=case.number if case else None,
        customer_id=account.customer_id,
        assignee=deed.by,
        **vars(TASKS[result.step]),
    )
    return (await make_task(session, new, by=deed.by, at=deed.at)).number


async def _oldest(session: AsyncSession, account: CollectionAccount, step: ResultStep) -> str:
    """What is likely meant: the oldest of what is negotiated, else of all that is open."""
    if step is not ResultStep.TAKE_CONTESTATION:
        return ""
    is_other = case((col(Invoice.collection_stage) == CollectionStage.NEGOTIATING, 0), else_=1)
    statement = select(Invoice.code).where(
        Invoice.customer_id == account.customer_id, Invoice.status == InvoiceStatus.OPEN
    )
    oldest = statement.order_by(is_other, col(Invoice.due_date), col(Invoice.id)).limit(1)
    return (await session.exec(oldest)).first() or ""
