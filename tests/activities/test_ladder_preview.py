"""The dry run of tomorrow: what the classifier takes up stands in it beside the ladder's steps."""

from __future__ import annotations

from datetime import timedelta

import pytest

from activities.ladder_pauses import NewException, except_contract
from activities.ladder_preview import preview_of_day
from models.database import Database
from rules.ladder_exceptions import ExceptionKind
from tests.activities.test_ladder import DUE, Street, morning


async def forwards(street: Street, *, today: int) -> int:
    """How many invoices tomorrow sends to collections, seen so many days after the due date."""
    async with street.database.read() as session:
        told = await preview_of_day(session, at=morning(today), today=morning(today).date())
    return told.forwards


@pytest.mark.parametrize(("excepted_days", "goes_on"), [(0, 10), (3, 13)])
async def test_who_is_classified_tomorrow_is_told_though_no_other_step_is_due(
    database: Database, excepted_days: int, goes_on: int
) -> None:
    street = Street(database)
    await street.settle()
    await street.climb_all(1, 5)
    if excepted_days:
        until = DUE + timedelta(days=6 + excepted_days)
        trust = NewException(ExceptionKind.RELEASE, until, "Paga na sexta")
        async with database.write() as session:
            await except_contract(
                session, street.contract.key, trust, may_override=False, by="ana", at=morning(6)
            )
        await street.climb(6)

    assert await forwards(street, today=goes_on - 2) == 0
    assert await forwards(street, today=goes_on - 1) == 1
