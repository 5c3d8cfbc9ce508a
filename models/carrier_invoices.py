"""Carriers' invoices: the file, what it says, and its charges added up by line and label."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Index, Select, UniqueConstraint
from sqlalchemy import select as select_columns
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import facts, identity, instant, money, reference, tariff
from rules.business_days import local_date
from rules.carrier_charges import Label
from rules.carrier_records import ChargeKind
from rules.refusals import Refusal, written_date


class CarrierInvoiceNotFound(Refusal):
    message = "Esta fatura de operadora não existe."


class CarrierFileAlreadyDone(Refusal):
    message = (
        "Este arquivo já foi importado em %(date)s, como %(file)s: é a fatura %(invoice)s. "
        "Nada foi gravado de novo."
    )
    field = "files"


class CarrierInvoiceIssuedTwice(Refusal):
    message = (
        "A fatura %(invoice)s desta conta já foi importada em %(date)s, do arquivo %(file)s, com "
        "outro conteúdo: contaria duas vezes. Se a operadora a emitiu de novo, substitua-a na "
        "página da fatura; o que ela reconheceu numa contestação vem pelo novo código de barras ou "
        "como crédito da fatura seguinte."
    )
    field = "files"


class CarrierInvoice(SQLModel, table=True):
    """One invoice, imported whole from its file, never typed. `total` is what the file declares,
    `payable` what is left to pay once the carrier sent a corrected barcode (None: the total). A
    preview (`is_preview`) is what the carrier means to issue, and is never paid.

    The file itself is kept (compressed) while it may be contested, so that rules can be tried on
    it; `file_path` is None once it has gone.

    An invoice that its carrier issued anew is kept, and counts no more: `replaced_by_id` does.

    `unjudged` is what the audit could not judge, by rule: so many cents, and the invoices whose
    payment it would have to know.
    """

    __tablename__ = "carrier_invoices"
    __table_args__ = (
        UniqueConstraint("sha256", "is_preview"),
        Index("ix_carrier_invoices_account", "account_id", "issue_date"),
        Index("ix_carrier_invoices_issued", "issue_date", "id"),
    )

    id: int | None = identity()
    account_id: int = reference("carrier_accounts.id", index=False)
    run_id: int = reference("bulk_runs.id", index=False)
    number: str = Field(default="", max_length=40)
    month: date
    issue_date: date
    due_date: date | None = None
    period_start: date | None = None
    period_end: date | None = None
    barcode: str = Field(default="", max_length=50)
    total: Decimal = money()
    charged: Decimal = money()
    payable: Decimal | None = money(None)
    payable_barcode: str = Field(default="", max_length=50)
    is_preview: bool = False
    lines: int = 0
    charges: int = 0
    records: dict[str, Any] = facts()
    totals: dict[str, Any] = facts()
    unjudged: dict[str, Any] = facts()
    paid_on: date | None = None
    audited_at: datetime | None = instant(None)
    agreement_id: int | None = reference("carrier_agreements.id", nullable=True, index=False)
    file_name: str = Field(max_length=120)
    file_path: str | None = Field(default=None, max_length=500)
    sha256: str = Field(max_length=64)
    size: int
    layout: str = Field(max_length=40)
    encoding: str = Field(max_length=12)
    imported_at: datetime = instant()
    imported_by: str = Field(max_length=60)
    replaced_by_id: int | None = reference("carrier_invoices.id", nullable=True)
    replaced_at: datetime | None = instant(None)
    replaced_by: str | None = Field(default=None, max_length=60)
    replaced_reason: str = Field(default="", max_length=300)

    @property
    def key(self) -> int:
        """The invoice's identity once it is stored."""
        assert self.id is not None  # noqa: S101 - for the type: a stored row has one
        return self.id


def counted() -> tuple[Any, ...]:
    """The conditions of an invoice that counts: issued, and not replaced by another file of it."""
    return (
        col(CarrierInvoice.is_preview).is_(False), col(CarrierInvoice.replaced_by_id).is_(None),
    )  # fmt: skip


#: Parts the codes of a charge where they are kept together.
CODE_SIGN = "\n"


class CarrierInvoiceItem(SQLModel, table=True):
    """The charges of one line under one label, added up; single calls are not kept.

    `codes` are all names that a tariff may know it by, `code` the first of them.
    """

    __tablename__ = "carrier_invoice_items"
    __table_args__ = (Index("ix_carrier_invoice_items_number", "invoice_id", "number"),)

    id: int | None = identity()
    invoice_id: int = reference("carrier_invoices.id", index=False)
    number: str = Field(max_length=25)
    kind: str = Field(max_length=12)
    code: str = Field(default="", max_length=60)
    codes: str = Field(default="", max_length=250)
    description: str = Field(default="", max_length=160)
    count: int
    quantity: int
    amount: Decimal = money()
    net_amount: Decimal = tariff()


