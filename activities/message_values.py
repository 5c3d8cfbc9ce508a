"""What templates may mention, read from the rows as they stand when a message is written."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agreements import Agreement, AgreementInvoice
from models.bureau_facts import is_telecom
from models.cases import Case
from models.contested import contested_invoices
from models.customers import Customer
from models.invoices import Invoice
from models.people import User
from models.policies import load_policy
from rules.bureau import BureauPolicy
from rules.business_days import local_date
from rules.cases import Process
from rules.customers import addressed
from rules.documents import mask_document
from rules.ladder_steps import LadderPolicy
from rules.messages import Supplier
from rules.panels import InvoiceStatus


async def standard_values(session: AsyncSession, *, at: datetime) -> dict[str, Any]:
    """Who writes, and on which day."""
    supplier = await load_policy(session, Supplier())
    return {"supplier": asdict(supplier), "today": local_date(at)}


async def customer_values(
    session: AsyncSession,
    customer: Customer,
    *,
    invoice_id: int | None,
    case: Case | None,
    at: datetime,
) -> dict[str, Any]:
    """Everything known of a customer's message before the process adds its own."""
    values = await standard_values(session, at=at)
    today = values["today"]
    values["customer"] = customer_names(customer)
    values["debt"] = await _debt(session, customer, today)
    if invoice_id is not None:
        values["invoice"] = _invoice(await session.get_one(Invoice, invoice_id), today)
    if case is not None and case.process == Process.AGREEMENTS:
        values["agreement"] = await _agreement(session, case.subject_id)
    if case is not None and case.process == Process.BUREAU and invoice_id is not None:
        values["bureau"] = await _bureau(session, invoice_id)
    return values


async def user_values(session: AsyncSession, user: User, *, at: datetime) -> dict[str, Any]:
    """Everything known of a message to somebody who works here."""
    names = {"name": user.name, "first_name": user.name.split(" ")[0], "login": user.login}
    return {**await standard_values(session, at=at), "user": names}


def customer_names(customer: Customer) -> dict[str, Any]:
    """What messages say of whom they are to; the CPF is masked."""
    return {
        "name": customer.name,
        "first_name": addressed(customer.name, document=customer.document),
        "document": mask_document(customer.document),
        "code": customer.code,
        "city": customer.city,
        "uf": customer.uf,
    }


async def _debt(session: AsyncSession, customer: Customer, today: date) -> dict[str, Any]:
    statement = select(
        func.count(), func.sum(Invoice.open_amount), func.min(Invoice.due_date)
    ).where(
        Invoice.customer_id == customer.id,
        Invoice.status == InvoiceStatus.OPEN,
        col(Invoice.due_date) < today,
        col(Invoice.id).not_in(contested_invoices()),
    )
    found: tuple[int, Decimal | None, date | None] = (await session.exec(statement)).one()
    count, amount, oldest = found
    return {"invoices": count, "amount": amount or Decimal(0), "oldest_due": oldest or today}


def _invoice(invoice: Invoice, today: date) -> dict[str, Any]:
    return {
        "number": invoice.number or invoice.code,
        "due_date": invoice.due_date,
        "amount": invoice.amount,
        "open_amount": invoice.open_amount,
        "description": invoice.description,
        "days_late": max((today - invoice.due_date).days, 0),
    }


async def _bureau(session: AsyncSession, invoice_id: int) -> dict[str, Any]:
    """What the notice before a record tells of the times that law and house give."""
    policy = await load_policy(session, BureauPolicy())
    ladder = await load_policy(session, LadderPolicy())
    return {
        "grace_days": policy.grace_days,
        "remove_days": policy.remove_business_days,
        "is_telecom": await is_telecom(session, await session.get_one(Invoice, invoice_id)),
        "suspend_days": ladder.suspend_after_notice_days,
        "terminate_days": ladder.terminate_after_suspension_days,
        "restore_hours": ladder.restore_hours,
    }


async def _agreement(session: AsyncSession, agreement_id: int) -> dict[str, Any]:
    agreement = await session.get_one(Agreement, agreement_id)
    instalments = select(func.count()).where(
        AgreementInvoice.agreement_id == agreement_id, AgreementInvoice.role == "instalment"
    )
    return {
        "number": agreement_id,
        "total": agreement.total,
        "tolerance_date": agreement.tolerance_date,
        "instalments": (await session.exec(instalments)).one(),
    }
