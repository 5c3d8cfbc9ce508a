"""A contract is activated: its service is installed. Pages and JSON."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.contract_commands import API, PATH, Acts, back, tell
from api.dependencies import Db, Engine, Principal
from api.language import N_
from models.database import Database
from rules.activation import Activate
from rules.cases import Process

router = APIRouter(tags=["contracts"])
pages = APIRouter(include_in_schema=False)


async def _activate(
    engine: Engine, database: Database, contract_id: int, by: Principal
) -> dict[str, Any]:
    told = Activate(by=by.login, ip=by.ip)
    return await tell(engine, database, Process.ACTIVATION, contract_id, "activate", told)


@pages.post(PATH + "/ativacao")
async def activate_by_page(
    request: Request, contract_id: int, by: Acts, database: Db, engine: Engine
) -> Response:
    """The service is installed."""
    await _activate(engine, database, contract_id, by)
    return back(request, contract_id, N_("Contrato ativado."))


@router.post(API + "/activation")
async def activate(contract_id: int, by: Acts, database: Db, engine: Engine) -> dict[str, Any]:
    """The service is installed: connection and contract are active, charges are made."""
    return await _activate(engine, database, contract_id, by)


router.include_router(pages)
