"""The rows behind the figures of models/recovery.py: each list counts what its figure counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import Select, and_, case, or_, select
from sqlmodel import col

from models.collecting import asks_for_debts
from models.collections import CollectionAccount, Contact
from models.customers import Customer
from models.invoices import Invoice
from models.ladders import LadderExecution
from models.messages import Message
from models.payments import Payment
from models.recovery import message_steps
from rules.business_days import ONE_DAY, at_local_time
from rules.panels import InvoiceStatus
from rules.recovery import CURE_DAYS, LOOK_BACK_DAYS, AgeBand


@dataclass(frozen=True)
class Days:
    """From a day to a day, both included; None: from ever, until ever."""

    since: date | None = None
    until: date | None = None


def select_open(
    band: AgeBand | None, *, stages: tuple[str, ...], is_among: bool, today: date
) -> Select[Any]:
    """Open invoices that are late, of a band or of all, in one of the stages or in none of them."""
    stage = col(Invoice.collection_stage)
    among = stage.in_(stages) if is_among else or_(stage.is_(None), stage.not_in(stages))
    statement = _of_invoice(
        col(Invoice.id).label("id"), col(Invoice.open_amount).label("amount"),
        stage.label("stage"),
    ).where(col(Invoice.status) == InvoiceStatus.OPEN, col(Invoice.due_date) < today)  # fmt: skip
    if stages:
        statement = statement.where(among)
    if band is not None:
        oldest, newest = band.bounds(today)
        statement = statement.where(col(Invoice.due_date) <= newest)
        if oldest is not None:
            statement = statement.where(col(Invoice.due_date) >= oldest)
    return statement  # type: ignore[no-any-return]


def select_reached(
    *, step_id: int | None, channel: str | None, is_cured: bool, today: date
) -> Select[Any]:
    """Invoices that a step's message reached in ninety days, or those it cured.

    None: any step, any channel; an invoice that two channels reached comes twice, as it counts.
    """
    since = today - timedelta(days=LOOK_BACK_DAYS)
    statement = message_steps(
        _of_invoice(
            col(LadderExecution.id).label("id"), col(Invoice.amount).label("amount"),
            col(LadderExecution.executed_on).label("taken_on"),
            col(Invoice.settled_on).label("settled_on"),
            col(Message.channel).label("channel"), col(Message.id).label("message_id"),
            joined=LadderExecution,
        ),
        since,
    )  # fmt: skip
    if step_id is not None:
        statement = statement.where(col(LadderExecution.step_id) == step_id)
    if channel is not None:
        statement = statement.where(col(Message.channel) == channel)
    found: Select[Any] = statement
    return found.where(_cured(since, today)) if is_cured else found


def select_recovered(days: Days) -> Select[Any]:
    """What was paid of invoices in collections, payments taken back left out."""
    found: Select[Any] = _of_invoice(
        col(Payment.id).label("id"), col(Payment.applied).label("amount"),
        col(Payment.paid_on).label("paid_on"), col(Payment.source).label("source"),
        joined=Payment,
    ).where(
        col(Payment.reversed_at).is_(None), col(Invoice.collection_stage).is_not(None),
        *_on_days(col(Payment.paid_on), days),
    )  # fmt: skip
    return found


def select_sent(days: Days) -> Select[Any]:
    """Messages of collections that left for customers."""
    statement: Any = (
        select(
            col(Message.id).label("id"), col(Message.sent_at).label("at"),
            col(Message.channel).label("channel"), col(Message.purpose).label("purpose"),
            col(Customer.id).label("customer_id"), col(Customer.name).label("customer"),
        )
        .join(Customer, col(Customer.id) == col(Message.customer_id))
        .where(
            col(Message.sent_at).is_not(None), *at_days(col(Message.sent_at), days),
            asks_for_debts(),
        )
    )  # fmt: skip
    return statement  # type: ignore[no-any-return]


def select_contacts(days: Days) -> Select[Any]:
    """Contacts with customers, whoever called."""
    statement: Any = (
        select(
            col(Contact.id).label("id"), col(Contact.at).label("at"),
            col(Contact.by).label("by"), col(Contact.channel).label("channel"),
            col(Contact.subject).label("subject"),
            col(Customer.id).label("customer_id"), col(Customer.name).label("customer"),
        )
        .join(CollectionAccount, col(CollectionAccount.id) == col(Contact.account_id))
        .join(Customer, col(Customer.id) == col(CollectionAccount.customer_id))
        .where(*at_days(col(Contact.at), days))
    )  # fmt: skip
    return statement  # type: ignore[no-any-return]


def _of_invoice(*columns: Any, joined: Any = None) -> Any:
    number = case((col(Invoice.number) != "", col(Invoice.number)), else_=col(Invoice.code))
    statement: Any = select(
        *columns, col(Invoice.id).label("invoice_id"), number.label("number"),
        col(Invoice.due_date).label("due_date"), col(Customer.id).label("customer_id"),
        col(Customer.name).label("customer"),
    ).select_from(Invoice)  # fmt: skip
    if joined is not None:
        statement = statement.join(joined, col(joined.invoice_id) == col(Invoice.id))
    return statement.join(Customer, col(Customer.id) == col(Invoice.customer_id))


def _cured(since: date, today: date) -> Any:
    """Paid soon after the step; day by day, for databases add days each in its own way."""
    taken, paid = col(LadderExecution.executed_on), col(Invoice.settled_on)
    days = (since + timedelta(days=number) for number in range((today - since).days + 1))
    return or_(
        *(and_(taken == day, paid.between(day, day + timedelta(days=CURE_DAYS))) for day in days)
    )


def _on_days(column: Any, days: Days) -> list[Any]:
    since = [column >= days.since] if days.since else []
    return since + ([column <= days.until] if days.until else [])


def at_days(column: Any, days: Days) -> list[Any]:
    """The conditions that keep an instant within days, as they are counted in Brasília."""
    since = [column >= at_local_time(days.since, at=time.min)] if days.since else []
    until = days.until and at_local_time(days.until + ONE_DAY, at=time.min)
    return since + ([column < until] if until else [])
