"""Invoices: what a customer owes on a date, where each stands in collections, and its history."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Index, TextClause, text
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import facts, identity, instant, money, reference
from rules.panels import InvoiceStatus


def _partial(name: str, *columns: str | TextClause, where: str) -> Index:
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


#: What a panel's filter looks at and adds up: from the index alone, without reading invoices.
_SUMMED = ("open_amount", "amount", "status", "customer_id", "agreement_id")
#: In the lines in which PostgreSQL gives it back: alembic would take others for a change.
_SHOWN_OF_CONFLICTS = """(
CASE
    WHEN status = 'settled' THEN amount
    ELSE open_amount
END)"""


class Invoice(SQLModel, table=True):
    """What is owed on a date. `code` is its key in other systems; `open_amount` is what is left."""

    __tablename__ = "invoices"
    __table_args__ = (
        # Classification narrows by due date over what is open and not yet classified.
        _partial(
            "ix_invoices_classifiable",
            "due_date",
            "contract_id",
            where="status = 'open' AND collection_stage IS NULL",
        ),
        # The ladder's daily run reads what is due by now, and what was never looked at.
        _partial("ix_invoices_ladder", "ladder_next_on", "customer_id", where="status = 'open'"),
        _partial(
            "ix_invoices_stage_due",
            "collection_stage",
            "due_date",
            "id",
            *_SUMMED,
            where="collection_stage IS NOT NULL",
        ),
        _partial(
            "ix_invoices_stage_amount",
            "collection_stage",
            "open_amount",
            "id",
            where="collection_stage IS NOT NULL",
        ),
        # Settled invoices owe nothing: their panels sort by what they were.
        _partial(
            "ix_invoices_stage_whole",
            "collection_stage",
            "amount",
            "id",
            where="collection_stage IS NOT NULL",
        ),
        _partial(
            "ix_invoices_bureau_whole",
            "bureau_stage",
            "amount",
            "id",
            where="bureau_stage IS NOT NULL",
        ),
        _partial(
            "ix_invoices_bureau_due",
            "bureau_stage",
            "due_date",
            "id",
            *_SUMMED,
            where="bureau_stage IS NOT NULL",
        ),
        _partial(
            "ix_invoices_bureau_amount",
            "bureau_stage",
            "open_amount",
            "id",
            where="bureau_stage IS NOT NULL",
        ),
        # Conflicts are open and settled; written as models/panels.py `amount_of` asks for it.
        _partial(
            "ix_invoices_conflict_amount",
            "bureau_stage",
            text(_SHOWN_OF_CONFLICTS),
            "id",
            where="bureau_stage = 'conflict'",
        ),
        Index("ix_invoices_customer", "customer_id", "collection_stage"),
        # By its beginning too, whatever PostgreSQL's collation.
        Index("ix_invoices_number", "number", postgresql_ops={"number": "text_pattern_ops"}),
    )

    id: int | None = identity()
    code: str = Field(unique=True, max_length=40)
    number: str = Field(default="", max_length=40, description="the number the customer sees")
    customer_id: int = reference("customers.id", index=False)
    contract_id: int | None = reference("contracts.id", nullable=True)
    issue_date: date | None = None
    due_date: date
    description: str = Field(default="", max_length=200)
    amount: Decimal = money()
    open_amount: Decimal = money()
    status: str = Field(default="open", max_length=12)
    settled_on: date | None = None
    fiscal_document_issued: bool = False
    remittance_generated: bool = False
    payment_profile_id: int | None = reference("payment_profiles.id", nullable=True, index=False)
    pay_on_time_discount: Decimal = money(Decimal(0))
    collection_stage: str | None = Field(default=None, max_length=20)
    stage_since: datetime | None = instant(None)
    agreement_id: int | None = reference("agreements.id", nullable=True)
    bureau_stage: str | None = Field(default=None, max_length=12)
    ladder_next_on: date | None = Field(
        default=None, description="when the ladder looks at it; None: at the next run"
    )

    @property
    def key(self) -> int:
        """The invoice's identity once it is stored."""
        assert self.id is not None  # noqa: S101 - for the type: a stored row has one
        return self.id


class InvoiceEvent(SQLModel, table=True):
    """One line of an invoice's own history."""

    __tablename__ = "invoice_events"
    __table_args__ = (Index("ix_invoice_events_invoice", "invoice_id", "id"),)

    id: int | None = identity()
    invoice_id: int = reference("invoices.id", index=False)
    at: datetime = instant()
    by: str = Field(max_length=60)
    kind: str = Field(max_length=40)
    parameters: dict[str, Any] = facts()


def record_invoice_event(
    session: AsyncSession, invoice: Invoice, *, kind: str, by: str, at: datetime, **parameters: Any
) -> None:
    """This will add a line to the invoice's history; parameters are plain JSON values."""
    session.add(
        InvoiceEvent(invoice_id=invoice.key, at=at, by=by, kind=kind, parameters=parameters)
    )


def put_in_stage(
    session: AsyncSession, invoice: Invoice, stage: str, *, by: str, at: datetime, reason: str = ""
) -> None:
    """This will move an invoice to a stage of collections and write it to its history."""
    record_invoice_event(
        session, invoice, kind="stage", by=by, at=at, was=invoice.collection_stage, now=stage,
        reason=reason,
    )  # fmt: skip
    invoice.collection_stage = stage
    invoice.stage_since = at
    invoice.ladder_next_on = None
    session.add(invoice)


#: How its history says that an invoice owes again and is in no stage until it is classified.
OWED_AGAIN = "owed_again"


def take_out_of_stage(session: AsyncSession, invoice: Invoice, *, by: str, at: datetime) -> None:
    """This will have an invoice that owes again wait for the classifier, and say so."""
    record_invoice_event(
        session, invoice, kind=OWED_AGAIN, by=by, at=at, was=invoice.collection_stage
    )
    invoice.collection_stage, invoice.stage_since = None, at
    session.add(invoice)


def label_of(invoice: Invoice) -> str:
    """What people call an invoice: the number the customer sees, else its code."""
    return invoice.number or invoice.code


async def open_invoices_of(
    session: AsyncSession, customer_id: int, *, most: int
) -> Sequence[Invoice]:
    """A customer's open invoices, those due first before the others, at most so many."""
    statement = (
        select(Invoice)
        .where(Invoice.customer_id == customer_id, Invoice.status == InvoiceStatus.OPEN)
        .order_by(col(Invoice.due_date), col(Invoice.id))
        .limit(most)
    )
    return (await session.exec(statement)).all()


async def invoices_by_id(session: AsyncSession, ids: Collection[int]) -> dict[int, Invoice]:
    """This will read invoices for changing them; those that do not exist are left out."""
    statement = (
        select(Invoice).where(col(Invoice.id).in_(ids)).order_by(col(Invoice.id)).with_for_update()
    )
    return {invoice.key: invoice for invoice in await session.exec(statement)}


async def invoice_with_code(session: AsyncSession, code: str) -> Invoice | None:
    """The invoice of a code; None when there is none."""
    return (await session.exec(select(Invoice).where(Invoice.code == code.strip()))).one_or_none()


async def invoice_called(session: AsyncSession, told: str) -> Invoice | None:
    """The invoice that a person names, by its code or by the number that its customer sees.

    None when there is none, as where several have the number.
    """
    by_code = await invoice_with_code(session, told)
    if by_code is not None or not told.strip():
        return by_code
    statement = select(Invoice).where(Invoice.number == told.strip()).limit(2)
    found = (await session.exec(statement)).all()
    return found[0] if len(found) == 1 else None
