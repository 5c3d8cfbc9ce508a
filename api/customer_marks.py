"""Marks of a customer who is not chased by routine: set and taken back. Page and JSON."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.customer_marks import mark_customer, unmark_customer
from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.forms import Key, Submitted, blank, submitted
from api.inputs import Input
from api.language import N_, gettext
from api.once import NamedRequest
from api.rendering import page, redirect
from models.customer_marks import CustomerMark, marks_of
from models.customers import read_customer
from rules.customer_marks import LONGEST_REASON, NAMES, STILL, MarkKind

router = APIRouter(tags=["customers"])

See = Annotated[Principal, need("customers:see")]
Act = Annotated[Principal, need("customers:see", "customers:act")]
PAGE = "/clientes/{customer_id:int}/marcas"


class MarkInput(Input):
    """What sets a customer apart, and how that is known."""

    kind: MarkKind
    reason: str = Field(default="", max_length=LONGEST_REASON)


class MarkView(BaseModel):
    """A mark as programs read it; `is_still`: ladder, cadence and worklist leave them alone."""

    id: int
    kind: MarkKind
    since: date
    until: date | None
    reason: str
    by: str
    is_still: bool


@router.get(PAGE, include_in_schema=False)
async def marks_page(request: Request, customer_id: int, by: Act, session: ReadSession) -> Response:
    """The marks in force, and the form of another."""
    return await _page(request, session, customer_id, blank(MarkInput))


@router.post(PAGE, include_in_schema=False)
async def mark_on_page(
    request: Request, customer_id: int, by: Act, database: Db, now: Now, ip: Ip
) -> Response:
    """Marks a customer."""
    form = await submitted(request, MarkInput)
    if form.value:
        with form.refusals():
            async with database.write() as session:
                said, deed = form.value, by.deed(at=now, ip=ip)
                await mark_customer(session, customer_id, said.kind, reason=said.reason, deed=deed)
            return redirect(request, f"/clientes/{customer_id}/marcas", N_("Cliente marcado."))
    async with database.read() as session:
        return await _page(request, session, customer_id, form)


@router.post(PAGE + "/{mark_id:int}/retirada", include_in_schema=False)
async def unmark_on_page(
    request: Request, customer_id: int, mark_id: int, by: Act, database: Db, now: Now, ip: Ip
) -> Response:
    """Takes a mark back."""
    async with database.write() as session:
        deed = by.deed(at=now, ip=ip)
        await unmark_customer(session, mark_id, deed=deed, customer_id=customer_id)
    return redirect(request, f"/clientes/{customer_id}/marcas", N_("Marca retirada."))


@router.get("/api/customers/{customer_id}/marks")
async def list_marks(customer_id: Key, _by: See, session: ReadSession) -> list[MarkView]:
    """The marks in force. Refuses CustomerNotFound."""
    await read_customer(session, customer_id)
    return [_view(each) for each in await marks_of(session, customer_id)]


@router.post("/api/customers/{customer_id}/marks", status_code=201)
async def create_mark(
    customer_id: Key, asked: MarkInput, by: Act, database: Db, now: Now, ip: Ip, once: NamedRequest
) -> MarkView:
    """Marks a customer who is not to be chased by routine."""
    deed = by.deed(at=now, ip=ip)

    async def mark(session: AsyncSession) -> MarkView:
        return _view(
            await mark_customer(session, customer_id, asked.kind, reason=asked.reason, deed=deed)
        )

    return MarkView.model_validate(await once.do(database, deed, mark))


@router.post("/api/customer-marks/{mark_id}/removal")
async def remove_mark(mark_id: Key, by: Act, database: Db, now: Now, ip: Ip) -> MarkView:
    """Takes a mark back."""
    async with database.write() as session:
        return _view(await unmark_customer(session, mark_id, deed=by.deed(at=now, ip=ip)))


async def _page(
    request: Request, session: ReadSession, customer_id: int, form: Submitted[MarkInput]
) -> Response:
    customer = await read_customer(session, customer_id)
    return page(
        request, "pages/customers/marks.html", status=form.status, form=form, customer=customer,
        marks=[(gettext(NAMES[each.kind]), each) for each in await marks_of(session, customer_id)],
        kinds=[(str(kind), gettext(name)) for kind, name in NAMES.items()],
    )  # fmt: skip


def _view(mark: CustomerMark) -> MarkView:
    told: dict[str, Any] = mark.model_dump(include=set(MarkView.model_fields))
    return MarkView(**told, is_still=mark.kind in STILL)
