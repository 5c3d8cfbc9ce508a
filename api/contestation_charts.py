"""The charts of contestations: each with its figures as a table, CSV and JSON."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api import table_csv
from api.contestation_chart_figures import CHARTS, Numbers, draw
from api.contestation_numbers import filter_of
from api.dependencies import Principal, ReadSession, Today, need
from models.contestation_numbers import NumbersFilter

router = APIRouter(tags=["contestations"])

See = Annotated[Principal, need("contestations:see")]
ROOT = "/contestacoes/numeros/graficos"
Month = Annotated[date | None, Query(description="a month, by its first day")]
Company = Annotated[str | None, Query(description="a customer, by its code")]


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
    by: See, session: ReadSession, today: Today, carrier: str | None = None, since: Month = None,
    until: Month = None, company: Company = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """Every chart's figures; amounts in reais and percentages as text, null where there is none."""
    wanted = NumbersFilter(carrier, since, until, company)
    numbers = Numbers(session, wanted, today, by.may("findings:see"))
    return [(await draw(numbers, key)).as_json() for key in CHARTS]


@router.get("/api/contestations/charts/{key}")
async def show_chart(
    key: str, by: See, session: ReadSession, today: Today, carrier: str | None = None,
    since: Month = None, until: Month = None, company: Company = None,
) -> dict[str, Any]:  # fmt: skip
    """One chart's figures. Refuses ChartNotFound."""
    wanted = NumbersFilter(carrier, since, until, company)
    return (await draw(Numbers(session, wanted, today, by.may("findings:see")), key)).as_json()
