"""A ladder that waits for a word: only what was approved for a day is done on it."""

from __future__ import annotations

from datetime import date

from activities.ladder_approvals import approve, disapprove
from models.database import Database
from models.people import Deed
from models.policies import PolicyValue
from tests.activities.test_ladder import DUE, Street, morning
from tests.builders import AT, days


async def waiting(database: Database) -> Street:
    street = Street(database)
    await street.settle()
    async with database.write() as session:
        session.add(
            PolicyValue(
                name="LadderPolicy.waits_for_approval", value=True, changed_at=AT, changed_by="ana"
            )
        )
    return street


async def approved(street: Street, number: int) -> int:
    """The day before, for that many days after the due date."""
    today: date = days(number - 1, since=DUE)
    async with street.database.write() as session:
        deed = Deed("ana", morning(number - 1))
        return await approve(session, [street.invoice.key], today=today, deed=deed)


async def test_what_nobody_approved_waits_for_the_day_that_somebody_does(
    database: Database,
) -> None:
    street = await waiting(database)

    await street.climb_all(5)
    silent = await street.told()
    assert await approved(street, 6) == 1
    assert await approved(street, 6) == 0
    await street.climb_all(6)

    assert silent == []
    assert "ladder_suspension_notice/email" in await street.told()


async def test_an_approval_taken_back_is_none(database: Database) -> None:
    street = await waiting(database)

    await approved(street, 5)
    async with database.write() as session:
        deed = Deed("ana", morning(4))
        ids = [street.invoice.key, 999_999]
        assert await disapprove(session, ids, today=days(4, since=DUE), deed=deed) == 1
    await street.climb_all(5)

    assert await street.told() == []


async def test_an_approval_holds_for_its_own_day_alone(database: Database) -> None:
    street = await waiting(database)

    await approved(street, 4)
    await street.climb_all(5)

    assert await street.told() == []
