"""Payments: by programs, and by hand on the page of an invoice; taken back where they bounced."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.amounts_due import due_of, terms_of
from activities.payments import NewPayment, record_payment, reverse_payment
from api.customer_places import place_of_customer
from api.dependencies import Config, Db, Ip, Now, Principal, ReadSession, Today, need
from api.forms import Amount, Day, Submitted, blank, submitted
from api.inputs import Input
from api.language import N_
from api.once import NamedRequest
from api.rendering import page, redirect
from models import payments
from models.colleagues import names_by_login
from models.customers import Customer
from models.invoices import Invoice, label_of
from models.payments import Payment
from models.people import Deed, record
from rules.invoice_documents import AmountDue
from rules.money import ZERO
from rules.payments import PaymentSource

router = APIRouter(tags=["payments"])

See = Annotated[Principal, need("payments:see")]
Act = Annotated[Principal, need("payments:act")]
PAGE = "/cobrancas/faturas/{invoice_id:int}/pagamento"


class PaymentInput(Input):
    """A payment as programs announce it; `code` makes announcing it twice harmless."""

    code: str = Field(min_length=1, max_length=60)
    invoice: str = Field(min_length=1, max_length=40, description="the invoice's code")
    amount: Amount
    paid_on: date
    credited_on: date | None = None
    charges: Amount = Field(default=ZERO, description="what of the amount is fine and interest")
    fine: Amount = Field(default=ZERO, description="what of the charges is the fine")


class PaymentForm(BaseModel):
    """A payment as it is entered by hand; the code was made with the form."""

    code: str = Field(min_length=1, max_length=60)
    amount: Amount
    paid_on: Day
    credited_on: Day | None = None
    charges: Amount | None = None
    fine: Amount | None = None


class ReversalInput(Input):
    """Why a payment is taken back."""

    reason: str = Field(default="", max_length=300)


class PaymentView(BaseModel):
    """A payment as programs read it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    code: str
    invoice_id: int
    amount: Decimal
    applied: Decimal
    discount: Decimal
    charges: Decimal
    fine: Decimal
    interest: Decimal
    fee: Decimal
    excess: Decimal
    paid_on: date
    credited_on: date
    source: PaymentSource
    at: datetime
    by: str
    reversed_at: datetime | None
    reversed_by: str | None
    reversal_reason: str


@router.post("/api/payments", status_code=201)
async def create_payment(
    asked: PaymentInput, by: Act, database: Db, now: Now, ip: Ip, once: NamedRequest
) -> PaymentView:
    """Record a payment. The same code with the same content gets the same payment."""
    deed = by.deed(at=now, ip=ip)

    async def pay(session: AsyncSession) -> PaymentView:
        invoice_id = await payments.invoice_id_of(session, asked.invoice)
        new = NewPayment(
            asked.code, invoice_id, asked.amount, asked.paid_on, asked.credited_on,
            charges=asked.charges, fine=asked.fine,
        )  # fmt: skip
        return PaymentView.model_validate(await _record(session, new, deed))

    return PaymentView(**await once.do(database, deed, pay))


@router.get("/api/payments", dependencies=[need("payments:see")])
async def list_payments(session: ReadSession, invoice: str) -> list[PaymentView]:
    """Every payment of an invoice (by its code), in the order they were recorded."""
    invoice_id = await payments.invoice_id_of(session, invoice)
    found = await payments.payments_of(session, invoice_id)
    return [PaymentView.model_validate(payment) for payment in found]


@router.get("/api/payments/{payment_id}", dependencies=[need("payments:see")])
async def read_payment(session: ReadSession, payment_id: int) -> PaymentView:
    """One payment."""
    return PaymentView.model_validate(await payments.payment_of(session, payment_id))


@router.post("/api/payments/{payment_id}/reversal")
async def create_reversal(
    payment_id: int, asked: ReversalInput, by: Act, database: Db, now: Now, ip: Ip,
    once: NamedRequest,
) -> PaymentView:  # fmt: skip
    """Take a payment back (chargeback, wrong entry): the invoice owes again."""
    deed = by.deed(at=now, ip=ip)

    async def take_back(session: AsyncSession) -> PaymentView:
        reversed_ = await _reverse(session, payment_id, asked.reason, deed)
        return PaymentView.model_validate(reversed_)

    return PaymentView(**await once.do(database, deed, take_back))


