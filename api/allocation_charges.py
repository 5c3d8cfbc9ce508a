"""The charges behind each figure of a cost allocation, on a page and for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.cost_allocation import MonthShares, period_of, share_month
from api.carrier_filters import CENTRE, COMPANY, INVOICE, MONTH, with_choices
from api.carrier_words import kind_name
from api.cost_allocation import company_billed, month_of
from api.dependencies import ReadSession, Today, need
from api.language import N_, gettext
from api.listing import Column, Filter, Listing
from api.table import FilterKind, Kind
from models.allocation_charges import (
    BilledDays,
    ChargesWanted,
    charged,
    days_held,
    select_charges,
)
from models.customers import Customer
from models.finding_list import NO_CENTRE
from models.rows import rows_of
from rules.cost_allocation import Share, ShareOf
from rules.money import ZERO

router = APIRouter(tags=["carriers"])

MOST = 500
PARTS = {ShareOf.LINES: N_("Das linhas"), ShareOf.SHARED: N_("Rateado")}
CHARGES = Listing(
    columns=(
        Column("invoice", N_("Fatura")),
        Column("line", N_("Linha"), is_sortable=True, order=("number", "id")),
        Column("days", N_("Dias")),
        Column("kind_name", N_("Tipo")),
        Column("code", N_("Código")),
        Column("description", N_("Descrição")),
        Column("times", N_("Cobranças"), Kind.NUMBER, is_totalled=True),
        Column("amount", N_("Valor"), Kind.MONEY, is_sortable=True, is_totalled=True),
    ),
    default_sort="line",
    filters=(
        Filter("busca", N_("Linha")),
        COMPANY,
        MONTH,
        CENTRE,
        Filter("parte", N_("Parte"), FilterKind.CHOICE, tuple(PARTS.items())),
        INVOICE,
    ),
    empty=N_("Nenhuma cobrança."),
)


@dataclass(frozen=True)
class Figure:
    """What a centre bears, what is to be shared among all, and the charges that are wanted."""

    share: Share
    to_share: Decimal
    wanted: ChargesWanted

    @property
    def amount(self) -> Decimal:
        """The figure that is opened: of one part, or the whole."""
        parts = {ShareOf.LINES: self.share.own, ShareOf.SHARED: self.share.shared}
        return parts[self.wanted.part] if self.wanted.part else self.share.total


@router.get(
    "/operadoras/rateio/cobrancas", include_in_schema=False, dependencies=[need("carriers:see")]
)
async def charges_page(request: Request, session: ReadSession, today: Today) -> Response:
    """The charges behind what a cost centre bears of a month, and how they come to it.

    Of no company in particular there are none: the allocation is where one is chosen.
    """
    asked = request.query_params
    if not asked.get("empresa"):
        return RedirectResponse("/operadoras/rateio", status_code=303)
    month = _read_day(asked.get("mes")) or today.replace(day=1)
    company = await company_billed(session, asked.get("empresa") or "")
    shares = await share_month(session, company, month)
    view = (await _listing(session, request, shares)).view(request)
    centre = view.text("centro") or ""
    figure = figure_of(
        shares, company, centre="" if centre == NO_CENTRE else centre,
        part=ShareOf(view.text("parte") or "") if view.text("parte") in PARTS else None,
        invoice_id=view.number("fatura"),
    )  # fmt: skip
    wanted = replace(figure.wanted, search=view.text("busca"))
    days = await days_held(session, wanted)
    return await view.answer(
        session,
        select_charges(wanted),
        "pages/carriers/allocation_charges.html",
        present=lambda row: _shown(row, days),
        company=company, month=month, figure=figure, centre=centre,
        charged=await charged(session, figure.wanted),
    )  # fmt: skip


@router.get("/api/cost-allocation/charges", dependencies=[need("carriers:see")])
async def list_charges(
    session: ReadSession,
    company: str,
    month: str,
    cost_centre: Annotated[str, Query(description="empty: of none")] = "",
    part: Annotated[ShareOf | None, Query(description="none: both")] = None,
    after: Annotated[int, Query(ge=0, description="the id of the last one read")] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST)] = MOST,
) -> list[dict[str, Any]]:
    """The charges behind a cost centre's figure: of its lines, and those that are shared.

    `days`: on how many of the days that the invoice bills the line was the centre's, where it was
    not on all of them.
    """
    found = await company_billed(session, company)
    shares = await share_month(session, found, month_of(month))
    wanted = figure_of(shares, found, centre=cost_centre, part=part).wanted
    days = await days_held(session, wanted)
    statement = select_charges(wanted)
    number = statement.selected_columns["id"]
    rows = await rows_of(session, statement.where(number > after).order_by(number).limit(limit))
    return [
        {
            **{str(name): _plain(value) for name, value in row.items()},
            "days": days.get((row["invoice_id"], row["number"])),
        }
        for row in rows
    ]


def figure_of(
    shares: MonthShares,
    company: Customer,
    *,
    centre: str,
    part: ShareOf | None,
    invoice_id: int | None = None,
) -> Figure:
    """What a centre bears of a month's invoices, or of one of them, and what is asked for."""
    chosen = [
        each for each in shares.invoices if invoice_id is None or each.invoice.key == invoice_id
    ]
    borne = [share for each in chosen for share in each.shares if share.cost_centre == centre]
    own, shared = (sum(amounts, ZERO) for amounts in zip(*_amounts(borne), strict=True))
    to_share = sum((share.shared for each in chosen for share in each.shares), ZERO)
    billed = [BilledDays(each.invoice.key, *period_of(each.invoice)) for each in chosen]
    wanted = ChargesWanted(company.id or 0, billed, centre, part)
    return Figure(Share(centre, own, shared), to_share, wanted)


def _amounts(borne: Sequence[Share]) -> list[tuple[Decimal, Decimal]]:
    return [(ZERO, ZERO), *((each.own, each.shared) for each in borne)]


async def _listing(session: AsyncSession, request: Request, shares: MonthShares) -> Listing:
    """The list with the cost centres of the month in its filter."""
    codes = [(each.cost_centre or NO_CENTRE, each.cost_centre) for each in shares.by_centre]
    options = tuple((value, code or gettext("sem centro de custo")) for value, code in codes)
    listing = await with_choices(CHARGES, session, request)
    return replace(
        listing,
        filters=tuple(
            replace(each, options=options) if each.key == CENTRE.key else each
            for each in listing.filters
        ),
    )


def _shown(row: Mapping[str, Any], days: Mapping[tuple[int, str], int]) -> Mapping[str, Any]:
    held = days.get((row["invoice_id"], row["number"]))
    invoice = row["invoice_number"] or f"{row['issue_date']:%m/%Y}"
    return {
        **row,
        "invoice": invoice,
        "label": invoice,
        "href": f"/operadoras/faturas/{row['invoice_id']}",
        "line": row["number"] or gettext("conta"),
        "days": "" if held is None else str(held),
        "kind_name": kind_name(row["kind"]),
    }


def _read_day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "").replace(day=1)
    except ValueError:
        return None


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value
