"""Dated changes of a contract: asked for, called off, ended. Pages and JSON."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contract_changes import ask_change
from activities.contract_end_preview import preview_end
from api.contract_commands import API, PATH, Asker, Asking, Desk, Writer, Writing
from api.contract_inputs import ChangeInput, Nothing, form_of
from api.dependencies import Db, Now, PermissionDenied, Principal, need
from api.forms import submitted
from api.language import N_, gettext
from api.language import day as written_day
from api.rendering import fragment
from models.contract_changes import change_of, check_version
from models.contracts import Contract
from models.customers import Customer
from models.people import Deed
from models.search import find_customers
from rules.business_days import local_date
from rules.cases import Process
from rules.contract_changes import (
    Address,
    AskedChange,
    CallOff,
    ChangeKind,
    ChangeStage,
    EndNow,
)
from rules.contract_words import CHANGES
from rules.refusals import Refusal

router = APIRouter(tags=["contracts"])
pages = APIRouter(include_in_schema=False)

Ends = Annotated[Principal, need("contracts:act", "contracts:end")]


class EndView(BaseModel):
    """What a cancellation would do; `to_bill` is what stays to be invoiced, below zero: credit."""

    on: date
    fee: Decimal
    days_left: int
    term_days: int
    cancelled_charges: int
    cancelled_invoices: int
    to_bill: Decimal


@pages.post(PATH + "/alteracoes")
async def change_by_page(
    request: Request, contract_id: int, writer: Writer, desk: Desk
) -> Response:
    """Asks for a dated change."""

    async def ask(asked: ChangeInput) -> str:
        await _change(writer, contract_id, asked)
        day = asked.starts_on or local_date(writer.now)
        return gettext(
            N_("Registrado: %(change)s, a partir de %(day)s."),
            change=gettext(CHANGES[asked.kind]), day=written_day(day),
        )  # fmt: skip

    form = await submitted(request, ChangeInput)
    owner = await _to_confirm(writer, form.value)
    if owner is not None:
        return await desk.show(request, contract_id, form, name=form_of(form), owner=owner)
    return await desk.answer(request, contract_id, form, ask, name=form_of(form))


@pages.get(PATH + "/cancelamento")
async def foresee_on_page(
    contract_id: int, by: Ends, database: Db, now: Now, starts_on: date | None = None
) -> Response:
    """What cancelling on a day would do, for the form that asks for it."""
    day, preview, refusal = starts_on or local_date(now), None, None
    try:
        preview = await preview_end(database, contract_id, on=day, by=by.login, at=now)
    except Refusal as refused:
        refusal = refused
    return HTMLResponse(
        fragment("pages/contracts/_end_preview.html", preview=preview, refusal=refusal, day=day)
    )


@router.get(API + "/cancellation")
async def foresee(
    contract_id: int, by: Ends, database: Db, now: Now, on: date | None = None
) -> EndView:
    """What cancelling on a day (none: today) would do to the charges as they stand."""
    day = on or local_date(now)
    found = await preview_end(database, contract_id, on=day, by=by.login, at=now)
    return EndView(
        on=day, fee=found.fee.fee, days_left=found.fee.days_left, term_days=found.fee.term_days,
        cancelled_charges=found.charges, cancelled_invoices=found.invoices, to_bill=found.to_bill,
    )  # fmt: skip


@pages.post(PATH + "/alteracoes/{change_id:int}/fim")
async def end_by_page(
    request: Request, contract_id: int, change_id: int, asker: Asker, desk: Desk
) -> Response:
    """Ends what lasts, or calls off what has not begun."""

    async def end(_: Nothing) -> str:
        async with asker.database.read() as session:
            change = await change_of(session, change_id)
        is_to_come = change.stage == ChangeStage.SCHEDULED
        await _end_change(asker, change_id, update="call_off" if is_to_come else "end_now")
        return N_("Alteração desmarcada.") if is_to_come else N_("Alteração encerrada.")

    return await desk.answer(request, contract_id, await submitted(request, Nothing), end)


@router.post(API + "/changes", status_code=201)
async def change(contract_id: int, body: ChangeInput, writer: Writer) -> dict[str, Any]:
    """A suspension, an upgrade for a time, another plan, address or owner, or the cancellation."""
    return await _change(writer, contract_id, body)


@router.delete("/api/contract-changes/{change_id}")
async def call_off(change_id: int, asker: Asker) -> dict[str, Any]:
    """Calls off a change that has not begun."""
    return await _end_change(asker, change_id, update="call_off")


@router.post("/api/contract-changes/{change_id}/end")
async def end_change(change_id: int, asker: Asker) -> dict[str, Any]:
    """Ends a change that is in effect, today."""
    return await _end_change(asker, change_id, update="end_now")


def _check_ending(kind: ChangeKind, by: Principal) -> None:
    """Whatever ends the contract takes a permission of its own."""
    if kind in {ChangeKind.CANCELLATION, ChangeKind.OWNERSHIP} and not by.may("contracts:end"):
        raise PermissionDenied


async def _change(writer: Writing, contract_id: int, asked: ChangeInput) -> dict[str, Any]:
    _check_ending(asked.kind, writer.by)
    day = asked.starts_on or local_date(writer.now)

    async def work(session: AsyncSession, contract: Contract, deed: Deed) -> dict[str, Any]:
        await check_version(session, contract, asked.version)
        owner = await _owner(session, asked.to_customer)
        wanted = AskedChange(
            asked.kind, day, asked.until, asked.plan_id, asked.reason, _address(asked),
            owner.id if owner else None, asked.months,
        )  # fmt: skip
        change = await ask_change(session, contract, wanted, by=deed.by, at=deed.at)
        return {"change_id": change.id, "stage": change.stage}

    details = asked.model_dump(mode="json", exclude_none=True)
    return await writer.write(contract_id, "change", work, asked=details)


def _address(asked: ChangeInput) -> Address | None:
    if asked.kind is not ChangeKind.ADDRESS:
        return None
    street, city = " ".join(asked.street.split()), " ".join(asked.city.split())
    return Address(street, city, asked.uf.strip().upper(), asked.postal_code.strip())


async def _owner(session: AsyncSession, text: str) -> Customer | None:
    """The customer of this code, CPF or CNPJ; None when it names nobody, or more than one."""
    found = await find_customers(session, text.strip()) if text.strip() else []
    named = [each for each in found if each.code == text.strip()] or list(found)
    return named[0] if len(named) == 1 else None


async def _to_confirm(writer: Writing, asked: ChangeInput | None) -> Customer | None:
    """The new owner, where nobody saw yet whom the code names; what is wrong is refused later."""
    if asked is None or asked.kind is not ChangeKind.OWNERSHIP:
        return None
    async with writer.database.read() as session:
        owner = await _owner(session, asked.to_customer)
    return owner if owner is not None and owner.id != asked.owner_seen else None


async def _end_change(asker: Asking, change_id: int, *, update: str) -> dict[str, Any]:
    told = (CallOff if update == "call_off" else EndNow)(by=asker.by.login, ip=asker.by.ip)
    return await asker.tell(Process.CONTRACT_CHANGES, change_id, update, told)


router.include_router(pages)
