"""Who saw what: customers' pages, CPFs and CNPJs shown whole, and lists taken away as CSV.

One entry of the audit trail a person, a subject and an hour, whatever else they look at meanwhile;
of a list one entry with how many documents it showed, never one a row; of every CSV its own. It is
written once the answer has left, so that nobody waits for it: what a process that dies in between
showed is told by no entry (docs/decisions/0021-sights-follow-the-answer.md). What could not be
written is logged, and written when the same is looked at again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.database import Database
from models.people import audit

log = structlog.get_logger("acerto.sights")

AGAIN_AFTER = timedelta(hours=1)
#: As many sights are remembered as a busy hour has.
MOST_REMEMBERED = 10_000
#: What a page of one is about, by the name of its number in the address; the first one counts.
SUBJECTS: Mapping[str, str] = {
    "customer_id": "customer", "invoice_id": "invoice", "contract_id": "contract",
    "agreement_id": "agreement",
}  # fmt: skip
AREAS: Mapping[str, str] = {"agreement": "agreements"}
#: Files that are opened have entries of their own, and so has the report of personal data.
SHOWN = ("text/html", "application/json")
TOLD_ALREADY = re.compile(r"/pessoas/privacidade/|/personal-data$")
#: Names and numbers of people that were searched for are not kept.
UNKEPT = {"busca", "q", "text", "cursor", "formato"}


@dataclass
class Seen:
    """What an answer shows: documents whole, rows that are taken away; `kind` is its media type."""

    documents: int = 0
    rows: int | None = None
    kind: str = ""


@dataclass(frozen=True)
class Sight:
    """What goes into the trail."""

    action: str
    subject: str
    details: Mapping[str, Any]
    is_once: bool = True


_SEEN: ContextVar[Seen | None] = ContextVar("seen", default=None)


def saw_document() -> None:
    """This will count a CPF or CNPJ that is shown whole."""
    if (seen := _SEEN.get()) is not None:
        seen.documents += 1


def took_away(rows: int) -> None:
    """This will count rows of a list that is taken away as a file."""
    if (seen := _SEEN.get()) is not None:
        seen.rows = (seen.rows or 0) + rows


class Sights:
    """Middleware: what a signed-in person was shown goes into the audit trail."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.known: dict[tuple[str, str, str], datetime] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        seen = Seen()

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                media_type = Headers(raw=message["headers"]).get("content-type", "")
                seen.kind = media_type.partition(";")[0]
            await send(message)

        token = _SEEN.set(seen)
        try:
            await self.app(scope, receive, sending)
        finally:
            _SEEN.reset(token)
        if seen.kind:
            await self._keep(scope, seen)

    async def _keep(self, scope: Scope, seen: Seen) -> None:
        by = scope.get("state", {}).get("principal")
        if by is None:
            return
        app = scope["app"]
        now: datetime = app.state.clock()
        new = [each for each in _sights(scope, seen) if self._is_new(by.login, each, now)]
        if not new:
            return
        database: Database = app.state.database
        try:
            async with database.write() as session:
                for each in new:
                    audit(session, by=by.login, action=each.action, subject=each.subject,
                          details=dict(each.details), at=now, ip=by.ip)  # fmt: skip
        except SQLAlchemyError:  # the answer has left: all that remains is to tell it
            log.exception("a sight was not kept", path=scope["path"])
            for each in new:
                self.known.pop(_key(by.login, each), None)

    def _is_new(self, login: str, sight: Sight, now: datetime) -> bool:
        if not sight.is_once:
            return True
        key = _key(login, sight)
        last = self.known.get(key)
        if last is not None and timedelta(0) <= now - last < AGAIN_AFTER:
            return False
        if len(self.known) >= MOST_REMEMBERED:
            self.known.clear()
        self.known[key] = now
        return True


def _key(login: str, sight: Sight) -> tuple[str, str, str]:
    """By what a sight is known again, whose entry is of an hour."""
    return login, sight.action, sight.subject or str(sight.details.get("place"))


def _sights(scope: Scope, seen: Seen) -> Iterator[Sight]:
    """What the answer to a request is told as."""
    subject = _subject(scope)
    shown = {"documents": seen.documents} if seen.documents else {}
    if seen.rows is not None:
        told = {"place": scope["path"], "filter": _filter(scope), "lines": seen.rows, **shown}
        yield Sight("export.download", subject, told, is_once=False)
    elif subject and seen.kind in SHOWN and TOLD_ALREADY.search(scope["path"]) is None:
        kind = subject.partition("/")[0]
        yield Sight(f"{AREAS.get(kind, kind)}.see", subject, shown)
    elif seen.documents:
        yield Sight("document.see", "", {"place": scope["path"], **shown})


def _subject(scope: Scope) -> str:
    params = scope.get("path_params", {})
    for name, kind in SUBJECTS.items():
        if name in params:
            return f"{kind}/{params[name]}"
    return ""


def _filter(scope: Scope) -> str:
    query = parse_qsl(scope.get("query_string", b"").decode("latin-1"))
    return urlencode([(key, value) for key, value in query if key not in UNKEPT])
