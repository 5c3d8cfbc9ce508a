"""Imports: runs and their errors, and rows written many at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Table, bindparam, func
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.bulk import BulkError, BulkRun
from models.bureau import BureauRecord
from models.cases import Case
from models.invoices import Invoice
from models.payments import Payment
from rules.cases import Process
from rules.import_rows import RowError
from rules.refusals import Refusal

KIND = "import"
#: As many values as one statement may name on every database.
AT_ONCE = 5_000

Rows = Sequence[Mapping[str, Any]]


class ImportNotFound(Refusal):
    message = "Esta importação não existe."


async def lock_run(session: AsyncSession, run_id: int) -> BulkRun:
    """This will read an import for changing it. Raises ImportNotFound."""
    statement = select(BulkRun).where(BulkRun.id == run_id, BulkRun.kind == KIND)
    run = (await session.exec(statement.with_for_update())).one_or_none()
    if run is None:
        raise ImportNotFound
    return run


async def run_of(session: AsyncSession, run_id: int) -> BulkRun:
    """This will read an import. Raises ImportNotFound."""
    run = await session.get(BulkRun, run_id)
    if run is None or run.kind != KIND:
        raise ImportNotFound
    return run


async def add_errors(
    session: AsyncSession, run: BulkRun, errors: Iterable[RowError], *, file: str
) -> None:
    """This will keep what was wrong with rows, for the page and for download."""
    rows = [
        {
            "run_id": run.id,
            "file": file[:40],
            "line": error.line,
            "field": error.field[:60],
            "code": error.code[:60],
            "message": error.message[:500],
            "value": error.value[:200],
            "places": dict(error.places),
        }
        for error in errors
    ]
    await insert_rows(session, BulkError, rows)


async def existing(
    session: AsyncSession, model: type[SQLModel], codes: Collection[str], *fields: str
) -> dict[str, Mapping[str, Any]]:
    """The rows that have these codes, by code, with their id and these fields."""
    table = _table(model)
    columns = [table.c.id, table.c.code, *(table.c[field] for field in fields)]
    statement = select(*columns).where(table.c.code.in_(set(codes)))
    rows = (await session.exec(cast(Any, statement))).mappings().all()
    return {row["code"]: row for row in rows}


async def rows_by_id(
    session: AsyncSession, model: type[SQLModel], ids: Collection[int], *fields: str
) -> Sequence[Mapping[str, Any]]:
    """The rows that have these ids, with their id and these fields."""
    table = _table(model)
    columns = [table.c.id, *(table.c[field] for field in fields)]
    statement = select(*columns).where(table.c.id.in_(set(ids)))
    rows: Sequence[Mapping[str, Any]] = (await session.exec(cast(Any, statement))).mappings().all()
    return rows


async def insert_rows(session: AsyncSession, model: type[SQLModel], rows: Rows) -> None:
    """This will insert rows that all have the same fields."""
    if rows:
        connection = await session.connection()
        await connection.execute(_table(model).insert(), rows)


async def update_rows(
    session: AsyncSession, model: type[SQLModel], changes: Mapping[int, Mapping[str, Any]]
) -> None:
    """This will change rows by id, each in its own fields."""
    table, connection = _table(model), await session.connection()
    for fields, ids in _by_fields(changes).items():
        values: dict[str, Any] = {field: bindparam(f"new_{field}") for field in fields}
        statement = table.update().where(table.c.id == bindparam("row_id")).values(values)
        rows = [
            {"row_id": row_id} | {f"new_{field}": changes[row_id][field] for field in fields}
            for row_id in ids
        ]
        await connection.execute(statement, rows)


def _by_fields(changes: Mapping[int, Mapping[str, Any]]) -> dict[tuple[str, ...], list[int]]:
    grouped: dict[tuple[str, ...], list[int]] = {}
    for row_id, values in changes.items():
        if values:
            grouped.setdefault(tuple(sorted(values)), []).append(row_id)
    return grouped


def _table(model: type[SQLModel]) -> Table:
    return cast(Table, cast(Any, model).__table__)


async def lock_invoices(session: AsyncSession, ids: Collection[int]) -> None:
    """This will keep others from changing these invoices until the transaction ends."""
    statement = select(Invoice.id).where(col(Invoice.id).in_(ids)).order_by(col(Invoice.id))
    await session.exec(statement.with_for_update())


async def live_cases(
    session: AsyncSession, *, customer_ids: Collection[int], invoices: Iterable[Mapping[str, Any]]
) -> list[Case]:
    """The open cases that lean on these invoices: collections, agreements, bureau records."""
    changed = list(invoices)
    records = select(BureauRecord.id).where(
        col(BureauRecord.invoice_id).in_([i["id"] for i in changed if i["bureau_stage"]])
    )
    found = await _open_cases(session, Process.COLLECTIONS, customer_ids)
    agreements = {i["agreement_id"] for i in changed if i["agreement_id"]}
    found += await _open_cases(session, Process.AGREEMENTS, agreements)
    return found + await _open_cases(session, Process.BUREAU, (await session.exec(records)).all())


async def _open_cases(session: AsyncSession, process: str, subjects: Collection[Any]) -> list[Case]:
    if not subjects:
        return []
    statement = select(Case).where(
        Case.process == process,
        col(Case.subject_id).in_(set(subjects)),
        col(Case.closed_at).is_(None),
    )
    return list(await session.exec(statement))


async def explained_by_invoice(
    session: AsyncSession, invoice_ids: Collection[int]
) -> dict[int, Decimal]:
    """What payments account for, of each of these invoices, with what was forgiven for them."""
    statement = (
        select(Payment.invoice_id, func.sum(col(Payment.applied) + col(Payment.discount)))
        .where(col(Payment.invoice_id).in_(invoice_ids), col(Payment.reversed_at).is_(None))
        .group_by(col(Payment.invoice_id))
    )
    return dict((await session.exec(statement)).all())


def make_run(
    *, key: str, by: str, at: datetime, today: date, is_dry_run: bool, parameters: dict[str, Any]
) -> BulkRun:
    """A run that waits for its workflow."""
    return BulkRun(
        key=key, kind=KIND, business_date=today, is_dry_run=is_dry_run, parameters=parameters,
        requested_by=by, requested_at=at,
    )  # fmt: skip
