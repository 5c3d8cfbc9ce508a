"""The ladder's daily run: made once, stopped, killed, and going by the ladders as it set out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlmodel import select
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities import ladder
from activities.ladder import LadderActivities, start_ladder
from models.bulk import BulkRun
from models.database import Database
from models.ladder_tables import LadderStep
from models.runs import request_stop
from tests.activities.test_ladder import DUE, REACHABLE, Street, morning, street
from tests.builders import a_customer, an_invoice

__all__ = ["street"]


async def test_a_ladder_edited_during_its_run_holds_from_the_next_run_on(street: Street):
    async with street.database.write() as session:
        run = await start_ladder(session, by="ana", at=morning(1))
    climber = ladder.Climber(street.database, run.number, morning(1))
    customers = await _in_activity(climber.customers)
    async with street.database.write() as session:
        overdue = select(LadderStep).where(LadderStep.name == "Aviso de atraso")
        step = (await session.exec(overdue)).one()
        step.offset_days = 3

    page = partial(ladder.climb_page, first=customers[0][0], last=customers[-1][0])
    await _in_activity(climber.page, page)

    assert await street.told() == ["ladder_overdue/email", "ladder_overdue/sms"]


async def test_the_daily_run_is_made_once_and_not_before_its_hour(database: Database):
    async def opened(at: datetime) -> int:
        environment = ActivityEnvironment()
        environment.info = replace(environment.info, started_time=at)
        return await environment.run(LadderActivities(database).open_daily_ladder)

    first = await opened(morning(1))

    assert await opened(morning(1) - timedelta(minutes=1)) == 0
    assert await opened(morning(1) + timedelta(hours=9)) == first > 0
    assert await opened(morning(2)) != first


async def test_a_run_stops_when_asked_and_the_next_goes_on(street: Street):
    async with street.database.write() as session:
        run = await start_ladder(session, by="ana", at=morning(1))
        await request_stop(session, run.number)

    activities = LadderActivities(street.database)
    assert await ActivityEnvironment().run(activities.climb_ladder, run.number) == "stopped"
    assert await street.told() == []
    assert (await street.climb(1)).changed == 1


async def test_a_run_killed_between_pages_does_the_rest_once(
    street: Street, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(ladder, "PAGE", 1)
    async with street.database.write() as session:
        other = await a_customer(session, name="Bruno Lima", **REACHABLE)
        fresh = {"collection_stage": None, "stage_since": None, "due_date": DUE}
        await an_invoice(session, other, **fresh)
        run = await start_ladder(session, by="ana", at=morning(1))
    whole, pages = ladder.carry_out, []

    async def second_page_dies(*arguments, **values):
        pages.append(await whole(*arguments, **values))
        if len(pages) == 2:
            raise ApplicationError("killed")
        return pages[-1]

    monkeypatch.setattr(ladder, "carry_out", second_page_dies)
    activities = LadderActivities(street.database)
    with pytest.raises(ApplicationError):
        await ActivityEnvironment().run(activities.climb_ladder, run.number)
    assert len(await street.told()) == 2

    await ActivityEnvironment().run(activities.climb_ladder, run.number)

    assert len(await street.told()) == 4
    async with street.database.read() as session:
        run = await session.get_one(BulkRun, run.id)
    assert (run.status, run.done, run.total, run.changed) == ("done", 2, 2, 2)
    assert run.summary["letters"] == 2


async def _in_activity(work, *arguments):
    async def inside():
        return await work(*arguments)

    return await ActivityEnvironment().run(inside)
