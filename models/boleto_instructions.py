"""Renegotiated due dates, and the instructions that a bank needs for the boletos it collects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Index, Select, and_, delete, exists, or_, text, update
from sqlalchemy import select as select_columns
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity, instant, money, reference
from models.boleto_numbers import BoletoNumber
from models.customers import Customer
from models.imports import AT_ONCE, insert_rows
from models.invoices import Invoice
from models.payments import Payment
from models.registries import PaymentProfile
from rules.boleto_instructions import Instruction, InstructionKind, InstructionStatus
from rules.panels import InvoiceStatus
from rules.payments import PaymentSource

_PENDING = "status = 'pending'"
#: What is told of a part that was paid, or taken back.
REBATES = (InstructionKind.REBATE, InstructionKind.NO_REBATE)


class InvoiceRenegotiation(SQLModel, table=True):
    """A due date that was moved. `charges` is what went onto the invoice, `waived` what did not."""

    __tablename__ = "invoice_renegotiations"

    id: int | None = identity()
    invoice_id: int = reference("invoices.id")
    was_due_on: date
    due_on: date
    charges: Decimal = money(Decimal(0))
    waived: Decimal = money(Decimal(0))
    reason: str = Field(max_length=300)
    at: datetime = instant()
    by: str = Field(max_length=60)


class BoletoInstruction(SQLModel, table=True):
    """What the bank of a boleto is to be told, or was: `batch` is the file that told it."""

    __tablename__ = "boleto_instructions"
    __table_args__ = (
        Index(
            "uq_boleto_instructions_pending", "boleto_number_id", unique=True,
            sqlite_where=text(_PENDING), postgresql_where=text(_PENDING),
        ),
        Index("ix_boleto_instructions_title", "boleto_number_id", "kind"),
        Index("ix_boleto_instructions_batch", "batch", "id"),
    )  # fmt: skip

    id: int | None = identity()
    boleto_number_id: int = reference("boleto_numbers.id", index=False)
    kind: str = Field(max_length=12)
    status: str = Field(default=InstructionStatus.PENDING, max_length=8)
    due_date: date | None = None
    amount: Decimal = money(Decimal(0))
    batch: str | None = Field(default=None, max_length=40)
    at: datetime = instant()
    by: str = Field(max_length=60)
    exported_at: datetime | None = instant(None)


async def renegotiations_of(
    session: AsyncSession, invoice_id: int
) -> Sequence[InvoiceRenegotiation]:
    """How an invoice's due date was moved, in order."""
    statement = (
        select(InvoiceRenegotiation)
        .where(InvoiceRenegotiation.invoice_id == invoice_id)
        .order_by(col(InvoiceRenegotiation.id))
    )
    return (await session.exec(statement)).all()


async def numbers_of(session: AsyncSession, invoice_id: int) -> Sequence[BoletoNumber]:
    """The boletos by which banks collect an invoice."""
    statement = select(BoletoNumber).where(
        BoletoNumber.invoice_id == invoice_id, col(BoletoNumber.retired_at).is_(None)
    )
    return (await session.exec(statement)).all()


async def pending_for(session: AsyncSession, number_id: int) -> BoletoInstruction | None:
    """What the bank is still to be told of a title."""
    statement = select(BoletoInstruction).where(
        BoletoInstruction.boleto_number_id == number_id,
        BoletoInstruction.status == InstructionStatus.PENDING,
    )
    return (await session.exec(statement.with_for_update())).one_or_none()


async def replace_pending(
    session: AsyncSession,
    told: Sequence[tuple[int, Instruction]],
    *,
    by: str,
    at: datetime,
) -> None:
    """This will make these the pending instructions of their titles, whatever was pending."""
    for start in range(0, len(told), AT_ONCE):
        part = told[start : start + AT_ONCE]
        await session.exec(
            delete(BoletoInstruction).where(
                col(BoletoInstruction.boleto_number_id).in_([number for number, _ in part]),
                col(BoletoInstruction.status) == InstructionStatus.PENDING,
            )
        )
        rows = [
            {
                "boleto_number_id": number, "kind": each.kind, "due_date": each.due_date,
                "amount": each.amount, "status": InstructionStatus.PENDING, "at": at, "by": by,
            }
            for number, each in part
        ]  # fmt: skip
        await insert_rows(session, BoletoInstruction, rows)


