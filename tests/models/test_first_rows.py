"""What every deployment has from its first start: roles that grow with versions, named teams."""

from __future__ import annotations

from sqlmodel import select

from models.database import Database
from models.first_teams import ensure_named_teams
from models.granted_roles import KnownPermission, ensure_first_roles, grant_new_permissions
from models.people import Role, RolePermission, Team
from models.policies import PolicyValue
from models.roles import permissions_of_role, role_by_code
from rules.permissions import ALL, FIRST_ROLES
from tests.builders import AT, stored


async def test_a_new_house_knows_every_permission(database: Database) -> None:
    async with database.write() as session:
        await ensure_first_roles(session)

        assert await grant_new_permissions(session) == frozenset()


async def test_what_a_version_brings_goes_to_the_first_roles_alone(database: Database) -> None:
    operator = next(first for first in FIRST_ROLES if first.code == "operator")
    async with database.write() as session:
        await ensure_first_roles(session)
        own = await stored(session, Role(code="noite", name="Plantão"))
        await forget(session, "tickets:see", "system:act")
        await take_away(session, "operator", "tickets:see", "payments:act")

        new = await grant_new_permissions(session)
        again = await grant_new_permissions(session)

        role = await role_by_code(session, "operator")
        has = await permissions_of_role(session, role.id or 0)
        manager = await role_by_code(session, "manager")
        assert new == frozenset({"tickets:see", "system:act"})
        assert again == frozenset()
        assert has == operator.permissions - {"payments:act"}  # what was taken away stays away
        assert "system:act" not in await permissions_of_role(session, manager.id or 0)
        assert await permissions_of_role(session, own.id) == frozenset()
        assert set(await session.exec(select(KnownPermission.name))) == ALL


async def test_every_team_that_a_policy_names_is_there_once(database: Database) -> None:
    async with database.write() as session:
        session.add(
            PolicyValue(
                name="TicketPolicy.team", value="plantao", changed_at=AT, changed_by="ana"
            )
        )  # fmt: skip
        await stored(session, Team(code="cobranca", name="Recuperação"))

        await ensure_named_teams(session)
        await ensure_named_teams(session)

        teams = dict((await session.exec(select(Team.code, Team.name))).all())
    assert teams == {
        "cobranca": "Recuperação", "contestacao": "Contestação", "contratos": "Contratos",
        "implantacao": "Implantação", "plantao": "Plantao",
    }  # fmt: skip


async def forget(session, *names: str) -> None:
    """As in a deployment of before these permissions existed."""
    for name in names:
        await session.delete(await session.get_one(KnownPermission, name))
    await session.flush()


async def take_away(session, code: str, *names: str) -> None:
    role = await role_by_code(session, code)
    for name in names:
        await session.delete(await session.get_one(RolePermission, (role.id, name)))
    await session.flush()
