"""Diaries of the classifier: by hand, daily, missed, stopped, killed half-way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, func, select
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, ScheduleActionStartWorkflow
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities import classification
from activities.classification import ClassificationActivities, start_classification
from engine import provision
from models import classification as pages_of_models
from models.bulk import BulkRun
from models.cases import Case, CaseEvent
from models.classified_page import Page
from models.database import Database
from models.invoices import Invoice, InvoiceEvent
from models.ladder_tables import Ladder, LadderStep
from models.runs import request_stop
from rules.business_days import HOUSE, at_local_time, local_date
from rules.classification import DAILY_AT, FORWARD, Forwarding
from tests.builders import AT, a_customer, an_invoice
from tests.conftest import House
from tests.support.engine import own_deployment, started
from workflows.schedules import DAILY_CLASSIFICATION, ensure, put


async def overdue_customers(database: Database, number: int, *, at: datetime) -> None:
    """So many customers with two overdue invoices each, and the ladder that forwards them."""
    async with database.write() as session:
        ladder = Ladder(code="padrao", name="Padrão", is_default=True)
        session.add(ladder)
        await session.flush()
        session.add(LadderStep(ladder_id=ladder.id or 0, action=FORWARD, offset_days=10))
        unclassified: dict[str, Any] = {"collection_stage": None, "stage_since": None}
        for _ in range(number):
            customer = await a_customer(session)
            for days in (20, 30):
                due = local_date(at) - timedelta(days=days)
                await an_invoice(session, customer, due_date=due, **unclassified)


async def requested(database: Database, *, at: datetime) -> BulkRun:
    async with database.write() as session:
        return await start_classification(session, by="ana", at=at)


async def the_run(database: Database, run_id: int | None) -> BulkRun:
    async with database.read() as session:
        return await session.get_one(BulkRun, run_id)


async def counts(database: Database) -> dict[str, int]:
    async with database.read() as session:
        classified = col(Invoice.collection_stage) == "classified"
        return {
            "classified": await _count(session, select(Invoice).where(classified)),
            "moves": await _count(session, select(InvoiceEvent)),
            "cases": await _count(session, select(Case)),
            "lines": await _count(session, select(CaseEvent)),
        }


async def _count(session: Any, rows: Any) -> int:
    return int((await session.exec(select(func.count()).select_from(rows.subquery()))).one())


async def test_by_hand_and_daily_do_the_same_once(house: House) -> None:
    await overdue_customers(house.database, 3, at=house.clock.now)

    # 10:00: somebody runs it by hand, twice before it has begun
    by_hand = await requested(house.database, at=house.clock.now)
    again = await requested(house.database, at=house.clock.now)
    await house.clock.settle()
    assert again.id == by_hand.id
    run = await the_run(house.database, by_hand.id)
    assert (run.status, run.total, run.done, run.changed) == ("done", 3, 3, 6)
    first = await counts(house.database)
    assert first == {"classified": 6, "moves": 6, "cases": 3, "lines": 3}

    # Straight after, by hand: nothing is new
    idle = await requested(house.database, at=house.clock.now)
    await house.clock.settle()
    run = await the_run(house.database, idle.id)
    assert (run.status, run.changed) == ("done", 0)
    assert await counts(house.database) == first


async def test_a_classified_customer_rests_at_few_events(house: House) -> None:
    await overdue_customers(house.database, 1, at=house.clock.now)
    await requested(house.database, at=house.clock.now)
    await house.clock.settle()

    async with house.database.read() as session:
        case = (await session.exec(select(Case))).one()
    history = await house.client.get_workflow_handle(case.workflow_id).fetch_history()

    # The virtual clock's own events are not the journey's.
    kinds = [EventType.Name(event.event_type) for event in history.events]
    own = [kind for kind in kinds if "SKIPPING" not in kind and "OPTIONS_UPDATED" not in kind]
    assert len(own) <= 15, own


async def test_the_daily_run_stands_at_the_houses_seven_however_often_it_is_put(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with started(own_deployment(tmp_path)) as (_, client):
        await provision(client)
        await stands_at_seven(client, monkeypatch)


async def stands_at_seven(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    await ensure(client)
    await ensure(client)

    schedule = await client.get_schedule_handle(DAILY_CLASSIFICATION).describe()
    seven = at_local_time(local_date(schedule.info.next_action_times[0]), at=DAILY_AT)
    assert schedule.info.next_action_times[0] == seven
    assert isinstance(schedule.schedule.action, ScheduleActionStartWorkflow)
    assert schedule.schedule.action.workflow == "Classification"

    monkeypatch.setattr(HOUSE, "zone", "America/Manaus")  # the company moved its clocks
    await put(client)

    moved = await client.get_schedule_handle(DAILY_CLASSIFICATION).describe()
    later = moved.info.next_action_times[0] - seven
    # Between the two hours the one is tomorrow's and the other today's.
    assert later % timedelta(days=1) == timedelta(hours=1)


@pytest.mark.parametrize(("hour", "made"), [(9, False), (10, True)])
async def test_the_days_own_run_is_made_once_from_seven_on(
    database: Database, hour: int, made: bool
) -> None:
    environment = ActivityEnvironment()
    instant = datetime(2026, 11, 16, hour, tzinfo=UTC)
    environment.info = replace(environment.info, started_time=instant)
    activities = ClassificationActivities(database)

    first = await environment.run(activities.open_daily_classification)
    again = await environment.run(activities.open_daily_classification)

    assert first == again
    assert bool(first) is made


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """One customer a page."""
    monkeypatch.setattr(classification, "PAGE", 1)


@pytest.mark.usefixtures("small_pages")
async def test_a_run_stops_when_asked_and_the_next_one_goes_on(database: Database) -> None:
    await overdue_customers(database, 3, at=AT)
    run = await requested(database, at=AT)
    environment = ActivityEnvironment()
    environment.on_heartbeat = lambda *_: None
    async with database.write() as session:
        await request_stop(session, run.number)

    status = await environment.run(ClassificationActivities(database).classify, run.number)

    assert status == "stopped"
    assert (await counts(database))["classified"] == 0

    following = await requested(database, at=AT)
    assert following.id != run.id
    await environment.run(ClassificationActivities(database).classify, following.number)
    assert (await counts(database))["classified"] == 6


@pytest.mark.usefixtures("small_pages")
async def test_a_run_killed_between_pages_goes_on_where_it_was(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await overdue_customers(database, 3, at=AT)
    run = await requested(database, at=AT)
    environment = ActivityEnvironment()
    whole = pages_of_models.classify_page
    pages: list[Page] = []

    async def second_page_dies(session: Any, page: Page, forwarding: Forwarding) -> Any:
        pages.append(page)
        done = await whole(session, page, forwarding)
        if len(pages) == 2:
            raise ApplicationError("killed")
        return done

    monkeypatch.setattr(pages_of_models, "classify_page", second_page_dies)
    with pytest.raises(ApplicationError):
        await environment.run(ClassificationActivities(database).classify, run.number)
    assert (await counts(database))["classified"] == 2

    await environment.run(ClassificationActivities(database).classify, run.number)

    assert await counts(database) == {"classified": 6, "moves": 6, "cases": 3, "lines": 3}
    ended = await the_run(database, run.id)
    assert (ended.status, ended.total, ended.done, ended.changed) == ("done", 3, 3, 6)


async def test_a_repeated_activity_of_an_ended_run_changes_nothing(database: Database) -> None:
    await overdue_customers(database, 1, at=AT)
    run = await requested(database, at=AT)
    environment = ActivityEnvironment()
    await environment.run(ClassificationActivities(database).classify, run.number)
    ended = await the_run(database, run.id)

    again = await environment.run(ClassificationActivities(database).classify, run.number)

    assert again == "done"
    assert (await the_run(database, run.id)).finished_at == ended.finished_at
