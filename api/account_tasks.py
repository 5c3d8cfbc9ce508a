"""Tasks of a collection account: tab 8."""

from __future__ import annotations

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities import inbox
from activities.tasks import NewTask
from api.account_frame import PATH, Account, SeesAccounts, account, tab
from api.account_tables import TASKS, shown_task
from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.forms import Instant, Submitted, blank, submitted
from api.inbox import colleague_options
from api.language import N_, gettext
from api.rendering import redirect
from models import account_lists
from rules.business_days import local_date
from rules.cases import Process

router = APIRouter(include_in_schema=False)


class TaskForm(BaseModel):
    """A task of this account."""

    title: str = Field(min_length=1, max_length=160)
    due_at: Instant
    assignee: str | None = None
    description: str = Field(default="", max_length=4000)


@router.get(PATH + "/tarefas")
async def tasks(
    request: Request, customer_id: int, by: SeesAccounts, session: ReadSession, now: Now
) -> Response:
    """Tab 8: the tasks of this account."""
    return await _tasks_page(request, session, customer_id, by, blank(TaskForm), now)


@router.post(PATH + "/tarefas")
async def add_task(
    request: Request,
    customer_id: int,
    by: Annotated[Principal, need("collections.account:act", "tasks:act")],
    database: Db,
    now: Now,
    ip: Ip,
) -> Response:
    """Makes a task of this account; it shows in the inbox too."""
    form = await submitted(request, TaskForm)
    if form.value:
        with form.refusals():
            async with database.write() as session:
                whose = await account(session, customer_id, by=by, now=now)
                await inbox.create(
                    session, _new_task(whose, form.value),
                    by.deed(at=now, ip=ip),
                )  # fmt: skip
            path = f"/cobrancas/contas/{customer_id}/tarefas"
            return redirect(request, path, N_("Tarefa criada."))
    async with database.read() as session:
        return await _tasks_page(request, session, customer_id, by, form, now)


def _new_task(whose: Account, form: TaskForm) -> NewTask:
    return NewTask(
        key=f"manual/{uuid4()}",
        title=form.title,
        description=form.description,
        due_at=form.due_at,
        assignee=form.assignee,
        process=Process.COLLECTIONS,
        for_case_id=whose.case.id if whose.case else None,
        customer_id=whose.customer.id,
        reason=gettext("Pedida na conta de cobrança."),
    )


async def _tasks_page(
    request: Request,
    session: AsyncSession,
    customer_id: int,
    by: Principal,
    form: Submitted[TaskForm],
    now: Now,
) -> Response:
    return await tab(
        request, session, customer_id, TASKS, account_lists.select_tasks(customer_id), "tasks",
        present=shown_task, by=by, now=now, form=form, status=form.status,
        people=await colleague_options(
            session, today=local_date(now), process=Process.COLLECTIONS
        ),
        may_act=by.may("tasks:act"),
    )  # fmt: skip
