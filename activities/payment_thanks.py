"""What a payment does beyond its invoice: it thanks the customer, and keeps their promise."""

from __future__ import annotations

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.messages import write_to_customer
from activities.promises import judge_promises
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
    """This will keep a promise as soon as enough is paid, and thank who settles what was collected.

    A payment in time is neither: nothing is asked of the database for it.
    """
    if invoice.due_date >= payment.paid_on and invoice.collection_stage is None:
        return
    await session.flush()
    today = local_date(at)
    await judge_promises(session, today=today, at=at, customer_id=invoice.customer_id)
    if invoice.status == InvoiceStatus.SETTLED and invoice.collection_stage is not None:
        await _thank(session, invoice, payment, at=at)


async def _thank(
    session: AsyncSession, invoice: Invoice, payment: Payment, *, at: datetime
) -> None:
    if not (await load_policy(session, PaymentPolicy())).thanks:
        return
    case = await cases.case_of(session, process=Process.COLLECTIONS, subject_id=invoice.customer_id)
    await write_to_customer(
        session, case=case, customer=await session.get_one(Customer, invoice.customer_id),
        purpose=PURPOSE, key=f"payment/{payment.id}/thanks", at=at, invoice_id=invoice.id,
        values={"payment": {"amount": payment.amount, "paid_on": payment.paid_on}},
        requires_open_invoice=False,
    )  # fmt: skip
