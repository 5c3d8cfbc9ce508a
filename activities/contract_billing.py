"""One invoice a charge: made with the charges, without waiting for the morning's run."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.invoice_webhooks import announce_issued
from models import billing
from models.billing import Billing
from models.charges import Charge
from models.contracts import Contract
from rules.billing import gather
from rules.business_days import local_date
from rules.contracts import BillingMethod


async def bill_at_once(session: AsyncSession, contract: Contract, *, by: str, at: datetime) -> int:
    """This will make the invoices of a contract whose charges stand alone, each with its due date.

    Gives how many. What waits, and the charges of other contracts, are left as they are; a contract
    whose charges are grouped is billed by the run.
    """
    if contract.billing_method != BillingMethod.PER_CHARGE:
        return 0
    today, customer_id = local_date(at), contract.customer_id
    charges = await billing.charges_to_bill(
        session, first=customer_id, last=customer_id, today=today
    )
    own = [each for each in charges if each.contract_id == contract.key]
    bundles = gather(own, today=today).bundles
    await billing.write_invoices(session, bundles, Billing(None, by, at))
    await _read_again(session, contract)
    await announce_issued(session, [each.code for each in bundles], at=at)
    return len(bundles)


async def _read_again(session: AsyncSession, contract: Contract) -> None:
    """The rows were written past the session, which may hold the charges as they were."""
    written = select(Charge).where(Charge.contract_id == contract.key)
    await session.exec(written.execution_options(populate_existing=True))
