"""Fiscal documents with their numbers, and the series that the numbers are of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Index, Select, UniqueConstraint, exists, text
from sqlalchemy import select as select_columns
from sqlmodel import Field, SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import facts, identity, instant, money, reference
from models.charges import Charge
from models.contracts import Contract
from models.customers import Customer
from models.folding import holds
from models.invoices import Invoice
from rules.fiscal_documents import (
    MOST_NUMBER,
    FiscalDocumentNotFound,
    FiscalStatus,
    SeriesExhausted,
    SeriesNumberUsed,
    SeriesTaken,
)
from rules.panels import InvoiceStatus

#: What is in the books as owed or paid.
BILLED = (InvoiceStatus.OPEN, InvoiceStatus.SETTLED)


class FiscalSeries(SQLModel, table=True):
    """A series of numbers of one kind; invoices issued before `since` get none of them."""

    __tablename__ = "fiscal_series"

    id: int | None = identity()
    code: str = Field(unique=True, min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=120)
    kind: str = Field(max_length=12, description="rules.fiscal_documents.FiscalKind")
    series: int = Field(default=1, ge=0, le=999)
    next_number: int = Field(default=1, ge=1)
    since: date
    is_active: bool = True


class FiscalDocument(SQLModel, table=True):
    """What one invoice has of one kind: number, lines, and what the authorities said."""

    __tablename__ = "fiscal_documents"
    __table_args__ = (
        UniqueConstraint("series_id", "number"),
        # One that counts: a void one leaves its number used, and room for another.
        Index(
            "ix_fiscal_documents_live", "invoice_id", "kind", unique=True,
            sqlite_where=text("status <> 'cancelled'"),
            postgresql_where=text("status <> 'cancelled'"),
        ),
        Index("ix_fiscal_documents_invoice", "invoice_id"),
        Index("ix_fiscal_documents_status", "status", "id"),
    )  # fmt: skip

    id: int | None = identity()
    series_id: int = reference("fiscal_series.id", index=False)
    kind: str = Field(max_length=12)
    series: int
    number: int
    invoice_id: int = reference("invoices.id", index=False)
    customer_id: int = reference("customers.id")
    issued_on: date
    amount: Decimal = money()
    lines: dict[str, Any] = facts()  #: {"lines": [{description, amount, since, until}, …]}
    note: str = Field(default="", max_length=300)
    status: str = Field(default=FiscalStatus.ISSUED, max_length=10)
    batch: str = Field(default="", max_length=40, index=True)
    access_key: str = Field(default="", max_length=44)
    reason: str = Field(default="", max_length=300, description="why it was cancelled")
    at: datetime = instant()
    by: str = Field(max_length=60)


async def series_in_use(session: AsyncSession) -> Mapping[str, FiscalSeries]:
    """The series that number documents now, by kind, locked: numbers have no gaps."""
    statement = select(FiscalSeries).where(FiscalSeries.is_active).with_for_update()
    found = await session.exec(statement.order_by(col(FiscalSeries.id)))
    return {each.kind: each for each in found}


def take_number(session: AsyncSession, series: FiscalSeries) -> int:
    """This will give the next number of a locked series. Refuses SeriesExhausted."""
    number = series.next_number
    if number > MOST_NUMBER:
        raise SeriesExhausted(name=series.name)
    series.next_number = number + 1
    session.add(series)
    return number


async def check_series(session: AsyncSession, row: SQLModel) -> None:
    """This will refuse a second series in use of a kind, and a number that was given."""
    assert isinstance(row, FiscalSeries)  # noqa: S101 - a registry checks its own rows
    same = select(FiscalSeries).where(
        FiscalSeries.kind == row.kind, FiscalSeries.is_active, col(FiscalSeries.id) != (row.id or 0)
    )
    other = (await session.exec(same)).first() if row.is_active else None
    if other is not None:
        raise SeriesTaken(name=other.name)
    last = select(func.max(FiscalDocument.number)).where(FiscalDocument.series_id == row.id)
    used = (await session.exec(last)).one() if row.id else None
    if used is not None and row.next_number <= used:
        raise SeriesNumberUsed(number=row.next_number, next=used + 1)


async def invoices_without(
    session: AsyncSession, *, since: date, after: int, limit: int
) -> Sequence[Invoice]:
    """Billed invoices of contracts that have documents by themselves, without any yet.

    One whose document was cancelled waits for a person: its number would only be void once more.
    """
    automatic = exists().where(
        col(Charge.invoice_id) == Invoice.id,
        col(Charge.contract_id) == Contract.id,
        col(Contract.fiscal_document),
    )
    has_one = exists().where(col(FiscalDocument.invoice_id) == Invoice.id)
    statement = (
        select(Invoice)
        .where(col(Invoice.issue_date) >= since, col(Invoice.status).in_(BILLED))
        .where(col(Invoice.id) > after, automatic, ~has_one)
        .order_by(col(Invoice.id))
        .limit(limit)
    )
    return (await session.exec(statement)).all()


async def live_kinds(
    session: AsyncSession, invoice_ids: Sequence[int]
) -> frozenset[tuple[int, str]]:
    """(invoice, kind) of the documents of these invoices that are not void."""
    statement = select(FiscalDocument.invoice_id, FiscalDocument.kind).where(
        col(FiscalDocument.invoice_id).in_(invoice_ids),
        FiscalDocument.status != FiscalStatus.CANCELLED,
    )
    return frozenset((await session.exec(statement)).all())


async def has_authorised(session: AsyncSession, invoice_id: int) -> bool:
    """Whether the authorities took a document of an invoice that is not void."""
    statement = select(FiscalDocument.id).where(
        FiscalDocument.invoice_id == invoice_id,
        FiscalDocument.status == FiscalStatus.AUTHORISED,
    )
    return (await session.exec(statement.limit(1))).first() is not None


async def charged_lines(
    session: AsyncSession, invoice_ids: Sequence[int]
) -> Sequence[tuple[Charge, Contract]]:
    """What these invoices are made of, with whose contract it is, in order."""
    statement = (
        select(Charge, Contract)
        .join(Contract, col(Contract.id) == col(Charge.contract_id))
        .where(col(Charge.invoice_id).in_(invoice_ids))
    )
    return (await session.exec(statement.order_by(col(Charge.id)))).all()


async def document_of(session: AsyncSession, document_id: int) -> FiscalDocument:
    """This will read one for changing it. Raises FiscalDocumentNotFound."""
    statement = select(FiscalDocument).where(FiscalDocument.id == document_id)
    found = (await session.exec(statement.with_for_update())).one_or_none()
    if found is None:
        raise FiscalDocumentNotFound
    return found


async def in_batch(
    session: AsyncSession, batch: str
) -> Sequence[tuple[FiscalDocument, Customer, Invoice]]:
    """The documents that were handed out together, with whom and what they are of."""
    statement = (
        select(FiscalDocument, Customer, Invoice)
        .join(Customer, col(Customer.id) == col(FiscalDocument.customer_id))
        .join(Invoice, col(Invoice.id) == col(FiscalDocument.invoice_id))
        .where(FiscalDocument.batch == batch)
    )
    return (await session.exec(statement.order_by(col(FiscalDocument.id)))).all()


def select_documents(*, kind: str | None, status: str | None, search: str | None) -> Select[Any]:
    """Documents with customer and invoice, as the list shows them."""
    own = ("id", "kind", "series", "number", "issued_on", "amount", "status", "batch", "access_key")
    statement: Any = (
        select_columns(
            *(col(getattr(FiscalDocument, name)).label(name) for name in own),
            col(FiscalDocument.invoice_id).label("invoice_id"),
            col(Invoice.code).label("invoice"),
            col(Customer.name).label("customer"),
        )
        .join(Invoice, col(Invoice.id) == col(FiscalDocument.invoice_id))
        .join(Customer, col(Customer.id) == col(FiscalDocument.customer_id))
    )
    for column, wanted in ((FiscalDocument.kind, kind), (FiscalDocument.status, status)):
        if wanted:
            statement = statement.where(col(column) == wanted)
    if search:
        named = holds(Customer.name, search)
        statement = statement.where(named | (col(Invoice.code) == search))
    found: Select[Any] = statement
    return found
