"""What an index that fell does to a contract's price, and the notice of the new one. Pages and
JSON."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.contract_commands import API, PATH, Asker, Asking, Desk
from api.contract_inputs import DecisionInput
from api.contract_journeys import ContractJourney, Notices, notice_routes
from api.forms import submitted
from api.language import N_
from models.contract_lists import latest_readjustment, readjustment_under_way
from models.readjustments import ReadjustmentNotFound
from rules.cases import Process
from rules.readjustments import DecideReadjustment, ProveReadjustment, TellReadjustmentAgain

router = APIRouter(tags=["contracts"])
pages = APIRouter(include_in_schema=False)

READJUSTMENT = ContractJourney(
    Process.READJUSTMENTS, readjustment_under_way, latest_readjustment, ReadjustmentNotFound
)


@pages.post(PATH + "/reajuste")
async def decide_by_page(request: Request, contract_id: int, asker: Asker, desk: Desk) -> Response:
    """Says what an index that fell does to the price."""

    async def decide_so(asked: DecisionInput) -> str:
        await _decide(asker, contract_id, reduce=asked.reduce)
        return N_("Reajuste decidido.")

    form = await submitted(request, DecisionInput)
    return await desk.answer(request, contract_id, form, decide_so)


@router.post(API + "/readjustment")
async def decide(contract_id: int, body: DecisionInput, asker: Asker) -> dict[str, Any]:
    """Says whether a price falls with its index."""
    return await _decide(asker, contract_id, reduce=body.reduce)


async def _decide(asker: Asking, contract_id: int, *, reduce: bool) -> dict[str, Any]:
    told = DecideReadjustment(by=asker.by.login, ip=asker.by.ip, reduce=reduce)
    return await READJUSTMENT.tell(asker, contract_id, "decide", told)


notice_routes(
    Notices(
        READJUSTMENT, page="/reajuste", api="/readjustment", form="readjustment_told",
        proven=N_("Aviso ao cliente registrado: o novo preço conta a partir dele."),
        prove=ProveReadjustment, repeat=TellReadjustmentAgain,
    ),
    router=router, pages=pages,
)  # fmt: skip
router.include_router(pages)
