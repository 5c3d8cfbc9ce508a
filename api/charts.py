"""Panel 10: the seven charts for managers, each with its figures as a table, CSV and JSON."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api import chart_figures, table_csv
from api.chart_figures import CHARTS
from api.chart_shapes import Chart, ChartNotFound
from api.dependencies import Principal, ReadSession, Today, need
from api.panels import CHARTS_PATH, CHARTS_SEE, chips_of
from api.rendering import page
from models.panel_totals import panel_totals

router = APIRouter(tags=["collections"])
pages = APIRouter(include_in_schema=False)

Sees = Annotated[Principal, need(CHARTS_SEE)]


@pages.get(CHARTS_PATH)
async def charts(request: Request, by: Sees, session: ReadSession, today: Today) -> Response:
    """The seven charts."""
    drawn = [await chart_figures.draw(session, key, today=today) for key in CHARTS]
    return page(
        request,
        "pages/charts/charts.html",
        charts=drawn,
        chips=chips_of(await panel_totals(session), by, None),
    )


@pages.get(f"{CHARTS_PATH}/{{key}}.csv")
async def chart_as_csv(key: str, by: Sees, session: ReadSession, today: Today) -> Response:
    """The figures of one chart."""
    chart = await _drawn(session, key, today)
    head: list[Any] = [chart.axis, *(series.name for series in chart.series)]
    body: list[list[Any]] = [
        [row.label, *(figure.number for figure in row.figures)] for row in chart.rows
    ]
    return table_csv.lines((head, *body), name=key)


@router.get("/api/collections/charts")
async def list_charts(by: Sees, session: ReadSession, today: Today) -> list[dict[str, Any]]:
    """The seven charts' figures."""
    return [(await _drawn(session, key, today)).as_json() for key in CHARTS]


@router.get("/api/collections/charts/{key}")
async def show_chart(key: str, by: Sees, session: ReadSession, today: Today) -> dict[str, Any]:
    """One chart's figures."""
    return (await _drawn(session, key, today)).as_json()


async def _drawn(session: ReadSession, key: str, today: Today) -> Chart:
    if key not in CHARTS:
        raise ChartNotFound
    return await chart_figures.draw(session, key, today=today)


router.include_router(pages)