async def pending_of_profile(
    session: AsyncSession, profile_id: int, *, limit: int
) -> Sequence[tuple[BoletoInstruction, BoletoNumber]]:
    """What the bank of a profile is still to be told, in the order in which it was asked for."""
    statement = (
        select(BoletoInstruction, BoletoNumber)
        .join(BoletoNumber, col(BoletoNumber.id) == col(BoletoInstruction.boleto_number_id))
        .where(
            BoletoInstruction.status == InstructionStatus.PENDING,
            BoletoNumber.payment_profile_id == profile_id,
        )
        .order_by(col(BoletoInstruction.id))
        .limit(limit)
        .with_for_update(of=BoletoInstruction)
    )
    return (await session.exec(statement)).all()


async def drop_write_offs_of_owed(session: AsyncSession, *, by: str) -> None:
    """This will withdraw the write-offs that `by` was to have told of invoices owed again."""
    is_owed = (
        exists()
        .where(
            col(BoletoNumber.id) == col(BoletoInstruction.boleto_number_id),
            col(BoletoNumber.retired_at).is_(None),
            col(Invoice.id) == col(BoletoNumber.invoice_id),
            col(Invoice.status) == InvoiceStatus.OPEN,
        )
        .correlate(BoletoInstruction)
    )
    await session.exec(
        delete(BoletoInstruction)
        .where(
            col(BoletoInstruction.status) == InstructionStatus.PENDING,
            col(BoletoInstruction.kind) == InstructionKind.WRITE_OFF,
            col(BoletoInstruction.by) == by,
            is_owed,
        )
        .execution_options(synchronize_session="fetch")
    )


async def pending_rebates(session: AsyncSession, *, by: str) -> dict[int, Instruction]:
    """The rebates, or their ends, that `by` has banks still to be told of, by title."""
    statement = select(BoletoInstruction).where(
        BoletoInstruction.status == InstructionStatus.PENDING, BoletoInstruction.by == by,
        col(BoletoInstruction.kind).in_(REBATES),
    )  # fmt: skip
    return {
        each.boleto_number_id: Instruction(InstructionKind(each.kind), amount=each.amount)
        for each in await session.exec(statement)
    }


async def with_pending(session: AsyncSession, number_ids: Sequence[int]) -> set[int]:
    """Those of these titles of which a bank is still to be told something."""
    found: set[int] = set()
    for start in range(0, len(number_ids), AT_ONCE):
        statement = select(BoletoInstruction.boleto_number_id).where(
            BoletoInstruction.status == InstructionStatus.PENDING,
            col(BoletoInstruction.boleto_number_id).in_(number_ids[start : start + AT_ONCE]),
        )
        found.update(await session.exec(statement))
    return found


async def drop_pending(session: AsyncSession, number_ids: Sequence[int]) -> None:
    """This will withdraw what banks were still to be told of these titles."""
    for start in range(0, len(number_ids), AT_ONCE):
        await session.exec(
            delete(BoletoInstruction).where(
                col(BoletoInstruction.boleto_number_id).in_(number_ids[start : start + AT_ONCE]),
                col(BoletoInstruction.status) == InstructionStatus.PENDING,
            )
        )


async def hand_out(
    session: AsyncSession, *, batch: str, at: datetime, ids: Sequence[int] | None = None
) -> int:
    """This will put everything pending into a batch, or of it only these; gives how many.

    A boleto that a bank is told to forget is retired: owed again, its invoice takes another number.
    """
    pending = [col(BoletoInstruction.status) == InstructionStatus.PENDING]
    if ids is not None:
        pending.append(col(BoletoInstruction.id).in_(ids))
    statement = (
        update(BoletoInstruction)
        .where(*pending)
        .values(status=InstructionStatus.EXPORTED, batch=batch, exported_at=at)
    )
    count = int((await session.exec(statement)).rowcount)
    forgotten = select(BoletoInstruction.boleto_number_id).where(
        BoletoInstruction.batch == batch, BoletoInstruction.kind == InstructionKind.WRITE_OFF
    )
    await session.exec(
        update(BoletoNumber)
        .where(col(BoletoNumber.retired_at).is_(None), col(BoletoNumber.id).in_(forgotten))
        .values(retired_at=at)
        .execution_options(synchronize_session="fetch")
    )
    return count


