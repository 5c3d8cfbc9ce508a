"""Who works at the demonstration's provider."""

from __future__ import annotations

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from models.first_teams import team_called
from models.granted_roles import ensure_first_roles
from models.passwords import hash_password
from models.people import Role, TeamMember, User, UserRole
from models.roles import role_by_code

#: login, name, role
STAFF = (
    ("giane", "Giane Moraes", "operator"),
    ("marcos", "Marcos Tavares", "operator"),
    ("paula", "Paula Nogueira", "operator"),
    ("lidia", "Lídia Campos", "manager"),
    ("gestora", "Helena Prado", "manager"),
)
#: Who works in the teams beside that of collections, where all operators do.
TEAMS = {"contratos": ("paula",), "contestacao": ("marcos",)}
#: For looking round on one's own machine; `acerto up` tells it.
PASSWORD = "acerto-demo-2026"  # noqa: S105 - a demonstration's, on purpose


async def hire(session: AsyncSession, *, now: datetime) -> tuple[str, ...]:
    """This will make the users and their team; returns the operators' logins."""
    await ensure_first_roles(session)
    password_hash = await hash_password(PASSWORD)
    users: dict[str, User] = {}
    for login, name, role in STAFF:
        user = User(
            login=login, name=name, email=f"{login}@provedor.test", created_at=now,
            password_hash=password_hash,
        )  # fmt: skip
        session.add(user)
        await session.flush()
        session.add(_role_of(user, await role_by_code(session, role)))
        users[login] = user
    operators = [login for login, _, role in STAFF if role == "operator"]
    for code, members in {**TEAMS, "cobranca": operators}.items():
        team = await team_called(session, code)
        team.lead_id, team.manager_id = users["lidia"].id, users["gestora"].id
        for login in members:
            session.add(TeamMember(team_id=team.id or 0, user_id=users[login].id or 0))
    await session.flush()
    return tuple(operators)


def _role_of(user: User, role: Role) -> UserRole:
    return UserRole(user_id=user.id or 0, role_id=role.id or 0)
