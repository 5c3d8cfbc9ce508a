"""Sales leads: written down, lost, or won by the contract that is made of them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.customers import register_customer
from models.contracts import Contract
from models.customers import Customer, CustomerNotFound, customer_with_document
from models.people import Deed, record
from models.plans import Consultant, Plan
from models.sales_leads import SalesLead, lead_called, lock_lead
from rules.contract_checks import RegistryNotActive
from rules.customers import CustomerFacts
from rules.documents import normalise_document
from rules.phones import normalise_phone
from rules.sales_leads import (
    LeadDocumentRequired,
    LeadOfAnother,
    LeadStage,
    LeadTerms,
    check_loss,
    check_open,
)

#: How a contract names where it began.
LEAD = "lead"


async def make_lead(session: AsyncSession, asked: LeadTerms, *, deed: Deed) -> SalesLead:
    """This will write a lead down. Refuses what `_check` refuses."""
    code = f"novo-{deed.at:%Y%m%d%H%M%S%f}"
    lead = SalesLead(code=code, name=asked.name, made_at=deed.at, made_by=deed.by)
    await _fill(session, lead, asked)
    session.add(lead)
    await session.flush()
    lead.code = f"L{lead.number:06}"
    record(session, deed, "lead.make", subject=f"lead/{lead.number}")
    return lead


async def change_lead(
    session: AsyncSession, lead_id: int, asked: LeadTerms, *, deed: Deed
) -> SalesLead:
    """This will say anew what a lead is. Refuses one that was won or lost, and as make_lead."""
    lead = await lock_lead(session, lead_id)
    check_open(lead.stage, code=lead.code)
    await _fill(session, lead, asked)
    session.add(lead)
    record(session, deed, "lead.change", subject=f"lead/{lead.number}")
    return lead


async def lose_lead(session: AsyncSession, lead_id: int, *, reason: str, deed: Deed) -> SalesLead:
    """This will end a lead without a sale. Refuses without a reason, and one that has ended."""
    lead = await lock_lead(session, lead_id)
    check_open(lead.stage, code=lead.code)
    told = check_loss(reason)
    _end(lead, LeadStage.LOST, by=deed.by, at=deed.at)
    lead.reason = told
    session.add(lead)
    record(session, deed, "lead.lose", subject=f"lead/{lead.number}", reason=lead.reason)
    return lead


async def customer_of_lead(session: AsyncSession, lead_id: int, *, deed: Deed) -> Customer:
    """This will give a lead's customer: its own, who has its CPF or CNPJ already, or a new one.

    Refuses a lead that has ended, and one without a document.
    """
    lead = await lock_lead(session, lead_id)
    check_open(lead.stage, code=lead.code)
    if lead.customer_id is not None:
        return await session.get_one(Customer, lead.customer_id)
    if not lead.document:
        raise LeadDocumentRequired
    customer = await customer_with_document(session, lead.document)
    if customer is None:
        facts = CustomerFacts(
            lead.name, lead.document, email=lead.email or None, mobile=lead.mobile or None,
            city=lead.city, uf=lead.uf,
        )  # fmt: skip
        customer = await register_customer(session, facts, at=deed.at)
        record(session, deed, "customer.make", subject=f"customer/{customer.id}", lead=lead.code)
    lead.customer_id = customer.id
    session.add(lead)
    await session.flush()
    return customer


async def win_lead(
    session: AsyncSession, contract: Contract, *, by: str, at: datetime
) -> SalesLead | None:
    """This will end the lead that a contract was made of; made of none: None.

    Refuses LeadNotFound, LeadNotOpen, and a lead of another customer (LeadOfAnother).
    """
    if contract.origin != LEAD or not contract.origin_ref:
        return None
    lead = await lead_called(session, contract.origin_ref)
    check_open(lead.stage, code=lead.code)
    if lead.customer_id not in {None, contract.customer_id}:
        raise LeadOfAnother(code=lead.code)
    _end(lead, LeadStage.WON, by=by, at=at)
    lead.customer_id, lead.contract_id = contract.customer_id, contract.key
    session.add(lead)
    return lead


async def _fill(session: AsyncSession, lead: SalesLead, asked: LeadTerms) -> None:
    """Unknown or inactive registries are refused, and a document or telephone that is none."""
    for field, registry in (("plan_id", Plan), ("consultant_id", Consultant)):
        key = getattr(asked, field)
        row = await session.get(registry, key) if key is not None else None
        if key is not None and (row is None or not getattr(row, "is_active", True)):
            raise RegistryNotActive(field=field)
    told = asdict(asked)
    if asked.customer_id is not None:
        customer = await session.get(Customer, asked.customer_id)
        if customer is None:
            raise CustomerNotFound(field="customer_id")
        told["name"] = asked.name or customer.name
    told["document"] = normalise_document(asked.document) if asked.document else ""
    told["mobile"] = normalise_phone(asked.mobile) if asked.mobile else ""
    lead.sqlmodel_update(told)


def _end(lead: SalesLead, stage: LeadStage, *, by: str, at: datetime) -> None:
    lead.stage, lead.ended_at, lead.ended_by = stage, at, by
