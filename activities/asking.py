"""Asking a team for something: one task, to whom it belongs or into the team's inbox."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.tasks import NewTask, make_task
from models.cases import Case
from models.colleagues import colleagues_by_login, line_of
from models.people import Team
from models.policies import load_policy
from models.tasks import open_tasks_of
from rules.business_days import local_date
from rules.collections import CollectionsPolicy
from rules.due import Due
from rules.tasks import stand_in


@dataclass(frozen=True)
class Request:
    """What a task asks, why, and what happens if nobody acts; each is a gettext message id."""

    title: str
    reason: str
    consequence: str
    priority: int = 2
    places: dict[str, str] = field(default_factory=dict)


async def ask_operator(  # noqa: PLR0913 - what, of whom, and by when
    session: AsyncSession,
    case: Case,
    kind: str,
    request: Request,
    *,
    due_at: datetime | Due,
    at: datetime,
    team: str = "",
    key: str = "",
) -> None:
    """This will ask the case's owner, or who stands in for them while they are away.

    The whole team is asked once nobody of that name works here, and while nobody has the case;
    `team` is its code, that of collections when it is left out. `key` tells apart what is asked
    more than once in one move.
    """
    assignee = await present(session, case.owner, at=at)
    team_id = await team_id_of(session, team)
    await _ask(
        session, case, kind, request, assignee=assignee, team_id=team_id, due_at=due_at, at=at,
        key=key,
    )  # fmt: skip


async def ask_manager(  # noqa: PLR0913 - what, of whom, and by when
    session: AsyncSession,
    case: Case,
    kind: str,
    request: Request,
    *,
    due_at: datetime | Due,
    at: datetime,
    team: str = "",
    key: str = "",
) -> None:
    """This will ask the manager of the team (of collections, if none is named), else all of it.

    While the same is still asked of the case, it is not asked again. `key` tells apart what is
    asked more than once in one move.
    """
    if await is_asked(session, case, kind):
        return
    team_id = await team_id_of(session, team)
    line = await line_of(session, team_id=team_id, login=None)
    assignee = await present(session, line.manager, at=at)
    await _ask(
        session, case, kind, request, assignee=assignee, team_id=team_id, due_at=due_at, at=at,
        key=key,
    )  # fmt: skip


async def ask_team(  # noqa: PLR0913 - what, of whom, and by when
    session: AsyncSession,
    case: Case,
    kind: str,
    request: Request,
    *,
    due_at: datetime | Due,
    at: datetime,
    team: str,
    description: str = "",
) -> None:
    """This will ask the team as a whole; while nobody made it, everybody."""
    team_id = await team_id_of(session, team)
    await _ask(
        session, case, kind, request, assignee=None, team_id=team_id, due_at=due_at, at=at,
        description=description,
    )  # fmt: skip


async def is_asked(session: AsyncSession, case: Case, kind: str) -> bool:
    """Whether a task of this kind is open for the case: another would say the same again."""
    return bool(await open_tasks_of(session, for_case_id=case.number, kinds=(kind,)))


async def present(session: AsyncSession, login: str | None, *, at: datetime) -> str | None:
    """Who acts for this person now; None for nobody, and for somebody who left."""
    everybody = await colleagues_by_login(session)
    if login is None or login not in everybody:
        return None
    return stand_in(login, colleagues=everybody, today=local_date(at))


async def team_id_of(session: AsyncSession, code: str) -> int | None:
    """None while nobody made the team: its tasks then stand in everybody's inbox."""
    code = code or (await load_policy(session, CollectionsPolicy())).team
    return (await session.exec(select(Team.id).where(Team.code == code))).one_or_none()


async def _ask(  # noqa: PLR0913 - what, of whom, and by when
    session: AsyncSession,
    case: Case,
    kind: str,
    request: Request,
    *,
    assignee: str | None,
    team_id: int | None,
    due_at: datetime | Due,
    at: datetime,
    key: str = "",
    description: str = "",
) -> None:
    new = NewTask(
        key=f"{case.process}/{case.number}/{kind}/{key or case.version}",
        kind=kind,
        process=case.process,
        due_at=due_at,
        description=description,
        for_case_id=case.number,
        customer_id=case.customer_id,
        team_id=team_id,
        assignee=assignee,
        **vars(request),
    )
    await make_task(session, new, by="system", at=at)
