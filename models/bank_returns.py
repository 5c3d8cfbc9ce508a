"""Bank return files, by digest and by number at the bank, and what became of each line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Index
from sqlalchemy import select as select_columns
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import facts, identity, instant, money, reference
from models.boleto_numbers import BoletoNumber
from models.bulk import BulkRun
from models.invoices import Invoice
from models.registries import PaymentProfile
from rules.bank_returns import (
    PAID,
    Candidate,
    LineNotFound,
    LineOutcome,
    ToldBefore,
)
from rules.refusals import Refusal

KIND = "bank_return"


class BankReturnNotFound(Refusal):
    message = "Este arquivo de retorno não existe."


class BankReturnFile(SQLModel, table=True):
    """A file that a bank sent. `digest` and the bank's own `sequence` tell one sent twice.

    `path` is where its content is until every line is written.
    """

    __tablename__ = "bank_return_files"
    __table_args__ = (Index("ix_bank_return_files_number", "bank", "company", "sequence"),)

    id: int | None = identity()
    run_id: int = reference("bulk_runs.id")
    digest: str = Field(unique=True, max_length=64)
    bank: str = Field(max_length=3)
    columns: int
    company: str = Field(max_length=40)
    sequence: str = Field(max_length=7)
    name: str = Field(max_length=120)
    size: int
    path: str = Field(max_length=400)
    at: datetime = instant()


class BankReturnLine(SQLModel, table=True):
    """What a line told and what became of it; only the lines of titles and those not read.

    `message` says why nothing was done, `places` fills it; `left` is what the invoice owes then.
    """

    __tablename__ = "bank_return_lines"
    __table_args__ = (
        Index("ix_bank_return_lines_run", "run_id", "id"),
        Index("ix_bank_return_lines_outcome", "run_id", "outcome", "id"),
        Index("ix_bank_return_lines_event", "our_number", "movement"),
    )

    id: int | None = identity()
    run_id: int = reference("bulk_runs.id", index=False)
    line: int
    outcome: str = Field(max_length=12)
    our_number: str = Field(default="", max_length=20)
    your_number: str = Field(default="", max_length=15)
    movement: str = Field(default="", max_length=2)
    occurred_on: date | None = None
    credited_on: date | None = None
    face_amount: Decimal = money(Decimal(0))
    paid_amount: Decimal = money(Decimal(0))
    charges: Decimal = money(Decimal(0))
    fee: Decimal = money(Decimal(0))
    excess: Decimal = money(Decimal(0))
    left: Decimal = money(Decimal(0))
    invoice_id: int | None = reference("invoices.id", nullable=True, index=False)
    message: str = Field(default="", max_length=300)
    places: dict[str, Any] = facts()


async def file_of(session: AsyncSession, run_id: int) -> tuple[BulkRun, BankReturnFile]:
    """This will read a return file with its run. Raises BankReturnNotFound."""
    statement = (
        select(BulkRun, BankReturnFile)
        .join(BankReturnFile, col(BankReturnFile.run_id) == col(BulkRun.id))
        .where(BulkRun.id == run_id)
    )
    found = (await session.exec(statement)).one_or_none()
    if found is None:
        raise BankReturnNotFound
    return found


async def with_digest(session: AsyncSession, digest: str) -> BankReturnFile | None:
    """The file with this very content, if it was sent before."""
    statement = select(BankReturnFile).where(BankReturnFile.digest == digest)
    return (await session.exec(statement)).one_or_none()


async def with_number(
    session: AsyncSession, *, bank: str, company: str, sequence: str
) -> BankReturnFile | None:
    """The last file to which the bank gave this number for this account, if any."""
    statement = (
        select(BankReturnFile)
        .where(
            BankReturnFile.bank == bank,
            BankReturnFile.company == company,
            BankReturnFile.sequence == sequence,
        )
        .order_by(col(BankReturnFile.id).desc())
        .limit(1)
    )
    return (await session.exec(statement)).first() if sequence else None


async def numbered(
    session: AsyncSession, *, bank: str, sequences: Collection[int]
) -> list[tuple[int, Candidate]]:
    """The invoices whose boletos have these running numbers at a bank, with each number."""
    statement: Any = (
        select_columns(col(BoletoNumber.sequence), *_CANDIDATE)
        .join(Invoice, col(Invoice.id) == col(BoletoNumber.invoice_id))
        .join(PaymentProfile, col(PaymentProfile.id) == col(BoletoNumber.payment_profile_id))
        .where(col(BoletoNumber.sequence).in_(sequences), col(PaymentProfile.bank) == bank)
    )
    return [(row[0], _candidate(row[1:])) for row in await session.exec(statement)]


async def labelled(session: AsyncSession, labels: Collection[str]) -> list[Candidate]:
    """The invoices that have these codes or numbers."""
    found: dict[int, Candidate] = {}
    for column in (col(Invoice.code), col(Invoice.number)):
        statement: Any = select_columns(*_CANDIDATE).where(column.in_(labels))
        for row in await session.exec(statement):
            found[row[0]] = _candidate(row)
    return list(found.values())


async def told_before(
    session: AsyncSession, *, run_id: int, our_numbers: Collection[str]
) -> dict[tuple[str, str, date | None, Decimal], ToldBefore]:
    """The events of these titles that other files told, as rules.bank_returns.event_of, and which
    file told each; of several the last."""
    statement: Any = (
        select_columns(
            col(BankReturnLine.our_number),
            col(BankReturnLine.movement),
            col(BankReturnLine.occurred_on),
            col(BankReturnLine.paid_amount),
            col(BankReturnFile.run_id),
            col(BankReturnFile.sequence),
        )
        .join(BankReturnFile, col(BankReturnFile.run_id) == col(BankReturnLine.run_id))
        .where(
            col(BankReturnLine.our_number).in_(our_numbers),
            col(BankReturnLine.run_id) != run_id,
            col(BankReturnLine.outcome).in_(PAID),
        )
        .order_by(col(BankReturnLine.id))
    )
    return {tuple(row)[:4]: ToldBefore(*tuple(row)[4:]) for row in await session.exec(statement)}


async def lock_lines(
    session: AsyncSession, run_id: int, line_ids: Collection[int]
) -> Sequence[BankReturnLine]:
    """This will read lines of a file for changing them, in order. Raises LineNotFound."""
    statement = select(BankReturnLine).where(
        BankReturnLine.run_id == run_id, col(BankReturnLine.id).in_(line_ids)
    )
    found = await session.exec(statement.order_by(col(BankReturnLine.id)).with_for_update())
    lines = found.all()
    if len(lines) != len(set(line_ids)):
        raise LineNotFound
    return lines


async def run_of_line(session: AsyncSession, line_id: int) -> int:
    """The file that a line stands in. Raises LineNotFound."""
    line = await session.get(BankReturnLine, line_id)
    if line is None:
        raise LineNotFound
    return line.run_id


async def questions_of(session: AsyncSession, run_id: int) -> Sequence[int]:
    """The lines of a file that wait for an answer."""
    statement = select(BankReturnLine.id).where(
        BankReturnLine.run_id == run_id, BankReturnLine.outcome == LineOutcome.QUESTION
    )
    return [each for each in await session.exec(statement) if each is not None]


def line_rows(run_id: int, told: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of lines with every field, for being inserted at once."""
    return [{"run_id": run_id, **_BLANK, **each} for each in told]


_BLANK: Mapping[str, Any] = {
    **dict.fromkeys(("our_number", "your_number", "movement", "message"), ""),
    **dict.fromkeys(("occurred_on", "credited_on", "invoice_id")),
    **dict.fromkeys(("face_amount", "paid_amount", "charges", "fee", "excess", "left"), Decimal(0)),
    "places": {},
}
_CANDIDATE: tuple[Any, ...] = (
    col(Invoice.id), col(Invoice.code), col(Invoice.number), col(Invoice.due_date),
    col(Invoice.amount), col(Invoice.open_amount),
)  # fmt: skip


def _candidate(row: Sequence[Any]) -> Candidate:
    invoice_id, code, number, due_date, amount, open_amount = row
    return Candidate(invoice_id, frozenset({code, number} - {""}), due_date, amount, open_amount)
