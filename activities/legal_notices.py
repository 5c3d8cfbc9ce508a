"""Legal notices that do not leave are asked about: of who leads the ladder's team, once each."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.asking import team_id_of
from activities.tasks import NewTask, make_task, withdraw_task
from models.bulk import BulkRun
from models.calendars import load_calendar
from models.legal_notices import NOTICES, UNAPPROVED, switched_off
from models.policies import load_policy
from models.tasks import Task
from rules.business_days import Calendar
from rules.cases import SYSTEM, Process
from rules.due import due_after
from rules.ladder_steps import LadderPolicy
from rules.message_purposes.entries import Purpose
from rules.refusals import written_date
from rules.sentences import N_

#: The kinds of the two tasks.
DAY_WAITS, NOTICE_OFF = "ladder_unapproved", "legal_notice_off"
APPROVED = N_("Nada mais espera aprovação.")
SWITCHED_ON = N_("O modelo está ligado de novo.")


async def ask_about_stopped(session: AsyncSession, run: BulkRun, *, at: datetime) -> None:
    """This will ask for what keeps notices from leaving, as a day of the ladder ends.

    What is asked already is not asked again; what was mended is withdrawn.
    """
    policy = await load_policy(session, LadderPolicy())
    team_id, calendar = await team_id_of(session, policy.team), await load_calendar(session)
    off = await switched_off(session)
    wanted = {f"{NOTICE_OFF}/{each.code}": _off(each, team_id, calendar, at) for each in off}
    if run.summary.get(UNAPPROVED):
        wanted[DAY_WAITS] = _day(run, team_id, calendar, at)
    asked = await _open(session)
    await _withdraw(session, [task for kind, task in asked.items() if kind not in wanted], at=at)
    for kind, new in wanted.items():
        if kind not in asked:
            await make_task(session, new, by=SYSTEM, at=at)


async def _open(session: AsyncSession) -> dict[str, Task]:
    statement = select(Task).where(
        col(Task.kind).in_((DAY_WAITS, NOTICE_OFF)), col(Task.finished_at).is_(None)
    )
    return {task.key.rpartition("/")[0]: task for task in await session.exec(statement)}


async def _withdraw(session: AsyncSession, tasks: Collection[Task], *, at: datetime) -> None:
    for task in tasks:
        reason = APPROVED if task.kind == DAY_WAITS else SWITCHED_ON
        await withdraw_task(session, task, reason=reason, at=at)


def _day(run: BulkRun, team_id: int | None, calendar: Calendar, at: datetime) -> NewTask:
    return NewTask(
        key=f"{DAY_WAITS}/{run.business_date}",
        kind=DAY_WAITS,
        process=Process.COLLECTIONS,
        title=N_("Aprovar a régua: %(invoices)s fatura(s) esperam"),
        reason=N_("Ninguém aprovou os passos de %(day)s; entre eles, %(notices)s aviso(s) da lei."),
        consequence=N_("Nada disso sai, e os prazos da lei não começam a contar."),
        places={
            "invoices": str(run.summary[UNAPPROVED]),
            "notices": str(run.summary.get(NOTICES, 0)),
            "day": written_date(run.business_date),
        },
        description="/cadastros/regua/amanha",
        due_at=due_after(at, business_days=1, calendar=calendar),
        team_id=team_id,
        priority=1,
    )


def _off(purpose: Purpose, team_id: int | None, calendar: Calendar, at: datetime) -> NewTask:
    return NewTask(
        key=f"{NOTICE_OFF}/{purpose.code}/{at.timestamp():.0f}",
        kind=NOTICE_OFF,
        process=Process.COLLECTIONS,
        title=N_("Aviso legal desligado: %(notice)s"),
        reason=N_("O modelo do aviso está desligado em todos os canais."),
        consequence=N_("O aviso não sai, e o que a lei deixa vir depois dele espera para sempre."),
        places={"notice": purpose.label},
        description=f"/mensagens/modelos/{purpose.code}/{purpose.channels[0]}",
        due_at=due_after(at, business_days=1, calendar=calendar),
        team_id=team_id,
        priority=1,
    )
