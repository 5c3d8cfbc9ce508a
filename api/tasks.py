"""Tasks for programs, and the functions that the inbox's pages share with them."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Query
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from activities import inbox as hands
from activities.tasks import NewTask
from api.commands import command
from api.dependencies import Db, Engine, Ip, Now, Principal, ReadSession, need
from api.keyset import SortKey, fetch
from api.once import CommandId, NamedRequest
from api.task_values import (
    CancellationInput,
    CommentInput,
    ConclusionInput,
    DelegationInput,
    SnoozeInput,
    TaskChangeInput,
    TaskDetails,
    TaskInput,
    TaskQuery,
    TasksOut,
    change_asked,
    task_details,
    task_out,
)
from models import colleagues, inbox
from models.database import Database
from models.history import get_case
from models.inbox import InboxFilter, InboxView
from models.tasks import Task
from rules.business_days import local_date
from rules.cases import CaseClosed, Process
from rules.tasks import CancelTask, ConcludeTask, TaskAlreadyFinished

router = APIRouter(prefix="/api/tasks", tags=["tasks"])

See = Annotated[Principal, need("tasks:see")]
Act = Annotated[Principal, need("tasks:see", "tasks:act")]
ORDERS = {"due": SortKey("due_at"), "finished": SortKey("finished_at", is_descending=True)}


@router.get("")
async def list_tasks(
    by: See, session: ReadSession, now: Now, asked: Annotated[TaskQuery, Query()]
) -> TasksOut:
    """Tasks by due instant; finished ones the newest first."""
    wanted = InboxFilter(
        by=by.login,
        team_ids=await colleagues.teams_of(session, by.login),
        now=now,
        stands_in_for=await colleagues.stood_in_for(session, by.login, today=local_date(now)),
        **asked.model_dump(exclude={"cursor", "limit"}),
    )
    sort = ORDERS["finished" if asked.view is InboxView.FINISHED else "due"]
    statement = inbox.select_tasks(wanted)
    found = await fetch(session, statement, sort=sort, cursor=asked.cursor, limit=asked.limit)
    return TasksOut(items=[task_out(dict(row), by=by) for row in found.rows], next=found.next)


@router.get("/{task_id}")
async def read_task(by: See, session: ReadSession, task_id: int) -> TaskDetails:
    """A task with its remarks."""
    return await task_details(session, task_id, by=by)


@router.post("", status_code=201)
async def create_task(
    asked: TaskInput, by: Act, database: Db, now: Now, ip: Ip, name: CommandId = None
) -> TaskDetails:
    """Make a task; the same key again gets the task that was made."""
    async with database.write() as session:
        new = await new_task(session, asked, name=name and f"{by.login}/{name}")
        task = await hands.create(session, new, by.deed(at=now, ip=ip))
        return await task_details(session, task.number, by=by)


@router.post("/next")
async def take_next(
    by: Act, database: Db, now: Now, ip: Ip, once: NamedRequest
) -> TaskDetails | None:
    """Claim the most urgent task that the caller may do; null when there is none."""
    deed = by.deed(at=now, ip=ip)

    async def take(session: AsyncSession) -> dict[str, Any]:
        task = await hands.take_next(session, deed)
        found = await task_details(session, task.number, by=by) if task else None
        return {"task": found.model_dump() if found else None}

    taken = (await once.do(database, deed, take))["task"]
    return TaskDetails.model_validate(taken) if taken else None


@router.patch("/{task_id}")
async def change_task(
    task_id: int, asked: TaskChangeInput, by: Act, database: Db, now: Now, ip: Ip
) -> TaskDetails:
    """Correct an open task; with a new due instant its clocks begin anew."""
    async with database.write() as session:
        change = await change_asked(session, task_id, asked)
        deed = by.deed(at=now, ip=ip)
        await hands.edit(session, task_id, change, deed, seen_version=asked.seen_version)
        return await task_details(session, task_id, by=by)


@router.post("/{task_id}/claim")
async def claim_task(task_id: int, by: Act, database: Db, now: Now, ip: Ip) -> TaskDetails:
    """Take a task; 409 names who was first."""
    async with database.write() as session:
        await hands.claim(session, task_id, by.deed(at=now, ip=ip))
        return await task_details(session, task_id, by=by)


@router.post("/{task_id}/release")
async def release_task(task_id: int, by: Act, database: Db, now: Now, ip: Ip) -> TaskDetails:
    """Put one's task back into the team's inbox."""
    async with database.write() as session:
        await hands.release(session, task_id, by.deed(at=now, ip=ip))
        return await task_details(session, task_id, by=by)


@router.post("/{task_id}/delegation")
async def delegate_task(
    task_id: int, asked: DelegationInput, by: Act, database: Db, now: Now, ip: Ip
) -> TaskDetails:
    """Give a task to a colleague; `assignee` names the substitute of one who is absent."""
    async with database.write() as session:
        await hands.delegate(session, task_id, asked.to, by.deed(at=now, ip=ip))
        return await task_details(session, task_id, by=by)


@router.post("/{task_id}/snooze")
async def snooze_task(
    task_id: int, asked: SnoozeInput, by: Act, database: Db, now: Now, ip: Ip
) -> TaskDetails:
    """Keep a task out of sight until an instant; its reminders go on."""
    async with database.write() as session:
        await hands.snooze(session, task_id, asked.until, by.deed(at=now, ip=ip))
        return await task_details(session, task_id, by=by)


@router.post("/{task_id}/comments", status_code=201)
async def comment_task(
    task_id: int, asked: CommentInput, by: Act, database: Db, now: Now, ip: Ip, once: NamedRequest
) -> TaskDetails:
    """Add a remark, to a finished task too."""
    deed = by.deed(at=now, ip=ip)

    async def comment(session: AsyncSession) -> dict[str, Any]:
        await hands.comment(session, task_id, asked.text, deed)
        return (await task_details(session, task_id, by=by)).model_dump()

    return TaskDetails.model_validate(await once.do(database, deed, comment))


@router.post("/{task_id}/conclusion")
async def conclude_task(
    task_id: int,
    asked: ConclusionInput,
    by: Act,
    engine: Engine,
    database: Db,
    command_id: CommandId = None,
) -> dict[str, Any]:
    """Conclude a task; whoever waits for its result goes on."""
    ending = ConcludeTask(by=by.login, ip=by.ip, **asked.model_dump())
    return await finish(engine, database, task_id, ending, command_id=command_id)


@router.post("/{task_id}/cancellation")
async def cancel_task(
    task_id: int,
    asked: CancellationInput,
    by: Act,
    engine: Engine,
    database: Db,
    command_id: CommandId = None,
) -> dict[str, Any]:
    """Cancel a task; whoever waits for its result goes on."""
    ending = CancelTask(by=by.login, ip=by.ip, reason=asked.reason)
    return await finish(engine, database, task_id, ending, command_id=command_id)


async def finish(
    engine: Client,
    database: Database,
    task_id: int,
    ending: ConcludeTask | CancelTask,
    *,
    command_id: str | None = None,
) -> dict[str, Any]:
    """This will have a task's journey conclude or cancel it. Refuses naming who was first."""
    try:
        return await command(
            engine, database, process=Process.TASKS, subject_id=task_id,
            update=ending.kind, argument=ending, command_id=command_id,
        )  # fmt: skip
    except (CaseClosed, WorkflowUpdateFailedError) as refused:
        if isinstance(refused, CaseClosed) or _code(refused) == CaseClosed.code:
            async with database.read() as session:
                task = await session.get_one(Task, task_id)
            raise TaskAlreadyFinished(by=task.finished_by or "") from refused
        raise


async def new_task(session: AsyncSession, asked: TaskInput, *, name: str | None = None) -> NewTask:
    """What was asked for, with customer and process of the case that it is for."""
    values = asked.model_dump(exclude={"key", "items"}) | {"items": tuple(asked.items)}
    if asked.for_case_id is not None:
        case = await get_case(session, asked.for_case_id)
        values |= {"customer_id": case.customer_id, "process": case.process}
    return NewTask(key=f"manual/{asked.key or name or uuid4()}", **values)


def _code(refused: WorkflowUpdateFailedError) -> str | None:
    return refused.cause.type if isinstance(refused.cause, ApplicationError) else None
