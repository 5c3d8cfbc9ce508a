"""What each account of collections can be expected to bring, reckoned from its open invoices.

What is contested, promised or of an excepted contract is not counted.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from sqlalchemy import BigInteger, Select, case, cast, func, literal, null, select, type_coerce
from sqlmodel import col

from models.base import Centavos
from models.contested import STOPPED
from models.customer_marks import CustomerMark
from models.customers import Customer
from models.folding import folded
from models.invoice_contracts import InvoiceContract
from models.invoices import Invoice
from models.ladders import LadderException, LadderPause
from models.promises import Promise
from rules.customer_marks import STILL
from rules.panels import InvoiceStatus
from rules.promises import PromiseStatus
from rules.worklist import WORKED, Aside, WorklistPolicy

#: Whose accounts are reckoned; None: everybody's.
Whose = Collection[int] | None


def select_amounts(policy: WorklistPolicy, today: date, *, whose: Whose = None) -> Select[Any]:
    """One row for each customer who owes something in collections, and what to expect of it.

    Whoever owes nothing that may be worked has a `place`: why they are aside. Then the amounts are
    of what nobody asks for now, and nothing is expected.
    """
    owed, broken = _owed_by_customer(today, whose), _broken_promises(policy, today, whose)
    times = func.coalesce(broken.c.times, 0)
    is_worked = owed.c.free_invoices > 0
    amount = case((is_worked, owed.c.free_amount), else_=owed.c.amount)
    due = case((is_worked, owed.c.free_due), else_=owed.c.due_date)
    expected = case(
        (is_worked, amount * _chance(due, times, policy, today)), else_=literal(0, BigInteger)
    )
    found: Select[Any] = (
        select(
            owed.c.customer_id,
            case((is_worked, owed.c.free_invoices), else_=owed.c.invoices).label("invoices"),
            type_coerce(amount, Centavos).label("amount"), due.label("due_date"),
            times.label("broken"),
            type_coerce(expected // literal(10_000, BigInteger), Centavos).label("expected"),
            folded(col(Customer.name)).label("searched_name"),
            case((is_worked, null()), else_=owed.c.place).label("place"),
        )
        .join(Customer, col(Customer.id) == owed.c.customer_id)
        .outerjoin(broken, broken.c.customer_id == owed.c.customer_id)
    )  # fmt: skip
    return found


def why_of(place: Any) -> Any:
    """The word of a place."""
    return case(*((place == each.place, literal(str(each))) for each in Aside))


def _place(word: Any) -> Any:
    return case(*((word == str(each), literal(each.place)) for each in Aside))


def _owed_by_customer(today: date, whose: Whose) -> Any:
    """What each customer owes in collections, and how much of it may be worked."""
    held = _held(today, whose)
    is_free = held.c.invoice_id.is_(None)
    cents, none = type_coerce(col(Invoice.open_amount), BigInteger), literal(0, BigInteger)
    due = col(Invoice.due_date)
    summed = (
        select(
            col(Invoice.customer_id).label("customer_id"),
            func.count().label("invoices"),
            func.sum(case((is_free, 1), else_=0)).label("free_invoices"),
            cast(func.sum(cents), BigInteger).label("amount"),
            cast(func.sum(case((is_free, cents), else_=none)), BigInteger).label("free_amount"),
            func.min(due).label("due_date"),
            func.min(case((is_free, due))).label("free_due"),
            func.min(held.c.place).label("place"),
        )
        .select_from(Invoice)
        .outerjoin(held, held.c.invoice_id == col(Invoice.id))
        .where(col(Invoice.collection_stage).in_(WORKED), col(Invoice.status) == InvoiceStatus.OPEN)
        .where(*_of(whose))
        .group_by(col(Invoice.customer_id))
    )
    return summed.subquery("summed")


def _of(whose: Whose) -> list[Any]:
    return [] if whose is None else [col(Invoice.customer_id).in_(whose)]


def _held(today: date, whose: Whose) -> Any:
    """The invoices that nobody asks for now: contested, promised, excepted, of who is marked."""
    theirs = _of(whose)
    paused: Any = (
        select(
            col(LadderPause.invoice_id).label("invoice_id"),
            _place(col(LadderPause.reason)).label("place"),
        )
        .join(Invoice, col(Invoice.id) == col(LadderPause.invoice_id))
        .where(col(LadderPause.until).is_(None), col(LadderPause.reason).in_(STOPPED), *theirs)
    )
    excepted = (
        select(col(Invoice.id), literal(Aside.EXCEPTION.place))
        .join(LadderException, col(LadderException.contract_id) == col(Invoice.contract_id))
        .where(*_runs(today), *theirs)
    )
    excepted_beside: Any = (
        select(col(Invoice.id), literal(Aside.EXCEPTION.place))
        .join(InvoiceContract, col(InvoiceContract.invoice_id) == col(Invoice.id))
        .join(LadderException, col(LadderException.contract_id) == col(InvoiceContract.contract_id))
        .where(*_runs(today), *theirs)
    )
    set_apart = (
        select(col(Invoice.id), literal(Aside.MARK.place))
        .join(CustomerMark, col(CustomerMark.customer_id) == col(Invoice.customer_id))
        .where(col(CustomerMark.until).is_(None), col(CustomerMark.kind).in_(STILL), *theirs)
    )
    every = paused.union_all(excepted, excepted_beside, set_apart).subquery()
    once = select(every.c.invoice_id, func.min(every.c.place).label("place"))
    return once.group_by(every.c.invoice_id).subquery()


def _runs(today: date) -> tuple[Any, Any]:
    return col(LadderException.since) <= today, col(LadderException.until) > today


def _broken_promises(policy: WorklistPolicy, today: date, whose: Whose) -> Any:
    since = today - timedelta(days=policy.promises_within_days)
    theirs = [] if whose is None else [col(Promise.customer_id).in_(whose)]
    return (
        select(col(Promise.customer_id).label("customer_id"), func.count().label("times"))
        .where(
            col(Promise.status) == PromiseStatus.BROKEN, col(Promise.promised_on) >= since, *theirs
        )
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
