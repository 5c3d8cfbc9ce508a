"""Roles: named sets of permissions, and the guard that nobody hands out more than they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, distinct, func
from sqlalchemy import select as sql_select
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.people import Deed, Role, RolePermission, User, UserRole, record
from rules.permissions import EVERYTHING, check_permissions
from rules.refusals import Refusal


class RoleUnknown(Refusal):
    message = "Este perfil não existe."


class RoleCodeTaken(Refusal):
    message = "Já existe um perfil com o código %(code)s. Escolha outro."
    field = "code"


class RoleCodeFixed(Refusal):
    message = "O código do perfil não muda depois de criado. Crie outro perfil."
    field = "code"


class RoleBeyondOwn(Refusal):
    message = "O perfil dá permissões que você não tem. Peça a um administrador."
    field = "role_ids"


class LastAdministrator(Refusal):
    message = "Este é o último administrador ativo. Dê o perfil a outra pessoa antes."


@dataclass(frozen=True)
class RoleDraft:
    """A role as its form says. The code never changes."""

    code: str
    name: str
    permissions: frozenset[str]


def select_roles() -> Select[Any]:
    """Roles, with how many people have each and how much it permits."""
    people = (
        select(func.count(distinct(col(UserRole.user_id))))
        .where(UserRole.role_id == Role.id)
        .scalar_subquery()
    )
    permissions = (
        select(func.count())
        .select_from(RolePermission)
        .where(RolePermission.role_id == Role.id)
        .scalar_subquery()
    )
    return sql_select(
        col(Role.id),
        col(Role.code),
        col(Role.name),
        people.label("people"),
        permissions.label("permissions"),
    )


async def get_role(session: AsyncSession, role_id: int) -> Role:
    """This will load the role. Refuses an unknown one (RoleUnknown)."""
    role = await session.get(Role, role_id)
    if role is None:
        raise RoleUnknown
    return role


async def role_by_code(session: AsyncSession, code: str) -> Role:
    """This will find the role of a code. Refuses an unknown one (RoleUnknown)."""
    role = (await session.exec(select(Role).where(Role.code == code))).first()
    if role is None:
        raise RoleUnknown
    return role


async def list_roles(session: AsyncSession) -> Sequence[Role]:
    """This will list the roles by name."""
    return (await session.exec(select(Role).order_by(Role.name))).all()


async def permissions_of_role(session: AsyncSession, role_id: int) -> frozenset[str]:
    """What the role permits."""
    statement = select(RolePermission.permission).where(RolePermission.role_id == role_id)
    return frozenset((await session.exec(statement)).all())


async def permissions_by_role(session: AsyncSession) -> dict[int, set[str]]:
    """What each role permits; one that permits nothing is not there."""
    found: dict[int, set[str]] = {}
    for each in await session.exec(select(RolePermission)):
        found.setdefault(each.role_id, set()).add(each.permission)
    return found


async def create_role(session: AsyncSession, draft: RoleDraft, *, deed: Deed) -> Role:
    """This will add a role. Refuses a code in use, and more than the author may do."""
    if (await session.exec(select(Role.id).where(Role.code == draft.code))).first() is not None:
        raise RoleCodeTaken(code=draft.code)
    _check_within(draft.permissions, deed.permissions)
    role = Role(code=draft.code, name=draft.name)
    session.add(role)
    await session.flush()
    await set_permissions(session, role, draft.permissions)
    _record(session, "role.create", role, draft, deed)
    return role


async def change_role(session: AsyncSession, role_id: int, draft: RoleDraft, *, deed: Deed) -> None:
    """This will change what a role is called and permits.

    Refuses another code (RoleCodeFixed), to add or to take away what the author may not do
    (RoleBeyondOwn), and to leave nobody who may do everything (LastAdministrator).
    """
    role = await get_role(session, role_id)
    if draft.code != role.code:
        raise RoleCodeFixed
    had = await permissions_of_role(session, role_id)
    _check_within(had ^ draft.permissions, deed.permissions)
    role.name = draft.name
    await set_permissions(session, role, draft.permissions)
    await check_someone_administers(session)
    _record(session, "role.change", role, draft, deed)


async def check_roles_within(
    session: AsyncSession, role_ids: frozenset[int], *, permissions: frozenset[str]
) -> None:
    """This will refuse roles that permit more than these permissions (RoleBeyondOwn)."""
    for role_id in sorted(role_ids):
        role = await get_role(session, role_id)
        _check_within(await permissions_of_role(session, role.id or 0), permissions)


async def check_someone_administers(session: AsyncSession) -> None:
    """This will refuse to go on when no active user may do everything (LastAdministrator)."""
    statement = (
        select(User.id)
        .join(UserRole, col(UserRole.user_id) == User.id)
        .join(RolePermission, col(RolePermission.role_id) == UserRole.role_id)
        .where(
            col(User.is_active),
            col(User.company_id).is_(None),
            RolePermission.permission == EVERYTHING,
        )
        .limit(1)
    )
    if (await session.exec(statement)).first() is None:
        raise LastAdministrator


def _check_within(wanted: frozenset[str], held: frozenset[str]) -> None:
    if EVERYTHING not in held and not wanted <= held:
        raise RoleBeyondOwn


async def set_permissions(session: AsyncSession, role: Role, names: frozenset[str]) -> None:
    """This will have the role permit exactly these. Refuses a name that does not exist."""
    wanted = check_permissions(names)
    statement = select(RolePermission).where(RolePermission.role_id == role.id)
    had = (await session.exec(statement)).all()
    for gone in had:
        if gone.permission not in wanted:
            await session.delete(gone)
    for added in wanted - {each.permission for each in had}:
        session.add(RolePermission(role_id=role.id or 0, permission=added))
    await session.flush()


def _record(session: AsyncSession, action: str, role: Role, draft: RoleDraft, deed: Deed) -> None:
    record(
        session, deed, action, subject=f"role/{role.code}", permissions=sorted(draft.permissions)
    )
