"""Teams: who shares an inbox, who leads it, and to whom it escalates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.people import Deed, Team, TeamMember, User, record
from models.users import UserUnknown
from rules.refusals import Refusal


class TeamUnknown(Refusal):
    message = "Esta equipe não existe."


class TeamMixed(Refusal):
    message = "A equipe junta pessoas da casa e de clientes: umas receberiam o trabalho das outras."
    field = "member_ids"


class TeamCodeTaken(Refusal):
    message = "Já existe uma equipe com o código %(code)s. Escolha outro."
    field = "code"


@dataclass(frozen=True)
class TeamDraft:
    """A team as its form says."""

    code: str
    name: str
    lead_id: int | None
    manager_id: int | None
    member_ids: frozenset[int]


def select_teams() -> Select[Any]:
    """Teams, with the names of lead and manager and how many belong to each."""
    lead, manager = aliased(User), aliased(User)
    members = (
        select(func.count())
        .select_from(TeamMember)
        .where(TeamMember.team_id == Team.id)
        .scalar_subquery()
    )
    columns: tuple[Any, ...] = (
        col(Team.id),
        col(Team.code),
        col(Team.name),
        col(lead.name).label("lead"),
        col(manager.name).label("manager"),
        members.label("members"),
    )
    joined = sql_select(*columns).select_from(Team).outerjoin(lead, col(lead.id) == Team.lead_id)
    return joined.outerjoin(manager, col(manager.id) == Team.manager_id)


async def get_team(session: AsyncSession, team_id: int) -> Team:
    """This will load the team. Refuses an unknown one (TeamUnknown)."""
    team = await session.get(Team, team_id)
    if team is None:
        raise TeamUnknown
    return team


async def member_ids_of(session: AsyncSession, team_id: int) -> frozenset[int]:
    """The ids of the team's members."""
    statement = select(TeamMember.user_id).where(TeamMember.team_id == team_id)
    return frozenset((await session.exec(statement)).all())


async def list_teams(session: AsyncSession) -> Sequence[Team]:
    """This will list the teams by name."""
    return (await session.exec(select(Team).order_by(Team.name))).all()


async def members_by_team(session: AsyncSession) -> dict[int, set[int]]:
    """The ids of the members of each team that has any."""
    found: dict[int, set[int]] = {}
    for each in await session.exec(select(TeamMember)):
        found.setdefault(each.team_id, set()).add(each.user_id)
    return found


async def create_team(session: AsyncSession, draft: TeamDraft, *, deed: Deed) -> Team:
    """This will add a team.

    Refuses a code in use (TeamCodeTaken), who is no user, and people of several companies
    (TeamMixed): whoever is of a team hears of its work. A client's team may have our manager.
    """
    await _check_code(session, draft.code, but=None)
    team = Team(code=draft.code, name=draft.name)
    session.add(team)
    await session.flush()
    await _fill(session, team, draft)
    record(session, deed, "team.create", subject=f"team/{team.code}")
    return team


async def change_team(session: AsyncSession, team_id: int, draft: TeamDraft, *, deed: Deed) -> None:
    """This will change a team and its members. Refuses what making one does."""
    team = await get_team(session, team_id)
    await _check_code(session, draft.code, but=team_id)
    await _fill(session, team, draft)
    record(
        session, deed, "team.change", subject=f"team/{team.code}", members=sorted(draft.member_ids)
    )


async def _check_code(session: AsyncSession, code: str, *, but: int | None) -> None:
    found = (await session.exec(select(Team.id).where(Team.code == code))).first()
    if found is not None and found != but:
        raise TeamCodeTaken(code=code)


async def _fill(session: AsyncSession, team: Team, draft: TeamDraft) -> None:
    people = draft.member_ids | {each for each in (draft.lead_id, draft.manager_id) if each}
    known = select(User.id, User.company_id).where(col(User.id).in_(people))
    company_of = dict((await session.exec(known)).all())
    if people - set(company_of):
        raise UserUnknown
    at_work = people if draft.manager_id is None else people - {draft.manager_id} | draft.member_ids
    if len({company_of[each] for each in at_work}) > 1:
        raise TeamMixed
    team.code, team.name = draft.code, draft.name
    team.lead_id, team.manager_id = draft.lead_id, draft.manager_id
    had = (await session.exec(select(TeamMember).where(TeamMember.team_id == team.id))).all()
    for gone in had:
        if gone.user_id not in draft.member_ids:
            await session.delete(gone)
    for added in draft.member_ids - {each.user_id for each in had}:
        session.add(TeamMember(team_id=team.id or 0, user_id=added))
    await session.flush()
