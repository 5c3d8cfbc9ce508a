"""The rows behind the figures of charts 1, 6 and 7: each list counts what its figure counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, case, literal, or_, select, true, union_all
from sqlmodel import col

from models.bureau import BureauRecord
from models.cases import Case, CaseEvent
from models.charts import SYSTEM
from models.collecting import COLLECTING, asks_for_debts
from models.collections import CollectionAccount, Contact
from models.customers import Customer
from models.invoices import Invoice
from models.messages import Message
from models.recovery_lists import Days, at_days

#: How an interaction says that it is no message but a comment or contact.
CONTACT = "contact"


EVER = Days()


@dataclass(frozen=True)
class InteractionFilter:
    """Which interactions are wanted; None narrows nothing. `channel`: a message's, or CONTACT.

    `is_collecting` leaves out the letters of other desks, as the charts do.
    """

    days: Days = EVER
    channel: str | None = None
    by: str | None = None
    is_collecting: bool = False


def select_interactions(wanted: InteractionFilter) -> Select[Any]:
    """Messages that left for customers, and contacts with them, in one list.

    `key` is the row's own in its table, whose `kind` says which; `id` is one for both.
    """
    parts = []
    if wanted.channel != CONTACT:
        parts.append(_messages(wanted))
    if wanted.channel in (CONTACT, None):
        parts.append(_contacts(wanted))
    both = union_all(*parts).subquery()
    statement: Any = select(*both.c, col(Customer.name).label("customer"))
    return statement.join(Customer, col(Customer.id) == both.c.customer_id)  # type: ignore[no-any-return]


def select_events(days: Days, *, by: str | None) -> Select[Any]:
    """What people did in cases of collections, agreements and the bureau; `by` None: anybody."""
    who = col(CaseEvent.by)
    statement: Any = (
        select(
            col(CaseEvent.id).label("id"), col(CaseEvent.at).label("at"), who.label("by"),
            col(CaseEvent.kind).label("kind"), col(CaseEvent.parameters).label("parameters"),
            col(Case.id).label("case_id"), col(Case.process).label("process"),
            col(Case.subject_id).label("subject_id"), col(Customer.id).label("customer_id"),
            col(Customer.name).label("customer"),
        )
        .join(Case, col(Case.id) == col(CaseEvent.case_id))
        .join(Customer, col(Customer.id) == col(Case.customer_id), isouter=True)
        .where(col(Case.process).in_(COLLECTING), *at_days(col(CaseEvent.at), days))
        .where(who == by if by is not None else or_(who < SYSTEM, who > SYSTEM))
    )  # fmt: skip
    return statement  # type: ignore[no-any-return]


def select_movements(days: Days, *, kind: str | None) -> Select[Any]:
    """Invoices that were `registered` at the bureau or, having been there, `removed` from it.

    None: both, each an entry of its own.
    """
    columns = {"registered": col(BureauRecord.registered_at), "removed": BureauRecord.removed_at}
    parts = [
        _movement(name, column, days) for name, column in columns.items() if kind in (None, name)
    ]
    both = union_all(*parts).subquery()
    number = case((col(Invoice.number) != "", col(Invoice.number)), else_=col(Invoice.code))
    statement: Any = select(*both.c, number.label("number"), col(Customer.name).label("customer"))
    statement = statement.join(Invoice, col(Invoice.id) == both.c.invoice_id)
    return statement.join(Customer, col(Customer.id) == both.c.customer_id)  # type: ignore[no-any-return]


def _messages(wanted: InteractionFilter) -> Any:
    return select(
        # Twice its own, and once more for contacts: no two rows of the list have the same.
        (col(Message.id) * 2).label("id"), col(Message.id).label("key"),
        literal("message").label("kind"), col(Message.sent_at).label("at"),
        col(Message.created_by).label("by"), col(Message.channel).label("channel"),
        col(Message.customer_id).label("customer_id"), col(Message.purpose).label("about"),
    ).where(
        col(Message.customer_id).is_not(None), col(Message.sent_at).is_not(None),
        *at_days(col(Message.sent_at), wanted.days),
        true() if wanted.channel is None else col(Message.channel) == wanted.channel,
        true() if wanted.by is None else col(Message.created_by) == wanted.by,
        asks_for_debts() if wanted.is_collecting else true(),
    )  # fmt: skip


def _contacts(wanted: InteractionFilter) -> Any:
    return (
        select(
            (col(Contact.id) * 2 + 1).label("id"), col(Contact.id).label("key"),
            literal(CONTACT).label("kind"), col(Contact.at).label("at"),
            col(Contact.by).label("by"), col(Contact.channel).label("channel"),
            col(CollectionAccount.customer_id).label("customer_id"),
            col(Contact.subject).label("about"),
        )
        .join(CollectionAccount, col(CollectionAccount.id) == col(Contact.account_id))
        .where(
            *at_days(col(Contact.at), wanted.days),
            true() if wanted.by is None else col(Contact.by) == wanted.by,
        )
    )  # fmt: skip


def _movement(kind: str, column: Any, days: Days) -> Any:
    is_removal = kind == "removed"
    return select(
        (col(BureauRecord.id) * 2 + int(is_removal)).label("id"),
        col(BureauRecord.id).label("record_id"), literal(kind).label("kind"),
        column.label("at"),
        col(BureauRecord.removed_by if is_removal else BureauRecord.added_by).label("by"),
        col(BureauRecord.removal_details if is_removal else BureauRecord.details).label("details"),
        col(BureauRecord.invoice_id).label("invoice_id"),
        col(BureauRecord.customer_id).label("customer_id"),
    ).where(
        col(BureauRecord.registered_at).is_not(None), column.is_not(None), *at_days(column, days)
    )  # fmt: skip
