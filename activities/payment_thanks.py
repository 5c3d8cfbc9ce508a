"""What a payment does beyond its invoice: thanks, a promise kept, a protest to be lifted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.messages import write_to_customer
from activities.promises import judge_promises
from activities.protest_tasks import follow_settlements
from models import cases
from models.customers import Customer
from models.invoices import Invoice
from models.payments import Payment
from models.policies import load_policy
from rules.business_days import local_date
from rules.cases import Process
from rules.panels import InvoiceStatus
from rules.payment_policy import PaymentPolicy

PURPOSE = "payment_thanks"


async def follow_payment(
    session: AsyncSession, invoice: Invoice, payment: Payment, *, at: datetime
) -> None:
    """This will keep a promise as soon as enough is paid, have a protest lifted, and thank who
    settles what was collected.

    A payment in time is neither: nothing is asked of the database for it.
    """
    if invoice.due_date >= payment.paid_on and invoice.collection_stage is None:
        return
    await session.flush()
    today = local_date(at)
    await judge_promises(session, today=today, at=at, customer_ids=[invoice.customer_id])
    if invoice.status != InvoiceStatus.SETTLED:
        return
    await follow_settlements(session, [invoice.customer_id], at=at)
    if invoice.collection_stage is not None:
        paid = Settling(
            payment.code, invoice.key, invoice.customer_id, payment.amount, payment.paid_on
        )
        await thank(session, [paid], at=at)


@dataclass(frozen=True)
class Settling:
    """The payment, of this code, that settled an invoice which was being collected."""

    code: str
    invoice_id: int
    customer_id: int
    amount: Decimal
    paid_on: date


async def thank(session: AsyncSession, settling: Sequence[Settling], *, at: datetime) -> None:
    """This will thank whoever paid, once a payment, if the house does so."""
    if not settling or not (await load_policy(session, PaymentPolicy())).thanks:
        return
    for each in settling:
        case = await cases.case_of(
            session, process=Process.COLLECTIONS, subject_id=each.customer_id
        )
        await write_to_customer(
            session, case=case, customer=await session.get_one(Customer, each.customer_id),
            purpose=PURPOSE, key=f"payment/{each.code}/thanks", at=at,
            invoice_id=each.invoice_id, requires_open_invoice=False,
            values={"payment": {"amount": each.amount, "paid_on": each.paid_on}},
        )  # fmt: skip
