"""The lists on a customer's collection account, one for each tab."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from models.collections import CollectionAccount, Contact
from models.invoices import Invoice
from models.messages import Message
from models.registries import ContactCategory, ContactResult
from models.tasks import Task
from rules.collection_stages import CollectionStage


def select_negotiating(customer_id: int) -> Any:
    """What awaits an agreement."""
    return select(
        col(Invoice.id),
        col(Invoice.code),
        col(Invoice.number),
        col(Invoice.description),
        col(Invoice.due_date),
        col(Invoice.amount),
        col(Invoice.open_amount),
    ).where(
        col(Invoice.customer_id) == customer_id,
        col(Invoice.collection_stage) == CollectionStage.NEGOTIATING,
    )


def select_contacts(customer_id: int) -> Any:
    """Comments and contacts."""
    return (
        select(
            col(Contact.id),
            col(Contact.at),
            col(Contact.by),
            col(Contact.kind),
            col(Contact.channel),
            col(Contact.person),
            col(Contact.subject),
            col(Contact.text),
            col(ContactCategory.name).label("category"),
            col(ContactResult.name).label("result"),
        )
        .join(CollectionAccount, col(CollectionAccount.id) == col(Contact.account_id))
        .outerjoin(ContactResult, col(ContactResult.id) == col(Contact.result_id))
        .join(ContactCategory, col(ContactCategory.id) == col(Contact.category_id))
        .where(col(CollectionAccount.customer_id) == customer_id)
    )


def select_messages(customer_id: int, *, channels: Collection[str]) -> Any:
    """What was written to the customer on these channels."""
    return select(
        col(Message.id),
        col(Message.created_at),
        col(Message.created_by),
        col(Message.to_address),
        col(Message.subject),
        col(Message.text),
        col(Message.status),
        col(Message.reason),
        col(Message.sent_at),
    ).where(col(Message.customer_id) == customer_id, col(Message.channel).in_(channels))


def select_tasks(customer_id: int) -> Any:
    """The tasks of the account, finished ones too."""
    return select(
        col(Task.id),
        col(Task.title),
        col(Task.places),
        col(Task.due_at),
        col(Task.assignee),
        col(Task.status),
        col(Task.result),
        col(Task.finished_at),
        col(Task.finished_by),
    ).where(col(Task.customer_id) == customer_id)
