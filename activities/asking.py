"""Asking the collections team for something: one task, to whom it belongs or into the inbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.tasks import NewTask, make_task
from models.cases import Case
from models.colleagues import line_of
from models.people import Team, User
from models.policies import load_policy
from rules.collections import CollectionsPolicy


@dataclass(frozen=True)
class Request:
    """What a task asks, why, and what happens if nobody acts; each is a gettext message id."""

    title: str
    reason: str
    consequence: str
    priority: int = 2


async def ask_operator(  # noqa: PLR0913 - what, of whom, and by when
    session: AsyncSession,
    case: Case,
    kind: str,
    request: Request,
    *,
    due_at: datetime,
    at: datetime,
    team: str = "",
) -> None:
    """This will ask the case's owner; the whole team once nobody of that name works here.

    `team` is the code of the team it stands with; that of collections when it is left out.
    """
    login = select(User.login).where(User.login == case.owner, col(User.is_active))
    assignee = (await session.exec(login)).first()
    team_id = await _team_id(session, team)
    await _ask(
        session, case, kind, request, assignee=assignee, team_id=team_id, due_at=due_at, at=at
    )


async def ask_manager(  # noqa: PLR0913 - what, of whom, and by when
    session: AsyncSession,
    case: Case,
    kind: str,
    request: Request,
    *,
    due_at: datetime,
    at: datetime,
    team: str = "",
) -> None:
    """This will ask the manager of the team (of collections, if none is named), else all of it."""
    team_id = await _team_id(session, team)
    line = await line_of(session, team_id=team_id, login=None)
    await _ask(
        session, case, kind, request, assignee=line.manager, team_id=team_id, due_at=due_at, at=at
    )


async def _ask(  # noqa: PLR0913 - what, of whom, and by when
    session: AsyncSession,
    case: Case,
    kind: str,
    request: Request,
    *,
    assignee: str | None,
    team_id: int | None,
    due_at: datetime,
    at: datetime,
) -> None:
    new = NewTask(
        key=f"{case.process}/{case.number}/{kind}/{case.version}",
        kind=kind,
        process=case.process,
        due_at=due_at,
        for_case_id=case.number,
        customer_id=case.customer_id,
        team_id=team_id,
        assignee=assignee,
        **vars(request),
    )
    await make_task(session, new, by="system", at=at)


async def _team_id(session: AsyncSession, code: str) -> int | None:
    """None while nobody made the team: the task then stands in everybody's inbox."""
    code = code or (await load_policy(session, CollectionsPolicy())).team
    return (await session.exec(select(Team.id).where(Team.code == code))).one_or_none()
