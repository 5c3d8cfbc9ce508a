"""What is done to a contract: activated, changed, served, renewed, ended; pages and JSON."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contract_changes import ask_change
from activities.contract_charges import release_charges
from activities.contract_services import NewService, add_service, remove_service
from api.commands import command
from api.dependencies import Db, Engine, Ip, Now, PermissionDenied, Principal, need
from api.forms import Amount, Day, Submitted, submitted
from api.language import N_
from api.rendering import redirect
from models.contract_changes import change_of
from models.contract_lists import readjustment_under_way, renewal_under_way
from models.contracts import Contract, lock_contract
from models.database import Database
from models.people import Deed, record
from models.renewals import ReadjustmentNotFound, RenewalNotFound
from rules.activation import Activate
from rules.business_days import local_date
from rules.cases import Process, StaleVersion
from rules.charges import Recurrence
from rules.contract_changes import AskedChange, CallOff, ChangeKind, EndNow
from rules.readjustments import DecideReadjustment
from rules.refusals import Refusal
from rules.renewals import EditRenewal, LetExpire, RenewNow

router = APIRouter(tags=["contracts"])
pages = APIRouter(include_in_schema=False)

Acts = Annotated[Principal, need("contracts:act")]
Work = Callable[[AsyncSession, Contract, Deed], Awaitable[Any]]


class FormNotRead(Refusal):
    message = "Um dos campos não pôde ser lido. Confira datas e valores."


class ChangeInput(BaseModel):
    """A dated change; without a day it begins today. `version` is the contract's as it was seen."""

    kind: ChangeKind
    starts_on: Day | None = None
    until: Day | None = None
    plan_id: int | None = None
    reason: str = Field(default="", max_length=300)
    version: int | None = None


class ServiceInput(BaseModel):
    """An additional service; what is left out is the product's."""

    product_id: int | None = None
    description: str = Field(default="", max_length=160)
    unit: str = Field(default="", max_length=20)
    amount: Amount | None = None
    recurrence: Recurrence = Recurrence.UNTIL_REMOVED
    periods: int | None = Field(default=None, ge=1, le=120)
    starts_on: Day | None = None
    ledger_account_id: int | None = None


class RemovalInput(BaseModel):
    """From which day on a service is removed; without one, from today."""

    until: Day | None = None


class RenewalInput(BaseModel):
    """The proposal of the next term."""

    amount: Amount = Decimal(0)
    months: int = 12


class ReasonInput(BaseModel):
    """Why."""

    reason: str = Field(default="", max_length=300)


class DecisionInput(BaseModel):
    """Whether a price falls with its index."""

    reduce: bool = False


def _check_ending(kind: ChangeKind, by: Principal) -> None:
    """Cancelling takes a permission of its own."""
    if kind is ChangeKind.CANCELLATION and not by.may("contracts:end"):
        raise PermissionDenied


# --- in the rows ----------------------------------------------------------------------------------


async def _in_rows(
    database: Database, contract_id: int, deed: Deed, action: str, work: Work, **details: Any
) -> Any:
    """One transaction: the contract locked, the deed done, and written into the trail."""
    async with database.write() as session:
        contract = await lock_contract(session, contract_id)
        done = await work(session, contract, deed)
        record(session, deed, f"contract.{action}", subject=f"contract/{contract_id}", **details)
        return done


async def _change(
    database: Database, contract_id: int, asked: ChangeInput, deed: Deed
) -> dict[str, Any]:
    wanted = AskedChange(
        asked.kind, asked.starts_on or local_date(deed.at), asked.until, asked.plan_id, asked.reason
    )

    async def work(session: AsyncSession, contract: Contract, deed: Deed) -> Any:
        if asked.version not in (None, contract.version):
            raise StaleVersion
        return await ask_change(session, contract, wanted, by=deed.by, at=deed.at)

    details = asked.model_dump(mode="json", exclude_none=True)
    change = await _in_rows(database, contract_id, deed, "change", work, asked=details)
    return {"change_id": change.id, "stage": change.stage}


async def _serve(
    database: Database, contract_id: int, asked: ServiceInput, deed: Deed
) -> dict[str, Any]:
    values = asked.model_dump()
    new = NewService(**{**values, "starts_on": asked.starts_on or local_date(deed.at)})

    async def work(session: AsyncSession, contract: Contract, deed: Deed) -> Any:
        return await add_service(session, contract, new, by=deed.by, at=deed.at)

    details = asked.model_dump(mode="json", exclude_none=True)
    service = await _in_rows(database, contract_id, deed, "add_service", work, asked=details)
    return {"service_id": service.id}


