"""Time-outs and retries of activities, by name; task queues, by name."""

from __future__ import annotations

from datetime import timedelta
from typing import TypedDict

from temporalio.common import RetryPolicy

JOURNEYS_QUEUE = "acerto-journeys"
MESSAGES_QUEUE = "acerto-messages"
BULK_QUEUE = "acerto-bulk"


class ActivityOptions(TypedDict, total=False):
    """What `workflow.execute_activity` takes beside the activity and its argument."""

    start_to_close_timeout: timedelta
    heartbeat_timeout: timedelta
    retry_policy: RetryPolicy
    task_queue: str


#: A transaction: short, and retried until the database is back. Nothing reaches a customer.
TRANSACTION = ActivityOptions(
    start_to_close_timeout=timedelta(seconds=30),
    retry_policy=RetryPolicy(
        initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=30)
    ),
)

#: One attempt to hand a message to its provider; the message's own row counts the attempts.
SENDING = ActivityOptions(
    start_to_close_timeout=timedelta(seconds=60),
    retry_policy=RetryPolicy(
        initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=10)
    ),
    task_queue=MESSAGES_QUEUE,
)

#: A page of a bulk run; its position is in the run's row.
BULK_PAGE = ActivityOptions(
    start_to_close_timeout=timedelta(minutes=10),
    heartbeat_timeout=timedelta(seconds=60),
    retry_policy=RetryPolicy(
        initial_interval=timedelta(milliseconds=500), maximum_interval=timedelta(seconds=60)
    ),
    task_queue=BULK_QUEUE,
)
