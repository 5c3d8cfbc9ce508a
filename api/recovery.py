"""What collecting brings: tables for managers, each as CSV and JSON, each figure with its list."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel.ext.asyncio.session import AsyncSession

from api import table_csv
from api.dependencies import Now, Principal, ReadSession, Today, need
from api.panels import CHARTS_PATH, CHARTS_SEE, ROOT
from api.recovery_tables import TABLES, Moment, Table
from api.rendering import page
from rules.refusals import Refusal

router = APIRouter(tags=["collections"])

Sees = Annotated[Principal, need(CHARTS_SEE)]
PATH = f"{ROOT}/resultados"


class ResultNotFound(Refusal):
    message = "Esta tabela não existe."


@router.get(PATH, include_in_schema=False)
async def results_page(
    request: Request, _by: Sees, session: ReadSession, today: Today, now: Now
) -> Response:
    """Every table."""
    tables = [await make(session, Moment(today, now)) for make in TABLES.values()]
    return page(
        request, "pages/charts/results.html", now=now, tables=tables, charts_path=CHARTS_PATH
    )


@router.get(PATH + "/{key}.csv", include_in_schema=False)
async def result_as_csv(
    key: str, _by: Sees, session: ReadSession, today: Today, now: Now
) -> Response:
    """One table's figures."""
    table = await _made(session, key, Moment(today, now))
    body = [[cell.value for cell in row] for row in table.rows]
    return table_csv.lines((table.heads, *body), name=key)


@router.get("/api/collections/results")
async def list_results(
    _by: Sees, session: ReadSession, today: Today, now: Now
) -> list[dict[str, Any]]:
    """Every table of what collecting brings."""
    moment = Moment(today, now)
    return [(await make(session, moment)).as_json() for make in TABLES.values()]


@router.get("/api/collections/results/{key}")
async def show_result(
    key: str, _by: Sees, session: ReadSession, today: Today, now: Now
) -> dict[str, Any]:
    """One table: cures, promises, cost, load or ageing."""
    return (await _made(session, key, Moment(today, now))).as_json()


async def _made(session: AsyncSession, key: str, moment: Moment) -> Table:
    if key not in TABLES:
        raise ResultNotFound
    return await TABLES[key](session, moment)
