"""Who is behind a request: open log-ins and API tokens, and what their owners may do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy
from sqlalchemy import and_, bindparam, or_
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import UTCDateTime
from models.client_services import ClientService
from models.people import ApiToken, RolePermission, User, UserRole, UserSession
from rules.permissions import check_permissions, intersect
from rules.refusals import Refusal
from rules.service_models import UNTOLD, ServiceModel, permitted_to_client

#: A log-in's "last seen" is not written on each click.
SEEN_EVERY = timedelta(minutes=5)


class SessionUnknown(Refusal):
    message = "Esta sessão não existe ou já foi encerrada."


class TokenUnknown(Refusal):
    message = "Este token não existe ou já foi revogado."


class TokenWithoutPermission(Refusal):
    message = "Escolha ao menos uma permissão para o token."
    field = "permissions"


@dataclass(frozen=True)
class Access:
    """A user who was recognised, and what this log-in or token may do."""

    user_id: int
    login: str
    name: str
    permissions: frozenset[str]
    must_change_password: bool
    language: str
    session_id: str | None = None
    token_id: int | None = None
    is_seen_long_ago: bool = False
    company_id: int | None = None


async def access_by_session(
    session: AsyncSession, session_id: str, *, now: datetime
) -> Access | None:
    """This will find who opened the log-in; None when it ended, or the user may not work here."""
    told = {"key": session_id, "now": now}
    rows = (await session.exec(_by_session(), params=told)).all()
    if not rows:
        return None
    return _access(
        rows[0],
        _own(rows),
        session_id=session_id,
        is_seen_long_ago=now - rows[0].seen_at >= SEEN_EVERY,
    )


async def access_by_token(
    session: AsyncSession, token_hash: str, *, now: datetime
) -> Access | None:
    """This will find whose token it is; None when it was revoked, expired, or the owner left."""
    told = {"key": token_hash, "now": now}
    rows = (await session.exec(_by_token(), params=told)).all()
    if not rows:
        return None
    token = rows[0]
    return _access(
        token,
        intersect(_own(rows), frozenset(token.token_permissions.split())),
        token_id=token.token_id,
        is_seen_long_ago=token.last_used_at is None or now - token.last_used_at >= SEEN_EVERY,
    )


# Made once: every request asks one of them, and to make it takes longer than to answer it.
@cache
def _by_session() -> Any:
    return (
        _owner_of(UserSession, UserSession.seen_at)
        .where(UserSession.id == bindparam("key"), col(UserSession.revoked_at).is_(None))
        .where(col(UserSession.expires_at) > _now())
    )


@cache
def _by_token() -> Any:
    permissions: Any = col(ApiToken.permissions).label("token_permissions")
    return (
        _owner_of(ApiToken, col(ApiToken.id).label("token_id"), permissions, ApiToken.last_used_at)
        .where(ApiToken.token_hash == bindparam("key"), col(ApiToken.revoked_at).is_(None))
        .where(or_(col(ApiToken.expires_at).is_(None), col(ApiToken.expires_at) > _now()))
    )


def _now() -> Any:
    return bindparam("now", type_=UTCDateTime())


def _owner_of(kept: type[UserSession | ApiToken], *columns: Any) -> Any:
    """Log-in or token, its owner and one permission a row: who asks is found in one statement."""
    asked: tuple[Any, ...] = (
        *columns, col(User.id).label("user_id"), User.login, User.name, User.language,
        User.must_change_password, User.company_id, RolePermission.permission,
        col(ClientService.model).label("service"),
    )  # fmt: skip
    return (
        sqlalchemy.select(*asked)
        .select_from(kept)
        .join(User, and_(col(User.id) == kept.user_id, col(User.is_active)))
        .outerjoin(UserRole, col(UserRole.user_id) == kept.user_id)
        .outerjoin(RolePermission, col(RolePermission.role_id) == UserRole.role_id)
        .outerjoin(ClientService, col(ClientService.customer_id) == col(User.company_id))
    )


def _own(rows: Sequence[Any]) -> frozenset[str]:
    """What the owner may do: of a client's, no more than the company's model leaves to it."""
    owner, granted = rows[0], _united(rows)
    if owner.company_id is None:
        return granted
    return permitted_to_client(granted, ServiceModel(owner.service) if owner.service else UNTOLD)


def _united(rows: Sequence[Any]) -> frozenset[str]:
    return frozenset(row.permission for row in rows if row.permission is not None)


def _access(
    owner: Any,
    permissions: frozenset[str],
    *,
    session_id: str | None = None,
    token_id: int | None = None,
    is_seen_long_ago: bool,
) -> Access:
    return Access(
        user_id=owner.user_id,
        login=owner.login,
        name=owner.name,
        permissions=permissions,
        must_change_password=owner.must_change_password,
        language=owner.language,
        session_id=session_id,
        token_id=token_id,
        is_seen_long_ago=is_seen_long_ago,
        company_id=owner.company_id,
    )


async def permissions_of(session: AsyncSession, *, user_id: int) -> frozenset[str]:
    """This will unite the permissions of the user's roles."""
    statement = (
        select(RolePermission.permission)
        .join(UserRole, col(UserRole.role_id) == RolePermission.role_id)
        .where(UserRole.user_id == user_id)
    )
    return frozenset((await session.exec(statement)).all())


