"""A ladder that waits for a word: only what was approved for a day is done on it."""

from __future__ import annotations

from datetime import date

from sqlmodel import select

from activities.ladder_approvals import approve, disapprove
from activities.templates import ensure_templates
from models.database import Database
from models.legal_notices import unapproved
from models.message_templates import switch
from models.people import Deed
from models.policies import PolicyValue
from models.tasks import Task
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


async def asked(street: Street) -> list[tuple[str, str, dict[str, str]]]:
    async with street.database.read() as session:
        found = await session.exec(select(Task).order_by(Task.id))
        return [(task.kind, task.status, task.places) for task in found]


async def test_a_day_that_nobody_approved_is_asked_about_until_it_is(database: Database) -> None:
    street = await waiting(database)

    await street.climb_all(5)
    async with database.read() as session:
        waits = await unapproved(session)
    first = await asked(street)
    await street.climb_all(5)
    again = await asked(street)
    await approved(street, 6)
    await street.climb_all(6)

    # A reminder and the notice of the law among the steps of the fifth day after the due date
    assert waits is not None
    assert (waits.invoices, waits.notices) == (1, 1)
    assert [(kind, status, told["notices"]) for kind, status, told in first] == [
        ("ladder_unapproved", "open", "1")
    ]
    assert again == first
    assert [status for _, status, _ in await asked(street)] == ["cancelled"]
    async with database.read() as session:
        assert await unapproved(session) is None


async def test_a_legal_notice_switched_off_on_every_channel_is_asked_about(
    database: Database,
) -> None:
    street = Street(database)
    await street.settle()
    code = "ladder_suspension_notice"
    async with database.write() as session:
        await ensure_templates(session, at=AT)
        await switch(session, code=code, channel="email", is_active=False)
    await street.climb_all(1)
    assert await asked(street) == []  # the SMS still leaves

    async with database.write() as session:
        for channel in ("sms", "app"):
            await switch(session, code=code, channel=channel, is_active=False)
    await street.climb_all(2)
    await street.climb_all(3)
    assert [(kind, status) for kind, status, _ in await asked(street)] == [
        ("legal_notice_off", "open")
    ]

    async with database.write() as session:
        await switch(session, code=code, channel="sms", is_active=True)
    await street.climb_all(4)
    assert [status for _, status, _ in await asked(street)] == ["cancelled"]
