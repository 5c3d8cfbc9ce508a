"""What the engine starts by the clock."""

from __future__ import annotations

from datetime import timedelta

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)
from temporalio.common import WorkflowIDConflictPolicy

from activities.classification import ClassificationRequest
from rules.business_days import BRASILIA
from rules.classification import DAILY_AT
from workflows.classification import Classification
from workflows.options import JOURNEYS_QUEUE

DAILY_CLASSIFICATION = "classification-daily"

#: After a longer standstill a missed morning is not made up for: the next start-up's run does it.
CATCH_UP = timedelta(hours=12)


async def ensure(client: Client) -> None:
    """This will put every schedule in place as it is written here, and run what was missed today.

    Safe at every start: the day's own run is made once, however often it is asked for.
    """
    await _put(client, DAILY_CLASSIFICATION, _daily_classification())
    await client.start_workflow(
        Classification.run,
        ClassificationRequest(),
        id="classification/start-up",
        task_queue=JOURNEYS_QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )


def _daily_classification() -> Schedule:
    hour, minute = (ScheduleRange(DAILY_AT.hour),), (ScheduleRange(DAILY_AT.minute),)
    return Schedule(
        action=ScheduleActionStartWorkflow(
            Classification.run,
            ClassificationRequest(),
            id=DAILY_CLASSIFICATION,
            task_queue=JOURNEYS_QUEUE,
        ),
        spec=ScheduleSpec(
            calendars=[ScheduleCalendarSpec(hour=hour, minute=minute)], time_zone_name=BRASILIA
        ),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=CATCH_UP),
    )


async def _put(client: Client, name: str, schedule: Schedule) -> None:
    def as_written(_: ScheduleUpdateInput) -> ScheduleUpdate:
        return ScheduleUpdate(schedule)

    try:
        await client.create_schedule(name, schedule)
    except ScheduleAlreadyRunningError:
        await client.get_schedule_handle(name).update(as_written)
