"""What an index that fell does to the price of a contract. Pages and JSON."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel

from api.contract_commands import API, PATH, Acts, back, read, tell
from api.dependencies import Db, Engine, Principal
from api.forms import submitted
from api.language import N_
from models.contract_lists import readjustment_under_way
from models.database import Database
from models.renewals import ReadjustmentNotFound
from rules.cases import Process
from rules.readjustments import DecideReadjustment

router = APIRouter(tags=["contracts"])
pages = APIRouter(include_in_schema=False)


class DecisionInput(BaseModel):
    """Whether a price falls with its index."""

    reduce: bool = False


@pages.post(PATH + "/reajuste")
async def decide_by_page(
    request: Request, contract_id: int, by: Acts, database: Db, engine: Engine
) -> Response:
    """Says what an index that fell does to the price."""
    asked = read(await submitted(request, DecisionInput))
    await _decide(engine, database, contract_id, by, reduce=asked.reduce)
    return back(request, contract_id, N_("Reajuste decidido."))


@router.post(API + "/readjustment")
async def decide(
    contract_id: int, body: DecisionInput, by: Acts, database: Db, engine: Engine
) -> dict[str, Any]:
    """Says whether a price falls with its index."""
    return await _decide(engine, database, contract_id, by, reduce=body.reduce)


async def _decide(
    engine: Engine, database: Database, contract_id: int, by: Principal, *, reduce: bool
) -> dict[str, Any]:
    async with database.read() as session:
        found = await readjustment_under_way(session, contract_id)
    if found is None:
        raise ReadjustmentNotFound
    told = DecideReadjustment(by=by.login, reduce=reduce, ip=by.ip)
    return await tell(engine, database, Process.READJUSTMENTS, found.number, "decide", told)


router.include_router(pages)
