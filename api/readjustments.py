"""What an index that fell does to a contract's price, and how its customer was told of the new one.
Pages and JSON."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.contract_commands import API, PATH, Asker, Asking, Desk
from api.contract_inputs import DecisionInput, Nothing, ToldInput
from api.forms import submitted
from api.language import N_
from models.contract_lists import latest_readjustment, readjustment_under_way
from models.readjustments import ReadjustmentNotFound
from rules.cases import Process
from rules.readjustments import DecideReadjustment, ProveReadjustment, TellReadjustmentAgain

router = APIRouter(tags=["contracts"])
pages = APIRouter(include_in_schema=False)


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


@pages.post(PATH + "/reajuste/aviso")
async def prove_by_page(request: Request, contract_id: int, asker: Asker, desk: Desk) -> Response:
    """Says how the customer was told of the new price by other means."""

    async def prove_so(asked: ToldInput) -> str:
        await _prove(asker, contract_id, asked)
        return N_("Aviso ao cliente registrado: o novo preço conta a partir dele.")

    form = await submitted(request, ToldInput)
    return await desk.answer(request, contract_id, form, prove_so, name="readjustment_told")


@pages.post(PATH + "/reajuste/novo-aviso")
async def tell_by_page(request: Request, contract_id: int, asker: Asker, desk: Desk) -> Response:
    """Writes the notice once more."""

    async def tell_so(_: Nothing) -> str:
        await _tell(asker, contract_id, "tell_again", TellReadjustmentAgain(**_who(asker)))
        return N_("O aviso foi escrito de novo.")

    return await desk.answer(request, contract_id, await submitted(request, Nothing), tell_so)


@router.post(API + "/readjustment/notice")
async def prove(contract_id: int, body: ToldInput, asker: Asker) -> dict[str, Any]:
    """Says how the customer was told of the new price by other means, and on which day."""
    return await _prove(asker, contract_id, body)


@router.post(API + "/readjustment/notice/repetition")
async def tell_again(contract_id: int, asker: Asker) -> dict[str, Any]:
    """Writes the notice of the new price once more, to a customer who can be reached by now."""
    return await _tell(asker, contract_id, "tell_again", TellReadjustmentAgain(**_who(asker)))


async def _prove(asker: Asking, contract_id: int, asked: ToldInput) -> dict[str, Any]:
    told = ProveReadjustment(**_who(asker), proven_on=asked.proven_on, proof=asked.proof)
    return await _tell(asker, contract_id, "prove", told)


async def _decide(asker: Asking, contract_id: int, *, reduce: bool) -> dict[str, Any]:
    told = DecideReadjustment(**_who(asker), reduce=reduce)
    return await _tell(asker, contract_id, "decide", told)


def _who(asker: Asking) -> dict[str, Any]:
    return {"by": asker.by.login, "ip": asker.by.ip}


async def _tell(asker: Asking, contract_id: int, update: str, told: Any) -> dict[str, Any]:
    async with asker.database.read() as session:
        found = await readjustment_under_way(session, contract_id)
        if found is None and asker.name:  # asked again: this may be what ended it
            found = await latest_readjustment(session, contract_id)
    if found is None:
        raise ReadjustmentNotFound
    return await asker.tell(Process.READJUSTMENTS, found.number, update, told)


router.include_router(pages)