async def _remove(
    database: Database, contract_id: int, service_id: int, on: date | None, deed: Deed
) -> None:
    async def work(session: AsyncSession, contract: Contract, deed: Deed) -> None:
        await remove_service(
            session, contract, service_id, on=on or local_date(deed.at), by=deed.by, at=deed.at
        )

    await _in_rows(database, contract_id, deed, "remove_service", work, service=service_id)


async def _release(database: Database, contract_id: int, deed: Deed) -> int:
    async def work(session: AsyncSession, contract: Contract, deed: Deed) -> int:
        return await release_charges(session, contract, by=deed.by, at=deed.at)

    released: int = await _in_rows(database, contract_id, deed, "release_charges", work)
    return released


# --- by journeys ----------------------------------------------------------------------------------


async def _tell(
    engine: Engine, database: Database, process: Process, subject_id: int, update: str, told: Any
) -> dict[str, Any]:
    return await command(
        engine, database, process=process, subject_id=subject_id, update=update, argument=told
    )


async def _activate(
    engine: Engine, database: Database, contract_id: int, by: Principal
) -> dict[str, Any]:
    told = Activate(by=by.login, ip=by.ip)
    return await _tell(engine, database, Process.ACTIVATION, contract_id, "activate", told)


async def _end_change(
    engine: Engine, database: Database, change_id: int, by: Principal, *, update: str
) -> dict[str, Any]:
    told = (CallOff if update == "call_off" else EndNow)(by=by.login, ip=by.ip)
    return await _tell(engine, database, Process.CONTRACT_CHANGES, change_id, update, told)


async def _renewal(
    engine: Engine, database: Database, contract_id: int, update: str, told: Any
) -> dict[str, Any]:
    async with database.read() as session:
        renewal = await renewal_under_way(session, contract_id)
    if renewal is None:
        raise RenewalNotFound
    return await _tell(engine, database, Process.RENEWALS, renewal.number, update, told)


async def _decide(
    engine: Engine, database: Database, contract_id: int, by: Principal, *, reduce: bool
) -> dict[str, Any]:
    async with database.read() as session:
        found = await readjustment_under_way(session, contract_id)
    if found is None:
        raise ReadjustmentNotFound
    told = DecideReadjustment(by=by.login, reduce=reduce, ip=by.ip)
    return await _tell(engine, database, Process.READJUSTMENTS, found.number, "decide", told)


# --- pages ----------------------------------------------------------------------------------------

PATH = "/contratos/{contract_id:int}"


def _back(request: Request, contract_id: int, said: str) -> Response:
    return redirect(request, f"/contratos/{contract_id}", said)


def _read(form: Submitted[Any]) -> Any:
    """What was sent; a form that cannot be read is refused as a whole."""
    if form.value is None:
        raise FormNotRead(field=next(iter(form.errors), ""))
    return form.value


@pages.post(PATH + "/ativacao")
async def activate_by_page(
    request: Request, contract_id: int, by: Acts, database: Db, engine: Engine
) -> Response:
    """The service is installed."""
    await _activate(engine, database, contract_id, by)
    return _back(request, contract_id, N_("Contrato ativado."))


@pages.post(PATH + "/alteracoes")
async def change_by_page(
    request: Request, contract_id: int, by: Acts, database: Db, now: Now, ip: Ip
) -> Response:
    """Asks for a dated change."""
    asked = _read(await submitted(request, ChangeInput))
    _check_ending(asked.kind, by)
    await _change(database, contract_id, asked, by.deed(at=now, ip=ip))
    return _back(request, contract_id, N_("Alteração registrada."))


@pages.post(PATH + "/alteracoes/{change_id:int}/fim")
async def end_by_page(
    request: Request, contract_id: int, change_id: int, by: Acts, database: Db, engine: Engine
) -> Response:
    """Ends what lasts, or calls off what has not begun."""
    async with database.read() as session:
        change = await change_of(session, change_id)
    update = "call_off" if change.stage == "scheduled" else "end_now"
    await _end_change(engine, database, change_id, by, update=update)
    return _back(request, contract_id, N_("Alteração encerrada."))


@pages.post(PATH + "/servicos")
async def serve_by_page(
    request: Request, contract_id: int, by: Acts, database: Db, now: Now, ip: Ip
) -> Response:
    """Adds a service."""
    asked = _read(await submitted(request, ServiceInput))
    await _serve(database, contract_id, asked, by.deed(at=now, ip=ip))
    return _back(request, contract_id, N_("Serviço adicional incluído."))


