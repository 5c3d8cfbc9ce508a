"""What is done to several tasks at once: each by itself, each with its own answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio.client import Client

from activities import inbox as hands
from api.bulk import MOST, BulkOut, Refused, attempt_each
from api.dependencies import Db, Ip, Now, Principal, engine_of, need
from api.forms import Instant, submitted
from api.inbox import inbox_filter, inbox_view
from api.inbox_lists import PATHS, VIEWS
from api.inputs import Input
from api.language import N_, told
from api.problems import Problem
from api.rendering import page, redirect
from api.security import came_from
from api.tasks import finish
from models import colleagues, inbox
from models.database import Database
from models.inbox import InboxView, TaskTitle
from models.people import Deed
from rules.refusals import Refusal
from rules.tasks import CancelTask, ConcludeTask

router = APIRouter(tags=["tasks"])

Act = Annotated[Principal, need("tasks:see", "tasks:act")]


class NothingPicked(Refusal):
    message = "Marque ao menos uma tarefa."


class TooManyPicked(Refusal):
    message = "São %(count)s tarefas; até %(most)s podem ser tratadas de uma vez. Filtre mais."


class Action(StrEnum):
    """What can be done to several tasks; the value stands in the address."""

    CLAIM = "assumir"
    RELEASE = "devolver"
    DELEGATE = "encaminhar"
    SNOOZE = "adiar"
    CONCLUDE = "concluir"
    CANCEL = "cancelar"


class Verb(StrEnum):
    """The same, as programs say it."""

    CLAIM = "claim"
    RELEASE = "release"
    DELEGATE = "delegate"
    SNOOZE = "snooze"
    CONCLUDE = "conclude"
    CANCEL = "cancel"


BY_VERB = {verb: Action[verb.name] for verb in Verb}
DONE = {
    Action.CLAIM: N_("%(count)s tarefa(s) assumida(s)."),
    Action.RELEASE: N_("%(count)s tarefa(s) devolvida(s)."),
    Action.DELEGATE: N_("%(count)s tarefa(s) encaminhada(s)."),
    Action.SNOOZE: N_("%(count)s tarefa(s) adiada(s)."),
    Action.CONCLUDE: N_("%(count)s tarefa(s) concluída(s)."),
    Action.CANCEL: N_("%(count)s tarefa(s) cancelada(s)."),
}


class BulkInput(Input):
    """Tasks, and what the action needs: `to`, `until`, `reason`, or how it ended."""

    ids: list[int] = Field(default=[])
    to: str = ""
    result: str = "done"
    remarks: str = ""
    finished_at: Instant | None = None
    reason: str = ""
    until: Instant | None = None


class Picked(BulkInput):
    """The rows that were ticked, or the whole filter of a view."""

    filtro: str = ""
    visao: InboxView = InboxView.MINE


@dataclass(frozen=True)
class Failure:
    """A task that was not done, and why."""

    task_id: int
    title: str
    customer: str
    problem: Problem
    names: Mapping[str, str]

    @property
    def sentence(self) -> str:
        """Why, as people read it: colleagues are named."""
        return self.problem.sentence(self.names)


@router.post("/tarefas/em-lote/{action}", include_in_schema=False)
async def act_on_many(
    request: Request, action: Action, by: Act, database: Db, now: Now, ip: Ip
) -> Response:
    """Do one thing to every picked task; those that refuse are listed with their reason."""
    form = await submitted(request, Picked)
    if form.value is None:
        return _outcome(request, action, InboxView.MINE, [], list(form.errors.values()))
    ids = await _ids(request, form.value, by, database=database, now=now)
    do = await _doing(request, action, form.value, database, by.deed(at=now, ip=ip))
    failures = await _each(ids, do, database)
    if not failures:
        return redirect(request, _back(request, form.value.visao), DONE[action], count=len(ids))
    return _outcome(request, action, form.value.visao, failures, [], done=len(ids) - len(failures))


@router.post("/api/tasks/bulk/{verb}")
async def act_on_many_by_api(
    request: Request, verb: Verb, asked: BulkInput, by: Act, database: Db, now: Now, ip: Ip
) -> BulkOut:
    """Do one thing to several tasks; those that refuse come back with their reason."""
    picked = Picked(**asked.model_dump())
    ids = await _ids(request, picked, by, database=database, now=now)
    do = await _doing(request, BY_VERB[verb], picked, database, by.deed(at=now, ip=ip))
    failures = await _each(ids, do, database)
    refused = [Refused(id=each.task_id, detail=each.problem.sentence()) for each in failures]
    return BulkOut(done=len(ids) - len(refused), refused=refused)


async def _ids(
    request: Request, picked: Picked, by: Principal, *, database: Database, now: datetime
) -> list[int]:
    """The tasks that were meant. Refuses none, and more than a selection should have."""
    if not picked.filtro:
        ids = list(dict.fromkeys(picked.ids))
    else:
        asked = Request({**request.scope, "query_string": picked.filtro.strip("*").encode()})
        async with database.read() as session:
            view = await inbox_view(asked, session, picked.visao)
            view.check()
            wanted = await inbox_filter(session, view, picked.visao, by=by, now=now)
            ids = await inbox.task_ids(session, wanted, limit=MOST + 1)
    if not ids:
        raise NothingPicked
    if len(ids) > MOST:
        raise TooManyPicked(count=len(ids), most=MOST)
    return ids


async def _doing(
    request: Request, action: Action, picked: Picked, database: Database, deed: Deed
) -> Callable[[int], Awaitable[Any]]:
    """What is to be done to one task."""
    if action in {Action.CONCLUDE, Action.CANCEL}:
        ending = (
            ConcludeTask(deed.by, picked.result, picked.remarks, picked.finished_at, ip=deed.ip)
            if action is Action.CONCLUDE
            else CancelTask(deed.by, picked.reason, ip=deed.ip)
        )
        engine: Client = await engine_of(request)
        return lambda task_id: finish(engine, database, task_id, ending)

    async def change(task_id: int) -> None:
        async with database.write() as session:
            await _change(session, task_id, action, picked, deed)

    return change


async def _change(
    session: AsyncSession, task_id: int, action: Action, picked: Picked, deed: Deed
) -> None:
    match action:
        case Action.CLAIM:
            await hands.claim(session, task_id, deed)
        case Action.RELEASE:
            await hands.release(session, task_id, deed)
        case Action.DELEGATE:
            await hands.delegate(session, task_id, picked.to, deed)
        case _:
            await hands.snooze(session, task_id, picked.until or deed.at, deed)


async def _each(
    ids: Sequence[int], do: Callable[[int], Awaitable[Any]], database: Database
) -> list[Failure]:
    """This will try every task, a few at a time; what is refused does not hold up the rest."""
    refused = await attempt_each(ids, do)
    async with database.read() as session:
        titles = await inbox.titles(session, [task_id for task_id, _ in refused])
        names = await colleagues.names_by_login(session)
    return [_failure(task_id, titles.get(task_id), problem, names) for task_id, problem in refused]


def _failure(
    task_id: int, known: TaskTitle | None, problem: Problem, names: Mapping[str, str]
) -> Failure:
    title = told(known.title, known.places) if known else f"nº {task_id}"
    return Failure(task_id, title, (known and known.customer) or "", problem, names)


def _outcome(
    request: Request,
    action: Action,
    view: InboxView,
    failures: Sequence[Failure],
    problems: Sequence[str],
    *,
    done: int = 0,
) -> Response:
    return page(
        request,
        "pages/tasks/outcome.html",
        status=422 if problems or not done else 200,
        sentence=DONE[action],
        done=done,
        failures=failures,
        problems=problems,
        back=_back(request, view),
    )


def _back(request: Request, view: InboxView) -> str:
    """The list as it was, filters and all; the bare view where nobody says which it was."""
    here = came_from(request)
    return here if here.partition("?")[0] in VIEWS else PATHS[view]
