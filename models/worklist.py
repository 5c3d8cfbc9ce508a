"""The worklist of collections: accounts by what they can be expected to bring, and who is aside.

Amounts are those of the invoices that may be worked: what is contested, promised or of an excepted
contract is not counted, and an account with nothing else is aside.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from operator import eq, ge, le
from typing import Any

from sqlalchemy import BigInteger, Select, and_, case, cast, func, literal, select, type_coerce
from sqlmodel import col

from models.base import Centavos
from models.cases import Case
from models.collections import CollectionAccount
from models.contested import STOPPED
from models.customer_marks import CustomerMark
from models.customers import Customer
from models.folding import folded, holds
from models.invoices import Invoice
from models.ladders import LadderException, LadderPause
from models.promises import Promise
from models.tasks import Task
from rules.business_days import at_local_time
from rules.cases import Process
from rules.customer_marks import STILL
from rules.panels import InvoiceStatus
from rules.promises import PromiseStatus
from rules.worklist import WORKED, Aside, WorklistPolicy


@dataclass(frozen=True)
class Sought:
    """What the worklist is narrowed to; `nobodys_or` leaves out what is somebody else's."""

    text: str | None = None
    stage: str | None = None
    owner: str | None = None
    nobodys_or: str | None = None
    due_from: date | None = None
    due_to: date | None = None
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None


