"""What guards every request: headers, refusal of other origins, size of bodies, pace of log-ins."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.language import N_, gettext
from models.database import Database
from models.paces import count_try, tries_of
from rules.paces import Pace, allows, origin_of

#: Programs bring a bearer token there, never a cookie; webhooks are signed.
NO_COOKIE_PATHS = ("/api/", "/webhooks/")
#: Imports of hundreds of megabytes are streamed to disk.
IMPORT_PATHS = (
    *("/api/imports", "/importacoes", "/api/carrier-files", "/operadoras/faturas"),
    *("/api/bank-returns", "/pagamentos/retornos"),
)
BODY_LIMIT = 25 * 1024 * 1024
IMPORT_LIMIT = 512 * 1024 * 1024
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; "
    "style-src-attr 'unsafe-inline'; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}

LOGIN_PACE = Pace(5)
ADDRESS_PACE = Pace(60)
#: Of one customer's link, and of addresses that try links which do not hold; whole towns may share
#: an address, so those whose link holds are not counted together.
LINK_PACE = Pace(40)
FORGED_PACE = Pace(20)
OTHER_ORIGIN = N_("Requisição de outra origem recusada. Abra a página de novo e repita.")


def came_from(request: Request) -> str:
    """This will give the page of ours on which a form was sent; "" when nobody says which."""
    told = urlsplit(request.headers.get("referer", ""))
    if request.method in SAFE_METHODS or told.netloc != request.headers.get("host"):
        return ""
    return told.path + (f"?{told.query}" if told.query else "")


def digest(secret: str) -> str:
    """This will hash a token of 256 random bits; such tokens need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret() -> str:
    """This will make a secret of 256 random bits, safe in URLs and cookies."""
    return secrets.token_urlsafe(32)


def is_https(request: Request) -> bool:
    """Whether the browser speaks https to us, directly or through the proxy of public_url."""
    public = str(request.app.state.settings.public_url or "")
    return request.url.scheme == "https" or public.startswith("https:")


def cookie_name(request: Request, name: str) -> str:
    """The cookie's name; on https browsers themselves keep subdomains from setting it."""
    return f"__Host-{name}" if is_https(request) else name


class SecurityHeaders:
    """Adds the headers that tell browsers what pages may do."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if scope["scheme"] == "https":
                    headers.setdefault("strict-transport-security", "max-age=31536000")
            await send(message)

        await self.app(scope, receive, send_with_headers)


class SameOrigin:
    """Refuses what another site made the browser send (CSRF), by the headers browsers set."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not _may_pass(scope):
            await PlainTextResponse(gettext(OTHER_ORIGIN), 403)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _may_pass(scope: Scope) -> bool:
    if scope["method"] in SAFE_METHODS or scope["path"].startswith(NO_COOKIE_PATHS):
        return True
    headers = Headers(scope=scope)
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site in {"same-origin", "none"}
    # Neither header: no browser of today, so no cookie that another site could misuse.
    return origin is None or urlsplit(origin).netloc == headers.get("host")


class BodyLimit:
    """Refuses large bodies everywhere but where files are imported."""

    def __init__(self, app: ASGIApp) -> None:
        self.importing = RequestBodyLimitMiddleware(app, max_body_size=IMPORT_LIMIT)
        self.limited = RequestBodyLimitMiddleware(app, max_body_size=BODY_LIMIT)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_import = scope["type"] == "http" and scope["path"].startswith(IMPORT_PATHS)
        await (self.importing if is_import else self.limited)(scope, receive, send)


class Door:
    """How often log-ins and customers' links may be tried; counted in the database, so that it is
    the same for every process of the house."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def allows_login(self, *, login: str, ip: str, at: datetime) -> bool:
        """This will count one try, and be false when there were too many within the minute."""
        own = await self._count(LOGIN_PACE, "login", login.lower(), origin_of(ip), at=at)
        return own and await self._count(ADDRESS_PACE, "address", origin_of(ip), at=at)

    async def allows_link(self, number: int, *, at: datetime) -> bool:
        """This will count one use of a customer's link; false beyond so many a minute."""
        return await self._count(LINK_PACE, "link", str(number), at=at)

    async def allows_refusal(self, customer_id: int, *, at: datetime) -> bool:
        """The same of the address that refuses a customer's e-mails."""
        return await self._count(LINK_PACE, "refusal", str(customer_id), at=at)

    async def allows_guess(self, *, ip: str, at: datetime) -> bool:
        """Whether an address has not tried too many links that do not hold."""
        async with self.database.read() as session:
            tries = await tries_of(session, _key("forged", origin_of(ip)), at=at)
        return allows(FORGED_PACE, tries, at=at)

    async def count_guess(self, *, ip: str, at: datetime) -> None:
        """This will count a link that does not hold."""
        await self._count(FORGED_PACE, "forged", origin_of(ip), at=at)

    async def _count(self, pace: Pace, *names: str, at: datetime) -> bool:
        async with self.database.write() as session:
            return await count_try(session, _key(*names), pace, at=at)


def _key(*names: str) -> str:
    """Nobody's address or log-in stands in the rows."""
    return digest("\0".join(names))
