"""Months of an index that are needed and not known: asked for once, and until they are informed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select

from activities.index_asking import ask_for_months, months_informed
from activities.price_indices import keep_months
from models.database import Database
from models.people import Deed
from models.plans import PriceIndex
from models.tasks import Task
from rules.price_indices import Method

MONTH = date(2026, 10, 1)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 15, tzinfo=UTC)


async def tasks(database: Database) -> list[tuple[str, bool]]:
    async with database.read() as session:
        found = (await session.exec(select(Task).order_by(Task.id))).all()
    return [(each.places["month"], each.finished_at is None) for each in found]


@pytest.mark.parametrize(
    ("day", "asked"),
    [(date(2026, 11, 10), []), (date(2026, 11, 11), [("10/2026", True)])],
)
async def test_a_month_is_asked_for_once_it_must_be_published(
    database: Database, day: date, asked: list[tuple[str, bool]]
) -> None:
    for _ in range(2):
        async with database.write() as session:
            await ask_for_months(session, "IPCA", [MONTH], team="contestacao", at=noon(day))

    assert await tasks(database) == asked


async def test_what_was_asked_for_is_withdrawn_once_it_is_informed(database: Database) -> None:
    at = noon(date(2026, 12, 20))
    async with database.write() as session:
        index = PriceIndex(code="IPCA", name="IPCA", series=433)
        session.add(index)
        await session.flush()
        months = [MONTH, date(2026, 11, 1)]
        await ask_for_months(session, "IPCA", months, team="contestacao", at=at)

    async with database.write() as session:
        kind, deed = Method.MONTHLY_RATES, Deed("ana", at)
        told = {MONTH: Decimal("0.09")}
        await keep_months(session, index.id or 0, told, kind=kind, source="csv", deed=deed)

    assert await tasks(database) == [("10/2026", False), ("11/2026", True)]


async def test_many_months_are_informed_by_one_look_at_the_tasks(database: Database) -> None:
    seen: list[str] = []

    def notice(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "FROM tasks" in statement:
            seen.append(statement)

    async with database.write() as session:
        index = PriceIndex(code="IPCA", name="IPCA", series=433)
        session.add(index)
        await session.flush()
        event.listen(database.engine.sync_engine, "before_cursor_execute", notice)
        months = [date(2025, month, 1) for month in range(1, 13)]
        await months_informed(session, index.id or 0, months, at=noon(date(2026, 12, 20)))
        event.remove(database.engine.sync_engine, "before_cursor_execute", notice)

    assert len(seen) == 1
