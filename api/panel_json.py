"""The panels for programs: totals, rows by filter and cursor, and a customer's invoices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.security import SecurityScopes
from pydantic import BaseModel, ConfigDict, Field

from api import keyset, panel_rows
from api.dependencies import (
    PermissionDenied,
    Principal,
    ReadSession,
    Today,
    Visitor,
    need,
    permitted,
)
from api.documents import shown_document
from api.forms import Key
from api.keyset import SortKey
from api.language import gettext
from api.panels import PAGE_OF, PAGES, PanelPage
from models import panel_picks, panel_totals
from models import panels as models
from models.panel_search import look_up
from models.panels import STAGE_OF, Wanted
from rules.collection_stages import CollectionStage
from rules.panels import Panel

router = APIRouter(tags=["collections"])

SignedIn = Annotated[Principal, need()]


class PanelTotalView(BaseModel):
    """What a panel holds; amounts are text, "1234.56"."""

    panel: int
    name: str
    customers: int
    invoices: int
    amount: str


class PanelQuery(BaseModel):
    """How a panel is narrowed and sorted; both ends of a range are inside it."""

    model_config = ConfigDict(extra="forbid")

    text: str | None = Field(None, max_length=160, description="name, CPF/CNPJ, invoice number")
    city: str | None = Field(None, max_length=80)
    uf: str | None = Field(None, max_length=2)
    due_from: date | None = None
    due_to: date | None = None
    overdue_from: int | None = Field(None, ge=-36500, le=36500)
    overdue_to: int | None = Field(None, ge=-36500, le=36500)
    amount_from: Decimal | None = Field(None, decimal_places=2)
    amount_to: Decimal | None = Field(None, decimal_places=2)
    agreement: int | None = Field(None, ge=1, le=2**63 - 1)
    operator: str | None = Field(None, max_length=60)
    sort: str = Field("due_date", pattern="^-?(customer|city|invoices|due_date|amount)$")
    cursor: str | None = Field(None, max_length=600)
    limit: int = Field(50, ge=1, le=500)

    def wanted(self, today: date) -> Wanted:
        """The filter as models know it."""
        first, last = panel_rows.overdue_range(self.overdue_from, self.overdue_to, today=today)
        return Wanted(
            text=(self.text or "").strip() or None,
            city=(self.city or "").strip() or None,
            uf=self.uf or None,
            due_from=panel_rows.latest(self.due_from, first),
            due_to=panel_rows.earliest(self.due_to, last),
            amount_from=self.amount_from,
            amount_to=self.amount_to,
            agreement_id=self.agreement,
            operator=self.operator,
        )


class PanelView(BaseModel):
    """One page of a panel; `count` and `amount` are of the whole filter."""

    rows: list[dict[str, Any]]
    count: int
    invoices: int
    amount: str
    next: str | None
    previous: str | None


async def seen_panel(panel: Panel, request: Request, visitor: Visitor) -> PanelPage:
    """The panel of the path, if the caller may see it."""
    shown = PAGE_OF[panel]
    await permitted(request, visitor, SecurityScopes([shown.see]))
    return shown


@router.get("/api/collections/panels")
async def list_totals(by: SignedIn, session: ReadSession) -> list[PanelTotalView]:
    """What each panel holds that the caller may see."""
    totals = await panel_totals.panel_totals(session)
    return [
        PanelTotalView(
            panel=each.panel,
            name=gettext(each.label),
            customers=totals[each.panel].customers,
            invoices=totals[each.panel].invoices,
            amount=str(totals[each.panel].amount),
        )
        for each in PAGES
        if by.may(each.see)
    ]


@router.get("/api/collections/panels/{panel}")
async def list_panel(
    shown: Annotated[PanelPage, Depends(seen_panel)],
    asked: Annotated[PanelQuery, Query()],
    session: ReadSession,
    visitor: Visitor,
    today: Today,
) -> PanelView:
    """One page of a panel: customers in 1 to 3, invoices in 4 to 9."""
    wanted = await look_up(session, shown.panel, asked.wanted(today))
    sort = _sort(asked.sort, shown)
    statement = models.select_panel(shown.panel, wanted, sorted_by=sort.column)
    found = await keyset.fetch(
        session, statement, sort=sort, cursor=asked.cursor, limit=asked.limit
    )
    totals = await panel_totals.totals_of(session, shown.panel, wanted)
    return PanelView(
        rows=[_as_json(dict(row), by=visitor) for row in found.rows],
        count=totals["count"],
        invoices=totals["invoices"],
        amount=str(totals["amount"]),
        next=found.next,
        previous=found.previous,
    )


@router.get("/api/collections/customers/{customer_id}/invoices")
async def list_invoices(
    customer_id: Key, by: SignedIn, session: ReadSession, stage: CollectionStage
) -> list[dict[str, Any]]:
    """A customer's invoices in a stage of collections."""
    shown = next((each for each in PAGES if STAGE_OF[each.panel] == stage), None)
    if not by.may(shown.see if shown else "collections.account:see"):
        raise PermissionDenied
    invoices = await panel_picks.invoices_in(session, customer_id, stage=stage)
    return [
        {
            "id": each.id,
            "code": each.code,
            "number": each.number,
            "due_date": each.due_date,
            "amount": str(each.amount),
            "open_amount": str(each.open_amount),
            "status": each.status,
            "stage": each.collection_stage,
            "bureau_stage": each.bureau_stage,
            "agreement_id": each.agreement_id,
        }
        for each in invoices
    ]


def _sort(order: str, shown: PanelPage) -> SortKey:
    column = order.removeprefix("-")
    if column == "invoices" and not shown.panel.lists_customers:
        column = shown.default_sort.removeprefix("-")
    [sorted_by] = (each for each in shown.columns if each.key == column)
    return sorted_by.sort_key(is_descending=order.startswith("-"))


def _as_json(row: Mapping[str, Any], *, by: Principal | None) -> dict[str, Any]:
    """Amounts as text; documents as the caller may see them."""
    shown = {key: str(value) if isinstance(value, Decimal) else value for key, value in row.items()}
    shown.pop("searched_name", None)
    return {**shown, "document": shown_document(row["document"], by=by)}
