"""Collections: the panels as pages, with totals, filters and CSV, and who stands in one why."""

# Annotations are evaluated while routes are made in a loop: no deferring of them here.
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.dependencies import PermissionDenied, Principal, ReadSession, Today, need
from api.documents import shown_document
from api.forms import Key
from api.navigation import BESIDE_PANELS
from api.panel_rows import overdue_badge, shown_row, wanted_of
from api.panels import CHARTS_PATH, CHARTS_SEE, PAGE_OF, PAGES, ROOT, PanelPage, chips_of
from api.rendering import fragment, page
from api.tool_words import WORDS
from models import panel_picks, panel_totals, panels
from models.colleagues import names_by_login
from models.customers import read_customer
from models.panel_search import look_up
from models.policies import load_policy
from rules.collection_stages import CollectionStage
from rules.debts import DebtPolicy
from rules.panels import Panel, Tool

router = APIRouter(include_in_schema=False)

SignedIn = Annotated[Principal, need()]


@router.get(ROOT)
async def first_panel(by: SignedIn) -> Response:
    """The first panel that the person may see; of who sees none, the first page beside them."""
    paths = [each.path for each in PAGES if by.may(each.see)]
    paths += [CHARTS_PATH] if by.may(CHARTS_SEE) else []
    paths += [path for name, path in BESIDE_PANELS if by.may(name)]
    if not paths:
        raise PermissionDenied
    return RedirectResponse(paths[0], 303)


@router.get(f"{ROOT}/contagem")
async def counts(by: SignedIn, session: ReadSession, painel: int = 0) -> HTMLResponse:
    """The chips alone, as the page asks for them again and again."""
    current = Panel(painel) if painel in list(Panel) else None
    chips = chips_of(await panel_totals.panel_totals(session), by, current)
    return HTMLResponse(
        fragment("pages/collections/panel_chips.html", chips=chips, panel=painel),
        headers={"Cache-Control": "no-store"},
    )


def _panel_route(shown: PanelPage) -> Any:
    async def panel(
        request: Request,
        session: ReadSession,
        today: Today,
        by: Annotated[Principal, need(shown.see)],
    ) -> Response:
        """A panel: its rows, or its whole filter as CSV."""
        return await _panel(request, session, shown, by=by, today=today)

    return panel


def _details_route(shown: PanelPage) -> Any:
    async def details(
        request: Request,
        session: ReadSession,
        today: Today,
        customer_id: Key,
        by: Annotated[Principal, need(shown.see)],
    ) -> Response:
        """The invoices for which a customer stands in a panel."""
        return await _details(request, session, shown, customer_id, by=by, today=today)

    return details


for each in PAGES:
    router.add_api_route(each.path, _panel_route(each), methods=["GET"])
for each in (PAGE_OF[Panel.CLASSIFIED], PAGE_OF[Panel.IN_CONTACT]):
    router.add_api_route(f"{each.path}/{{customer_id:int}}", _details_route(each), methods=["GET"])


async def _panel(
    request: Request, session: ReadSession, shown: PanelPage, *, by: Principal, today: date
) -> Response:
    view = shown.listing(request).view(request)
    debts = await load_policy(session, DebtPolicy())
    wanted = await look_up(session, shown.panel, wanted_of(view, today=today, debts=debts))
    names = await names_by_login(session)
    totals = None if view.is_export else await panel_totals.totals_of(session, shown.panel, wanted)
    return await view.answer(
        session,
        panels.select_panel(shown.panel, wanted, sorted_by=view.sort.column),
        "pages/collections/panel.html",
        present=partial(
            shown_row,
            panel=shown,
            today=today,
            by=by,
            names=names,
            debts=debts,
            listed=view.kept_query,
        ),
        totals=totals,
        panel=shown,
        tools=[WORDS[tool] for tool in shown.tools_of(by)],
        runs_classifier=shown.panel is Panel.CLASSIFIED and by.may(shown.act),
        chips=chips_of(await panel_totals.panel_totals(session), by, shown.panel),
    )


async def _details(
    request: Request,
    session: ReadSession,
    shown: PanelPage,
    customer_id: int,
    *,
    by: Principal,
    today: date,
) -> Response:
    stage = CollectionStage(panels.STAGE_OF[shown.panel])
    invoices = await panel_picks.invoices_in(session, customer_id, stage=stage)
    customer, tools = await read_customer(session, customer_id), shown.tools_of(by)
    debts = await load_policy(session, DebtPolicy())
    return page(
        request,
        "pages/collections/panel_details.html",
        customer=customer,
        document=shown_document(customer.document, by=by),
        panel=shown,
        listed=request.query_params.get("lista", ""),
        may_start=Tool.START in tools,
        may_confirm=Tool.CONFIRM in tools,
        may_open=by.may("invoices:see"),
        invoices=[
            (each, overdue_badge(each.due_date, today=today, debts=debts)) for each in invoices
        ],
        total=sum((each.open_amount for each in invoices), Decimal(0)),
    )
