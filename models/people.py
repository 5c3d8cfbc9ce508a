"""People: users, teams, roles and what they permit, sessions, API tokens, the audit trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import facts, identity, instant, reference


class User(SQLModel, table=True):
    """A person who works here. `login` is what history and audit name, and never changes.

    One of a company is a client's own: sees that company alone, and does what its model leaves.
    """

    __tablename__ = "users"

    id: int | None = identity()
    login: str = Field(unique=True, max_length=60)
    name: str = Field(max_length=120)
    email: str | None = Field(default=None, max_length=200)
    password_hash: str | None = Field(default=None, max_length=200)
    must_change_password: bool = False
    is_active: bool = True
    language: str = Field(default="pt_BR", max_length=10)
    oidc_subject: str | None = Field(default=None, unique=True, max_length=200)
    absent_from: date | None = None
    absent_until: date | None = None
    substitute_id: int | None = reference("users.id", nullable=True, index=False)
    skills: str = Field(default="", max_length=300, description="processes; blank = all")
    weekly_figures: bool = Field(default=False, description="has the week's figures mailed")
    task_limit: int | None = Field(default=None, ge=1, description="open tasks at the most")
    company_id: int | None = reference("customers.id", nullable=True)
    created_at: datetime = instant()


class Team(SQLModel, table=True):
    """People who share an inbox; its lead hears of what nobody did, then the manager."""

    __tablename__ = "teams"

    id: int | None = identity()
    code: str = Field(unique=True, max_length=40)
    name: str = Field(max_length=120)
    lead_id: int | None = reference("users.id", nullable=True, index=False)
    manager_id: int | None = reference("users.id", nullable=True, index=False)


class TeamMember(SQLModel, table=True):
    """A user's place in a team."""

    __tablename__ = "team_members"

    team_id: int = Field(foreign_key="teams.id", primary_key=True)
    user_id: int = Field(foreign_key="users.id", primary_key=True, index=True)


class Role(SQLModel, table=True):
    """A named set of permissions."""

    __tablename__ = "roles"

    id: int | None = identity()
    code: str = Field(unique=True, max_length=40)
    name: str = Field(max_length=120)


class RolePermission(SQLModel, table=True):
    """One permission of a role; the names stand in rules/permissions.py."""

    __tablename__ = "role_permissions"

    role_id: int = Field(foreign_key="roles.id", primary_key=True)
    permission: str = Field(primary_key=True, max_length=60)


class UserRole(SQLModel, table=True):
    """A role that a user has."""

    __tablename__ = "user_roles"

    user_id: int = Field(foreign_key="users.id", primary_key=True)
    role_id: int = Field(foreign_key="roles.id", primary_key=True, index=True)


class UserSession(SQLModel, table=True):
    """An open log-in. `id` is the SHA-256 of the cookie: a stolen database opens no session."""

    __tablename__ = "user_sessions"

    id: str = Field(primary_key=True, max_length=64)
    user_id: int = reference("users.id")
    created_at: datetime = instant()
    seen_at: datetime = instant()
    expires_at: datetime = instant()
    revoked_at: datetime | None = instant(None)
    ip: str = Field(default="", max_length=60)
    user_agent: str = Field(default="", max_length=300)


class ApiToken(SQLModel, table=True):
    """A bearer token of a program; it may do what its owner may, within its own permissions."""

    __tablename__ = "api_tokens"

    id: int | None = identity()
    token_hash: str = Field(unique=True, max_length=64)
    user_id: int = reference("users.id")
    name: str = Field(max_length=120)
    permissions: str = Field(default="*", max_length=2000)
    created_at: datetime = instant()
    last_used_at: datetime | None = instant(None)
    expires_at: datetime | None = instant(None)
    revoked_at: datetime | None = instant(None)


class AuditEntry(SQLModel, table=True):
    """Who did or saw what, and when; rows are only ever added."""

    __tablename__ = "audit_entries"

    id: int | None = identity()
    at: datetime = instant(index=True)
    by: str = Field(max_length=60, index=True)
    action: str = Field(max_length=80)
    subject: str = Field(default="", max_length=120, index=True)
    details: dict[str, Any] = facts()
    ip: str = Field(default="", max_length=60)


@dataclass(frozen=True)
class Deed:
    """Who acts, when, from which address, and what they may do: for checks and for the trail."""

    by: str
    at: datetime
    ip: str = ""
    permissions: frozenset[str] = frozenset()


def audit(  # noqa: PLR0913 - the columns of the trail
    session: AsyncSession,
    *,
    by: str,
    action: str,
    at: datetime,
    subject: str = "",
    details: dict[str, Any] | None = None,
    ip: str = "",
) -> None:
    """This will add an entry to the audit trail, within the transaction of what it tells of."""
    entry = AuditEntry(
        at=at, by=by, action=action, subject=subject, details=details or {}, ip=ip[:60]
    )
    session.add(entry)


def record(
    session: AsyncSession, deed: Deed, action: str, *, subject: str = "", **details: Any
) -> None:
    """This will add a deed to the audit trail."""
    audit(
        session,
        by=deed.by,
        action=action,
        at=deed.at,
        subject=subject,
        details=details,
        ip=deed.ip,
    )
