"""Protests for programs: every one of the house, of one invoice, told of, and lifted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.protests import record_protest, tell_outcome
from api.dependencies import Db, Ip, Now, ReadSession
from api.forms import Key
from api.invoice_documents import PDF
from api.older import AtOnce, Before
from api.once import NamedRequest
from api.protests import Act, OutcomeInput, ProtestInput, See, letter_of, new_protest
from models.payments import read_invoice
from models.protests import Protest, protests_of, select_protests
from models.rows import rows_of
from rules.protests import ProtestStage

router = APIRouter(tags=["collections"])


class ProtestView(BaseModel):
    """A protest as programs read it; `pay_until` is the debtor's last day at the office."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    invoice_id: int
    customer_id: int
    office: str
    protocol: str
    protocolled_on: date
    pay_until: date
    amount: Decimal
    stage: ProtestStage
    stage_on: date
    by: str


class ProtestQuery(BaseModel):
    """Which protests a program wants; what is left out narrows nothing."""

    stage: ProtestStage | None = None
    is_paid: bool | None = None
    before: Before = None
    limit: AtOnce = 200


class ProtestsOfHouse(BaseModel):
    """Protests with their invoice's code and customer; `is_paid`: the whole debt is."""

    items: list[dict[str, Any]]


@router.get("/api/protests")
async def list_all_protests(
    _by: See, session: ReadSession, asked: Annotated[ProtestQuery, Query()]
) -> ProtestsOfHouse:
    """Every protest of the house, the newest first, by stage and by whether the debt is paid."""
    key = col(Protest.id)
    statement = select_protests(stage=asked.stage, is_paid=asked.is_paid)
    statement = statement.order_by(key.desc()).limit(asked.limit)
    older = statement if asked.before is None else statement.where(key < asked.before)
    rows = await rows_of(session, older)
    return ProtestsOfHouse(items=[{**row, "amount": str(row["amount"])} for row in rows])


@router.get("/api/invoices/{invoice_id}/protests")
async def list_protests(invoice_id: Key, _by: See, session: ReadSession) -> list[ProtestView]:
    """The protests of an invoice, the newest first. Refuses PaidInvoiceNotFound."""
    await read_invoice(session, invoice_id)
    return [ProtestView.model_validate(each) for each in await protests_of(session, invoice_id)]


@router.post("/api/invoices/{invoice_id}/protests", status_code=201)
async def create_protest(
    invoice_id: Key, asked: ProtestInput, by: Act, database: Db, now: Now, ip: Ip,
    once: NamedRequest,
) -> ProtestView:  # fmt: skip
    """Records that an invoice went to protest."""
    deed = by.deed(at=now, ip=ip)

    async def keep(session: AsyncSession) -> ProtestView:
        made = await record_protest(session, invoice_id, new_protest(asked), deed=deed)
        return ProtestView.model_validate(made)

    return ProtestView.model_validate(await once.do(database, deed, keep))


@router.post("/api/protests/{protest_id}/outcome")
async def record_outcome(
    protest_id: Key, asked: OutcomeInput, by: Act, database: Db, now: Now, ip: Ip
) -> ProtestView:
    """Writes down what became of a title: protested, withdrawn or paid, cancelled."""
    async with database.write() as session:
        deed = by.deed(at=now, ip=ip)
        return ProtestView.model_validate(
            await tell_outcome(session, protest_id, asked.stage, deed=deed)
        )


@router.get(
    "/api/protests/{protest_id}/consent",
    response_class=Response,
    responses={200: {"content": {PDF: {}}, "description": "The letter as PDF"}},
)
async def read_consent(protest_id: Key, by: Act, database: Db, now: Now) -> Response:
    """The letter with which a paid debtor has the protest cancelled."""
    return await letter_of(database, protest_id, by=by, now=now)
