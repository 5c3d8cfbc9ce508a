"""Agreements: what customer and operator settled on, its invoices, and unfinished drafts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import facts, identity, instant, money, reference
from models.invoices import Invoice
from rules.agreement_terms import AgreementKind
from rules.agreements import LIVE
from rules.panels import InvoiceStatus
from rules.proposals import Components, InvoiceFacts, Quote, quote
from rules.refusals import Refusal


class AgreementNotFound(Refusal):
    message = "Este acordo não existe."


class Role(StrEnum):
    """What an invoice is to an agreement: taken in by it, or made by it."""

    ORIGINAL = "original"
    INSTALMENT = "instalment"


class Agreement(SQLModel, table=True):
    """An agreement; its number is its identity. Components and quote are kept as agreed."""

    __tablename__ = "agreements"
    __table_args__ = (
        Index("ix_agreements_made", "made_at", "made_by"),
        Index("ix_agreements_status", "status", "tolerance_date"),
        Index("ix_agreements_ended", "status", "ended_at", "made_by"),
    )

    id: int | None = identity()
    code: str | None = Field(
        default=None, unique=True, max_length=40, description="its key in the system it came from"
    )
    customer_id: int = reference("customers.id")
    kind: str = Field(max_length=12, description="unchanged or proposal")
    status: str = Field(max_length=14)
    category_id: int = reference("agreement_categories.id", index=False)
    tolerance_date: date
    principal: Decimal = money()
    total: Decimal = money()
    components: dict[str, Any] = facts()
    keeps_discount: bool = False
    description: str = Field(default="", max_length=200)
    made_at: datetime = instant()
    made_by: str = Field(max_length=60)
    approved_by: str = Field(
        default="", max_length=60, description="who let it go beyond its author's limit"
    )
    reminded_until: date | None = Field(
        default=None, description="reminders of this day and before it are done or left out"
    )
    ended_at: datetime | None = instant(None)
    ended_by: str | None = Field(default=None, max_length=60)
    reason: str = Field(default="", max_length=500)

    @property
    def number(self) -> int:
        """The agreement's identity once it is stored."""
        assert self.id is not None  # noqa: S101 - for the type: a stored row has one
        return self.id

    @property
    def kept_by(self) -> Role:
        """Which of its invoices must be paid for it to be kept."""
        return Role.ORIGINAL if self.kind == AgreementKind.UNCHANGED else Role.INSTALMENT


def quote_of(agreement: Agreement) -> Quote:
    """What an agreement was priced at: its principal, and what came to it and went off it."""
    agreed: dict[str, Any] = {
        name: value if name.endswith("_id") else Decimal(value)
        for name, value in agreement.components.items()
    }
    return quote(agreement.principal, components=Components(**agreed))


class AgreementInvoice(SQLModel, table=True):
    """An invoice of an agreement. `parts` of an original keep its open principal and status,
    those of an instalment what its amount is made of."""

    __tablename__ = "agreement_invoices"
    __table_args__ = (UniqueConstraint("agreement_id", "invoice_id"),)

    id: int | None = identity()
    agreement_id: int = reference("agreements.id", index=False)
    invoice_id: int = reference("invoices.id")
    role: str = Field(max_length=10, description="original or instalment")
    ordinal: int = 0
    parts: dict[str, Any] = facts()


class AgreementDraft(SQLModel, table=True):
    """A wizard that was left open, to be taken up again."""

    __tablename__ = "agreement_drafts"
    __table_args__ = (UniqueConstraint("customer_id", "by"),)

    id: int | None = identity()
    customer_id: int = reference("customers.id")
    by: str = Field(max_length=60)
    at: datetime = instant()
    form: dict[str, Any] = facts()


async def agreement_of(session: AsyncSession, agreement_id: int) -> Agreement:
    """This will read an agreement for changing it. Raises AgreementNotFound."""
    statement = select(Agreement).where(Agreement.id == agreement_id).with_for_update()
    agreement = (await session.exec(statement)).one_or_none()
    if agreement is None:
        raise AgreementNotFound
    return agreement


def add_link(
    session: AsyncSession,
    agreement: Agreement,
    invoice: Invoice,
    *,
    role: Role,
    ordinal: int,
    parts: Mapping[str, str],
) -> None:
    """This will make the invoice one of the agreement's; it finds the agreement by its own row."""
    session.add(
        AgreementInvoice(
            agreement_id=agreement.number, invoice_id=invoice.key, role=role, ordinal=ordinal,
            parts=dict(parts),
        )
    )  # fmt: skip
    invoice.agreement_id = agreement.number
    session.add(invoice)


