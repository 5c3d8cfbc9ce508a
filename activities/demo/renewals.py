"""Contracts of the demonstration whose first year draws to its end: in the queue, told, renewed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contracts import make_contract
from activities.demo.contracts import install
from activities.demo.life import Life
from activities.payments import NewPayment, record_payment
from activities.renewals import queue_renewal
from models import billing
from models.billing import Billing
from models.contracts import Contract
from models.invoices import Invoice
from rules.billing import gather
from rules.business_days import add_months, at_local_time, local_date
from rules.contract_welcome import Welcome
from rules.contracts import RenewalForm
from rules.panels import InvoiceStatus
from rules.payments import PaymentSource

MONTHS = 12
#: A term enters the queue so long before its end, with three invoices of a month open.
QUEUED_BEFORE = timedelta(days=80)


@dataclass(frozen=True)
class Ending:
    """A contract whose term ends in so many days, and what its customer or the house wants."""

    days: int
    is_by_hand: bool = False
    form: RenewalForm = RenewalForm.EXTENSION


#: Not told yet · told once · told twice and waiting for a person · renewed by itself, one of them
#: by a successor that waits for its day.
ENDINGS = (
    Ending(76), Ending(68), Ending(52), Ending(45), Ending(38, is_by_hand=True),
    Ending(11, is_by_hand=True), Ending(24), Ending(17, form=RenewalForm.SUCCESSOR),
)  # fmt: skip


async def draw_to_an_end(
    session: AsyncSession, plans: list[int], *, customers: int, now: datetime
) -> None:
    """This will make contracts of almost a year ago, paid until today, and bring them to the
    renewal queue by the rules."""
    life = Life(session, now)
    await life.begin()
    for number, ending in enumerate(ENDINGS):
        ends_on = local_date(now) + timedelta(days=ending.days)
        contract = await _almost_over(
            session,
            customers - number * 3,
            plans[number % len(plans)],
            ends_on,
            now,
        )
        contract.ignore_automatic_renewal = ending.is_by_hand
        contract.renewal_form = ending.form
        await life.settle(now)
        queued_at = min(at_local_time(ends_on - QUEUED_BEFORE, at=time(4)), now)
        await queue_renewal(session, contract, at=queued_at)
        await life.settle(queued_at)
    await life.end()


async def _almost_over(
    session: AsyncSession, customer_id: int, plan_id: int, ends_on: date, now: datetime
) -> Contract:
    """A contract of a year that ends on a day, installed soon, billed and paid so far."""
    begins = add_months(ends_on, months=-MONTHS)
    signed = at_local_time(begins, at=time(10))
    asked: dict[str, Any] = {
        "plan_id": plan_id, "signed_on": begins, "adhesion_date": begins, "starts_on": begins,
        "ends_on": ends_on,
    }  # fmt: skip
    contract = await make_contract(
        session, customer_id, asked, welcome=Welcome(is_wanted=False), by="paula", at=signed
    )
    await install(session, contract, at=signed + timedelta(days=2))
    await _bill_and_pay(session, contract, now)
    return contract


async def _bill_and_pay(session: AsyncSession, contract: Contract, now: datetime) -> None:
    """What is to be billed by now is; what fell due is paid on its day."""
    today, whose = local_date(now), contract.customer_id
    due = await billing.charges_to_bill(session, first=whose, last=whose, today=today)
    own = [each for each in due if each.contract_id == contract.key]
    for bundle in gather(own, today=today).bundles:
        billed_at = at_local_time(bundle.issue_date, at=time(5))
        await billing.write_invoices(session, [bundle], Billing(None, "system", billed_at))
    late = select(Invoice).where(
        Invoice.contract_id == contract.key, Invoice.status == InvoiceStatus.OPEN,
        col(Invoice.due_date) < today,
    )  # fmt: skip
    for invoice in (await session.exec(late.order_by(col(Invoice.id)))).all():
        await record_payment(
            session,
            NewPayment(
                f"demo-{invoice.code}", invoice.key, invoice.amount, invoice.due_date,
                source=PaymentSource.CSV,
            ),
            by="system", at=at_local_time(invoice.due_date, at=time(6)),
        )  # fmt: skip
