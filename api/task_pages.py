"""A task's own page: its facts, what comes next, its history, and everything one can do to it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities import inbox as hands
from api import case_head, history
from api.deadlines import calendar_name
from api.dependencies import Db, Ip, Now, Principal, ReadSession, Today, need
from api.forms import Submitted, blank, sent_values, submitted
from api.inbox import colleague_options, result_options
from api.inbox_lists import due_badge, presented, status_badge
from api.language import N_, gettext, told
from api.places import Places
from api.rendering import page, redirect
from api.task_values import (
    CancellationInput,
    CommentInput,
    ConclusionInput,
    DelegationInput,
    ItemInput,
    SnoozeInput,
    TaskChangeInput,
    TaskInput,
    remarks_of,
)
from api.tasks import new_task
from models import colleagues, inbox, task_items, tasks
from models.client_services import client_of_team
from models.history import get_case
from models.tasks import Task
from rules import words
from rules.business_days import local_time
from rules.task_items import LONGEST_ITEM, MOST_ITEMS, lines_of
from rules.tasks import TaskStatus

router = APIRouter(include_in_schema=False)

See = Annotated[Principal, need("tasks:see")]
Act = Annotated[Principal, need("tasks:see", "tasks:act")]


class ConclusionForm(ConclusionInput):
    """The page's form; sent twice, it concludes once."""

    command_id: str = ""


class CancellationForm(CancellationInput):
    """The page's form; sent twice, it cancels once."""

    command_id: str = ""


class NewTaskForm(TaskInput):
    """The page's form: the check-list stands in one field, an item a line."""

    lines: str = Field(default="", max_length=MOST_ITEMS * LONGEST_ITEM)

    def asked(self) -> TaskInput:
        """What is asked, as programs ask it."""
        values = self.model_dump(exclude={"lines", "items"})
        return TaskInput.model_validate({**values, "items": lines_of(self.lines)[: MOST_ITEMS + 1]})


class Button(BaseModel):
    """A form of a button alone."""


FORMS: dict[str, type[BaseModel]] = {
    "conclusion": ConclusionForm,
    "cancellation": CancellationForm,
    "delegation": DelegationInput,
    "snooze": SnoozeInput,
    "comment": CommentInput,
    "item": ItemInput,
    "change": TaskChangeInput,
}


@router.get("/tarefas/nova")
async def new_task_page(
    request: Request, by: Act, session: ReadSession, today: Today, caso: int | None = None
) -> Response:
    """The form of a new task, of its own or for a case."""
    form = blank(NewTaskForm, for_case_id=caso, assignee=by.login)
    return await _new_page(request, session, form, today=today)


@router.post("/tarefas/nova")
async def create_on_page(
    request: Request, by: Act, database: Db, now: Now, today: Today, ip: Ip
) -> Response:
    """Make a task."""
    form = await submitted(request, NewTaskForm)
    if form.value:
        with form.refusals():
            async with database.write() as session:
                wanted = await new_task(session, form.value.asked())
                task = await hands.create(session, wanted, by.deed(at=now, ip=ip))
            return redirect(request, f"/tarefas/{task.number}", N_("Tarefa criada."))
    async with database.read() as session:
        return await _new_page(request, session, form, today=today)


@router.post("/tarefas/proxima")
async def take_next(request: Request, by: Act, database: Db, now: Now, ip: Ip) -> Response:
    """Claim the most urgent task that one may do, and open it."""
    async with database.write() as session:
        task = await hands.take_next(session, by.deed(at=now, ip=ip))
    if task is None:
        return redirect(request, "/tarefas", N_("Nenhuma tarefa livre para você agora."))
    return redirect(request, f"/tarefas/{task.number}", N_("A tarefa é sua."))


@router.get("/tarefas/{task_id:int}")
async def task_page(
    request: Request, by: See, session: ReadSession, now: Now, task_id: int
) -> Response:
    """A task."""
    return await show(request, session, task_id, by=by, now=now)


