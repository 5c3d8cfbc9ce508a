"""What contestations look for on carriers' invoices: credits, the final file, errors again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.carrier_agreements import CarrierAgreementRule
from models.carrier_invoices import CarrierInvoice, CarrierInvoiceItem, counted
from models.contestations import Contestation, ContestationCredit, ContestationItem
from models.findings import Finding
from models.rows import read_rows
from rules.contestation_corrections import Cause
from rules.contestation_credits import Credit, is_credit
from rules.contestation_dues import Came


async def invoices_after(
    session: AsyncSession, contestation: Contestation
) -> Sequence[CarrierInvoice]:
    """The account's invoices after the contested one, the oldest first; previews are none."""
    contested = await session.get_one(CarrierInvoice, contestation.invoice_id)
    statement = (
        select(CarrierInvoice)
        .where(
            CarrierInvoice.account_id == contestation.account_id,
            CarrierInvoice.issue_date > contested.issue_date,
            *counted(),
            col(CarrierInvoice.audited_at).is_not(None),
        )
        .order_by(col(CarrierInvoice.issue_date), col(CarrierInvoice.id))
    )
    return (await session.exec(statement)).all()


async def credits_on(session: AsyncSession, invoice_id: int) -> list[Credit]:
    """What an invoice gives back after contestations, less what was taken for others."""
    statement = select(CarrierInvoiceItem).where(
        CarrierInvoiceItem.invoice_id == invoice_id, CarrierInvoiceItem.amount < 0
    )
    given = [
        each
        for each in (await session.exec(statement.order_by(col(CarrierInvoiceItem.id)))).all()
        if is_credit(
            kind=each.kind, code=each.code, description=each.description, amount=each.amount
        )
    ]
    taken = await taken_of(session, [each.id or 0 for each in given])
    credits = [
        Credit(
            each.id or 0, each.number, each.description, -each.amount - taken.get(each.id or 0, 0)
        )
        for each in given
    ]
    return [each for each in credits if each.amount > 0]


async def taken_of(session: AsyncSession, charge_ids: Sequence[int]) -> dict[int, Decimal]:
    """How much of each charge was taken for contestations already."""
    statement = (
        select(ContestationCredit.charge_id, func.sum(ContestationCredit.amount))
        .where(col(ContestationCredit.charge_id).in_(charge_ids))
        .group_by(col(ContestationCredit.charge_id))
    )
    return dict((await session.exec(statement)).all())


@dataclass(frozen=True)
class FoundCredit:
    """So much of a charge of a later invoice that was taken for an item."""

    item_id: int
    amount: Decimal
    description: str
    number: str
    invoice_id: int
    invoice_number: str
    issue_date: date


async def credits_found(session: AsyncSession, contestation_id: int) -> list[FoundCredit]:
    """Every credit that was found for a contestation, in the order of the invoices."""
    statement = (
        select_columns(
            col(ContestationCredit.item_id), col(ContestationCredit.amount),
            col(CarrierInvoiceItem.description), col(CarrierInvoiceItem.number),
            col(CarrierInvoice.id), col(CarrierInvoice.number), col(CarrierInvoice.issue_date),
        )
        .join(ContestationItem, col(ContestationItem.id) == col(ContestationCredit.item_id))
        .join(CarrierInvoiceItem, col(CarrierInvoiceItem.id) == col(ContestationCredit.charge_id))
        .join(CarrierInvoice, col(CarrierInvoice.id) == col(CarrierInvoiceItem.invoice_id))
        .where(col(ContestationItem.contestation_id) == contestation_id)
        .order_by(col(CarrierInvoice.issue_date), col(ContestationCredit.id))
    )  # fmt: skip
    return [FoundCredit(*row) for row in await read_rows(session, statement)]


async def came_by_item(session: AsyncSession, contestation_id: int) -> Mapping[int, list[Came]]:
    """What came back for each item, and on which invoice's day."""
    found: dict[int, list[Came]] = defaultdict(list)
    for each in await credits_found(session, contestation_id):
        found[each.item_id].append(Came(each.issue_date, each.amount))
    return found


async def newest_audited(session: AsyncSession, account_id: int) -> CarrierInvoice | None:
    """An account's newest audited invoice that is no preview; None while there is none."""
    statement = (
        select(CarrierInvoice)
        .where(
            CarrierInvoice.account_id == account_id,
            *counted(),
            col(CarrierInvoice.audited_at).is_not(None),
        )
        .order_by(col(CarrierInvoice.issue_date).desc(), col(CarrierInvoice.id).desc())
    )
    return (await session.exec(statement.limit(1))).first()


async def causes_on(session: AsyncSession, invoice_id: int) -> set[Cause]:
    """Every error that an audit found too dear on an invoice."""
    statement = select(Finding.rule, Finding.number, Finding.code, Finding.description).where(
        Finding.invoice_id == invoice_id, Finding.difference > 0
    )
    return {Cause(*row) for row in (await session.exec(statement)).all()}


async def rules_not_asked(session: AsyncSession, invoice: CarrierInvoice) -> frozenset[str]:
    """The rules that are off in the agreement by which an invoice was audited."""
    statement = select(CarrierAgreementRule.rule).where(
        CarrierAgreementRule.agreement_id == invoice.agreement_id,
        col(CarrierAgreementRule.is_on).is_(False),
    )
    return frozenset((await session.exec(statement)).all())


async def final_of(session: AsyncSession, contestation: Contestation) -> CarrierInvoice | None:
    """The invoice that a preview foretold: of the same account and month, and audited."""
    preview = await session.get_one(CarrierInvoice, contestation.invoice_id)
    statement = select(CarrierInvoice).where(
        CarrierInvoice.account_id == preview.account_id,
        CarrierInvoice.month == preview.month,
        *counted(),
        col(CarrierInvoice.audited_at).is_not(None),
    )
    return (await session.exec(statement.limit(1))).first()


async def standing_for(session: AsyncSession, contestation: Contestation) -> CarrierInvoice | None:
    """The newest audited file in the place of a contested invoice; None: that one stands."""
    found, invoice = None, await session.get_one(CarrierInvoice, contestation.invoice_id)
    while invoice.replaced_by_id is not None:
        invoice = await session.get_one(CarrierInvoice, invoice.replaced_by_id)
        found = invoice if invoice.audited_at else found
    return found


async def findings_by_key(session: AsyncSession, invoice_id: int) -> dict[str, Finding]:
    """Every finding of an invoice that is too dear, for changing them."""
    statement = select(Finding).where(Finding.invoice_id == invoice_id, Finding.difference > 0)
    return {each.key: each for each in (await session.exec(statement.with_for_update())).all()}


async def differences_by_key(session: AsyncSession, invoice_id: int) -> dict[str, Decimal]:
    """How much too dear each finding of an invoice is."""
    statement = select(col(Finding.key), col(Finding.difference)).where(
        Finding.invoice_id == invoice_id, Finding.difference > 0
    )
    return dict((await session.exec(statement)).all())
