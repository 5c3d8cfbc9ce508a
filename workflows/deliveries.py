"""What every delivery to the outside does: tries, waits as long as it is told, and tries again."""

from __future__ import annotations

from typing import Any

from temporalio import workflow

from activities.outcomes import Outcome
from workflows.options import SENDING


async def deliver(attempt: str, ref: Any) -> str:
    """This will repeat an attempt, an activity of this name, until it has an outcome; its status.

    The row that `ref` names counts the attempts, and says what became of them and why.
    """
    while True:
        outcome: Outcome = await workflow.execute_activity(
            attempt, ref, result_type=Outcome, **SENDING
        )
        if outcome.wait_until is None:
            return outcome.status
        left = outcome.wait_until - workflow.now()
        await workflow.sleep(max(left.total_seconds(), 1), summary=outcome.status)
        if workflow.info().is_continue_as_new_suggested():
            workflow.continue_as_new(ref)
