"""A person's command on its way to a case: asked once, answered once, whatever is repeated."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowUpdateFailedError,
)
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from api.dependencies import reached
from models import cases, cases_seen
from models.cases import Case
from models.database import Database
from models.outbox import JOURNEYS
from rules.cases import CaseRef
from workflows.options import JOURNEYS_QUEUE

#: Longer than any healthy answer; after it the command may still be carried out.
PATIENCE_SECONDS = 10


async def command(
    engine: Client,
    database: Database,
    *,
    process: str,
    subject_id: int,
    update: str,
    argument: Any,
    command_id: str | None = None,
    seen_version: int | None = None,
) -> dict[str, Any]:
    """This will have a case carry out a command and give its answer.

    The same `command_id` of the same request gets the first answer, also when the case is closed by
    now; what it is called means nothing to other cases, nor to the journeys' own commands. Refuses
    CaseNotFound, CaseClosed, StaleVersion, and whatever the case's rules refuse; and
    EngineUnavailable, TimeoutError or RPCError when the engine does not answer: then nothing is
    lost, ask again.
    """
    asked = f"{process}/{subject_id}/{update}/{command_id or uuid4()}"
    command_id = str(uuid5(NAMESPACE_URL, asked))
    async with database.read() as session:
        case, answer = await cases.find_with_answer(
            session, process=process, subject_id=subject_id, command_id=command_id
        )
    if answer is not None:
        return answer
    await _check_seen(database, case, seen_version)
    try:
        with reached():
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await _update(engine, case, update, argument, command_id)
    except WorkflowUpdateFailedError as refused:
        await _check_overtaken(database, case, refused)
        raise


async def _check_seen(database: Database, case: Case, seen_version: int | None) -> None:
    """Refuses what is asked of a case that is closed, or that a person has changed since."""
    if case.closed_at is None and seen_version in (None, case.version):
        return
    async with database.read() as session:
        if case.closed_at is not None or seen_version is None:
            raise await cases_seen.who_was_first(session, case)
        refusal = await cases_seen.overtaken_since(session, case, seen_version=seen_version)
    if refusal is not None:
        raise refusal


async def _check_overtaken(
    database: Database, seen: Case, refused: WorkflowUpdateFailedError
) -> None:
    """This will say who was first, where somebody else's command came between and is the reason.

    What is wrong with a field of the form is wrong whoever was first.
    """
    cause = refused.cause
    if not isinstance(cause, ApplicationError) or not _is_about_the_case(cause):
        return
    async with database.read() as session:
        case = await session.get_one(Case, seen.id)
        if case.version != seen.version:
            raise await cases_seen.who_was_first(session, case) from refused


def _is_about_the_case(refused: ApplicationError) -> bool:
    return bool(refused.details) and not refused.details[0].get("field")


async def _update(
    engine: Client, case: Case, update: str, argument: Any, command_id: str
) -> dict[str, Any]:
    handle = engine.get_workflow_handle(case.workflow_id)
    try:
        answer: dict[str, Any] = await handle.execute_update(
            update, argument, id=command_id, result_type=dict
        )
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
    else:
        return answer
    # Its start is still in the outbox, behind others: a person does not wait for it.
    started: dict[str, Any] = await engine.execute_update_with_start_workflow(
        update,
        argument,
        id=command_id,
        result_type=dict,
        start_workflow_operation=WithStartWorkflowOperation(
            JOURNEYS[case.process],
            CaseRef(case.number, case.epoch),
            id=case.workflow_id,
            task_queue=JOURNEYS_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        ),
    )
    return started
