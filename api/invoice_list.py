"""All invoices for programs; people find them by panel, account, contract and search."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.dependencies import ReadSession
from api.forms import Key
from api.invoice_page import See
from api.keyset import SortKey, fetch
from models.invoice_list import InvoiceFilter, select_invoices
from rules.collection_stages import CollectionStage
from rules.panels import BureauStage, InvoiceStatus

router = APIRouter(tags=["invoices"])


class InvoiceQuery(BaseModel):
    """Which invoices a program wants; what is left out narrows nothing, `due_until` is exclusive.

    `code` is the invoice's own or the number that its customer sees.
    """

    model_config = ConfigDict(extra="forbid")

    code: str | None = Field(default=None, min_length=1, max_length=40)
    customer_id: Key | None = None
    contract_id: Key | None = None
    status: InvoiceStatus | None = None
    collection_stage: CollectionStage | None = None
    bureau_stage: BureauStage | None = None
    due_since: date | None = None
    due_until: date | None = None
    cursor: str | None = None
    limit: int = Field(default=50, ge=1, le=200)


class ListedInvoice(BaseModel):
    """An invoice of the list; /api/invoices/{id} tells the whole of it."""

    id: int
    code: str
    number: str
    customer_id: int
    customer: str
    contract_id: int | None
    issue_date: date | None
    due_date: date
    amount: Decimal
    open_amount: Decimal
    status: InvoiceStatus
    settled_on: date | None
    collection_stage: CollectionStage | None
    bureau_stage: BureauStage | None


class ListedInvoices(BaseModel):
    """A page of invoices; `next` is the cursor of the one after it, null at the end."""

    items: list[ListedInvoice]
    next: str | None


@router.get("/api/invoices")
async def list_invoices(
    _by: See, session: ReadSession, asked: Annotated[InvoiceQuery, Query()]
) -> ListedInvoices:
    """Invoices, those that came last first."""
    wanted = InvoiceFilter(**asked.model_dump(exclude={"cursor", "limit"}))
    found = await fetch(
        session, select_invoices(wanted), sort=SortKey("id", is_descending=True),
        cursor=asked.cursor, limit=asked.limit,
    )  # fmt: skip
    items = [ListedInvoice.model_validate(dict(row)) for row in found.rows]
    return ListedInvoices(items=items, next=found.next)
