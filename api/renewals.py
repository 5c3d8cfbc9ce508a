"""The renewal of a contract: now, on other terms, or not; its notices. Pages and JSON."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.contract_commands import API, PATH, Asker, Desk
from api.contract_inputs import RenewalInput, RenewInput
from api.contract_journeys import ContractJourney, Notices, notice_routes
from api.dependencies import Principal
from api.forms import submitted
from api.language import N_
from models.contract_lists import latest_renewal, renewal_under_way
from models.renewals import RenewalNotFound
from rules.cases import Process
from rules.renewals import EditRenewal, LetExpire, ProveRenewal, RenewNow, TellRenewalAgain

router = APIRouter(tags=["contracts"])
pages = APIRouter(include_in_schema=False)

RENEWAL = ContractJourney(Process.RENEWALS, renewal_under_way, latest_renewal, RenewalNotFound)


@pages.post(PATH + "/renovacao")
async def renew_by_page(request: Request, contract_id: int, asker: Asker, desk: Desk) -> Response:
    """Renews, changes the proposal, or lets the contract expire: the button pressed says which."""
    pressed = str((await request.form()).get("go", ""))

    async def renew_so(asked: RenewalInput) -> str:
        update, told, said = _pressed(pressed, asked, asker.by)
        await RENEWAL.tell(asker, contract_id, update, told, seen_version=asked.version)
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
    return await RENEWAL.tell(asker, contract_id, "renew_now", told)


@router.put(API + "/renewal")
async def edit_renewal(contract_id: int, body: RenewalInput, asker: Asker) -> dict[str, Any]:
    """Another amount or length of the next term, which is told anew, or another form of it."""
    told = EditRenewal(asker.by.login, body.amount, body.months, asker.by.ip, body.form)
    return await RENEWAL.tell(asker, contract_id, "edit", told, seen_version=body.version)


@router.delete(API + "/renewal")
async def let_expire(contract_id: int, asker: Asker) -> dict[str, Any]:
    """Lets the contract expire with its term."""
    told = LetExpire(by=asker.by.login, ip=asker.by.ip)
    return await RENEWAL.tell(asker, contract_id, "let_expire", told)


notice_routes(
    Notices(
        RENEWAL, page="/renovacao", api="/renewal", form="renewal_told",
        proven=N_("Aviso ao cliente registrado."), prove=ProveRenewal, repeat=TellRenewalAgain,
    ),
    router=router, pages=pages,
)  # fmt: skip
router.include_router(pages)
