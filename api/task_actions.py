"""What one person does to one task on its page; refused, the page says why beside the form."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio.client import Client

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
from models.people import Deed
from rules.tasks import CancelTask, ConcludeTask

router = APIRouter(include_in_schema=False)

Act = Annotated[Principal, need("tasks:see", "tasks:act")]


ModelT = TypeVar("ModelT", bound=BaseModel)
#: What is done to the task, in the transaction that it is given, with the form that was sent.
Hand = Callable[[AsyncSession, ModelT], Awaitable[Any]]


@dataclass(frozen=True)
class Asked:
    """One task, and who asks for something to be done to it."""

    request: Request
    by: Act
    database: Db
    now: Now
    ip: Ip
    task_id: int

    @property
    def deed(self) -> Deed:
        """Who acts, for the trail."""
        return self.by.deed(at=self.now, ip=self.ip)

    def back(self, told: str, **places: Any) -> Response:
        """The task's page, which says what was done."""
        return redirect(self.request, f"/tarefas/{self.task_id}", told, **places)

    async def again(self, name: str, form: Submitted[Any]) -> Response:
        """The page once more, with the form that was refused as it was typed."""
        async with self.database.read() as session:
            return await show(
                self.request, session, self.task_id, by=self.by, now=self.now, sent={name: form}
            )

    async def do(self, name: str, model: type[ModelT], hand: Hand[ModelT], told: str) -> Response:
        """This will do what the form `name` asks for, in one transaction, and go back."""
        form = await submitted(self.request, model)
        if form.value:
            with form.refusals():
                async with self.database.write() as session:
                    await hand(session, form.value)
                return self.back(told)
        return await self.again(name, form)


OnTask = Annotated[Asked, Depends()]


@router.post("/tarefas/{task_id:int}/assumir")
async def claim(on: OnTask) -> Response:
    """Take the task; the second to ask reads who was first."""

    async def hand(session: AsyncSession, _form: Button) -> None:
        await hands.claim(session, on.task_id, on.deed)

    return await on.do("button", Button, hand, N_("A tarefa é sua."))


@router.post("/tarefas/{task_id:int}/devolver")
async def release(on: OnTask) -> Response:
    """Put the task back into the team's inbox."""

    async def hand(session: AsyncSession, _form: Button) -> None:
        await hands.release(session, on.task_id, on.deed)

    return await on.do("button", Button, hand, N_("Tarefa devolvida à equipe."))


@router.post("/tarefas/{task_id:int}/encaminhar")
async def delegate(on: OnTask) -> Response:
    """Give the task to a colleague, or to the substitute, who is named."""
    form = await submitted(on.request, DelegationInput)
    if form.value:
        with form.refusals():
            async with on.database.write() as session:
                task = await hands.delegate(session, on.task_id, form.value.to, on.deed)
                names = await colleagues.names_by_login(session)
            name = names.get(task.assignee or "", "")
            return on.back(N_("Tarefa encaminhada a %(name)s."), name=name)
    return await on.again("delegation", form)


@router.post("/tarefas/{task_id:int}/adiar")
async def snooze(on: OnTask) -> Response:
    """Keep the task out of sight until an instant."""
    form = await submitted(on.request, SnoozeInput)
    if form.value:
        with form.refusals():
            async with on.database.write() as session:
                await hands.snooze(session, on.task_id, form.value.until, on.deed)
            return redirect(on.request, "/tarefas", N_("Tarefa adiada."))
    return await on.again("snooze", form)


@router.post("/tarefas/{task_id:int}/comentar")
async def comment(on: OnTask) -> Response:
    """Add a remark."""

    async def hand(session: AsyncSession, form: CommentInput) -> None:
        await hands.comment(session, on.task_id, form.text, on.deed)

    return await on.do("comment", CommentInput, hand, N_("Comentário registrado."))


@router.post("/tarefas/{task_id:int}/alterar")
async def change(on: OnTask) -> Response:
    """Correct title, description, due instant or priority."""

    async def hand(session: AsyncSession, form: TaskChangeInput) -> None:
        changed = await change_asked(session, on.task_id, form)
        await hands.edit(session, on.task_id, changed, on.deed, seen_version=form.seen_version)

    return await on.do("change", TaskChangeInput, hand, N_("Tarefa alterada."))


@router.post("/tarefas/{task_id:int}/concluir")
async def conclude(on: OnTask, engine: Engine) -> Response:
    """Conclude the task; whoever waits for its result goes on."""
    form = await submitted(on.request, ConclusionForm)
    if form.value:
        with form.refusals():
            told = form.value.model_dump(exclude={"command_id"})
            await _finish(on, engine, form.value, ConcludeTask(by=on.by.login, ip=on.by.ip, **told))
            return redirect(on.request, "/tarefas", N_("Tarefa concluída."))
    return await on.again("conclusion", form)


@router.post("/tarefas/{task_id:int}/cancelar")
async def cancel(on: OnTask, engine: Engine) -> Response:
    """Cancel the task, saying why."""
    form = await submitted(on.request, CancellationForm)
    if form.value:
        with form.refusals():
            ending = CancelTask(by=on.by.login, ip=on.by.ip, reason=form.value.reason)
            await _finish(on, engine, form.value, ending)
            return redirect(on.request, "/tarefas", N_("Tarefa cancelada."))
    return await on.again("cancellation", form)


async def _finish(
    on: Asked,
    engine: Client,
    form: ConclusionForm | CancellationForm,
    ending: ConcludeTask | CancelTask,
) -> None:
    command_id = form.command_id or None
    await finish(engine, on.database, on.task_id, ending, command_id=command_id)
