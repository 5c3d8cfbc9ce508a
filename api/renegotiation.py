"""Renegotiating an invoice outside collections: page and the same for programs."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.renegotiation import NewTerms, due_today, facts_of, renegotiate
from api.customer_places import place_of_customer
from api.dependencies import Db, Ip, Now, Principal, ReadSession, Today, need
from api.forms import Day, Submitted, blank, submitted
from api.inputs import Input
from api.language import N_
from api.once import NamedRequest
from api.problems import problem_of
from api.rendering import page, redirect
from models.boleto_instructions import InvoiceRenegotiation, renegotiations_of
from models.colleagues import names_by_login
from models.customers import Customer
from models.database import Database
from models.invoices import label_of
from models.payments import read_invoice
from models.people import Deed, record
from models.policies import load_policy
from rules.payment_policy import PaymentPolicy
from rules.refusals import Refusal
from rules.renegotiation import check_invoice

router = APIRouter(tags=["invoices"])

Act = Annotated[Principal, need("invoices:renegotiate")]
PAGE = "/cobrancas/faturas/{invoice_id:int}/renegociacao"


class RenegotiationInput(Input):
    """Another due date; `keeps_charges`: the late charges until today go onto the invoice."""

    due_date: date
    keeps_charges: bool = True
    reason: str = Field(min_length=1, max_length=300)


class RenegotiationForm(BaseModel):
    """The same as it is typed; `seen_due_date` is what the page showed."""

    due_date: Day
    keeps_charges: bool = False
    reason: str = Field(default="", max_length=300)
    seen_due_date: date


class RenegotiationView(BaseModel):
    """A due date that was moved. `charges` went onto the invoice, `waived` did not."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    invoice_id: int
    was_due_on: date
    due_on: date
    charges: Decimal
    waived: Decimal
    reason: str
    at: datetime
    by: str


@router.post("/api/invoices/{invoice_id}/renegotiation", status_code=201)
async def create_renegotiation(
    invoice_id: int, asked: RenegotiationInput, by: Act, database: Db, now: Now, ip: Ip,
    once: NamedRequest,
) -> RenegotiationView:  # fmt: skip
    """Move an invoice's due date, outside collections. Its boleto keeps its number."""
    deed = by.deed(at=now, ip=ip)
    new = NewTerms(asked.due_date, asked.keeps_charges, asked.reason)

    async def move(session: AsyncSession) -> RenegotiationView:
        return RenegotiationView.model_validate(await _renegotiate(session, invoice_id, new, deed))

    return RenegotiationView(**await once.do(database, deed, move))


@router.get("/api/invoices/{invoice_id}/renegotiation", dependencies=[need("invoices:see")])
async def list_renegotiations(session: ReadSession, invoice_id: int) -> list[RenegotiationView]:
    """How an invoice's due date was moved, in order."""
    await read_invoice(session, invoice_id)
    found = await renegotiations_of(session, invoice_id)
    return [RenegotiationView.model_validate(row) for row in found]


@router.get(PAGE, include_in_schema=False, dependencies=[need("invoices:renegotiate")])
async def renegotiation_page(
    request: Request, database: Db, today: Today, invoice_id: int
) -> Response:
    """The form, beside what would be owed today."""
    async with database.read() as session:
        invoice = await read_invoice(session, invoice_id)
    form = blank(RenegotiationForm, keeps_charges=True, seen_due_date=invoice.due_date)
    return await _page(request, database, form, invoice_id, today)


@router.post(PAGE, include_in_schema=False)
async def renegotiate_on_page(
    request: Request, by: Act, database: Db, now: Now, today: Today, ip: Ip, invoice_id: int
) -> Response:
    """Move the due date."""
    form = await submitted(request, RenegotiationForm)
    if form.value:
        with form.refusals():
            told = form.value
            new = NewTerms(told.due_date, told.keeps_charges, told.reason, told.seen_due_date)
            async with database.write() as session:
                await _renegotiate(session, invoice_id, new, by.deed(at=now, ip=ip))
            back = f"/cobrancas/faturas/{invoice_id}/pagamento"
            return redirect(request, back, N_("Vencimento renegociado."))
    return await _page(request, database, form, invoice_id, today)


async def _renegotiate(
    session: AsyncSession, invoice_id: int, new: NewTerms, deed: Deed
) -> InvoiceRenegotiation:
    row = await renegotiate(session, invoice_id, new, by=deed.by, at=deed.at)
    told = {"was": row.was_due_on.isoformat(), "now": row.due_on.isoformat()}
    amounts = {"charges": str(row.charges), "waived": str(row.waived), "reason": row.reason}
    subject = f"invoice/{invoice_id}"
    record(session, deed, "invoice.renegotiate", subject=subject, **told, **amounts)
    await session.flush()
    return row


async def _page(
    request: Request,
    database: Database,
    form: Submitted[RenegotiationForm],
    invoice_id: int,
    today: date,
) -> Response:
    async with database.read() as session:
        invoice = await read_invoice(session, invoice_id)
        policy = await load_policy(session, PaymentPolicy())
        refusal = ""
        try:
            check_invoice(await facts_of(session, invoice))
        except Refusal as found:
            refusal = problem_of(found).sentence()
        return page(
            request, "pages/payments/renegotiation.html", status=form.status, form=form,
            invoice=invoice, label=label_of(invoice), refusal=refusal,
            people=await names_by_login(session),
            customer=await session.get(Customer, invoice.customer_id),
            customer_at=await place_of_customer(
                session, invoice.customer_id, by=request.state.principal
            ),
            due=await due_today(session, invoice, today),
            before=await renegotiations_of(session, invoice_id),
            most_days=policy.most_new_due_days,
        )  # fmt: skip
