"""A contract is activated: its service is installed. Pages and JSON."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.contract_commands import API, PATH, Asker, Asking, Desk
from api.contract_inputs import Nothing
from api.forms import submitted
from api.language import N_
from rules.activation import Activate
from rules.cases import Process

router = APIRouter(tags=["contracts"])
pages = APIRouter(include_in_schema=False)


@pages.post(PATH + "/ativacao")
async def activate_by_page(
    request: Request, contract_id: int, asker: Asker, desk: Desk
) -> Response:
    """The service is installed."""

    async def activate_it(_: Nothing) -> str:
        await _activate(asker, contract_id)
        return N_("Contrato ativado.")

    return await desk.answer(request, contract_id, await submitted(request, Nothing), activate_it)


@router.post(API + "/activation")
async def activate(contract_id: int, asker: Asker) -> dict[str, Any]:
    """The service is installed: connection and contract are active, charges are made."""
    return await _activate(asker, contract_id)


async def _activate(asker: Asking, contract_id: int) -> dict[str, Any]:
    told = Activate(by=asker.by.login, ip=asker.by.ip)
    return await asker.tell(Process.ACTIVATION, contract_id, "activate", told)


router.include_router(pages)
