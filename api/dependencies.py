"""What routes ask for: who calls, the database, the engine, and the only reading of the clock.

All of them are coroutines: the framework sends plain functions to a thread, and back.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any

import structlog
from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio.client import Client

from api import security
from api.client_access import is_open_to_clients
from models import sign_in
from models.database import Database
from models.people import Deed
from models.sight import see_only
from models.sign_in import Access
from rules.business_days import local_date
from rules.permissions import is_permitted
from rules.refusals import Refusal
from settings import Settings

SESSION_COOKIE = "acerto"
#: Where a person may go before the one-time password is changed.
OWN_PASSWORD = frozenset({"/senha", "/sair", "/idioma", "/aparencia", "/api/own/password"})

_bearer = HTTPBearer(auto_error=False, description="Token from the page /tokens")


class NotSignedIn(Refusal):
    message = "Entre com seu usuário e senha para continuar."


class TokenNotAccepted(Refusal):
    message = "O token não existe, venceu ou foi revogado. Envie Authorization: Bearer <token>."


class PermissionDenied(Refusal):
    message = "Seu perfil não permite esta ação. Peça a permissão a quem administra o sistema."


class PasswordMustChange(Refusal):
    message = "Troque a senha provisória antes de continuar."


class EngineUnavailable(Refusal):
    message = "O motor de processos não está respondendo. Tente novamente em instantes."


@dataclass(frozen=True)
class Principal:
    """The person, or the program of a person, behind a request.

    `login` goes into by=, and `ip`, from where they ask, beside it. `company_id` is the company of
    a client's own user; None: the house's.
    """

    user_id: int
    login: str
    name: str
    permissions: frozenset[str]
    language: str = "pt_BR"
    session_id: str | None = None
    must_change_password: bool = False
    ip: str = ""
    company_id: int | None = None

    @property
    def is_of_house(self) -> bool:
        """Whether it is nobody of a client's."""
        return self.company_id is None

    def may(self, permission: str) -> bool:
        """Whether the permission is granted."""
        return is_permitted(permission, granted=self.permissions)

    def deed(self, *, at: datetime, ip: str) -> Deed:
        """What this caller does now, for checks in models and for the audit trail."""
        return Deed(self.login, at, ip, self.permissions)


def clock() -> datetime:
    """The instant, in UTC."""
    return datetime.now(UTC)


async def read_clock(request: Request) -> datetime:
    """The instant of the request, by the application's clock."""
    now: datetime = request.app.state.clock()
    return now


Now = Annotated[datetime, Depends(read_clock)]


async def company_date(now: Now) -> date:
    """The company's date at the instant of the request."""
    return local_date(now)


Today = Annotated[date, Depends(company_date)]


async def company_settings(request: Request) -> Settings:
    """The settings this application was made with."""
    settings: Settings = request.app.state.settings
    return settings


async def database_of(request: Request) -> Database:
    """The database; a command opens `db.write()` on it for one transaction."""
    database: Database = request.app.state.database
    return database


async def engine_of(request: Request) -> Client:
    """The workflow engine's client. Refuses when there is none (EngineUnavailable)."""
    client: Client | None = request.app.state.client
    if client is None:
        raise EngineUnavailable
    return client


@contextmanager
def reached() -> Iterator[None]:
    """This will tell of an engine that was never reached as of one that does not answer."""
    try:
        yield
    except RuntimeError as error:  # of a client that has not connected yet
        raise EngineUnavailable from error


Db = Annotated[Database, Depends(database_of)]
Engine = Annotated[Client, Depends(engine_of)]
Config = Annotated[Settings, Depends(company_settings)]


async def read_session(database: Db) -> AsyncIterator[AsyncSession]:
    """A session that reads and never commits, open until the answer is sent."""
    async with database.read() as session:
        yield session


ReadSession = Annotated[AsyncSession, Depends(read_session)]


async def client_address(request: Request) -> str:
    """The caller's address, for the audit trail."""
    return request.client.host if request.client else ""


Ip = Annotated[str, Depends(client_address)]


async def recognise(
    request: Request,
    database: Db,
    now: Now,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)] = None,
) -> Principal | None:
    """This will find who calls; None when nobody is signed in.

    Paths that the origin check leaves out accept a bearer token only, never the cookie.
    """
    async with database.read() as session:
        if request.url.path.startswith(security.NO_COOKIE_PATHS):
            secret = bearer.credentials if bearer else None
            access = secret and await sign_in.access_by_token(
                session, security.digest(secret), now=now
            )
        else:
            secret = request.cookies.get(security.cookie_name(request, SESSION_COOKIE))
            access = secret and await sign_in.access_by_session(
                session, security.digest(secret), now=now
            )
    return await _principal(request, database, access or None, now)


async def _principal(
    request: Request, database: Database, access: Access | None, now: datetime
) -> Principal | None:
    if access is None:
        return None
    if access.is_seen_long_ago:
        async with database.write() as session:
            await sign_in.mark_seen(session, access, at=now)
    principal = Principal(
        user_id=access.user_id,
        login=access.login,
        name=access.name,
        permissions=access.permissions,
        language=access.language,
        session_id=access.session_id,
        must_change_password=access.must_change_password,
        ip=await client_address(request),
        company_id=access.company_id,
    )
    see_only(principal.company_id)
    request.state.principal = principal  # the layout asks who sits before it
    structlog.contextvars.bind_contextvars(actor=principal.login)
    return principal


Visitor = Annotated[Principal | None, Depends(recognise)]


async def permitted(request: Request, visitor: Visitor, scopes: SecurityScopes) -> Principal:
    """This will give who calls, holding every permission the route needs.

    Refuses NotSignedIn or TokenNotAccepted (401), PasswordMustChange and PermissionDenied (403).
    """
    path = request.url.path
    if visitor is None:
        raise TokenNotAccepted if path.startswith(security.NO_COOKIE_PATHS) else NotSignedIn
    if visitor.must_change_password and path not in OWN_PASSWORD:
        raise PasswordMustChange
    if not visitor.is_of_house and not is_open_to_clients(request.method, path):
        raise PermissionDenied
    if not all(visitor.may(permission) for permission in scopes.scopes):
        raise PermissionDenied
    return visitor


def need(*permissions: str) -> Any:
    """This will make a route ask for the caller with these permissions; none = signed in.

    Written `by: Annotated[Principal, need("people:edit")]`, on pages and on JSON routes alike.
    """
    return Security(permitted, scopes=list(permissions))
