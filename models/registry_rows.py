"""Rows of any registry: listed, saved with their history in the audit trail, never deleted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import (
    Column,
    ColumnElement,
    Select,
    String,
    Table,
    UniqueConstraint,
    cast,
    func,
)
from sqlalchemy import select as sql_select
from sqlmodel import SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.folding import any_holds
from models.people import Deed, record
from models.registries import AgreementCategory, LedgerAccount, PaymentProfile
from rules.refusals import Refusal

RowT = TypeVar("RowT", bound=SQLModel)


class RegistryRowUnknown(Refusal):
    message = "Este cadastro não existe."


class RegistryValueTaken(Refusal):
    message = "Já existe um cadastro com o valor %(value)s."


class RegistryRowTaken(Refusal):
    message = "Já existe um cadastro com esta combinação."


def table_of(model: type[SQLModel]) -> Table:
    """The table behind a registry's model."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table


def select_rows(
    model: type[SQLModel],
    *,
    search: str | None = None,
    searched: Sequence[str] = (),
    is_active: bool | None = None,
) -> Select[Any]:
    """All columns of a registry; `search` looks into the columns `searched`."""
    columns = table_of(model).c
    statement: Select[Any] = sql_select(*columns)
    if search:
        places = (cast(columns[name], String) for name in searched)
        statement = statement.where(any_holds(places, search))
    if is_active is not None:
        statement = statement.where(columns.is_active == is_active)
    return statement


async def choices_of(session: AsyncSession, registry: type[SQLModel]) -> list[tuple[int, str]]:
    """Identity and name of the rows in use, by name: what a select field offers."""
    table = table_of(registry)
    statement: Any = select(table.c.id, table.c.name)
    if "is_active" in table.c:
        statement = statement.where(table.c.is_active)
    return [(key, name) for key, name in await session.exec(statement.order_by(table.c.name))]


async def agreement_choices(session: AsyncSession) -> dict[str, list[tuple[int, str]]]:
    """What the select fields of an agreement offer."""
    return {
        "categories": await choices_of(session, AgreementCategory),
        "accounts": await choices_of(session, LedgerAccount),
        "profiles": await choices_of(session, PaymentProfile),
    }


async def count_rows(session: AsyncSession, model: type[SQLModel]) -> int:
    """How many rows of the registry are in use."""
    table = table_of(model)
    statement = select(func.count()).select_from(table).where(table.c.is_active)
    return (await session.exec(statement)).one()


async def get_row(session: AsyncSession, model: type[RowT], row_id: int) -> RowT:
    """This will load a row. Refuses an unknown one (RegistryRowUnknown)."""
    row = await session.get(model, row_id)
    if row is None:
        raise RegistryRowUnknown
    return row


async def add_row(session: AsyncSession, row: SQLModel, *, deed: Deed) -> int:
    """This will add a row. Refuses a taken value that must be unique (RegistryValueTaken)."""
    await _check_unique(session, row, but=None)
    session.add(row)
    await session.flush()
    return _recorded(session, row, "registry.create", deed, before=None)


async def change_row(
    session: AsyncSession, row: SQLModel, values: dict[str, Any], *, deed: Deed
) -> int:
    """This will change the values given and keep the others; before and after are audited."""
    before = row.model_dump(mode="json")
    row.sqlmodel_update(values)
    with session.no_autoflush:
        await _check_unique(session, row, but=before["id"])
    await session.flush()
    return _recorded(session, row, "registry.change", deed, before=before)


async def count_uses(session: AsyncSession, model: type[SQLModel], row_id: int) -> int:
    """How many rows of other tables refer to this one."""
    counts = [
        select(func.count()).select_from(column.table).where(column == row_id).scalar_subquery()
        for column in _references_to(table_of(model))
    ]
    if not counts:
        return 0
    total: ColumnElement[int] = sum(counts[1:], start=counts[0])
    return (await session.exec(select(total))).one()


def _references_to(table: Table) -> list[Column[Any]]:
    return [
        key.parent
        for other in SQLModel.metadata.sorted_tables
        for key in other.foreign_keys
        if key.column.table is table
    ]


async def _check_unique(session: AsyncSession, row: SQLModel, *, but: int | None) -> None:
    table = table_of(type(row))
    for column in table.c:
        if not column.unique:
            continue
        value = getattr(row, column.name)
        statement = select(table.c.id).where(column == value, table.c.id != (but or 0))
        if (await session.exec(statement)).first() is not None:
            raise RegistryValueTaken(field=column.name, value=str(value))
    for together in (each for each in table.constraints if isinstance(each, UniqueConstraint)):
        await _check_together(session, row, list(together.columns), but=but)


async def _check_together(
    session: AsyncSession, row: SQLModel, columns: list[Column[Any]], *, but: int | None
) -> None:
    """Values that must be unique as one, such as a table's target for an event and priority."""
    if len(columns) < 2:
        return
    table = columns[0].table
    same = [column == getattr(row, column.name) for column in columns]
    statement = select(table.c.id).where(*same, table.c.id != (but or 0))
    if (await session.exec(statement)).first() is not None:
        raise RegistryRowTaken(field=columns[-1].name)


def _recorded(
    session: AsyncSession,
    row: SQLModel,
    action: str,
    deed: Deed,
    *,
    before: dict[str, Any] | None,
) -> int:
    after = row.model_dump(mode="json")
    subject = f"{table_of(type(row)).name}/{after['id']}"
    record(session, deed, action, subject=subject, before=before, after=after)
    return int(after["id"])