async def linked_invoices(
    session: AsyncSession, agreement_id: int, *, role: Role
) -> Sequence[tuple[AgreementInvoice, Invoice]]:
    """This will read the agreement's invoices of a role, in their order, for changing them."""
    statement = (
        select(AgreementInvoice, Invoice)
        .join(Invoice, col(Invoice.id) == col(AgreementInvoice.invoice_id))
        .where(AgreementInvoice.agreement_id == agreement_id, AgreementInvoice.role == role)
        .order_by(col(AgreementInvoice.ordinal), col(Invoice.id))
        .with_for_update(of=Invoice)
    )
    return (await session.exec(statement)).all()


async def has_originals(session: AsyncSession, agreement_id: int) -> bool:
    """Whether it is known which invoices the agreement took in."""
    statement = select(AgreementInvoice.id).where(
        AgreementInvoice.agreement_id == agreement_id, AgreementInvoice.role == Role.ORIGINAL
    )
    return (await session.exec(statement.limit(1))).first() is not None


async def instalments_as_they_are(session: AsyncSession, agreement_id: int) -> Sequence[Invoice]:
    """The invoices in place of the agreement's originals, read anew and not locked.

    Whoever pays holds some of them already: locking the others after those would let two wait for
    one another.
    """
    linked = select(AgreementInvoice.invoice_id).where(
        AgreementInvoice.agreement_id == agreement_id,
        AgreementInvoice.role == Role.INSTALMENT,
    )
    statement = select(Invoice).where(col(Invoice.id).in_(linked)).order_by(col(Invoice.id))
    return (await session.exec(statement.execution_options(populate_existing=True))).all()


async def role_of(session: AsyncSession, invoice: Invoice) -> Role | None:
    """What an invoice is to the agreement that it belongs to; None without one."""
    statement = select(AgreementInvoice.role).where(
        AgreementInvoice.invoice_id == invoice.id,
        AgreementInvoice.agreement_id == invoice.agreement_id,
    )
    role = (await session.exec(statement)).first()
    return None if role is None else Role(role)


async def parts_of_instalment(session: AsyncSession, invoice_id: int) -> Mapping[str, str] | None:
    """What the amount of an agreement's instalment is made of; None for any other invoice."""
    statement = select(AgreementInvoice.parts).where(
        AgreementInvoice.invoice_id == invoice_id, AgreementInvoice.role == Role.INSTALMENT
    )
    return (await session.exec(statement)).first()


async def lock_invoices(session: AsyncSession, invoice_ids: Sequence[int]) -> None:
    """This will keep others from changing these invoices, and read them anew, until the commit."""
    statement = (
        select(Invoice)
        .where(col(Invoice.id).in_(invoice_ids))
        .order_by(col(Invoice.id))
        .with_for_update()
    )
    (await session.exec(statement)).all()


async def invoices_of_customer(
    session: AsyncSession, *, customer_id: int, invoice_ids: Sequence[int]
) -> Sequence[Invoice]:
    """Those of these invoices that are the customer's, the oldest first."""
    statement = (
        select(Invoice)
        .where(col(Invoice.id).in_(invoice_ids), Invoice.customer_id == customer_id)
        .order_by(col(Invoice.due_date), col(Invoice.id))
    )
    return (await session.exec(statement)).all()


async def facts_of(session: AsyncSession, invoices: Sequence[Invoice]) -> dict[int, InvoiceFacts]:
    """What decides whether each of these invoices may enter an agreement."""
    ids = {invoice.agreement_id for invoice in invoices if invoice.agreement_id is not None}
    statement = select(Agreement.id).where(
        col(Agreement.id).in_(ids), col(Agreement.status).in_(LIVE)
    )
    live = set(await session.exec(statement))
    return {
        invoice.key: InvoiceFacts(
            is_settled=invoice.status == InvoiceStatus.SETTLED,
            is_suspended=invoice.status == InvoiceStatus.SUSPENDED,
            is_cancelled=invoice.status == InvoiceStatus.CANCELLED,
            is_in_live_agreement=invoice.agreement_id in live
            or invoice.status == InvoiceStatus.REPLACED,
            has_fiscal_document=invoice.fiscal_document_issued,
            has_remittance=invoice.remittance_generated,
        )
        for invoice in invoices
    }
