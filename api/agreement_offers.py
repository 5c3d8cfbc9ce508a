"""Offers side by side before one is chosen: a page to try them on, and the same as JSON."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.agreement_offers import Offered, named_as, simulate
from api.agreements import MakesAgreements
from api.dependencies import ReadSession, Today
from api.forms import Day, Percent, Submitted, blank, submitted
from api.inputs import Input
from api.language import gettext
from api.rendering import page, redirect, typed
from models.customers import read_customer
from rules.agreement_offers import MOST_OFFERS, Terms

router = APIRouter(tags=["agreements"])

PATH = "/cobrancas/contas/{customer_id}/ofertas"
NONE = Decimal(0)


class TermsInput(Input):
    """Terms to be tried on."""

    name: str = Field(default="", max_length=120)
    instalments: int = Field(ge=1, le=120)
    first_due: Day
    discount_percent: Percent = Field(default=NONE, ge=0, le=100, max_digits=5, decimal_places=2)
    increase_percent: Percent = Field(default=NONE, ge=0, le=100, max_digits=5, decimal_places=2)


class OffersInput(Input):
    """Which invoices, and which terms: at most three; none: the house's own offers."""

    ids: list[int] = Field(min_length=1, max_length=200)
    terms: list[TermsInput] = Field(default=[], max_length=MOST_OFFERS)


class OffersForm(BaseModel):
    """The same in the page: a column is one place in each list."""

    ids: list[int] = []
    instalments: list[int] = []
    first_due: list[Day] = []
    discount_percent: list[Percent] = []
    increase_percent: list[Percent] = []
    offer: list[int] = []
    chosen: int | None = None  #: which column is to be agreed on, from 1


@router.get(PATH, include_in_schema=False)
async def compare(
    request: Request, customer_id: int, by: MakesAgreements, session: ReadSession, today: Today,
    ids: Annotated[list[int] | None, Query()] = None,
) -> Response:  # fmt: skip
    """Three offers on the picked invoices."""
    form = blank(OffersForm, ids=ids or [])
    return await _page(request, session, customer_id, form, [], by=by.login, today=today)


@router.post(PATH, include_in_schema=False)
async def recompute(
    request: Request, customer_id: int, by: MakesAgreements, session: ReadSession, today: Today
) -> Response:
    """The same with other terms, or the wizard with those of the chosen column; nothing is kept."""
    form = await submitted(request, OffersForm)
    wanted: list[Terms] = []
    if form.value:
        wanted = _terms_of(form.value)
        begun = [*form.value.offer, *[0] * MOST_OFFERS][: len(wanted)]
        wanted = await named_as(session, wanted, begun)
    return await _page(request, session, customer_id, form, wanted, by=by.login, today=today)


@router.post("/api/collections/customers/{customer_id}/agreements/offers")
async def offers(
    customer_id: int, body: OffersInput, by: MakesAgreements, session: ReadSession, today: Today
) -> list[dict[str, Any]]:
    """Prices offers side by side, the house's own where none are named; changes nothing."""
    wanted = [Terms(**each.model_dump()) for each in body.terms]
    found = await simulate(session, customer_id, body.ids, wanted=wanted, by=by.login, today=today)
    return [_view(each) for each in found]


def _terms_of(form: OffersForm) -> list[Terms]:
    columns = zip(
        form.instalments, form.first_due, form.discount_percent, form.increase_percent,
        strict=False,
    )  # fmt: skip
    return [
        Terms("", min(max(count, 1), 120), first_due, discount, increase_percent=increase)
        for count, first_due, discount, increase in columns
    ][:MOST_OFFERS]


async def _page(
    request: Request,
    session: AsyncSession,
    customer_id: int,
    form: Submitted[OffersForm],
    wanted: list[Terms],
    *,
    by: str,
    today: date,
) -> Response:
    ids = [int(each) for each in form.raw["ids"] if str(each).isdecimal()]
    found: list[Offered] = []
    with form.refusals():
        found = await simulate(session, customer_id, ids, wanted=wanted, by=by, today=today)
    if chosen := _chosen(form, found):
        return redirect(request, _wizard(customer_id, ids, chosen))
    return page(
        request, "pages/agreements/offers.html", status=form.status, form=form, ids=ids,
        customer=await read_customer(session, customer_id), offer_ids=_begun(form, found),
        offered=found,
    )  # fmt: skip


def _chosen(form: Submitted[OffersForm], found: list[Offered]) -> Offered | None:
    """The column that is to be agreed on; None: none is, or it cannot be."""
    number = form.value.chosen if form.value and not form.errors else None
    if number is None or not 1 <= number <= len(found):
        return None
    return found[number - 1] if found[number - 1].priced else None


def _begun(form: Submitted[OffersForm], found: list[Offered]) -> list[int]:
    """Which of the house's offers each column began as; 0: as none."""
    sent = form.value.offer if form.value else []
    begun = sent or [each.terms.offer_id or 0 for each in found]
    return [*begun, *[0] * len(found)][: len(found)]


def _wizard(customer_id: int, ids: list[int], offered: Offered) -> str:
    """Where this offer is made an agreement: the wizard, filled in."""
    terms, command = offered.terms, offered.command
    filled = {
        "agreement_kind": "proposal", "tolerance_date": command.tolerance_date,
        "category_id": terms.category_id, "discount_percent": terms.discount_percent or None,
        "discount_account_id": terms.discount_account_id,
        "increase_percent": terms.increase_percent or None,
        "increase_account_id": terms.increase_account_id, "count": terms.instalments,
        "first_due": terms.first_due, "description": terms.name,
    }  # fmt: skip
    query = [("ids", str(each)) for each in ids]
    query += [(name, typed(value)) for name, value in filled.items() if value not in (None, "")]
    return f"/cobrancas/contas/{customer_id}/acordo?{urlencode(query)}"


def _view(offered: Offered) -> dict[str, Any]:
    terms, priced = offered.terms, offered.priced
    told = [offered.refused] if offered.refused else offered.beyond
    return {
        "offer_id": terms.offer_id,
        "name": terms.name,
        "instalments": terms.instalments,
        "first_due": terms.first_due,
        "tolerance_date": offered.command.tolerance_date,
        "discount_percent": str(terms.discount_percent),
        "increase_percent": str(terms.increase_percent),
        "total": str(priced.quote.total) if priced else None,
        "saved": str(priced.quote.principal - priced.quote.total) if priced else None,
        "rows": [
            {"ordinal": row.ordinal, "due_date": row.due_date, "amount": str(row.amount)}
            for row in (priced.rows if priced else ())
        ],
        "is_possible": offered.refused is None,
        "needs_approval": bool(offered.beyond),
        "reasons": [gettext(each.message, **each.params) for each in told],
    }