async def show(
    request: Request,
    session: AsyncSession,
    task_id: int,
    *,
    by: Principal,
    now: datetime,
    sent: dict[str, Submitted[Any]] | None = None,
) -> Response:
    """This will show a task; `sent` are forms that were refused, to be shown as they were typed."""
    row = await inbox.task_row(session, task_id)
    task = await session.get_one(Task, task_id)
    case = await tasks.case_of_task(session, task_id)
    names = await colleagues.names_by_login(session)
    sent = sent or {}
    title = told(task.title, task.places)
    client_id = await client_of_team(session, task.team_id)
    return page(
        request,
        "pages/tasks/task.html",
        **sent_values(sent, names=names),
        now=now,
        task=task,
        title=title,
        shown=presented(row, names=names, by=by, now=now),
        due=due_badge(task.due_at, now=now),
        is_mine=task.assignee == by.login,
        refused=next(
            (form for name, form in sent.items() if name not in {"button", "comment"}), None
        ),
        may_act=by.may("tasks:act"),
        head=await case_head.head_of(session, case, by=by, now=now, title=title, figures=()),
        asking=await _asking(session, task),
        items=await task_items.items_of(session, task_id),
        comments=await tasks.comments_of(session, task_id),
        history=await history.history_of_cases(request, session, [case.number]),
        people=await colleague_options(
            session, today=local_time(now).date(), process=task.process, client_id=client_id
        ),
        results=result_options(),
        doers=await colleagues.workers(session, client_id=client_id),
        priorities=_priorities(),
        **_told_of(task, by, request.app.state.places),
        **_forms(task, sent),
    )


def _told_of(task: Task, by: Principal, places: Places) -> dict[str, Any]:
    """What the task itself says, and where its description leads."""
    said, leads_to = _parted(task.description)
    return {
        "reason": told(task.reason, task.places),
        "remarks": remarks_of(task),
        "state": status_badge(task.status),
        "due_calendar": calendar_name(task.due_calendar),
        "is_open": task.status == TaskStatus.OPEN,
        "said": said,
        "leads_to": leads_to,
        "opens_description": places.may_open(by, leads_to),
    }


def _parted(description: str) -> tuple[str, str]:
    """What a description says, and the address of the page that stands on its last line, if any."""
    *said, last = description.splitlines() or [""]
    is_address = last.startswith("/") and " " not in last
    return ("\n".join(said), last) if is_address else (description, "")


def _forms(task: Task, sent: dict[str, Submitted[Any]]) -> dict[str, Any]:
    return {f"{name}_form": sent.get(name) or _form(name, task) for name in ("button", *FORMS)}


def _form(name: str, task: Task) -> Submitted[Any]:
    if name == "change":
        return blank(
            TaskChangeInput, title=told(task.title, task.places), description=task.description,
            priority=task.priority, due_at=local_time(task.due_at),
            seen_version=task.version,
        )  # fmt: skip
    values = {"command_id": str(uuid4())} if name in {"conclusion", "cancellation"} else {}
    return blank(FORMS.get(name, Button), **values)


async def _asking(session: AsyncSession, task: Task) -> tuple[str, str] | None:
    """The case that waits for the task's result: its name and address."""
    if task.for_case_id is None:
        return None
    case = await get_case(session, task.for_case_id)
    name = f"{gettext(words.PROCESSES[case.process])} {case.subject_id}"
    return name, case_head.place_of(case.process, case.number, subject_id=case.subject_id)


async def _new_page(
    request: Request, session: AsyncSession, form: Submitted[NewTaskForm], *, today: date
) -> Response:
    return page(
        request,
        "pages/tasks/new.html",
        status=form.status,
        form=form,
        people=await colleague_options(session, today=today),
        teams=await colleagues.all_teams(session),
        priorities=_priorities(),
    )


def _priorities() -> list[tuple[int, str]]:
    return [(value, gettext(label)) for value, label in words.PRIORITIES.items()]
