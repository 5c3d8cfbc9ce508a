"""Who stands where among colleagues: absences, substitutes, and a team's lead and manager."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy
from sqlalchemy import or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.client_services import ClientService
from models.people import Role, Team, TeamMember, User, UserRole
from models.sight import seen_company
from rules import tasks as rules
from rules.refusals import Refusal
from rules.tasks import Capacity, Colleague


class ColleagueUnknown(Refusal):
    message = "O usuário %(login)s não existe ou está inativo."
    field = "to"


class ColleagueOfClient(Refusal):
    message = "O usuário %(login)s é de um cliente e não vê este trabalho. Escolha alguém da casa."
    field = "to"


@dataclass(frozen=True)
class Line:
    """Whom a team's overdue work goes up to; None where nobody holds the post."""

    lead: str | None = None
    manager: str | None = None


async def colleagues_by_login(session: AsyncSession) -> dict[str, Colleague]:
    """Everybody who works here, with absences and substitutes."""
    substitute = aliased(User)
    statement: Any = (
        sqlalchemy.select(
            col(User.login), col(User.absent_until), col(substitute.login), col(User.absent_from)
        )
        .outerjoin(substitute, col(substitute.id) == User.substitute_id)
        .where(col(User.is_active))
    )
    rows = await session.exec(statement)
    return {login: Colleague(login, *rest) for login, *rest in rows}


async def stood_in_for(session: AsyncSession, login: str, *, today: date) -> tuple[str, ...]:
    """The absent people for whom this person acts today."""
    everybody = await colleagues_by_login(session)
    return rules.stood_in_for(login, colleagues=everybody, today=today)


async def capacity_of(session: AsyncSession, login: str) -> Capacity:
    """What this person takes on."""
    statement = select(User.skills, User.task_limit).where(User.login == login)
    found = (await session.exec(statement)).first()
    if found is None:
        return Capacity()
    return _capacity(*found)


async def capacities_by_login(session: AsyncSession) -> dict[str, Capacity]:
    """What everybody who works here takes on."""
    statement = select(User.login, User.skills, User.task_limit).where(col(User.is_active))
    rows = await session.exec(statement)
    return {login: _capacity(skills, limit) for login, skills, limit in rows}


def _capacity(skills: str, limit: int | None) -> Capacity:
    return Capacity(frozenset(skills.split(",")) - {""}, limit)


async def names_by_login(session: AsyncSession) -> dict[str, str]:
    """The names of everybody, also of those who left: history still names them."""
    return dict((await session.exec(select(User.login, User.name).order_by(User.name))).all())


async def active_people(session: AsyncSession) -> Sequence[tuple[str, str]]:
    """Login and name of everybody who may have a task, clients' own people too, by name."""
    statement = select(User.login, User.name).where(col(User.is_active)).order_by(User.name)
    return (await session.exec(statement)).all()


async def workers(
    session: AsyncSession, *, client_id: int | None = None
) -> Sequence[tuple[str, str]]:
    """Login and name of whoever may be given work, by name: the house's people.

    Of a client's own work also that client's; a client's own people find theirs alone.
    """
    company = col(User.company_id)
    known = [each for each in (client_id, seen_company()) if each is not None]
    statement = (
        select(User.login, User.name)
        .where(col(User.is_active), or_(company.is_(None), company.in_(known)))
        .order_by(User.name)
    )
    return (await session.exec(statement)).all()


async def logins_with_role(session: AsyncSession, code: str) -> list[str]:
    """Everybody who works here and has a role, by login."""
    statement = (
        select(User.login)
        .join(UserRole, col(UserRole.user_id) == User.id)
        .join(Role, col(Role.id) == UserRole.role_id)
        .where(Role.code == code, col(User.is_active))
        .order_by(User.login)
    )
    return list(await session.exec(statement))


async def roles_by_code(session: AsyncSession) -> list[tuple[str, str]]:
    """Code and name of every role, by name."""
    return list((await session.exec(select(Role.code, Role.name).order_by(Role.name))).all())


async def check_colleague(
    session: AsyncSession, login: str, *, client_id: int | None = None, field: str = "to"
) -> None:
    """This will refuse somebody who does not work here, and a client's own person.

    With `client_id` the work is that client's too, whose people then may have it.
    """
    statement = select(User).where(User.login == login, col(User.is_active))
    user = (await session.exec(statement)).first()
    if user is None:
        raise ColleagueUnknown(login=login, field=field)
    if user.company_id not in {None, client_id}:
        raise ColleagueOfClient(login=login, field=field)


async def teams_of(session: AsyncSession, login: str) -> tuple[int, ...]:
    """The teams of a person, the oldest first."""
    statement = (
        select(TeamMember.team_id)
        .join(User, col(User.id) == TeamMember.user_id)
        .where(User.login == login)
        .order_by(col(TeamMember.team_id))
    )
    return tuple((await session.exec(statement)).all())


async def line_of(session: AsyncSession, *, team_id: int | None, login: str | None) -> Line:
    """Lead and manager of a task's team; of a task without one, of its assignee's first team."""
    if team_id is None and login is not None:
        team_id = next(iter(await teams_of(session, login)), None)
    lead, manager = aliased(User), aliased(User)
    statement = (
        select(lead.login, manager.login)
        .select_from(Team)
        .outerjoin(lead, (col(lead.id) == Team.lead_id) & col(lead.is_active))
        .outerjoin(manager, (col(manager.id) == Team.manager_id) & col(manager.is_active))
        .where(Team.id == team_id)
    )
    found = (await session.exec(statement)).first()
    return Line(*found) if found else Line()


async def all_teams(session: AsyncSession) -> Sequence[tuple[int, str]]:
    """Identity and name of every team, by name."""
    found = await session.exec(select(Team).order_by(Team.name))
    return [(team.id or 0, team.name) for team in found]


async def house_teams(session: AsyncSession) -> Sequence[tuple[int, str]]:
    """Identity and name of the house's teams, by name; a client's own people find theirs."""
    statement = select(Team).order_by(Team.name)
    if seen_company() is None:
        clients = select(ClientService.team_id).where(col(ClientService.team_id).is_not(None))
        statement = statement.where(col(Team.id).not_in(clients))
    return [(team.id or 0, team.name) for team in await session.exec(statement)]


async def teams_by_code(session: AsyncSession) -> list[tuple[str, str]]:
    """Code and name of every team, by name."""
    found = await session.exec(select(Team.code, Team.name).order_by(Team.name))
    return list(found.all())
