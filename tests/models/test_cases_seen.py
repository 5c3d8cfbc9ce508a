"""Whoever saw an older version of a case: a person's deed stands against them, mere news do not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from models.cases import Case, move_to, open_case, record_event, remember
from models.cases_seen import overtaken_since
from rules.cases import SYSTEM, ChangedBy, Process, StaleVersion
from tests import builders
from tests.builders import AT

LATER = AT + timedelta(minutes=5)


@pytest.fixture
async def session(database):
    async with database.write() as session:
        yield session


async def a_case(session: AsyncSession) -> Case:
    """Opened by Ana, who answered it a moment ago: version 2."""
    customer = await builders.a_customer(session)
    case = await open_case(
        session, process=Process.CONTESTATION, subject_id=1, customer_id=customer.id,
        stage="filed", by="ana", at=AT,
    )  # fmt: skip
    record_event(session, case, kind="answered", by="ana", at=AT)
    remember(session, case, command_id="first", answer={}, at=AT)
    return case


async def test_news_alone_do_not_stand_against_anybody(session: AsyncSession) -> None:
    case = await a_case(session)
    record_event(session, case, kind="message", by=SYSTEM, at=LATER)
    remember(session, case, command_id="news", answer={}, at=LATER)

    assert await overtaken_since(session, case, seen_version=2) is None


async def test_a_persons_deed_stands_against_whoever_saw_less(session: AsyncSession) -> None:
    case = await a_case(session)
    record_event(session, case, kind="answered", by="rita", at=LATER)
    remember(session, case, command_id="second", answer={}, at=LATER)
    remember(session, case, command_id="news", answer={}, at=LATER + timedelta(seconds=1))

    refusal = await overtaken_since(session, case, seen_version=2)

    assert isinstance(refusal, ChangedBy)
    assert refusal.params["by"] == "rita"


async def test_another_stage_stands_against_whoever_saw_the_last(session: AsyncSession) -> None:
    case = await a_case(session)
    move_to(session, case, "awaiting_answer", by=SYSTEM, at=LATER)
    remember(session, case, command_id="elapsed", answer={}, at=LATER)

    assert isinstance(await overtaken_since(session, case, seen_version=2), StaleVersion)


async def test_a_version_that_never_was_is_refused(session: AsyncSession) -> None:
    case = await a_case(session)

    assert await overtaken_since(session, case, seen_version=99) is not None
