"""What every bulk run does: the daily one is made here, one by hand was written down before."""

from __future__ import annotations

from temporalio import workflow

from activities.bulk_runs import RunRequest
from workflows.options import BULK_PAGE, TRANSACTION

#: The day's hour has not come: no run.
NOT_YET = "not yet"


async def work_off(request: RunRequest, *, opens: str, works: str) -> str:
    """This will have a run worked off by the activity `works`; its status.

    `opens` is the activity that makes the day's run, where none was asked for by name.
    """
    run_id = request.run_id or await _todays_run(opens)
    if not run_id:
        return NOT_YET
    status: str = await workflow.execute_activity(works, run_id, result_type=str, **BULK_PAGE)
    return status


async def _todays_run(opens: str) -> int:
    run_id: int = await workflow.execute_activity(opens, result_type=int, **TRANSACTION)
    return run_id
