"""Editing an invoice that awaits settlement in an agreement: page, and the same for programs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from activities.invoice_edits import InvoiceTerms, check_editable, edit_invoice, facts_of
from api.dependencies import Db, Ip, Now, Principal, need
from api.forms import Day, Submitted, blank, submitted
from api.inputs import Input
from api.language import N_
from api.problems import problem_of
from api.rendering import page, redirect
from models.customers import Customer
from models.database import Database
from models.invoices import Invoice, label_of
from models.payments import read_invoice
from models.people import Deed, record
from models.registries import PaymentProfile
from models.registry_rows import choices_of
from rules.refusals import Refusal

router = APIRouter(tags=["invoices"])

Act = Annotated[Principal, need("invoices:act")]
PAGE = "/cobrancas/faturas/{invoice_id:int}/edicao"


class TermsInput(Input):
    """An instalment's terms as a whole; what is left out is taken away, the amount stays."""

    due_date: date
    description: str = Field(default="", max_length=200)
    payment_profile_id: int | None = Field(default=None, ge=1, lt=2**31)
    reason: str = Field(min_length=1, max_length=300)


class TermsForm(BaseModel):
    """The same as it is typed; `seen_due_date` is what the page showed."""

    due_date: Day
    description: str = Field(default="", max_length=200)
    payment_profile_id: int | None = Field(default=None, ge=1, lt=2**31)
    reason: str = Field(default="", max_length=300)
    seen_due_date: date


class TermsView(BaseModel):
    """An invoice's terms as they stand."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    code: str
    due_date: date
    description: str
    payment_profile_id: int | None
    amount: Decimal
    open_amount: Decimal


@router.put("/api/invoices/{invoice_id}/terms")
async def write_terms(
    invoice_id: int, asked: TermsInput, by: Act, database: Db, now: Now, ip: Ip
) -> TermsView:
    """Edit an invoice that awaits settlement in an agreement. Its amount stays."""
    new = InvoiceTerms(asked.due_date, asked.description, asked.payment_profile_id, asked.reason)
    return TermsView.model_validate(await _edit(database, invoice_id, new, by.deed(at=now, ip=ip)))


@router.get(PAGE, include_in_schema=False, dependencies=[need("invoices:act")])
async def terms_page(request: Request, database: Db, invoice_id: int) -> Response:
    """The form, or why this invoice may not be edited."""
    async with database.read() as session:
        invoice = await read_invoice(session, invoice_id)
    form = blank(
        TermsForm, due_date=invoice.due_date, description=invoice.description,
        payment_profile_id=invoice.payment_profile_id, seen_due_date=invoice.due_date,
    )  # fmt: skip
    return await _page(request, database, form, invoice_id)


@router.post(PAGE, include_in_schema=False)
async def edit_on_page(
    request: Request, by: Act, database: Db, now: Now, ip: Ip, invoice_id: int
) -> Response:
    """Write the terms."""
    form = await submitted(request, TermsForm)
    if form.value:
        with form.refusals():
            told = form.value
            new = InvoiceTerms(
                told.due_date, told.description, told.payment_profile_id, told.reason,
                told.seen_due_date,
            )  # fmt: skip
            invoice = await _edit(database, invoice_id, new, by.deed(at=now, ip=ip))
            back = f"/cobrancas/contas/{invoice.customer_id}/acordos"
            return redirect(request, back, N_("Fatura editada."))
    return await _page(request, database, form, invoice_id)


async def _edit(database: Database, invoice_id: int, new: InvoiceTerms, deed: Deed) -> Invoice:
    async with database.write() as session:
        invoice = await edit_invoice(session, invoice_id, new, by=deed.by, at=deed.at)
        told = {"due_date": new.due_date.isoformat(), "description": new.description}
        record(
            session, deed, "invoice.edit", subject=f"invoice/{invoice_id}", **told,
            payment_profile_id=new.payment_profile_id, reason=new.reason,
        )  # fmt: skip
        return invoice


async def _page(
    request: Request, database: Database, form: Submitted[TermsForm], invoice_id: int
) -> Response:
    async with database.read() as session:
        invoice = await read_invoice(session, invoice_id)
        refusal = ""
        try:
            await check_editable(session, invoice)
        except Refusal as found:
            refusal = problem_of(found).sentence()
        return page(
            request, "pages/agreements/invoice.html", status=form.status, form=form,
            invoice=invoice, label=label_of(invoice), refusal=refusal,
            customer=await session.get_one(Customer, invoice.customer_id),
            facts=await facts_of(session, invoice),
            profiles=await choices_of(session, PaymentProfile),
        )  # fmt: skip
