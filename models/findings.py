"""Findings: what was charged otherwise than agreed, each with its evidence from the file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Index, Select, func
from sqlalchemy import select as select_columns
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import facts, identity, instant, money, reference
from models.rows import rows_of
from rules.findings import UNTOUCHED, FindingStatus
from rules.refusals import Refusal


class FindingNotFound(Refusal):
    message = "Esta divergência não existe."


class Finding(SQLModel, table=True):
    """So many charges of a line under one label that differ, all too high or all too low.

    `difference` is charged less expected; what is below zero is recorded, never contested.
    `key` is the same when the invoice is audited again.
    """

    __tablename__ = "findings"
    __table_args__ = (
        Index("uq_findings_key", "invoice_id", "key", unique=True),
        Index("ix_findings_difference", "difference", "id"),
        Index("ix_findings_status", "status", "id"),
    )

    id: int | None = identity()
    invoice_id: int = reference("carrier_invoices.id", index=False)
    key: str = Field(max_length=300)
    rule: str = Field(max_length=40, index=True)
    number: str = Field(default="", max_length=25, index=True)
    kind: str = Field(default="", max_length=12)
    code: str = Field(default="", max_length=60)
    description: str = Field(default="", max_length=160)
    count: int
    charged: Decimal = money()
    expected: Decimal = money()
    difference: Decimal = money()
    status: str = Field(max_length=12)
    status_since: datetime = instant()
    found_at: datetime = instant()


class FindingRow(SQLModel, table=True):
    """A line of the file behind a finding: its number there, and what its fields say."""

    __tablename__ = "finding_rows"

    id: int | None = identity()
    finding_id: int = reference("findings.id")
    line: int
    charged: Decimal = money()
    expected: Decimal = money()
    fields: dict[str, Any] = facts()


async def finding_of(session: AsyncSession, finding_id: int) -> Finding:
    """This will read a finding. Refuses FindingNotFound."""
    finding = await session.get(Finding, finding_id)
    if finding is None:
        raise FindingNotFound
    return finding


async def rows_of_finding(session: AsyncSession, finding_id: int) -> Sequence[FindingRow]:
    """The evidence of a finding, in the order of the file."""
    statement = select(FindingRow).where(FindingRow.finding_id == finding_id)
    return (await session.exec(statement.order_by(col(FindingRow.line)))).all()


async def keys_acted_on(session: AsyncSession, invoice_id: int) -> set[str]:
    """The keys of an invoice's findings that somebody has acted on: an audit leaves them alone."""
    statement = select(Finding.key).where(
        Finding.invoice_id == invoice_id, col(Finding.status).not_in(UNTOUCHED)
    )
    return set(await session.exec(statement))


async def ids_by_key(session: AsyncSession, invoice_id: int) -> dict[str, int]:
    """The identity of each finding of an invoice."""
    statement = select(Finding.key, Finding.id).where(Finding.invoice_id == invoice_id)
    return {key: number or 0 for key, number in await session.exec(statement)}


async def forget_untouched(session: AsyncSession, invoice_id: int) -> None:
    """This will delete the findings of an invoice that nobody has acted on, with their evidence."""
    found, rows = _table(Finding), _table(FindingRow)
    untouched = select_columns(found.c.id).where(
        found.c.invoice_id == invoice_id, found.c.status.in_(UNTOUCHED)
    )
    connection = await session.connection()
    await connection.execute(rows.delete().where(rows.c.finding_id.in_(untouched)))
    await connection.execute(
        found.delete().where(found.c.invoice_id == invoice_id, found.c.status.in_(UNTOUCHED))
    )


async def give_way(session: AsyncSession, invoice_id: int, *, at: datetime) -> None:
    """This will mark what an invoice's audit found as replaced, but for what is under dispute."""
    found = _table(Finding)
    change = found.update().where(
        found.c.invoice_id == invoice_id, found.c.status != FindingStatus.CONTESTED
    )
    connection = await session.connection()
    await connection.execute(change.values(status=str(FindingStatus.REPLACED), status_since=at))


async def totals_by_rule(session: AsyncSession, invoice_id: int) -> Sequence[Any]:
    """What the findings of an invoice come to, by rule: too much and too little apart."""
    difference = col(Finding.difference)
    columns: tuple[Any, ...] = (
        col(Finding.rule).label("rule"),
        func.count().label("findings"),
        func.sum(col(Finding.count)).label("charges"),
        func.sum(difference).filter(difference > 0).label("over"),
        func.sum(difference).filter(difference < 0).label("under"),
    )
    chosen: Select[Any] = select_columns(*columns).where(col(Finding.invoice_id) == invoice_id)
    return await rows_of(session, chosen.group_by(col(Finding.rule)))


def _table(model: type[SQLModel]) -> Any:
    return model.__table__  # type: ignore[attr-defined]
