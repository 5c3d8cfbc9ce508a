"""The new invoices of an agreement: made in place of the originals, each linked to both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.invoice_webhooks import announce_issued
from models import agreements
from models.agreements import Agreement, Role
from models.contracts import Contract
from models.invoices import Invoice, put_in_stage, record_invoice_event
from models.plans import DiscountTable
from rules.agreement_terms import MakeAgreement
from rules.agreements import AgreementPolicy, AgreementReason
from rules.business_days import local_date
from rules.collection_stages import CollectionStage
from rules.money import ZERO
from rules.panels import InvoiceStatus
from rules.proposal_instalments import Instalment

PARTS = ("principal", "increase", "fine", "discount", "charges", "fees")


async def replace_originals(
    session: AsyncSession,
    agreement: Agreement,
    originals: Sequence[Invoice],
    rows: Sequence[Instalment],
    *,
    command: MakeAgreement,
    policy: AgreementPolicy,
) -> None:
    """This will make one invoice per instalment; the originals owe nothing from then on."""
    contracts = await _contracts_of(session, originals)
    discount = await _discount_of(session, contracts)
    pattern = _Pattern(
        contract_id=contracts[0].id if len(contracts) == 1 else None,
        payment_profile_id=command.payment_profile_id or originals[0].payment_profile_id,
        discount=discount if command.keeps_discount else ZERO,
        count=len(rows),
    )
    invoices = [_invoice(agreement, row, pattern) for row in rows]
    session.add_all(invoices)
    await session.flush()
    codes = [invoice.code for invoice in invoices]
    for row, invoice in zip(rows, invoices, strict=True):
        _link(session, agreement, row, invoice, originals)
    await session.flush()
    await announce_issued(session, codes, at=agreement.made_at)
    for original in originals:
        _put_aside(session, agreement, original, codes=codes, policy=policy)


@dataclass(frozen=True)
class _Pattern:
    """What all instalments of an agreement have in common."""

    contract_id: int | None
    payment_profile_id: int | None
    discount: Decimal
    count: int


async def _contracts_of(session: AsyncSession, originals: Sequence[Invoice]) -> Sequence[Contract]:
    ids = {original.contract_id for original in originals if original.contract_id is not None}
    statement = select(Contract).where(col(Contract.id).in_(ids)).order_by(col(Contract.id))
    return (await session.exec(statement)).all()


async def _discount_of(session: AsyncSession, contracts: Sequence[Contract]) -> Decimal:
    """What paying in time takes off a period of these contracts: by their tables, or by their own.

    An imported contract has no table.
    """
    own = func.coalesce(col(DiscountTable.pay_on_time), col(Contract.pay_on_time_discount))
    statement: Any = (
        select(own)
        .select_from(Contract)
        .outerjoin(DiscountTable, col(DiscountTable.id) == col(Contract.discount_table_id))
        .where(col(Contract.id).in_([each.key for each in contracts]))
    )
    return sum(await session.exec(statement), ZERO)


def _invoice(agreement: Agreement, row: Instalment, pattern: _Pattern) -> Invoice:
    code = f"A{agreement.number}-{row.ordinal}"
    place = f"Acordo {agreement.number}, parcela {row.ordinal}/{pattern.count}"
    return Invoice(
        code=code,
        number=code,
        customer_id=agreement.customer_id,
        contract_id=pattern.contract_id,
        issue_date=local_date(agreement.made_at),
        due_date=row.due_date,
        description=agreement.description or place,
        amount=row.amount,
        open_amount=row.amount,
        payment_profile_id=pattern.payment_profile_id,
        pay_on_time_discount=min(pattern.discount, row.amount),
    )


def _link(
    session: AsyncSession,
    agreement: Agreement,
    row: Instalment,
    invoice: Invoice,
    originals: Sequence[Invoice],
) -> None:
    agreements.add_link(
        session, agreement, invoice, role=Role.INSTALMENT, ordinal=row.ordinal,
        parts={part: str(getattr(row, part)) for part in PARTS},
    )  # fmt: skip
    record_invoice_event(
        session, invoice, kind="made_by_agreement", by=agreement.made_by, at=agreement.made_at,
        agreement_id=agreement.number, originals=[original.code for original in originals],
    )  # fmt: skip
    put_in_stage(
        session, invoice, CollectionStage.IN_AGREEMENT, by=agreement.made_by,
        at=agreement.made_at, reason=AgreementReason.MADE,
    )  # fmt: skip


def _put_aside(
    session: AsyncSession,
    agreement: Agreement,
    original: Invoice,
    *,
    codes: list[str],
    policy: AgreementPolicy,
) -> None:
    """What it owed stands in its link: restoring reads it there, and no total counts it twice."""
    status = InvoiceStatus.SUSPENDED if policy.suspend_originals else InvoiceStatus.REPLACED
    original.status, original.open_amount = status, ZERO
    record_invoice_event(
        session, original, kind="replaced_by_agreement", by=agreement.made_by,
        at=agreement.made_at, agreement_id=agreement.number, invoices=codes,
    )  # fmt: skip
    put_in_stage(
        session, original, CollectionStage.REPLACED, by=agreement.made_by, at=agreement.made_at,
        reason=AgreementReason.MADE,
    )  # fmt: skip