@router.get(PAGE, include_in_schema=False)
async def payment_page(
    request: Request, by: See, session: ReadSession, config: Config, today: Today, invoice_id: int
) -> Response:
    """The form of a payment, above what was paid before."""
    invoice = await payments.read_invoice(session, invoice_id)
    due = await _due(session, invoice, today)
    charges = due.charges if due and due.charges.total else None
    form = blank(
        PaymentForm, code=f"hand/{uuid4().hex}", paid_on=today,
        amount=due.total if due else invoice.open_amount or None,
        charges=charges and charges.total, fine=charges and charges.fine,
    )  # fmt: skip
    return await _page(request, by, session, config, form, invoice, due)


@router.post(PAGE, include_in_schema=False)
async def pay_on_page(
    request: Request, by: Act, database: Db, config: Config, now: Now, today: Today, ip: Ip,
    invoice_id: int,
) -> Response:  # fmt: skip
    """Record a payment by hand."""
    form = await submitted(request, PaymentForm)
    if form.value:
        with form.refusals():
            new = NewPayment(
                form.value.code, invoice_id, form.value.amount, form.value.paid_on,
                form.value.credited_on, PaymentSource.HAND, charges=form.value.charges or ZERO,
                fine=form.value.fine or ZERO,
            )  # fmt: skip
            async with database.write() as session:
                await _record(session, new, by.deed(at=now, ip=ip))
            return redirect(request, request.url.path, N_("Pagamento registrado."))
    async with database.read() as session:
        invoice = await payments.read_invoice(session, invoice_id)
        due = await _due(session, invoice, today)
        return await _page(request, by, session, config, form, invoice, due)


@router.post("/cobrancas/pagamentos/{payment_id:int}/estorno", include_in_schema=False)
async def reverse_on_page(
    request: Request, by: Act, database: Db, now: Now, ip: Ip, payment_id: int
) -> Response:
    """Take a payment back."""
    form = await submitted(request, ReversalInput)
    reason = form.value.reason if form.value else ""
    async with database.write() as session:
        payment = await _reverse(session, payment_id, reason, by.deed(at=now, ip=ip))
    back = f"/cobrancas/faturas/{payment.invoice_id}/pagamento"
    return redirect(request, back, N_("Pagamento estornado."))


async def _record(session: AsyncSession, new: NewPayment, deed: Deed) -> Payment:
    payment = await record_payment(session, new, by=deed.by, at=deed.at)
    told = {"code": payment.code, "amount": str(payment.amount)}
    record(session, deed, "payment.record", subject=f"invoice/{payment.invoice_id}", **told)
    await session.flush()
    return payment


async def _reverse(session: AsyncSession, payment_id: int, reason: str, deed: Deed) -> Payment:
    payment = await reverse_payment(session, payment_id, reason=reason, by=deed.by, at=deed.at)
    told = {"code": payment.code, "reason": reason}
    record(session, deed, "payment.reverse", subject=f"invoice/{payment.invoice_id}", **told)
    return payment


async def _due(session: AsyncSession, invoice: Invoice, today: date) -> AmountDue | None:
    """What settles the invoice today, with its late charges or its discount."""
    terms = await terms_of(session, invoice)
    return await due_of(session, invoice, on=today, terms=terms)


async def _page(
    request: Request,
    by: Principal,
    session: ReadSession,
    config: Config,
    form: Submitted[PaymentForm],
    invoice: Invoice,
    due: AmountDue | None,
) -> Response:
    customer = await session.get(Customer, invoice.customer_id)
    return page(
        request,
        "pages/payments/payment.html",
        status=form.status,
        people=await names_by_login(session),
        form=form,
        invoice=invoice,
        due=due,
        label=label_of(invoice),
        customer=customer,
        customer_at=await place_of_customer(session, invoice.customer_id, by=by),
        paid=await payments.payments_of(session, invoice.key),
        may_act=by.may("payments:act"),
        may_train=config.is_training(),
        may_open=by.may("invoices:see"),
        may_contest=by.may("contestations:act"),
    )
