"""A contract's invoices, without waiting for the morning's run: with its charges, or by command."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.invoice_webhooks import announce_issued
from models import billing
from models.billing import Billing
from models.charges import Charge
from models.contracts import Contract, contracts_by_id, record_contract_event
from rules.billing import NothingToBill, gather
from rules.business_days import local_date
from rules.contract_changes import check_not_too_far
from rules.contracts import IDLE, BillingMethod
from rules.money import ZERO
from rules.refusals import written_date


async def bill_at_once(session: AsyncSession, contract: Contract, *, by: str, at: datetime) -> int:
    """This will make the invoices of a contract whose charges stand alone, each with its due date.

    Gives how many. What waits, and the charges of other contracts, are left as they are; a contract
    whose charges are grouped is billed by the run, and one without service not before it is back.
    """
    if contract.billing_method != BillingMethod.PER_CHARGE or contract.stage in IDLE:
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


async def bill_ahead(
    session: AsyncSession, contract: Contract, *, until: date, by: str, at: datetime
) -> int:
    """This will invoice what of a contract, or of its group, falls due by a day; how many there
    are then. Charges that wait are left, and a courtesy's.

    Refuses a day that is years away (ChangeTooFar), and where nothing is to be invoiced
    (NothingToBill).
    """
    today, customer_id = local_date(at), contract.customer_id
    check_not_too_far(until, today=today, field="until")
    charges = await billing.charges_to_bill(
        session, first=customer_id, last=customer_id, today=today, until=until
    )
    payers = {each.payer for each in charges if each.contract_id == contract.key}
    bundles = gather([each for each in charges if each.payer in payers], today=today).bundles
    if not bundles:
        raise NothingToBill(until=written_date(until))
    await billing.write_invoices(session, bundles, Billing(None, by, at, until))
    contracts = {each.contract_id for bundle in bundles for each in bundle.charges}
    for each in await contracts_by_id(session, contracts):
        amount = sum((c.net for b in bundles for c in b.charges if c.contract_id == each.key), ZERO)
        record_contract_event(
            session, each, kind="billed_ahead", by=by, at=at, invoices=len(bundles),
            amount=str(amount), until_on=until.isoformat(),
        )  # fmt: skip
        await _read_again(session, each)
    await announce_issued(session, [each.code for each in bundles], at=at)
    return len(bundles)


async def _read_again(session: AsyncSession, contract: Contract) -> None:
    """The rows were written past the session, which may hold the charges as they were."""
    written = select(Charge).where(Charge.contract_id == contract.key)
    await session.exec(written.execution_options(populate_existing=True))