async def to_be_written_off(session: AsyncSession) -> Sequence[int]:
    """Boletos that nobody should pay any more and whose bank was not told: replaced, cancelled,
    or settled without that bank."""
    paid_at_bank = exists().where(
        col(Payment.invoice_id) == col(Invoice.id),
        col(Payment.source) == PaymentSource.BANK,
        col(Payment.reversed_at).is_(None),
    )
    over = or_(
        col(Invoice.status).in_((InvoiceStatus.REPLACED, InvoiceStatus.CANCELLED)),
        and_(col(Invoice.status) == InvoiceStatus.SUSPENDED, col(Invoice.open_amount) == 0),
        and_(col(Invoice.status) == InvoiceStatus.SETTLED, ~paid_at_bank),
    )
    told = exists().where(
        col(BoletoInstruction.boleto_number_id) == col(BoletoNumber.id),
        col(BoletoInstruction.kind) == InstructionKind.WRITE_OFF,
    )
    statement: Any = (
        select(BoletoNumber.id)
        .join(Invoice, col(Invoice.id) == col(BoletoNumber.invoice_id))
        .where(over, ~told)
        .order_by(col(BoletoNumber.id))
    )
    return list(await session.exec(statement))


@dataclass(frozen=True)
class Lowered:
    """A boleto that may not come to what is owed: what it was made out for, and what is owed."""

    number_id: int
    face: Decimal
    owed: Decimal


async def perhaps_rebated(session: AsyncSession) -> Sequence[Lowered]:
    """The boletos of open invoices that were paid in part, or whose bank was told of a rebate."""
    told = exists().where(
        col(BoletoInstruction.boleto_number_id) == col(BoletoNumber.id),
        col(BoletoInstruction.kind).in_(REBATES),
    )
    statement: Any = (
        select_columns(col(BoletoNumber.id), col(Invoice.amount), col(Invoice.open_amount))
        .join(Invoice, col(Invoice.id) == col(BoletoNumber.invoice_id))
        .where(
            col(Invoice.status) == InvoiceStatus.OPEN,
            col(BoletoNumber.retired_at).is_(None),
            or_(col(Invoice.amount) > col(Invoice.open_amount), told),
        )
        .order_by(col(BoletoNumber.id))
    )
    return [Lowered(*row) for row in await session.exec(statement)]


def select_instructions(*, status: str | None, batch: str | None = None) -> Select[Any]:
    """Instructions with the boleto, the bank and the invoice that they are about."""
    own = ("id", "kind", "status", "due_date", "amount", "batch", "at", "by", "exported_at")
    bank = ("bank", "branch", "account", "agreement", "wallet")
    statement: Any = (
        select_columns(
            *(col(getattr(BoletoInstruction, name)).label(name) for name in own),
            *(col(getattr(PaymentProfile, name)).label(name) for name in bank),
            col(BoletoNumber.our_number).label("our_number"),
            col(Invoice.id).label("invoice_id"),
            col(Invoice.code).label("code"),
            col(Invoice.number).label("number"),
            col(Invoice.open_amount).label("open_amount"),
            col(Customer.name).label("customer"),
        )
        .join(BoletoNumber, col(BoletoNumber.id) == col(BoletoInstruction.boleto_number_id))
        .join(PaymentProfile, col(PaymentProfile.id) == col(BoletoNumber.payment_profile_id))
        .join(Invoice, col(Invoice.id) == col(BoletoNumber.invoice_id))
        .join(Customer, col(Customer.id) == col(Invoice.customer_id))
    )
    if status:
        statement = statement.where(col(BoletoInstruction.status) == status)
    if batch:
        statement = statement.where(col(BoletoInstruction.batch) == batch)
    return statement  # type: ignore[no-any-return]


def instructions_after(statement: Select[Any], last: int, *, limit: int) -> Select[Any]:
    """The instructions that follow one, in the order in which they were asked for."""
    return (
        statement.where(col(BoletoInstruction.id) > last)
        .order_by(col(BoletoInstruction.id))
        .limit(limit)
    )
