"""The charts of contestations: each with its figures as a table, CSV and JSON."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response

from api import table_csv
from api.contestation_chart_figures import CHARTS, Numbers, draw
from api.contestation_numbers import Asked, filter_of
from api.dependencies import Principal, ReadSession, Today, need

router = APIRouter(tags=["contestations"])

See = Annotated[Principal, need("contestations:see")]
ROOT = "/contestacoes/numeros/graficos"


@router.get(f"{ROOT}/{{key}}.csv", include_in_schema=False)
async def chart_as_csv(
    request: Request, key: str, by: See, session: ReadSession, today: Today
) -> Response:
    """The figures of one chart, as narrow as the page it stands on."""
    numbers = Numbers(session, filter_of(request), today, by.may("findings:see"))
    chart = await draw(numbers, key)
    head: list[Any] = [chart.axis, *(series.name for series in chart.series)]
    body: list[list[Any]] = [
        [row.label, *(figure.number for figure in row.figures)] for row in chart.rows
    ]
    return table_csv.lines((head, *body), name=key)


@router.get("/api/contestations/charts")
async def list_charts(
    by: See, session: ReadSession, today: Today, wanted: Asked
) -> list[dict[str, Any]]:
    """Every chart's figures; amounts in reais and percentages as text, null where there is none."""
    numbers = Numbers(session, wanted, today, by.may("findings:see"))
    return [(await draw(numbers, key)).as_json() for key in CHARTS]


@router.get("/api/contestations/charts/{key}")
async def show_chart(
    key: str, by: See, session: ReadSession, today: Today, wanted: Asked
) -> dict[str, Any]:
    """One chart's figures. Refuses ChartNotFound."""
    return (await draw(Numbers(session, wanted, today, by.may("findings:see")), key)).as_json()
