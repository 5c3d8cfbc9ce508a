"""What the engine starts by the clock."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)
from temporalio.common import WorkflowIDConflictPolicy

from activities.bulk_runs import RunRequest
from activities.contract_upkeep import UpkeepRequest
from rules import billing, classification, ladder
from rules.business_days import HOUSE
from workflows.anonymisation import PersonalDataRetention
from workflows.billing import BillingRun
from workflows.carriers import CarrierFilesRetention, CarrierFilesWatch
from workflows.classification import Classification
from workflows.contract_upkeep import ContractUpkeep
from workflows.ladder import LadderRun
from workflows.options import JOURNEYS_QUEUE
from workflows.weekly_figures import WeeklyFigures

DAILY_CLASSIFICATION = "classification-daily"
DAILY_LADDER = "ladder-daily"
DAILY_BILLING = "billing-daily"
DAILY_RETENTION = "carrier-files-retention-daily"
DAILY_PRIVACY = "personal-data-retention-daily"
WATCH = "carrier-files-watch"
#: How long a file lies in the watched folder at the most.
WATCH_EVERY = timedelta(minutes=5)
#: When nobody works.
NIGHT = time(3, 20)
DAILY_UPKEEP = "contracts-daily"
#: Before anything is billed.
UPKEEP_AT = time(4)

WEEKLY_FIGURES = "figures-weekly"
#: Before the week begins; days are counted from Sunday.
FIGURES_AT = time(7)
MONDAY, EVERY_DAY = ScheduleRange(1), ScheduleRange(0, 6)

#: After a longer standstill a missed morning is not made up for: the next start-up's run does it.
CATCH_UP = timedelta(hours=12)


CLASSIFY: tuple[Any, Any] = (Classification.run, RunRequest())
CLIMB: tuple[Any, Any] = (LadderRun.run, RunRequest())
KEEP_UP: tuple[Any, Any] = (ContractUpkeep.run, UpkeepRequest())
CHARGE: tuple[Any, Any] = (BillingRun.run, RunRequest())


async def ensure(client: Client) -> None:
    """This will put every schedule in place and run what was missed today.

    Safe at every start: the day's own run is made once, however often it is asked for.
    """
    await put(client)
    await _start_now(client, "contracts/start-up", KEEP_UP)
    await _start_now(client, "billing/start-up", CHARGE)
    await _start_now(client, "classification/start-up", CLASSIFY)
    await _start_now(client, "ladder/start-up", CLIMB)


async def put(client: Client) -> None:
    """This will put every schedule in place as it is written here, by the house's clocks."""
    await _put(
        client,
        DAILY_CLASSIFICATION,
        _daily(DAILY_CLASSIFICATION, CLASSIFY, classification.DAILY_AT),
    )
    await _put(client, DAILY_LADDER, _daily(DAILY_LADDER, CLIMB, ladder.DAILY_AT))
    forget = (CarrierFilesRetention.run,)
    await _put(client, DAILY_RETENTION, _daily(DAILY_RETENTION, forget, NIGHT))
    let_go = (PersonalDataRetention.run,)
    await _put(client, DAILY_PRIVACY, _daily(DAILY_PRIVACY, let_go, NIGHT))
    await _put(client, WATCH, _every(WATCH, CarrierFilesWatch.run, WATCH_EVERY))
    await _put(client, DAILY_UPKEEP, _daily(DAILY_UPKEEP, KEEP_UP, UPKEEP_AT))
    await _put(client, DAILY_BILLING, _daily(DAILY_BILLING, CHARGE, billing.DAILY_AT))
    figures = (WeeklyFigures.run,)
    await _put(client, WEEKLY_FIGURES, _daily(WEEKLY_FIGURES, figures, FIGURES_AT, days=MONDAY))


async def _start_now(client: Client, workflow_id: str, work: tuple[Any, Any]) -> None:
    run, request = work
    await client.start_workflow(
        run,
        request,
        id=workflow_id,
        task_queue=JOURNEYS_QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )


def _daily(
    name: str, work: tuple[Any, ...], at: time, *, days: ScheduleRange = EVERY_DAY
) -> Schedule:
    run, *asked = work
    hour, minute = (ScheduleRange(at.hour),), (ScheduleRange(at.minute),)
    return Schedule(
        action=ScheduleActionStartWorkflow(run, args=asked, id=name, task_queue=JOURNEYS_QUEUE),
        spec=ScheduleSpec(
            calendars=[ScheduleCalendarSpec(hour=hour, minute=minute, day_of_week=(days,))],
            time_zone_name=HOUSE.zone,
        ),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=CATCH_UP),
    )


def _every(name: str, run: Any, interval: timedelta) -> Schedule:
    return Schedule(
        action=ScheduleActionStartWorkflow(run, args=[], id=name, task_queue=JOURNEYS_QUEUE),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=interval)]),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=interval),
    )


async def _put(client: Client, name: str, schedule: Schedule) -> None:
    def as_written(_: ScheduleUpdateInput) -> ScheduleUpdate:
        return ScheduleUpdate(schedule)

    try:
        await client.create_schedule(name, schedule)
    except ScheduleAlreadyRunningError:
        await client.get_schedule_handle(name).update(as_written)
