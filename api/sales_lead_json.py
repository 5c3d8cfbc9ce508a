"""Sales leads for programs: kept, lost, forgotten, and made into customers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.lead_retention import forget_lead
from activities.sales_leads import change_lead, customer_of_lead, lose_lead, make_lead
from api.dependencies import Db, Ip, Now, ReadSession, need
from api.older import AtOnce, Before
from api.once import NamedRequest
from api.sales_leads import Act, Forgets, LeadInput, LossInput, read_lead
from models.sales_leads import SalesLead, newest_leads
from rules.sales_leads import LeadStage

router = APIRouter(tags=["contracts"])


class LeadView(BaseModel):
    """A lead as programs read it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    code: str
    stage: LeadStage
    customer_id: int | None
    name: str
    email: str
    mobile: str
    city: str
    uf: str
    plan_id: int | None
    setup_fee: Decimal | None
    setup_instalments: int | None
    consultant_id: int | None
    notes: str
    contract_id: int | None
    reason: str
    made_at: datetime
    made_by: str
    ended_at: datetime | None


@router.get("/api/sales-leads", dependencies=[need("contracts:see")])
async def list_leads(
    session: ReadSession,
    stage: LeadStage | None = None,
    before: Before = None,
    limit: AtOnce = 200,
) -> list[LeadView]:
    """Leads, the newest first; the next ones come `before` the last."""
    found = await newest_leads(session, stage=stage, before=before, limit=limit)
    return [LeadView.model_validate(each) for each in found]


@router.get("/api/sales-leads/{lead_id}", dependencies=[need("contracts:see")])
async def show_lead(session: ReadSession, lead_id: int) -> LeadView:
    """One lead."""
    return LeadView.model_validate(await read_lead(session, lead_id))


@router.post("/api/sales-leads", status_code=201)
async def create_lead(
    asked: LeadInput, by: Act, database: Db, now: Now, ip: Ip, once: NamedRequest
) -> dict[str, Any]:
    """Writes a lead down; a contract made with its code as `origin_ref` wins it."""
    deed = by.deed(at=now, ip=ip)

    async def work(session: AsyncSession) -> dict[str, Any]:
        return _view(await make_lead(session, asked.terms(), deed=deed))

    return await once.do(database, deed, work)


@router.put("/api/sales-leads/{lead_id}")
async def replace_lead(
    lead_id: int, asked: LeadInput, by: Act, database: Db, now: Now, ip: Ip
) -> LeadView:
    """Says anew what a lead is."""
    async with database.write() as session:
        deed = by.deed(at=now, ip=ip)
        return LeadView.model_validate(
            await change_lead(session, lead_id, asked.terms(), deed=deed)
        )


@router.post("/api/sales-leads/{lead_id}/loss")
async def create_loss(
    lead_id: int, asked: LossInput, by: Act, database: Db, now: Now, ip: Ip
) -> LeadView:
    """Ends a lead without a sale."""
    async with database.write() as session:
        deed = by.deed(at=now, ip=ip)
        return LeadView.model_validate(
            await lose_lead(session, lead_id, reason=asked.reason, deed=deed)
        )


@router.post("/api/sales-leads/{lead_id}/anonymisation")
async def create_anonymisation(
    lead_id: int, by: Forgets, database: Db, now: Now, ip: Ip
) -> LeadView:
    """Takes out of a lead that came to nothing who it was (LGPD)."""
    async with database.write() as session:
        return LeadView.model_validate(
            await forget_lead(session, lead_id, deed=by.deed(at=now, ip=ip))
        )


@router.post("/api/sales-leads/{lead_id}/customer")
async def create_customer(lead_id: int, by: Act, database: Db, now: Now, ip: Ip) -> dict[str, Any]:
    """Gives the lead's customer, made now where it is none yet."""
    async with database.write() as session:
        customer = await customer_of_lead(session, lead_id, deed=by.deed(at=now, ip=ip))
        return {"customer_id": customer.id, "code": customer.code}


def _view(lead: SalesLead) -> dict[str, Any]:
    return LeadView.model_validate(lead).model_dump()
