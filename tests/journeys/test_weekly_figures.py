"""A diary of the week's figures: written when the clock says so, and once however often it does."""

from __future__ import annotations

from sqlmodel import select

from models.messages import Message
from tests.activities.test_weekly_figures import a_reader
from tests.conftest import House
from workflows.options import JOURNEYS_QUEUE
from workflows.weekly_figures import WeeklyFigures


async def test_the_weeks_figures_reach_their_reader_once(house: House) -> None:
    async with house.database.write() as session:
        await a_reader(session, "gestora", "management:see", "tasks:see")

    for ordinal in (1, 2):
        written = await house.client.execute_workflow(
            WeeklyFigures.run, id=f"figures/{ordinal}", task_queue=JOURNEYS_QUEUE
        )
        assert written == 1

    async with house.database.read() as session:
        [message] = await session.exec(select(Message))
    assert message.to_address == "gestora@casa.test"
