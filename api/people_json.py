"""Users, roles and teams for programs: listed, made, changed, by the checks of their pages."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession

from api import people
from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.once import NamedRequest
from api.people import NewUser, UserInput
from api.roles import RoleInput
from api.teams import TeamInput
from models import roles, teams, users
from models.rows import rows_of

router = APIRouter(tags=["people"])

Edit = Annotated[Principal, need("people:edit")]


class UserView(BaseModel):
    """A user as programs read them."""

    id: int
    login: str
    name: str
    email: str | None
    is_active: bool
    roles: str | None
    company: str | None


class RoleView(BaseModel):
    """A role, what it permits, and how many have it."""

    id: int
    code: str
    name: str
    permissions: list[str]
    people: int


class TeamView(BaseModel):
    """A team; people by their ids."""

    id: int
    code: str
    name: str
    lead_id: int | None
    manager_id: int | None
    member_ids: list[int]


class Made(BaseModel):
    """The id of what was made."""

    id: int


@router.get("/api/users", dependencies=[need("people:see")])
async def list_users(session: ReadSession, search: str | None = None) -> list[UserView]:
    """Users by name."""
    found = await rows_of(session, users.select_users(search=search).order_by("name"))
    return [UserView.model_validate(dict(row)) for row in found]


@router.post("/api/users", status_code=201)
async def create_user(
    asked: UserInput, by: Edit, database: Db, now: Now, ip: Ip, once: NamedRequest
) -> NewUser:
    """Make a user, who must change the one-time password at the first log-in."""
    return await people.create(asked, database, by.deed(at=now, ip=ip), once)


@router.put("/api/users/{user_id}", status_code=204)
async def change_user(
    asked: UserInput, user_id: int, by: Edit, database: Db, now: Now, ip: Ip
) -> None:
    """Change a user, or make one inactive; the login stays."""
    await people.change(user_id, asked, database, by.deed(at=now, ip=ip))


@router.post("/api/users/{user_id}/one-time-password", status_code=201)
async def renew_password(
    user_id: int, by: Edit, database: Db, now: Now, ip: Ip, once: NamedRequest
) -> NewUser:
    """Give a user a new one-time password, told this once; log-ins, tokens and feeds end."""
    return await people.renew_password(user_id, database, by.deed(at=now, ip=ip), once)


@router.get("/api/roles", dependencies=[need("people:see")])
async def list_roles(session: ReadSession) -> list[RoleView]:
    """Roles by name."""
    permitted = await roles.permissions_by_role(session)
    rows = await rows_of(session, roles.select_roles().order_by("name"))
    return [
        RoleView.model_validate({**row, "permissions": sorted(permitted.get(row["id"], ()))})
        for row in rows
    ]


@router.post("/api/roles", status_code=201)
async def create_role(
    asked: RoleInput, by: Edit, database: Db, now: Now, ip: Ip, once: NamedRequest
) -> Made:
    """Make a role. Refuses to give it more than the caller may do (RoleBeyondOwn)."""
    deed = by.deed(at=now, ip=ip)

    async def make(session: AsyncSession) -> Made:
        return Made(id=(await roles.create_role(session, asked.draft(), deed=deed)).id or 0)

    return Made(**await once.do(database, deed, make))


@router.put("/api/roles/{role_id}", status_code=204)
async def change_role(
    role_id: int, asked: RoleInput, by: Edit, database: Db, now: Now, ip: Ip
) -> None:
    """Change what a role is called and permits; its code stays."""
    async with database.write() as session:
        await roles.change_role(session, role_id, asked.draft(), deed=by.deed(at=now, ip=ip))


@router.get("/api/teams", dependencies=[need("people:see")])
async def list_teams(session: ReadSession) -> list[TeamView]:
    """Teams by name, with who belongs to each."""
    members = await teams.members_by_team(session)
    return [
        TeamView(**each.model_dump(), member_ids=sorted(members.get(each.id or 0, ())))
        for each in await teams.list_teams(session)
    ]


@router.post("/api/teams", status_code=201)
async def create_team(
    asked: TeamInput, by: Edit, database: Db, now: Now, ip: Ip, once: NamedRequest
) -> Made:
    """Make a team."""
    deed = by.deed(at=now, ip=ip)

    async def make(session: AsyncSession) -> Made:
        return Made(id=(await teams.create_team(session, asked.draft(), deed=deed)).id or 0)

    return Made(**await once.do(database, deed, make))


@router.put("/api/teams/{team_id}", status_code=204)
async def change_team(
    team_id: int, asked: TeamInput, by: Edit, database: Db, now: Now, ip: Ip
) -> None:
    """Change a team and who belongs to it, all of it."""
    async with database.write() as session:
        await teams.change_team(session, team_id, asked.draft(), deed=by.deed(at=now, ip=ip))
