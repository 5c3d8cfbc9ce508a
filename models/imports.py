"""Imports: runs and their errors, and rows written many at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Table, bindparam, func
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.bulk import BulkError, BulkRun
from models.bureau import BureauRecord
from models.cases import Case
from models.insertion import Rows, insert_many
from models.invoices import Invoice
from models.payments import Payment
from rules.cases import Process
from rules.import_rows import RowError
from rules.refusals import Refusal

KIND = "import"
#: As many values as one statement may name on every database.
AT_ONCE = 5_000
#: So many rows that become the same are worth a statement of their own.
ALIKE = 20


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
            "file": kept_name(file),
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


async def refused_lines(session: AsyncSession, run: BulkRun, *, file: str, after: int) -> set[int]:
    """The lines of a file, after one of them, that were refused so far."""
    statement = select(BulkError.line).where(
        BulkError.run_id == run.id, BulkError.file == kept_name(file), BulkError.line > after
    )
    return set(await session.exec(statement))


def kept_name(file: str) -> str:
    """A file's name as it is kept beside what is wrong with its rows."""
    return file[:40]


async def existing(
    session: AsyncSession, model: type[SQLModel], codes: Collection[str], *fields: str
) -> dict[str, Mapping[str, Any]]:
    """The rows that have these codes, by code, with their id and these fields."""
    table = _table(model)
    columns = [table.c.id, table.c.code, *(table.c[field] for field in fields)]
    statement = select(*columns).where(table.c.code.in_(set(codes)))
    return {row["code"]: row for row in await _dicts(session, statement)}


async def lock_named(
    session: AsyncSession, model: type[SQLModel], codes: Collection[str], *fields: str
) -> dict[str, dict[str, Any]]:
    """This will read rows by however many codes, and keep others from changing them."""
    table, wanted = _table(model), sorted(set(codes))
    columns = [table.c.id, table.c.code, *(table.c[field] for field in fields)]
    found: list[dict[str, Any]] = []
    for start in range(0, len(wanted), AT_ONCE):
        named = table.c.code.in_(wanted[start : start + AT_ONCE])
        statement = select(*columns).where(named).order_by(table.c.id)
        found += await _dicts(session, statement.with_for_update())
    return {row["code"]: row for row in found}


async def lock_rows(
    session: AsyncSession, model: type[SQLModel], ids: Collection[int], *fields: str
) -> Sequence[Mapping[str, Any]]:
    """This will read rows with their id and these fields, and keep others from changing them."""
    table = _table(model)
    columns = [table.c.id, *(table.c[field] for field in fields)]
    statement = select(*columns).where(table.c.id.in_(set(ids))).order_by(table.c.id)
    return await _dicts(session, statement.with_for_update())


async def _dicts(session: AsyncSession, statement: Any) -> list[dict[str, Any]]:
    """Rows as dictionaries: SQLAlchemy's own mappings take three times as long to read."""
    result = await session.exec(statement)
    names = tuple(result.keys())
    return [dict(zip(names, row, strict=True)) for row in result]


async def insert_rows(session: AsyncSession, model: type[SQLModel], rows: Rows) -> None:
    """This will insert rows that all have the same fields."""
    if rows:
        await insert_many(await session.connection(), _table(model), rows)


async def update_rows(
    session: AsyncSession, model: type[SQLModel], changes: Mapping[int, Mapping[str, Any]]
) -> None:
    """This will change rows by id, each in its own fields; those that change alike, in one go."""
    table, connection = _table(model), await session.connection()
    for fields, alike in _by_fields(changes).items():
        single = []
        for values, ids in alike:
            if len(ids) < ALIKE:
                single += [(row_id, values) for row_id in ids]
                continue
            told = dict(zip(fields, values, strict=True))
            await connection.execute(table.update().where(table.c.id.in_(ids)).values(told))
        await _update_one_by_one(connection, table, fields, single)


async def _update_one_by_one(
    connection: AsyncConnection,
    table: Table,
    fields: tuple[str, ...],
    changes: Sequence[tuple[int, tuple[Any, ...]]],
) -> None:
    if not changes:
        return
    values: dict[str, Any] = {field: bindparam(f"new_{field}") for field in fields}
    statement = table.update().where(table.c.id == bindparam("row_id")).values(values)
    names = [f"new_{field}" for field in fields]
    await connection.execute(
        statement,
        [{"row_id": row_id, **dict(zip(names, told, strict=True))} for row_id, told in changes],
    )


def _by_fields(
    changes: Mapping[int, Mapping[str, Any]],
) -> dict[tuple[str, ...], Collection[tuple[tuple[Any, ...], list[int]]]]:
    """The rows that change the same fields, with what these become."""
    grouped: dict[tuple[str, ...], dict[Any, tuple[tuple[Any, ...], list[int]]]] = {}
    for row_id, values in changes.items():
        if values:
            fields = tuple(sorted(values))
            told = tuple(values[field] for field in fields)
            # What is kept as JSON is no key of a dictionary.
            key = tuple(tuple(sorted(v.items())) if isinstance(v, dict) else v for v in told)
            grouped.setdefault(fields, {}).setdefault(key, (told, []))[1].append(row_id)
    return {fields: alike.values() for fields, alike in grouped.items()}


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
