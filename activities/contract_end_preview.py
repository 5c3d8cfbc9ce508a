"""What cancelling a contract on a day would do: found by doing it, and taking it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contract_charges import total
from activities.contract_ends import cancel_contract, early_fee
from models.charges import Charge
from models.contracts import Contract, lock_contract
from models.database import Database
from models.invoices import Invoice
from rules.business_days import local_date
from rules.charges import ChargeStatus
from rules.contract_changes import AskedChange, ChangeKind, check_change
from rules.contracts import ContractStage
from rules.minimum_term import EarlyCancellation
from rules.panels import InvoiceStatus


@dataclass(frozen=True)
class EndPreview:
    """What would become of a contract; `to_bill` is what is still to be invoiced, the fee in it."""

    fee: EarlyCancellation
    charges: int
    invoices: int
    to_bill: Decimal


async def preview_end(
    database: Database, contract_id: int, *, on: date, by: str, at: datetime
) -> EndPreview:
    """This will tell what ending on that day does to the charges as they stand; changes nothing.

    Refuses what asking for the cancellation would: an unknown contract, one that is over, a day
    that has passed or is years away.
    """
    async with database.write() as session:
        contract = await lock_contract(session, contract_id)
        asked = AskedChange(ChangeKind.CANCELLATION, on, reason="-")
        check_change(asked, stage=ContractStage(contract.stage), today=local_date(at))
        preview = await _ended(session, contract, on=on, by=by, at=at)
        await session.rollback()
    return preview


async def _ended(
    session: AsyncSession, contract: Contract, *, on: date, by: str, at: datetime
) -> EndPreview:
    charges, invoices = await _cancelled(session, contract)
    await cancel_contract(session, contract, on=on, reason="", by=by, at=at)
    await session.flush()
    charges_then, invoices_then = await _cancelled(session, contract)
    pending = select(Charge).where(
        Charge.contract_id == contract.id,
        col(Charge.status).in_((ChargeStatus.OPEN, ChargeStatus.WAITING)),
    )
    return EndPreview(
        fee=early_fee(contract, on=on), charges=charges_then - charges,
        invoices=invoices_then - invoices, to_bill=total(await session.exec(pending)),
    )  # fmt: skip


async def _cancelled(session: AsyncSession, contract: Contract) -> tuple[int, int]:
    """How many charges of the contract are cancelled, and how many of its invoices."""
    own = select(Charge).where(Charge.contract_id == contract.id)
    charges = (await session.exec(own)).all()
    ids = {each.invoice_id for each in charges if each.invoice_id is not None}
    invoices = select(Invoice.id).where(
        col(Invoice.id).in_(ids), Invoice.status == InvoiceStatus.CANCELLED
    )
    gone = [each for each in charges if each.status == ChargeStatus.CANCELLED]
    return len(gone), len((await session.exec(invoices)).all())
