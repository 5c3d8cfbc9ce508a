"""The renewal of a contract: now, on other terms, or not. Pages and JSON."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel

from api.contract_commands import API, PATH, Acts, back, read, tell
from api.dependencies import Db, Engine
from api.forms import Amount, submitted
from api.language import N_
from models.contract_lists import renewal_under_way
from models.database import Database
from models.renewals import RenewalNotFound
from rules.cases import Process
from rules.renewals import EditRenewal, LetExpire, RenewNow

router = APIRouter(tags=["contracts"])
pages = APIRouter(include_in_schema=False)


class RenewalInput(BaseModel):
    """The proposal of the next term."""

    amount: Amount = Decimal(0)
    months: int = 12


@pages.post(PATH + "/renovacao")
async def renew_by_page(
    request: Request, contract_id: int, by: Acts, database: Db, engine: Engine
) -> Response:
    """Renews, changes the proposal, or lets the contract expire: the button pressed says which."""
    pressed = str((await request.form()).get("go", ""))
    if pressed == "edit":
        asked = read(await submitted(request, RenewalInput))
        told: Any = EditRenewal(by.login, asked.amount, asked.months, by.ip)
        await _renewal(engine, database, contract_id, "edit", told)
    elif pressed == "expire":
        told = LetExpire(by.login, ip=by.ip)
        await _renewal(engine, database, contract_id, "let_expire", told)
    else:
        told = RenewNow(by.login, ip=by.ip)
        await _renewal(engine, database, contract_id, "renew_now", told)
    return back(request, contract_id, N_("Renovação registrada."))


@router.post(API + "/renewal")
async def renew(contract_id: int, by: Acts, database: Db, engine: Engine) -> dict[str, Any]:
    """Renews now; both notices must have been given."""
    told = RenewNow(by=by.login, ip=by.ip)
    return await _renewal(engine, database, contract_id, "renew_now", told)


@router.put(API + "/renewal")
async def edit_renewal(
    contract_id: int, body: RenewalInput, by: Acts, database: Db, engine: Engine
) -> dict[str, Any]:
    """Another amount or length of the next term; another amount is told anew."""
    told = EditRenewal(by=by.login, amount=body.amount, months=body.months, ip=by.ip)
    return await _renewal(engine, database, contract_id, "edit", told)


@router.delete(API + "/renewal")
async def let_expire(contract_id: int, by: Acts, database: Db, engine: Engine) -> dict[str, Any]:
    """Lets the contract expire with its term."""
    told = LetExpire(by=by.login, ip=by.ip)
    return await _renewal(engine, database, contract_id, "let_expire", told)


async def _renewal(
    engine: Engine, database: Database, contract_id: int, update: str, told: Any
) -> dict[str, Any]:
    async with database.read() as session:
        renewal = await renewal_under_way(session, contract_id)
    if renewal is None:
        raise RenewalNotFound
    return await tell(engine, database, Process.RENEWALS, renewal.number, update, told)


router.include_router(pages)
