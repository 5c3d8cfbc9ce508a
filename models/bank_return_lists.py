"""Bank return files and their lines as they are listed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.bank_returns import KIND, BankReturnFile, BankReturnLine
from models.bulk import BulkRun
from models.customers import Customer
from models.invoices import Invoice
from rules.bank_returns import (
    TO_BE_SEEN,
)


async def newest_files(
    session: AsyncSession, *, limit: int
) -> Sequence[tuple[BulkRun, BankReturnFile]]:
    """The newest return files with their runs, the last one first."""
    statement = (
        select(BulkRun, BankReturnFile)
        .join(BankReturnFile, col(BankReturnFile.run_id) == col(BulkRun.id))
        .order_by(col(BankReturnFile.id).desc())
        .limit(limit)
    )
    return (await session.exec(statement)).all()


def select_files() -> Select[Any]:
    """Every return file with what its list shows."""
    statement: Any = (
        select_columns(
            col(BulkRun.id).label("id"),
            col(BankReturnFile.name).label("name"),
            col(BankReturnFile.bank).label("bank"),
            col(BankReturnFile.sequence).label("sequence"),
            col(BankReturnFile.columns).label("columns"),
            col(BulkRun.status).label("status"),
            col(BulkRun.changed).label("changed"),
            col(BulkRun.errors).label("errors"),
            col(BulkRun.summary).label("summary"),
            col(BulkRun.requested_by).label("requested_by"),
            col(BulkRun.requested_at).label("requested_at"),
        )
        .join(BankReturnFile, col(BankReturnFile.run_id) == col(BulkRun.id))
        .where(col(BulkRun.kind) == KIND)
    )
    return statement  # type: ignore[no-any-return]


def select_lines(
    run_id: int, *, outcome: str | None = None, search: str | None = None
) -> Select[Any]:
    """The reported lines of a file; `outcome` may be to_be_seen for all that want a look."""
    statement: Any = (
        select_columns(
            *(col(getattr(BankReturnLine, name)).label(name) for name in _SHOWN),
            col(Invoice.code).label("invoice_code"),
            col(Invoice.number).label("invoice_number"),
            col(Customer.name).label("customer"),
        )
        .outerjoin(Invoice, col(Invoice.id) == col(BankReturnLine.invoice_id))
        .outerjoin(Customer, col(Customer.id) == col(Invoice.customer_id))
        .where(col(BankReturnLine.run_id) == run_id)
    )
    if outcome:
        wanted = TO_BE_SEEN if outcome == "to_be_seen" else {outcome}
        statement = statement.where(col(BankReturnLine.outcome).in_(wanted))
    if search:
        statement = statement.where(
            col(BankReturnLine.our_number).contains(search)
            | col(BankReturnLine.your_number).contains(search)
            | (col(Invoice.code) == search)
        )
    return statement  # type: ignore[no-any-return]


def lines_after(statement: Select[Any], line_id: int, *, limit: int) -> Select[Any]:
    """The lines that follow one, in the order in which they stand in their file."""
    return (
        statement.where(col(BankReturnLine.id) > line_id)
        .order_by(col(BankReturnLine.id))
        .limit(limit)
    )


_SHOWN = (
    *("id", "line", "outcome", "our_number", "your_number", "movement", "occurred_on"),
    *("credited_on", "face_amount", "paid_amount", "charges", "fee", "excess", "left"),
    *("invoice_id", "message", "places"),
)
