"""The outbox's order: nothing that a workflow is told overtakes what it was to be told before."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import cast

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio.client import Client

from activities.outbox import Relay
from models.database import Database
from models.outbox import OutboxEntry, Verb, claim, record
from tests.builders import AT


def entry(verb: Verb, workflow_id: str) -> OutboxEntry:
    return OutboxEntry(
        verb=verb, workflow="TaskJourney", workflow_id=workflow_id, argument={}, created_at=AT
    )


async def taken(session: AsyncSession, *, seconds: float) -> list[tuple[str, str]]:
    entries = await claim(session, limit=10, now=AT + timedelta(seconds=seconds))
    return [(each.verb, each.workflow_id) for each in entries]


async def test_news_waits_behind_a_restart_that_is_tried_again(database: Database) -> None:
    async with database.write() as session:
        session.add(entry(Verb.RESTART, "tasks/1"))
    async with database.write() as session:
        refused = await claim(session, limit=10, now=AT)
        await record(session, refused, ["the engine is away"], now=AT)
        session.add_all([entry(Verb.SIGNAL, "tasks/1"), entry(Verb.SIGNAL, "tasks/2")])

    async with database.write() as session:
        assert await taken(session, seconds=0.1) == [("signal", "tasks/2")]
    async with database.write() as session:
        assert await taken(session, seconds=1) == [("restart", "tasks/1"), ("signal", "tasks/1")]


async def test_news_waits_behind_a_restart_that_another_relay_holds(database: Database) -> None:
    async with database.write() as session:
        session.add(entry(Verb.RESTART, "tasks/1"))
    async with database.write() as session:
        assert await taken(session, seconds=0) == [("restart", "tasks/1")]
        session.add(entry(Verb.SIGNAL, "tasks/1"))

    async with database.write() as session:
        assert await taken(session, seconds=1) == []
    async with database.write() as session:  # the relay that held it has died
        assert [verb for verb, _ in await taken(session, seconds=31)] == ["restart", "signal"]


async def test_news_waits_behind_a_restart_that_another_relay_is_just_claiming(
    database: Database,
) -> None:
    async with database.write() as session:
        session.add_all([entry(Verb.RESTART, "tasks/1"), entry(Verb.SIGNAL, "tasks/1")])

    async def another() -> list[tuple[str, str]]:
        async with database.write() as session:
            return await taken(session, seconds=1)

    async with database.write() as session:
        await claim(session, limit=1, now=AT)
        claiming = asyncio.create_task(another())
        await asyncio.sleep(0.1)

    assert await claiming == []


async def test_a_relay_with_nothing_to_do_waits_for_no_writer(database: Database) -> None:
    relay = Relay(database, cast("Client", None), task_queue="none")  # asks the engine nothing

    async with database.write() as writing:
        await writing.exec(text("UPDATE outbox SET attempts = 1"))
        async with asyncio.timeout(2):
            assert await relay.deliver_batch() == 0