async def mark_seen(session: AsyncSession, access: Access, *, at: datetime) -> None:
    """This will note that the log-in or token was used."""
    if access.session_id is not None:
        await session.exec(
            update(UserSession).where(col(UserSession.id) == access.session_id).values(seen_at=at)
        )
    else:
        await session.exec(
            update(ApiToken).where(col(ApiToken.id) == access.token_id).values(last_used_at=at)
        )


def open_session(session: AsyncSession, opened: UserSession) -> None:
    """This will open a log-in."""
    session.add(opened)


async def list_sessions(
    session: AsyncSession, *, user_id: int, now: datetime
) -> Sequence[UserSession]:
    """This will list the user's open log-ins, the one seen last first."""
    statement = (
        select(UserSession)
        .where(UserSession.user_id == user_id, UserSession.expires_at > now)
        .where(col(UserSession.revoked_at).is_(None))
        .order_by(col(UserSession.seen_at).desc())
    )
    return (await session.exec(statement)).all()


async def revoke_session(
    session: AsyncSession, session_id: str, *, user_id: int, at: datetime
) -> None:
    """This will end one of the user's own log-ins. Refuses any other (SessionUnknown)."""
    opened = await session.get(UserSession, session_id)
    if opened is None or opened.user_id != user_id or opened.revoked_at is not None:
        raise SessionUnknown
    opened.revoked_at = at


async def revoke_sessions(
    session: AsyncSession, *, user_id: int, at: datetime, but: str | None = None
) -> None:
    """This will end every log-in of the user, except `but`."""
    statement = (
        update(UserSession)
        .where(col(UserSession.user_id) == user_id, col(UserSession.revoked_at).is_(None))
        .where(col(UserSession.id) != (but or ""))
        .values(revoked_at=at)
    )
    await session.exec(statement)


async def revoke_tokens(session: AsyncSession, *, user_id: int, at: datetime) -> None:
    """This will end every token of the user."""
    statement = (
        update(ApiToken)
        .where(col(ApiToken.user_id) == user_id, col(ApiToken.revoked_at).is_(None))
        .values(revoked_at=at)
    )
    await session.exec(statement)


@dataclass(frozen=True)
class TokenDraft:
    """A token as its owner asks for it."""

    name: str
    permissions: frozenset[str]
    expires_at: datetime | None = None


async def create_token(
    session: AsyncSession, draft: TokenDraft, *, user_id: int, token_hash: str, at: datetime
) -> ApiToken:
    """This will keep a new token's hash. Refuses unknown permissions, and none at all."""
    if not draft.permissions:
        raise TokenWithoutPermission
    token = ApiToken(
        token_hash=token_hash,
        user_id=user_id,
        name=draft.name,
        permissions=" ".join(sorted(check_permissions(draft.permissions))),
        created_at=at,
        expires_at=draft.expires_at,
    )
    session.add(token)
    await session.flush()
    return token


async def list_tokens(session: AsyncSession, *, user_id: int) -> Sequence[ApiToken]:
    """This will list the user's tokens that were not revoked, the newest first."""
    statement = (
        select(ApiToken)
        .where(ApiToken.user_id == user_id, col(ApiToken.revoked_at).is_(None))
        .order_by(col(ApiToken.id).desc())
    )
    return (await session.exec(statement)).all()


async def revoke_token(session: AsyncSession, token_id: int, *, user_id: int, at: datetime) -> None:
    """This will end one of the user's own tokens. Refuses any other (TokenUnknown)."""
    token = await session.get(ApiToken, token_id)
    if token is None or token.user_id != user_id or token.revoked_at is not None:
        raise TokenUnknown
    token.revoked_at = at