def select_worklist(sought: Sought, *, policy: WorklistPolicy, today: date) -> Select[Any]:
    """Accounts to be worked, one a customer, with what each can be expected to bring.

    Who was spoken to today already is left out: one contact a day.
    """
    owed = _owed(today, is_aside=False)
    broken = _broken_promises(policy, today)
    times = func.coalesce(broken.c.times, 0)
    expected = cast(owed.c.amount, BigInteger) * _chance(owed.c.due_date, times, policy, today)
    statement = (
        select(
            *_columns(owed),
            times.label("broken"),
            type_coerce(expected // literal(10_000, BigInteger), Centavos).label("expected"),
        )
        .select_from(owed)
        .outerjoin(broken, broken.c.customer_id == owed.c.customer_id)
    )
    found: Select[Any] = _around(statement, owed).where(
        *_conditions(owed, sought), ~func.coalesce(_contacted(today), False)
    )
    return found


def select_aside(sought: Sought, *, today: date) -> Select[Any]:
    """Accounts that nobody is to call today, and why."""
    left, held = _owed(today, is_aside=False), _owed(today, is_aside=True)
    whole = _around(
        select(*_columns(held), _why(held.c.place).label("why")).select_from(held), held
    )
    rest = select(left.c.customer_id)
    aside = whole.where(*_conditions(held, sought), held.c.customer_id.not_in(rest))
    spoken = _around(
        select(*_columns(left), literal(str(Aside.CONTACTED)).label("why")).select_from(left), left
    ).where(*_conditions(left, sought), _contacted(today))
    both: Select[Any] = select(aside.union_all(spoken).subquery())
    return both


def _columns(owed: Any) -> tuple[Any, ...]:
    return (
        owed.c.customer_id.label("id"), owed.c.amount.label("amount"),
        owed.c.invoices.label("invoices"), owed.c.due_date.label("due_date"),
        col(Customer.name).label("customer"), folded(col(Customer.name)).label("searched_name"),
        col(Customer.document).label("document"), col(Customer.city).label("city"),
        col(Customer.uf).label("uf"), col(Case.id).label("case_id"),
        col(Case.stage).label("stage"), col(Case.owner).label("operator"),
        col(Case.next_kind).label("next_kind"), col(Case.next_at).label("next_at"),
        _task_due().label("task_due"),
        col(CollectionAccount.last_contact_at).label("contacted_at"),
    )  # fmt: skip


def _around(statement: Any, owed: Any) -> Any:
    """With the customer, the case that says what comes next, and the last word exchanged."""
    of_customer = and_(
        col(Case.process) == Process.COLLECTIONS, col(Case.subject_id) == owed.c.customer_id
    )
    account = col(CollectionAccount.customer_id) == owed.c.customer_id
    return (
        statement.join(Customer, col(Customer.id) == owed.c.customer_id)
        .outerjoin(Case, of_customer)
        .outerjoin(CollectionAccount, account)
    )


def _owed(today: date, *, is_aside: bool) -> Any:
    """What each customer owes that may be worked, or that may not, and then why."""
    held = _held(today)
    statement = (
        select(
            col(Invoice.customer_id).label("customer_id"),
            type_coerce(cast(func.sum(_cents()), BigInteger), Centavos).label("amount"),
            func.count().label("invoices"),
            func.min(col(Invoice.due_date)).label("due_date"),
            func.min(held.c.place).label("place"),
        )
        .select_from(Invoice)
        .outerjoin(held, held.c.invoice_id == col(Invoice.id))
        .where(
            col(Invoice.collection_stage).in_(WORKED),
            col(Invoice.status) == InvoiceStatus.OPEN,
            held.c.invoice_id.is_not(None) if is_aside else held.c.invoice_id.is_(None),
        )
        .group_by(col(Invoice.customer_id))
    )
    return statement.subquery("held_back" if is_aside else "owed")


def _cents() -> Any:
    return type_coerce(col(Invoice.open_amount), BigInteger)


def _held(today: date) -> Any:
    """The invoices that nobody asks for now: contested, promised, excepted, of who is marked."""
    paused: Any = select(
        col(LadderPause.invoice_id).label("invoice_id"),
        _place(col(LadderPause.reason)).label("place"),
    ).where(col(LadderPause.until).is_(None), col(LadderPause.reason).in_(STOPPED))
    excepted = (
        select(col(Invoice.id), literal(Aside.EXCEPTION.place))
        .join(LadderException, col(LadderException.contract_id) == col(Invoice.contract_id))
        .where(
            col(Invoice.collection_stage).in_(WORKED),
            col(LadderException.since) <= today,
            col(LadderException.until) > today,
        )
    )
    set_apart = (
        select(col(Invoice.id), literal(Aside.MARK.place))
        .join(CustomerMark, col(CustomerMark.customer_id) == col(Invoice.customer_id))
        .where(
            col(Invoice.collection_stage).in_(WORKED),
            col(CustomerMark.until).is_(None),
            col(CustomerMark.kind).in_(STILL),
        )
    )
    every = paused.union_all(excepted, set_apart).subquery()
    once = select(every.c.invoice_id, func.min(every.c.place).label("place"))
    return once.group_by(every.c.invoice_id).subquery()


def _place(word: Any) -> Any:
    return case(*((word == str(each), literal(each.place)) for each in Aside))


def _why(place: Any) -> Any:
    """The word of a place."""
    return case(*((place == each.place, literal(str(each))) for each in Aside))


def _broken_promises(policy: WorklistPolicy, today: date) -> Any:
    since = today - timedelta(days=policy.promises_within_days)
    return (
        select(col(Promise.customer_id).label("customer_id"), func.count().label("times"))
        .where(col(Promise.status) == PromiseStatus.BROKEN, col(Promise.promised_on) >= since)
        .group_by(col(Promise.customer_id))
        .subquery()
    )


def _chance(due: Any, times: Any, policy: WorklistPolicy, today: date) -> Any:
    """In ten-thousandths: the chance of the debt's age, and what broken promises leave of it."""
    bounds = ((band.bounds(today)[0], percent) for band, percent in policy.chances)
    by_age = case(
        *((due >= oldest, literal(percent, BigInteger)) for oldest, percent in bounds if oldest),
        else_=literal(policy.older, BigInteger),
    )
    never, once, more = (literal(each, BigInteger) for each in policy.left_after)
    return by_age * case((times == 0, never), (times == 1, once), else_=more)


def _task_due() -> Any:
    """When the first open task of the account is due: a call that was agreed upon, say."""
    mine = col(Task.for_case_id) == col(Case.id)
    due = select(func.min(col(Task.due_at))).where(mine, col(Task.finished_at).is_(None))
    return due.correlate(Case).scalar_subquery()


def _contacted(today: date) -> Any:
    midnight: datetime = at_local_time(today, at=time.min)
    return col(CollectionAccount.last_contact_at) >= midnight


def _conditions(owed: Any, sought: Sought) -> list[Any]:
    wanted = (
        (owed.c.due_date, ge, sought.due_from), (owed.c.due_date, le, sought.due_to),
        (owed.c.amount, ge, sought.amount_from), (owed.c.amount, le, sought.amount_to),
        (col(Case.stage), eq, sought.stage), (col(Case.owner), eq, sought.owner),
    )  # fmt: skip
    conditions = [compare(column, value) for column, compare, value in wanted if value is not None]
    if sought.nobodys_or:
        conditions.append(col(Case.owner).is_(None) | (col(Case.owner) == sought.nobodys_or))
    if sought.text:
        conditions.append(_called(sought.text))
    return conditions


def _called(words: str) -> Any:
    """By name, accents and case aside; by digits of a CPF or CNPJ, however punctuated."""
    named = holds(col(Customer.name), words)
    bare = "".join(each for each in words.upper() if each.isalnum())
    if len(bare) < 3 or not any(each.isdigit() for each in bare):
        return named
    return named | col(Customer.document).contains(bare)
