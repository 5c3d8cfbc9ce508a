"""All invoices as programs list them: by customer, contract, status and due date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, Select, or_
from sqlmodel import col

from models.customers import Customer
from models.invoice_contracts import owed_by
from models.invoices import Invoice
from rules.collection_stages import CollectionStage
from rules.panels import BureauStage, InvoiceStatus


@dataclass(frozen=True)
class InvoiceFilter:
    """Which invoices are wanted; what is None narrows nothing. `due_until` is exclusive.

    `code` is the invoice's own or the number that its customer sees; `contract_id` finds what the
    contract owes some of, too.
    """

    code: str | None = None
    customer_id: int | None = None
    contract_id: int | None = None
    status: InvoiceStatus | None = None
    collection_stage: CollectionStage | None = None
    bureau_stage: BureauStage | None = None
    due_since: date | None = None
    due_until: date | None = None


def select_invoices(wanted: InvoiceFilter) -> Select[Any]:
    """The invoices of a filter, with their customers."""
    columns: tuple[Any, ...] = (
        col(Invoice.id).label("id"),
        col(Invoice.code).label("code"),
        col(Invoice.number).label("number"),
        col(Invoice.customer_id).label("customer_id"),
        col(Customer.name).label("customer"),
        col(Invoice.contract_id).label("contract_id"),
        col(Invoice.issue_date).label("issue_date"),
        col(Invoice.due_date).label("due_date"),
        col(Invoice.amount).label("amount"),
        col(Invoice.open_amount).label("open_amount"),
        col(Invoice.status).label("status"),
        col(Invoice.settled_on).label("settled_on"),
        col(Invoice.collection_stage).label("collection_stage"),
        col(Invoice.bureau_stage).label("bureau_stage"),
    )
    return (
        sqlalchemy.select(*columns)
        .join(Customer, col(Customer.id) == col(Invoice.customer_id))
        .where(*_conditions(wanted))
    )


def _conditions(wanted: InvoiceFilter) -> list[ColumnElement[bool]]:
    equal = {
        Invoice.customer_id: wanted.customer_id,
        Invoice.status: wanted.status,
        Invoice.collection_stage: wanted.collection_stage,
        Invoice.bureau_stage: wanted.bureau_stage,
    }
    found = [col(column) == value for column, value in equal.items() if value is not None]
    if wanted.code is not None:
        found.append(or_(col(Invoice.code) == wanted.code, col(Invoice.number) == wanted.code))
    if wanted.contract_id is not None:
        found.append(owed_by([wanted.contract_id]))
    if wanted.due_since is not None:
        found.append(col(Invoice.due_date) >= wanted.due_since)
    if wanted.due_until is not None:
        found.append(col(Invoice.due_date) < wanted.due_until)
    return found