@pages.post(PATH + "/servicos/{service_id:int}/retirada")
async def remove_by_page(
    request: Request, contract_id: int, service_id: int, by: Acts, database: Db, now: Now, ip: Ip,
) -> Response:  # fmt: skip
    """Removes a service from a day on."""
    asked = _read(await submitted(request, RemovalInput))
    await _remove(database, contract_id, service_id, asked.until, by.deed(at=now, ip=ip))
    return _back(request, contract_id, N_("Serviço adicional retirado."))


@pages.post(PATH + "/contas/liberacao")
async def release_by_page(
    request: Request, contract_id: int, by: Acts, database: Db, now: Now, ip: Ip
) -> Response:
    """Lets go of the charges that were reviewed."""
    await _release(database, contract_id, by.deed(at=now, ip=ip))
    return _back(request, contract_id, N_("Contas liberadas para faturar."))


@pages.post(PATH + "/renovacao")
async def renew_by_page(
    request: Request, contract_id: int, by: Acts, database: Db, engine: Engine
) -> Response:
    """Renews, changes the proposal, or lets the contract expire: the button pressed says which."""
    pressed = str((await request.form()).get("go", ""))
    if pressed == "edit":
        asked = _read(await submitted(request, RenewalInput))
        told: Any = EditRenewal(by.login, asked.amount, asked.months, by.ip)
        await _renewal(engine, database, contract_id, "edit", told)
    elif pressed == "expire":
        told = LetExpire(by.login, ip=by.ip)
        await _renewal(engine, database, contract_id, "let_expire", told)
    else:
        told = RenewNow(by.login, ip=by.ip)
        await _renewal(engine, database, contract_id, "renew_now", told)
    return _back(request, contract_id, N_("Renovação registrada."))


@pages.post(PATH + "/reajuste")
async def decide_by_page(
    request: Request, contract_id: int, by: Acts, database: Db, engine: Engine
) -> Response:
    """Says what an index that fell does to the price."""
    asked = _read(await submitted(request, DecisionInput))
    await _decide(engine, database, contract_id, by, reduce=asked.reduce)
    return _back(request, contract_id, N_("Reajuste decidido."))


# --- JSON -----------------------------------------------------------------------------------------

API = "/api/contracts/{contract_id}"


@router.post(API + "/activation")
async def activate(contract_id: int, by: Acts, database: Db, engine: Engine) -> dict[str, Any]:
    """The service is installed: connection and contract are active, charges are made."""
    return await _activate(engine, database, contract_id, by)


@router.post(API + "/changes", status_code=201)
async def change(
    contract_id: int, body: ChangeInput, by: Acts, database: Db, now: Now, ip: Ip
) -> dict[str, Any]:
    """A suspension, an upgrade for a time, another plan or the cancellation, from a day on."""
    _check_ending(body.kind, by)
    return await _change(database, contract_id, body, by.deed(at=now, ip=ip))


@router.delete("/api/contract-changes/{change_id}")
async def call_off(change_id: int, by: Acts, database: Db, engine: Engine) -> dict[str, Any]:
    """Calls off a change that has not begun."""
    return await _end_change(engine, database, change_id, by, update="call_off")


@router.post("/api/contract-changes/{change_id}/end")
async def end_change(change_id: int, by: Acts, database: Db, engine: Engine) -> dict[str, Any]:
    """Ends a change that is in effect, today."""
    return await _end_change(engine, database, change_id, by, update="end_now")


@router.post(API + "/services", status_code=201)
async def serve(
    contract_id: int, body: ServiceInput, by: Acts, database: Db, now: Now, ip: Ip
) -> dict[str, Any]:
    """Adds a service and makes its charges."""
    return await _serve(database, contract_id, body, by.deed(at=now, ip=ip))


@router.post(API + "/services/{service_id}/removal")
async def remove(
    contract_id: int, service_id: int, body: RemovalInput, by: Acts, database: Db, now: Now, ip: Ip
) -> dict[str, Any]:
    """Removes a service: charged until that day, credited after."""
    await _remove(database, contract_id, service_id, body.until, by.deed(at=now, ip=ip))
    return {"service_id": service_id}


@router.post(API + "/charges/release")
async def release(contract_id: int, by: Acts, database: Db, now: Now, ip: Ip) -> dict[str, int]:
    """Lets go of the charges that waited for review."""
    return {"released": await _release(database, contract_id, by.deed(at=now, ip=ip))}


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


@router.post(API + "/readjustment")
async def decide(
    contract_id: int, body: DecisionInput, by: Acts, database: Db, engine: Engine
) -> dict[str, Any]:
    """Says whether a price falls with its index."""
    return await _decide(engine, database, contract_id, by, reduce=body.reduce)


router.include_router(pages)
