"""Payments: money from any source, applied to its invoice; the journeys concerned hear of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.invoice_news import tell_concerned
from activities.invoice_webhooks import invoice_happening
from activities.payment_thanks import follow_payment
from activities.protest_tasks import follow_reversal
from activities.provisioning import reconcile
from models import asked_blocks, cases, outbox, payments
from models.calendars import load_calendar
from models.cases import Case, CaseEvent
from models.invoices import Invoice, record_invoice_event, take_out_of_stage
from models.payments import Payment
from models.policies import load_policy
from models.standings import refresh_standings
from models.webhooks import announce
from rules import payment_application as application
from rules import payments as rules
from rules.business_days import local_date
from rules.cases import Process
from rules.collection_stages import CollectionStage
from rules.money import ZERO
from rules.panels import InvoiceStatus
from rules.payment_application import NO_DISCOUNT, OnTimeDiscount, Paid
from rules.payment_policy import PaymentPolicy
from rules.payments import PaymentCodeTaken, PaymentSource
from rules.webhooks import BusinessEventKind

#: Stages that an invoice leaves once it owes again.
TAKEN_UP_ANEW = (CollectionStage.RECOVERED, CollectionStage.REPLACED)


@dataclass(frozen=True)
class NewPayment:
    """Money as it is announced; `code` makes announcing it twice harmless.

    `charges` is what of the amount is fine and interest, `fine` what of that is the fine where it
    was told, `fee` what the bank kept.
    """

    code: str
    invoice_id: int
    amount: Decimal
    paid_on: date
    credited_on: date | None = None
    source: PaymentSource = PaymentSource.API
    charges: Decimal = ZERO
    fee: Decimal = ZERO
    fine: Decimal = ZERO

    @property
    def at_hand_on(self) -> date:
        """When the money is in our account; the day it was paid unless told."""
        return self.credited_on or self.paid_on


async def record_payment(
    session: AsyncSession, new: NewPayment, *, by: str, at: datetime
) -> Payment:
    """This will apply a payment to its invoice and tell the journeys; the same code pays once.

    More than is owed is accepted and kept as the payment's excess. Refuses what
    rules.payments.check_payment and payable refuse, and a code that was used with other
    content (PaymentCodeTaken).
    """
    invoice = await payments.lock_paid_invoice(session, new.invoice_id)
    known = await payments.payment_with_code(session, new.code)
    if known is not None:
        return _same(known, new)
    check_new(new, today=local_date(at))
    payment = await _apply(session, invoice, new, by=by, at=at)
    await tell_concerned(session, invoice, news_id=f"payment/{payment.id}", at=at)
    await _lift(session, invoice, at=at)
    await follow_payment(session, invoice, payment, at=at)
    await refresh_standings(session, [invoice.customer_id])
    return payment


async def reverse_payment(
    session: AsyncSession, payment_id: int, *, reason: str, by: str, at: datetime
) -> Payment:
    """This will take a payment back (chargeback, wrong entry): the invoice owes again.

    What other payments had in excess is used first. The journeys hear of it; an agreement that
    had ended is opened again, a recovered invoice waits for the classifier. An original owes what
    was taken back beside the agreement that replaced it. Repeated: nothing.
    """
    payment = await payments.payment_of(session, payment_id)
    rules.check_reversal(reason)
    invoice = await payments.lock_paid_invoice(session, payment.invoice_id)
    await session.refresh(payment)
    if payment.reversed_at is not None:
        return payment
    await _take_back(session, invoice, payment, by=by, at=at)
    payment.reversed_at, payment.reversed_by, payment.reversal_reason = at, by, reason
    record_invoice_event(
        session, invoice, kind="payment_reversed", by=by, at=at, code=payment.code,
        amount=str(payment.amount), left=str(invoice.open_amount), reason=reason,
    )  # fmt: skip
    await _reopen_agreement(session, invoice, by=by, at=at)
    await tell_concerned(session, invoice, news_id=f"reversal/{payment.id}", at=at)
    await follow_reversal(session, invoice.customer_id, at=at)
    told = invoice_happening(invoice.model_dump(), reversed=str(payment.amount))
    await announce(session, BusinessEventKind.PAYMENT_REVERSED, told, at=at)
    await refresh_standings(session, [invoice.customer_id])
    return payment


def check_new(new: NewPayment, *, today: date) -> None:
    """This will refuse a payment that cannot have happened, as rules.payments says."""
    rules.check_payment(
        code=new.code, amount=new.amount, paid_on=new.paid_on, credited_on=new.at_hand_on,
        charges=new.charges, today=today,
    )  # fmt: skip
    rules.check_fine(new.fine, charges=new.charges)


def _same(known: Payment, new: NewPayment) -> Payment:
    told = (new.invoice_id, new.amount, new.charges, new.fine, new.paid_on, new.at_hand_on)
    kept = (
        known.invoice_id, known.amount, known.charges, known.fine, known.paid_on,
        known.credited_on,
    )  # fmt: skip
    if told != kept:
        raise PaymentCodeTaken(code=new.code)
    return known


async def _apply(
    session: AsyncSession, invoice: Invoice, new: NewPayment, *, by: str, at: datetime
) -> Payment:
    owed = rules.payable_of(
        new.source, invoice.status, invoice=invoice.code, open_amount=invoice.open_amount,
        unexplained=await payments.unexplained(session, invoice),
    )  # fmt: skip
    taken = application.take(
        Paid(new.amount - new.charges, new.paid_on),
        owed=owed,
        offer=await _offer(session, invoice),
        tolerance=(await load_policy(session, PaymentPolicy())).tolerance,
    )
    payment = Payment(
        code=new.code, invoice_id=invoice.key, amount=new.amount, applied=taken.applied,
        discount=taken.discount, charges=new.charges, fine=new.fine, fee=new.fee,
        paid_on=new.paid_on, credited_on=new.at_hand_on, source=new.source, at=at, by=by,
    )  # fmt: skip
    await _insert(session, payment)
    is_lowered = rules.is_lowered(invoice.status, owed=owed)
    if is_lowered:
        _lower(invoice, owed - taken.total, paid_on=new.paid_on)
        session.add(invoice)
    record_invoice_event(
        session, invoice, kind="payment", by=by, at=at, code=new.code, source=new.source,
        amount=str(new.amount), paid_on=new.paid_on.isoformat(), left=str(invoice.open_amount),
        excess=str(payment.excess), **application.told_discount(taken),
    )  # fmt: skip
    if is_lowered and invoice.status == InvoiceStatus.SETTLED:
        told = invoice_happening(invoice.model_dump(), paid_on=new.paid_on.isoformat())
        await announce(session, BusinessEventKind.INVOICE_PAID, told, at=at)
    return payment


async def _offer(session: AsyncSession, invoice: Invoice) -> OnTimeDiscount:
    if not invoice.pay_on_time_discount:
        return NO_DISCOUNT
    return application.on_time_discount(
        invoice.pay_on_time_discount,
        due_date=invoice.due_date,
        calendar=await load_calendar(session),
    )


def _lower(invoice: Invoice, left: Decimal, *, paid_on: date) -> None:
    invoice.open_amount = left
    if not left:
        invoice.status, invoice.settled_on = InvoiceStatus.SETTLED, paid_on


async def _insert(session: AsyncSession, payment: Payment) -> None:
    """Two callers may bring one code for two invoices at the same instant."""
    try:
        async with session.begin_nested():
            session.add(payment)
    except IntegrityError as taken:
        raise PaymentCodeTaken(code=payment.code) from taken


async def _take_back(
    session: AsyncSession, invoice: Invoice, payment: Payment, *, by: str, at: datetime
) -> None:
    live = await payments.live_payments_of(session, invoice.key)
    owed = invoice.open_amount + sum((p.applied + p.discount for p in live), Decimal(0))
    others = [p for p in live if p.id != payment.id]
    offer = await _offer(session, invoice)
    came_in = [Paid(p.amount - p.charges, p.paid_on) for p in others]
    tolerance = (await load_policy(session, PaymentPolicy())).tolerance
    result = application.apply_payments(owed, came_in, offer=offer, tolerance=tolerance)
    for other, taken in zip(others, result.taken, strict=True):
        other.applied, other.discount = taken.applied, taken.discount
    payment.applied = payment.discount = Decimal(0)
    session.add_all([payment, *others])
    _owe(session, invoice, result.left, by=by, at=at)
    session.add(invoice)


def _owe(session: AsyncSession, invoice: Invoice, left: Decimal, *, by: str, at: datetime) -> None:
    """A debt that the house gave up stays given up; an instalment was given up for the originals,
    which were lowered by what it had been paid. What owes all along stays open, or suspended."""
    if invoice.status == InvoiceStatus.CANCELLED and invoice.agreement_id is None:
        return
    owed, invoice.open_amount = invoice.open_amount, left
    if left and not owed:
        _open_again(session, invoice, by=by, at=at)


def _open_again(session: AsyncSession, invoice: Invoice, *, by: str, at: datetime) -> None:
    """A recovered or replaced invoice is in no stage then, so that the classifier takes it up
    anew; the agreement that replaced it is kept without it."""
    if invoice.status in rules.SET_ASIDE:
        invoice.agreement_id = None
    invoice.status, invoice.settled_on = InvoiceStatus.OPEN, None
    invoice.ladder_next_on = None
    if invoice.collection_stage in TAKEN_UP_ANEW:
        take_out_of_stage(session, invoice, by=by, at=at)


async def _reopen_agreement(
    session: AsyncSession, invoice: Invoice, *, by: str, at: datetime
) -> None:
    """A fulfilled agreement is not fulfilled any more: its journey lives again and judges."""
    if invoice.agreement_id is None:
        return
    case = await cases.case_of(session, process=Process.AGREEMENTS, subject_id=invoice.agreement_id)
    if case is None or case.closed_at is None:
        return
    cases.reopen(session, case, await _stage_before(session, case), by=by, at=at)
    session.add(case)
    outbox.start_case(session, case, at=at, verb=outbox.Verb.RESTART)


async def _stage_before(session: AsyncSession, case: Case) -> str:
    """The stage that the case left when it was closed."""
    statement = (
        select(CaseEvent)
        .where(CaseEvent.case_id == case.id, CaseEvent.kind == "stage")
        .order_by(col(CaseEvent.id).desc())
        .limit(1)
    )
    event = (await session.exec(statement)).first()
    return str(event.parameters["was"]) if event else case.stage


async def _lift(session: AsyncSession, invoice: Invoice, *, at: datetime) -> None:
    """What a settled invoice asked for is lifted in the transaction that settles it."""
    if invoice.status != InvoiceStatus.SETTLED:
        return
    await session.flush()
    contracts = await asked_blocks.suspended_behind(session, [invoice.key])
    await reconcile(session, contracts, today=local_date(at), by="system", at=at)
