"""What one person does to one task on its page; refused, the page says why beside the form."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response

from activities import inbox as hands
from api.dependencies import Db, Engine, Ip, Now, Principal, need
from api.forms import Submitted, submitted
from api.language import N_
from api.rendering import redirect
from api.task_pages import Button, CancellationForm, ConclusionForm, show
from api.task_values import (
    CommentInput,
    DelegationInput,
    SnoozeInput,
    TaskChangeInput,
    change_asked,
)
from api.tasks import finish
from models import colleagues
from models.database import Database
from rules.tasks import CancelTask, ConcludeTask

router = APIRouter(include_in_schema=False)

Act = Annotated[Principal, need("tasks:see", "tasks:act")]


@router.post("/tarefas/{task_id:int}/assumir")
async def claim(
    request: Request, by: Act, database: Db, now: Now, ip: Ip, task_id: int
) -> Response:
    """Take the task; the second to ask reads who was first."""
    form = await submitted(request, Button)
    with form.refusals():
        async with database.write() as session:
            await hands.claim(session, task_id, by.deed(at=now, ip=ip))
        return _back(request, task_id, N_("A tarefa é sua."))
    return await _again(request, database, task_id, "button", form, by=by, now=now)


@router.post("/tarefas/{task_id:int}/devolver")
async def release(
    request: Request, by: Act, database: Db, now: Now, ip: Ip, task_id: int
) -> Response:
    """Put the task back into the team's inbox."""
    form = await submitted(request, Button)
    with form.refusals():
        async with database.write() as session:
            await hands.release(session, task_id, by.deed(at=now, ip=ip))
        return _back(request, task_id, N_("Tarefa devolvida à equipe."))
    return await _again(request, database, task_id, "button", form, by=by, now=now)


@router.post("/tarefas/{task_id:int}/encaminhar")
async def delegate(
    request: Request, by: Act, database: Db, now: Now, ip: Ip, task_id: int
) -> Response:
    """Give the task to a colleague, or to the substitute, who is named."""
    form = await submitted(request, DelegationInput)
    if form.value:
        with form.refusals():
            async with database.write() as session:
                task = await hands.delegate(session, task_id, form.value.to, by.deed(at=now, ip=ip))
                names = await colleagues.names_by_login(session)
            name = names.get(task.assignee or "", "")
            return redirect(
                request, f"/tarefas/{task_id}", N_("Tarefa encaminhada a %(name)s."), name=name
            )
    return await _again(request, database, task_id, "delegation", form, by=by, now=now)


@router.post("/tarefas/{task_id:int}/adiar")
async def snooze(
    request: Request, by: Act, database: Db, now: Now, ip: Ip, task_id: int
) -> Response:
    """Keep the task out of sight until an instant."""
    form = await submitted(request, SnoozeInput)
    if form.value:
        with form.refusals():
            async with database.write() as session:
                await hands.snooze(session, task_id, form.value.until, by.deed(at=now, ip=ip))
            return redirect(request, "/tarefas", N_("Tarefa adiada."))
    return await _again(request, database, task_id, "snooze", form, by=by, now=now)


@router.post("/tarefas/{task_id:int}/comentar")
async def comment(
    request: Request, by: Act, database: Db, now: Now, ip: Ip, task_id: int
) -> Response:
    """Add a remark."""
    form = await submitted(request, CommentInput)
    if form.value:
        with form.refusals():
            async with database.write() as session:
                await hands.comment(session, task_id, form.value.text, by.deed(at=now, ip=ip))
            return _back(request, task_id, N_("Comentário registrado."))
    return await _again(request, database, task_id, "comment", form, by=by, now=now)


@router.post("/tarefas/{task_id:int}/alterar")
async def change(
    request: Request, by: Act, database: Db, now: Now, ip: Ip, task_id: int
) -> Response:
    """Correct title, description, due instant or priority."""
    form = await submitted(request, TaskChangeInput)
    if form.value:
        with form.refusals():
            async with database.write() as session:
                changed = await change_asked(session, task_id, form.value)
                await hands.edit(
                    session, task_id, changed, by.deed(at=now, ip=ip),
                    seen_version=form.value.seen_version,
                )  # fmt: skip
            return _back(request, task_id, N_("Tarefa alterada."))
    return await _again(request, database, task_id, "change", form, by=by, now=now)


@router.post("/tarefas/{task_id:int}/concluir")
async def conclude(
    request: Request, by: Act, engine: Engine, database: Db, now: Now, task_id: int
) -> Response:
    """Conclude the task; whoever waits for its result goes on."""
    form = await submitted(request, ConclusionForm)
    if form.value:
        with form.refusals():
            told = form.value.model_dump(exclude={"command_id"})
            ending = ConcludeTask(by=by.login, ip=by.ip, **told)
            command_id = form.value.command_id or None
            await finish(engine, database, task_id, ending, command_id=command_id)
            return redirect(request, "/tarefas", N_("Tarefa concluída."))
    return await _again(request, database, task_id, "conclusion", form, by=by, now=now)


@router.post("/tarefas/{task_id:int}/cancelar")
async def cancel(
    request: Request, by: Act, engine: Engine, database: Db, now: Now, task_id: int
) -> Response:
    """Cancel the task, saying why."""
    form = await submitted(request, CancellationForm)
    if form.value:
        with form.refusals():
            ending = CancelTask(by=by.login, ip=by.ip, reason=form.value.reason)
            command_id = form.value.command_id or None
            await finish(engine, database, task_id, ending, command_id=command_id)
            return redirect(request, "/tarefas", N_("Tarefa cancelada."))
    return await _again(request, database, task_id, "cancellation", form, by=by, now=now)


def _back(request: Request, task_id: int, message: str) -> Response:
    return redirect(request, f"/tarefas/{task_id}", message)


async def _again(
    request: Request,
    database: Database,
    task_id: int,
    name: str,
    form: Submitted[Any],
    *,
    by: Principal,
    now: datetime,
) -> Response:
    """The page once more, with the form that was refused as it was typed."""
    async with database.read() as session:
        return await show(request, session, task_id, by=by, now=now, sent={name: form})
