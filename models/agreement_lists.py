"""The lists of an account's agreements, where an invoice came from, and drafts of the wizard."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agreement_rules import DEEPEST
from models.agreements import Agreement, AgreementDraft, AgreementInvoice, Role
from models.customers import read_customer
from models.invoices import Invoice
from rules.agreements import LIVE
from rules.collection_stages import CollectionStage
from rules.panels import InvoiceStatus


@dataclass(frozen=True)
class AgreedInvoiceRow:
    """An invoice beside the agreement that it belongs to, and its place in it."""

    agreement: Agreement
    invoice: Invoice
    link: AgreementInvoice


async def agreements_in_progress(session: AsyncSession, customer_id: int) -> Sequence[Agreement]:
    """List 1: the customer's live agreements, broken ones too, the newest first."""
    statement = (
        select(Agreement)
        .where(Agreement.customer_id == customer_id, col(Agreement.status).in_(LIVE))
        .order_by(col(Agreement.id).desc())
    )
    return (await session.exec(statement)).all()


async def participating_invoices(session: AsyncSession, customer_id: int) -> list[AgreedInvoiceRow]:
    """List 2: the originals that the customer's live agreements took in."""
    return await _rows(
        session, customer_id,
        AgreementInvoice.role == Role.ORIGINAL, col(Agreement.status).in_(LIVE),
    )  # fmt: skip


async def invoices_awaiting_settlement(
    session: AsyncSession, customer_id: int
) -> list[AgreedInvoiceRow]:
    """List 3: what is still to be paid on the customer's live agreements."""
    return await _rows(session, customer_id, *_unsettled())


async def invoices_past_tolerance(
    session: AsyncSession, customer_id: int, *, today: date
) -> list[AgreedInvoiceRow]:
    """List 4: what is still to be paid although the tolerance date has passed."""
    return await _rows(session, customer_id, *_unsettled(), col(Agreement.tolerance_date) < today)


async def settled_invoices(session: AsyncSession, customer_id: int) -> list[AgreedInvoiceRow]:
    """List 5: what was paid on the customer's agreements, whatever became of them."""
    return await _rows(
        session, customer_id,
        col(Invoice.agreement_id) == col(Agreement.id),
        col(Invoice.collection_stage) == CollectionStage.FULFILLED,
        col(Invoice.status) == InvoiceStatus.SETTLED,
    )  # fmt: skip


async def lineage_of(session: AsyncSession, invoice_id: int) -> list[AgreedInvoiceRow]:
    """Every agreement that the invoice was taken in or made by, and what it was to each."""
    return await _rows(session, None, AgreementInvoice.invoice_id == invoice_id)


async def ancestors_of(session: AsyncSession, invoice_id: int) -> list[list[AgreedInvoiceRow]]:
    """What the invoice was made of, and that in turn, back to the first debts: the nearest first.

    Each generation is the originals of the agreements that made the one after it.
    """
    return await _generations(session, invoice_id, made_as=Role.INSTALMENT, of=Role.ORIGINAL)


async def descendants_of(session: AsyncSession, invoice_id: int) -> list[list[AgreedInvoiceRow]]:
    """What was made of the invoice, and of that in turn, the nearest first."""
    return await _generations(session, invoice_id, made_as=Role.ORIGINAL, of=Role.INSTALMENT)


async def _generations(
    session: AsyncSession, invoice_id: int, *, made_as: Role, of: Role
) -> list[list[AgreedInvoiceRow]]:
    """Two statements a generation, however many invoices it has."""
    found: list[list[AgreedInvoiceRow]] = []
    level, passed = {invoice_id}, set[int]()
    while level and len(found) < DEEPEST:
        through = select(AgreementInvoice.agreement_id).where(
            col(AgreementInvoice.invoice_id).in_(level), AgreementInvoice.role == made_as
        )
        agreements = set(await session.exec(through)) - passed
        passed |= agreements
        where = col(AgreementInvoice.agreement_id).in_(agreements)
        rows = await _rows(session, None, where, AgreementInvoice.role == of) if agreements else []
        found += [rows] if rows else []
        level = {row.invoice.key for row in rows}
    return found


async def agreement_invoices(session: AsyncSession, agreement_id: int) -> list[AgreedInvoiceRow]:
    """All invoices of one agreement: its originals, then its instalments."""
    return await _rows(session, None, AgreementInvoice.agreement_id == agreement_id)


async def codes_of_invoices(
    session: AsyncSession, agreement_ids: Collection[int]
) -> dict[int, dict[str, list[str]]]:
    """The codes of the invoices of these agreements, by agreement and role."""
    statement = (
        select(AgreementInvoice.agreement_id, AgreementInvoice.role, Invoice.code)
        .join(Invoice, col(Invoice.id) == col(AgreementInvoice.invoice_id))
        .where(col(AgreementInvoice.agreement_id).in_(agreement_ids))
    )
    found: dict[int, dict[str, list[str]]] = {}
    for agreement_id, role, code in await session.exec(statement):
        found.setdefault(agreement_id, {}).setdefault(role, []).append(code)
    return found


async def save_draft(
    session: AsyncSession, *, customer_id: int, by: str, form: dict[str, Any], at: datetime
) -> AgreementDraft:
    """This will keep a wizard as it is; each person has one per customer, saving again replaces.

    Refuses CustomerNotFound.
    """
    await read_customer(session, customer_id)
    draft = await draft_of(session, customer_id=customer_id, by=by)
    if draft is None:
        draft = AgreementDraft(customer_id=customer_id, by=by, at=at, form=form)
    draft.form, draft.at = form, at
    session.add(draft)
    await session.flush()
    return draft


async def draft_of(session: AsyncSession, *, customer_id: int, by: str) -> AgreementDraft | None:
    """The wizard that this person left open for the customer, if any."""
    statement = select(AgreementDraft).where(
        AgreementDraft.customer_id == customer_id, AgreementDraft.by == by
    )
    return (await session.exec(statement)).one_or_none()


async def drop_draft(session: AsyncSession, *, customer_id: int, by: str) -> None:
    """This will forget the wizard that this person left open; none: nothing."""
    draft = await draft_of(session, customer_id=customer_id, by=by)
    if draft is not None:
        await session.delete(draft)


def _unsettled() -> tuple[Any, ...]:
    """Open invoices that keep a live agreement: never the originals that it replaced."""
    return (
        col(Agreement.status).in_(LIVE),
        col(Invoice.status) == InvoiceStatus.OPEN,
        col(Invoice.agreement_id) == col(Agreement.id),
    )


async def _rows(
    session: AsyncSession, customer_id: int | None, *conditions: Any
) -> list[AgreedInvoiceRow]:
    statement = (
        select(Agreement, Invoice, AgreementInvoice)
        .join(AgreementInvoice, col(AgreementInvoice.agreement_id) == col(Agreement.id))
        .join(Invoice, col(Invoice.id) == col(AgreementInvoice.invoice_id))
        .where(*conditions)
        .order_by(
            col(Agreement.id).desc(), col(AgreementInvoice.role).desc(),
            col(AgreementInvoice.ordinal), col(Invoice.due_date), col(Invoice.id),
        )
    )  # fmt: skip
    if customer_id is not None:
        statement = statement.where(Agreement.customer_id == customer_id)
    return [AgreedInvoiceRow(*row) for row in await session.exec(statement)]
