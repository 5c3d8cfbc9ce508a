"""A browser and a program before the application, signed in as whom the test wants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
from fastapi import FastAPI
from sqlmodel import select

from api.security import digest
from models.database import Database
from models.people import ApiToken, Role, RolePermission, User, UserRole, UserSession

#: Thursday, 10:00 in Brasília.
NOW = datetime(2026, 11, 19, 13, tzinfo=UTC)
ADDRESS = "http://acerto.test"


class Web:
    """The application, its clock, and visitors who come in with the permissions named."""

    def __init__(self, app: FastAPI, database: Database) -> None:
        self.app, self.database, self.now = app, database, NOW
        app.state.clock = lambda: self.now

    async def rows(self, model) -> Sequence[Any]:
        """Every row of a table, in the order in which they were made."""
        async with self.database.read() as session:
            return (await session.exec(select(model).order_by(model.id))).all()

    def visitor(self, **options) -> httpx2.AsyncClient:
        """A browser in which nobody is signed in."""
        transport = httpx2.ASGITransport(app=self.app, raise_app_exceptions=False)
        return httpx2.AsyncClient(transport=transport, base_url=ADDRESS, **options)

    async def browser(self, *permissions: str, login: str = "ana", **user) -> httpx2.AsyncClient:
        """A browser signed in as a user with these permissions."""
        user_id = await self.user(*permissions, login=login, **user)
        secret = f"cookie-of-{login}"
        async with self.database.write() as session:
            session.add(
                UserSession(
                    id=digest(secret),
                    user_id=user_id,
                    created_at=self.now,
                    seen_at=self.now,
                    expires_at=self.now + timedelta(hours=12),
                )
            )
        return self.visitor(cookies={"acerto": secret})

    async def program(
        self,
        *permissions: str,
        login: str = "robo",
        owns: tuple[str, ...] | None = None,
        **user,
    ) -> httpx2.AsyncClient:
        """A program whose token has these permissions; `owns` are its owner's, if not the same."""
        user_id = await self.user(*(permissions if owns is None else owns), login=login, **user)
        secret = f"token-of-{login}"
        async with self.database.write() as session:
            session.add(
                ApiToken(
                    token_hash=digest(secret),
                    user_id=user_id,
                    name="integration",
                    permissions=" ".join(permissions),
                    created_at=self.now,
                )
            )
        return self.visitor(headers={"Authorization": f"Bearer {secret}"})

    async def user(self, *permissions: str, login: str, **values) -> int:
        """A user with a role of these permissions; gives the user's id."""
        async with self.database.write() as session:
            named = {"name": login.title(), **values}
            user = User(login=login, created_at=self.now, **named)
            role = Role(code=f"role-of-{login}", name=f"Perfil de {login}")
            session.add_all([user, role])
            await session.flush()
            session.add_all(
                RolePermission(role_id=role.id, permission=name) for name in permissions
            )
            session.add(UserRole(user_id=user.id, role_id=role.id))
            return user.id