class CarrierUnreadLine(SQLModel, table=True):
    """A line of a file that nobody could read, kept as it came."""

    __tablename__ = "carrier_unread_lines"
    __table_args__ = (Index("ix_carrier_unread_lines_run", "run_id", "id"),)

    id: int | None = identity()
    run_id: int = reference("bulk_runs.id", index=False)
    line: int
    record: str = Field(default="", max_length=10)
    text: str = Field(max_length=2000)


def label_of(kind: str, code: str, codes: str, description: str) -> Label:
    """What an item is called; one imported before 5 December 2026 knows its first code only."""
    known = codes.split(CODE_SIGN) if codes else [code] * bool(code)
    return Label(ChargeKind[kind.upper()], tuple(known), description)


def select_unread(run_id: int) -> Select[Any]:
    """The lines of a run's file that nobody could read."""
    names = ("id", "line", "record", "text")
    columns: list[Any] = [col(getattr(CarrierUnreadLine, name)).label(name) for name in names]
    return select_columns(*columns).where(col(CarrierUnreadLine.run_id) == run_id)


async def invoice_of(session: AsyncSession, invoice_id: int) -> CarrierInvoice:
    """This will read an invoice. Refuses CarrierInvoiceNotFound."""
    invoice = await session.get(CarrierInvoice, invoice_id)
    if invoice is None:
        raise CarrierInvoiceNotFound
    return invoice


async def lock_invoice(session: AsyncSession, invoice_id: int) -> CarrierInvoice:
    """This will read an invoice for changing it. Refuses CarrierInvoiceNotFound."""
    statement = select(CarrierInvoice).where(CarrierInvoice.id == invoice_id).with_for_update()
    invoice = (await session.exec(statement)).one_or_none()
    if invoice is None:
        raise CarrierInvoiceNotFound
    return invoice


async def replaced_by(session: AsyncSession, invoice_id: int) -> Sequence[CarrierInvoice]:
    """The files that an invoice took the place of, one after the other; the newest first."""
    statement = select(CarrierInvoice).where(CarrierInvoice.replaced_by_id == invoice_id)
    return (await session.exec(statement.order_by(col(CarrierInvoice.id).desc()))).all()


async def invoice_of_run(session: AsyncSession, run_id: int) -> CarrierInvoice | None:
    """What a run imported, if it has come so far."""
    statement = select(CarrierInvoice).where(CarrierInvoice.run_id == run_id)
    return (await session.exec(statement)).first()


async def check_new(session: AsyncSession, sha256: str, *, is_preview: bool) -> None:
    """Refuses a file that was imported before, naming that import (CarrierFileAlreadyDone).

    An invoice may be its preview, letter by letter: nothing had to be mended.
    """
    statement = select(CarrierInvoice).where(CarrierInvoice.sha256 == sha256)
    if not is_preview:
        statement = statement.where(col(CarrierInvoice.is_preview).is_(False))
    known = (await session.exec(statement)).first()
    if known is not None:
        raise CarrierFileAlreadyDone(
            date=written_date(local_date(known.imported_at)), file=known.file_name,
            invoice=known.number or known.key,
        )  # fmt: skip


async def check_not_issued(
    session: AsyncSession, invoice: CarrierInvoice, *, but: int | None = None
) -> None:
    """Refuses another file of an invoice that is here (CarrierInvoiceIssuedTwice).

    It would count twice whatever it charges. Layouts without numbers are told by the file alone.
    `but`: the one that this file replaces.
    """
    statement = select(CarrierInvoice).where(
        CarrierInvoice.account_id == invoice.account_id, CarrierInvoice.number == invoice.number,
        CarrierInvoice.issue_date == invoice.issue_date, CarrierInvoice.id != (but or 0),
        *counted(),
    )  # fmt: skip
    known = (await session.exec(statement)).first() if invoice.number else None
    if known is not None:
        raise CarrierInvoiceIssuedTwice(
            invoice=known.number, file=known.file_name, invoice_id=known.key,
            date=written_date(local_date(known.imported_at)),
        )  # fmt: skip


async def invoices_before(
    session: AsyncSession, *, account_id: int, issue_date: date, limit: int
) -> Sequence[CarrierInvoice]:
    """The account's invoices before this date, the newest first."""
    statement = (
        select(CarrierInvoice)
        .where(
            CarrierInvoice.account_id == account_id,
            CarrierInvoice.issue_date < issue_date,
            *counted(),
        )
        .order_by(col(CarrierInvoice.issue_date).desc(), col(CarrierInvoice.id).desc())
    )
    return (await session.exec(statement.limit(limit))).all()
