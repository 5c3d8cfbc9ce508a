"""The roles of a new deployment, and what a new version permits them to do."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Field, SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.people import Role, RolePermission
from models.roles import permissions_of_role, set_permissions
from rules.permissions import ALL, EVERYTHING, FIRST_ROLES, FirstRole


class KnownPermission(SQLModel, table=True):
    """A permission that this deployment has met: who has it is the administrators' to say."""

    __tablename__ = "known_permissions"

    name: str = Field(primary_key=True, max_length=60)


async def ensure_first_roles(session: AsyncSession) -> None:
    """This will add the roles of a new deployment, where there is no role at all."""
    if (await session.exec(select(Role.id).limit(1))).first() is not None:
        return
    for first in FIRST_ROLES:
        role = Role(code=first.code, name=first.name)
        session.add(role)
        await session.flush()
        await set_permissions(session, role, first.permissions)
    await _meet(session, ALL - await _known(session))


async def grant_new_permissions(session: AsyncSession) -> frozenset[str]:
    """This will give the first roles what a new version brought; gives what that was.

    Repeated: nothing. What an administrator took away from a role stays away, and roles of the
    house's own get nothing by themselves.
    """
    new = ALL - await _known(session)
    for first in FIRST_ROLES:
        await _grant(session, first, new)
    await _meet(session, new)
    return new


async def _grant(session: AsyncSession, first: FirstRole, new: frozenset[str]) -> None:
    role = (await session.exec(select(Role).where(Role.code == first.code))).first()
    if role is None or EVERYTHING in first.permissions:
        return
    has = await permissions_of_role(session, role.id or 0)
    for name in sorted((first.permissions & new) - has):
        session.add(RolePermission(role_id=role.id or 0, permission=name))


async def _known(session: AsyncSession) -> frozenset[str]:
    return frozenset((await session.exec(select(KnownPermission.name))).all())


async def _meet(session: AsyncSession, names: Collection[str]) -> None:
    session.add_all(KnownPermission(name=name) for name in sorted(names))
    await session.flush()
