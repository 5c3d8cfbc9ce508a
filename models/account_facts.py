"""What decides about a customer's collections, read from the rows in a handful of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.account_clocks import Clocks, clocks_of
from models.app_accesses import with_app
from models.calendars import load_calendar
from models.cases import Case, CaseEvent
from models.collections import CollectionAccount, Contact
from models.coming_days import days_out
from models.customers import Customer
from models.invoices import Invoice
from models.messages import Message, OptOut
from models.registries import ContactResult
from models.tasks import Task
from rules.collection_stages import CollectionStage
from rules.collections import (
    ANSWERS,
    AccountEvent,
    AccountFacts,
    AccountStep,
    ContactKind,
)
from rules.contact_results import ANSWERED
from rules.messages import Channel
from rules.panels import BureauStage

#: The lines of history that stop a clock or start it anew.
MARKS = (*AccountStep, AccountEvent.STARTED, AccountEvent.ADOPTED, *ANSWERS)

AT_BUREAU = (BureauStage.REGISTERED, BureauStage.CONFLICT)


async def load_facts(session: AsyncSession, case: Case) -> AccountFacts:
    """The facts of a collections case as the rows stand, the session's own changes included."""
    await session.flush()
    clocks = await clocks_of(session, case.subject_id)
    told = await _done(session, case)
    done = clocks.counted(told)
    since = _counted_from(done, clocks.since)
    talks = CollectionStage.NEGOTIATING in since
    talk = await _talk(session, case, clocks, told) if talks else {}
    return AccountFacts(
        calendar=await load_calendar(session),
        since=since,
        done=done,
        held=clocks.held,
        is_at_bureau=await _is_at_bureau(session, case.subject_id),
        out=await days_out(session, case),
        **talk,
    )


def _counted_from(
    done: Mapping[str, datetime], since: Mapping[str, datetime]
) -> dict[str, datetime]:
    """The clocks of invoices taken over from another system begin at the take-over."""
    adopted = done.get(AccountEvent.ADOPTED)
    return {stage: max(begun, adopted or begun) for stage, begun in since.items()}


async def unsettled_invoices(
    session: AsyncSession, customer_id: int, *, stages: Sequence[str]
) -> Sequence[Invoice]:
    """This will read the customer's invoices in these stages for changing them."""
    statement = (
        select(Invoice)
        .where(Invoice.customer_id == customer_id, col(Invoice.collection_stage).in_(stages))
        .order_by(col(Invoice.id))
        .with_for_update()
    )
    return (await session.exec(statement)).all()


async def _done(session: AsyncSession, case: Case) -> dict[str, datetime]:
    statement = (
        select(CaseEvent.kind, func.max(CaseEvent.at))
        .where(CaseEvent.case_id == case.id, col(CaseEvent.kind).in_(MARKS))
        .group_by(col(CaseEvent.kind))
    )
    return dict((await session.exec(statement)).all())


async def _is_at_bureau(session: AsyncSession, customer_id: int) -> bool:
    statement = select(Invoice.id).where(
        Invoice.customer_id == customer_id, col(Invoice.bureau_stage).in_(AT_BUREAU)
    )
    return (await session.exec(statement.limit(1))).first() is not None


async def _talk(
    session: AsyncSession, case: Case, clocks: Clocks, told: Mapping[str, datetime]
) -> dict[str, Any]:
    """Who said what last, and whether a follow-up is being done."""
    contacted, spoken = await _contacts(session, case.subject_id)
    asked, followed_up = await _follow_ups(session, case)
    sent = select(func.max(Message.sent_at)).where(Message.customer_id == case.subject_id)
    written = (await session.exec(sent)).one()
    words = [at for at in (contacted, written, followed_up) if at is not None]
    answers = [at for at in (spoken, *map(told.get, ANSWERS)) if at is not None]
    return {
        "last_word_at": clocks.after(CollectionStage.NEGOTIATING, max(words, default=None)),
        "contacted_at": contacted,
        "answered_at": clocks.after(CollectionStage.NEGOTIATING, max(answers, default=None)),
        "follow_up_since": asked,
        "is_reachable": await _is_reachable(session, case.subject_id),
    }


async def _contacts(
    session: AsyncSession, customer_id: int
) -> tuple[datetime | None, datetime | None]:
    """When the newest contact was, and the newest in which the customer spoke."""
    statement = (
        select(func.max(Contact.at), func.max(Contact.at).filter(_spoke()))
        .join(CollectionAccount)
        .outerjoin(ContactResult, col(ContactResult.id) == col(Contact.result_id))
        .where(CollectionAccount.customer_id == customer_id)
    )
    return (await session.exec(statement)).one()


def _spoke() -> Any:
    """Whether they called us, or took our call: a contact joined with its result says so."""
    return or_(col(Contact.kind) == ContactKind.REACTIVE, col(ContactResult.step).in_(ANSWERED))


async def _follow_ups(session: AsyncSession, case: Case) -> tuple[datetime | None, datetime | None]:
    """Since when a follow-up task is open, and when the newest finished one was finished."""
    statement = select(Task.created_at, Task.finished_at).where(
        Task.for_case_id == case.id, Task.kind == AccountStep.FOLLOW_UP
    )
    rows = (await session.exec(statement)).all()
    asked = [created for created, finished in rows if finished is None]
    finished = [finished for _, finished in rows if finished is not None]
    return min(asked, default=None), max(finished, default=None)


async def _is_reachable(session: AsyncSession, customer_id: int) -> bool:
    """Whether a channel is left that has an address and that the customer did not opt out of."""
    reached = select(Customer.email, Customer.mobile).where(Customer.id == customer_id)
    email, mobile = (await session.exec(reached)).one()
    closed = set(
        await session.exec(select(OptOut.channel).where(OptOut.customer_id == customer_id))
    )
    app = await with_app(session, [customer_id])
    addresses = {Channel.EMAIL: email, Channel.SMS: mobile, Channel.APP: app}
    return any(address and channel not in closed for channel, address in addresses.items())
