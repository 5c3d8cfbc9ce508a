"""The renewal of a contract: now, on other terms, or not; its notices. Pages and JSON."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.contract_commands import API, PATH, Asker, Asking, Desk
from api.contract_inputs import Nothing, RenewalInput, RenewInput, ToldInput
from api.dependencies import Principal
from api.forms import submitted
from api.language import N_
from models.contract_lists import latest_renewal, renewal_under_way
from models.renewals import RenewalNotFound
from rules.cases import Process
from rules.renewals import EditRenewal, LetExpire, ProveRenewal, RenewNow, TellRenewalAgain

router = APIRouter(tags=["contracts"])
pages = APIRouter(include_in_schema=False)


@pages.post(PATH + "/renovacao")
async def renew_by_page(request: Request, contract_id: int, asker: Asker, desk: Desk) -> Response:
    """Renews, changes the proposal, or lets the contract expire: the button pressed says which."""
    pressed = str((await request.form()).get("go", ""))

    async def renew_so(asked: RenewalInput) -> str:
        update, told, said = _pressed(pressed, asked, asker.by)
        await _renewal(asker, contract_id, update, told, seen_version=asked.version)
        return said

    form = await submitted(request, RenewalInput)
    return await desk.answer(request, contract_id, form, renew_so, name="renewal")


def _pressed(pressed: str, asked: RenewalInput, by: Principal) -> tuple[str, Any, str]:
    """The update of a button, what it is told, and what is said of it."""
    if pressed == "edit":
        told = EditRenewal(by.login, asked.amount, asked.months, by.ip, asked.form)
        return "edit", told, N_("Proposta de renovação alterada.")
    if pressed == "expire":
        return "let_expire", LetExpire(by.login, ip=by.ip), N_("O contrato não será renovado.")
    return "renew_now", RenewNow(by.login, ip=by.ip, form=asked.form), N_("Contrato renovado.")


@router.post(API + "/renewal")
async def renew(contract_id: int, asker: Asker, body: RenewInput | None = None) -> dict[str, Any]:
    """Renews now, by the same contract or a successor; both notices must have been given."""
    form = body.form if body else None
    told = RenewNow(by=asker.by.login, ip=asker.by.ip, form=form)
    return await _renewal(asker, contract_id, "renew_now", told)


@router.put(API + "/renewal")
async def edit_renewal(contract_id: int, body: RenewalInput, asker: Asker) -> dict[str, Any]:
    """Another amount or length of the next term, which is told anew, or another form of it."""
    told = EditRenewal(asker.by.login, body.amount, body.months, asker.by.ip, body.form)
    return await _renewal(asker, contract_id, "edit", told, seen_version=body.version)


@router.delete(API + "/renewal")
async def let_expire(contract_id: int, asker: Asker) -> dict[str, Any]:
    """Lets the contract expire with its term."""
    told = LetExpire(by=asker.by.login, ip=asker.by.ip)
    return await _renewal(asker, contract_id, "let_expire", told)


@pages.post(PATH + "/renovacao/aviso")
async def prove_by_page(request: Request, contract_id: int, asker: Asker, desk: Desk) -> Response:
    """Says how the customer was told of the renewal by other means."""

    async def prove_so(asked: ToldInput) -> str:
        await _prove(asker, contract_id, asked)
        return N_("Aviso ao cliente registrado.")

    form = await submitted(request, ToldInput)
    return await desk.answer(request, contract_id, form, prove_so, name="renewal_told")


@pages.post(PATH + "/renovacao/novo-aviso")
async def tell_by_page(request: Request, contract_id: int, asker: Asker, desk: Desk) -> Response:
    """Writes the notice once more."""

    async def tell_so(_: Nothing) -> str:
        await _tell_again(asker, contract_id)
        return N_("O aviso foi escrito de novo.")

    return await desk.answer(request, contract_id, await submitted(request, Nothing), tell_so)


@router.post(API + "/renewal/notice")
async def prove(contract_id: int, body: ToldInput, asker: Asker) -> dict[str, Any]:
    """Says how the customer was told of the renewal by other means, and on which day."""
    return await _prove(asker, contract_id, body)


@router.post(API + "/renewal/notice/repetition")
async def tell_again(contract_id: int, asker: Asker) -> dict[str, Any]:
    """Writes a lost notice once more, to a customer who can be reached by now."""
    return await _tell_again(asker, contract_id)


async def _prove(asker: Asking, contract_id: int, asked: ToldInput) -> dict[str, Any]:
    told = ProveRenewal(asker.by.login, asked.proven_on, asked.proof, asker.by.ip)
    return await _renewal(asker, contract_id, "prove", told)


async def _tell_again(asker: Asking, contract_id: int) -> dict[str, Any]:
    told = TellRenewalAgain(by=asker.by.login, ip=asker.by.ip)
    return await _renewal(asker, contract_id, "tell_again", told)


async def _renewal(
    asker: Asking, contract_id: int, update: str, told: Any, *, seen_version: int | None = None
) -> dict[str, Any]:
    async with asker.database.read() as session:
        renewal = await renewal_under_way(session, contract_id)
        if renewal is None and asker.name:  # asked again: this may be what ended it
            renewal = await latest_renewal(session, contract_id)
    if renewal is None:
        raise RenewalNotFound
    return await asker.tell(
        Process.RENEWALS, renewal.number, update, told, seen_version=seen_version
    )


router.include_router(pages)
