"""A form that is sent twice is carried out once: the second is led where the first was.

Every form of a page carries a key (api/rendering.py puts it there). The same person, the same page,
the same key and the same words are the same form: a double click, or a way back and once more.
What htmx asks while somebody types is no form that was sent.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fastapi import Request
from sqlalchemy.exc import DBAPIError
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import security
from api.database_errors import AWAY
from api.dependencies import SESSION_COOKIE
from api.errors import answer
from api.problems import problem_of
from api.rendering import FLASH_COOKIE, FORM_KEY
from models import sent_forms
from models.database import Database
from rules.refusals import Refusal

#: As browsers write it into a body, in either of their two ways.
KEY = re.compile(
    rf'(?:^|&){FORM_KEY}=[\w-]+|name="{FORM_KEY}"\r\n\r\n[\w-]+\r\n'.encode(), re.ASCII
)
BOUNDARY = re.compile(r'boundary="?([^";,]+)')
#: How long the second of two waits for the first, and how often it looks.
PATIENCE_SECONDS = 15.0
LOOK_SECONDS = 0.05


class FormStillUnderWay(Refusal, code="FormAlreadyDone"):
    message = (
        "Este formulário já foi enviado e ainda está sendo atendido. "
        "Veja o que foi feito antes de enviar de novo."
    )


class SentOnce:
    """Middleware over the pages' forms."""

    def __init__(self, app: ASGIApp, database: Database) -> None:
        self.app, self.database = app, database

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _is_form(scope):
            await self.app(scope, receive, send)
            return
        body = await _read(receive)
        again = _given_again(body, receive)
        if body is None or KEY.search(body) is None:
            await self.app(scope, again, send)
            return
        try:
            known = await self._begin(scope, _digest(scope, body))
        except (DBAPIError, *AWAY):  # the page says so itself
            await self.app(scope, again, send)
            return
        if known is None:
            await self._first(scope, again, send, _digest(scope, body))
        else:
            await _led(scope, known)(scope, again, send)

    async def _begin(self, scope: Scope, key: str) -> Mapping[str, Any] | None:
        """Where the form led before; None: it is the first; empty: it takes too long."""
        ends = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while True:
            async with self.database.write() as session:
                if await sent_forms.begin(session, key, at=_now(scope)):
                    return None
            known = await self._answer(key, ends)
            if known is not None:
                return known

    async def _answer(self, key: str, ends: float) -> Mapping[str, Any] | None:
        """What the first was answered; None: it was refused, and this one may try."""
        while True:
            async with self.database.read() as session:
                known = await sent_forms.answer_to(session, key)
            if known != {} or asyncio.get_running_loop().time() > ends:
                return known
            await asyncio.sleep(LOOK_SECONDS)

    async def _first(self, scope: Scope, receive: Receive, send: Send, key: str) -> None:
        led: dict[str, Any] = {}

        async def send_and_keep(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 303:
                led.update(_answer_of(scope, message))
            if led and message["type"] == "http.response.start":
                async with self.database.write() as session:
                    await sent_forms.keep_answer(session, key, led)
            await send(message)

        try:
            await self.app(scope, receive, send_and_keep)
        finally:
            if not led:
                async with self.database.write() as session:
                    await sent_forms.forget(session, key)


def _is_form(scope: Scope) -> bool:
    """Whether a person's browser sends a form that is not a file of hundreds of megabytes."""
    if scope["type"] != "http" or scope["method"] != "POST":
        return False
    headers, path = Headers(scope=scope), scope["path"]
    kind = headers.get("content-type", "")
    return (
        kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data"))
        and not path.startswith((*security.NO_COOKIE_PATHS, *security.IMPORT_PATHS))
        and "hx-request" not in headers
    )


async def _read(receive: Receive) -> bytes | None:
    """The whole body; None: whoever sent it left."""
    chunks = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        chunks.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(chunks)


def _given_again(body: bytes | None, receive: Receive) -> Receive:
    given = False

    async def give() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        if body is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": body, "more_body": False}

    return give


def _digest(scope: Scope, body: bytes) -> str:
    """By what the form is known again; a browser parts its files by other words each time."""
    headers = Headers(scope=scope)
    parted = BOUNDARY.search(headers.get("content-type", ""))
    if parted:
        body = body.replace(parted[1].encode(), b"")
    who = Request(scope).cookies.get(security.cookie_name(Request(scope), SESSION_COOKIE), "")
    place = f"{who} {scope['path']}?{scope['query_string'].decode('latin-1')} ".encode()
    return hashlib.sha256(place + body).hexdigest()


def _answer_of(scope: Scope, message: Message) -> dict[str, Any]:
    """Where it led, and what was said there; nothing of an answer that opens or ends a session."""
    headers = MutableHeaders(scope=message)
    cookies, told = (
        headers.getlist("set-cookie"),
        security.cookie_name(Request(scope), FLASH_COOKIE),
    )
    if not all(each.startswith(f"{told}=") for each in cookies):
        return {}
    return {"location": headers["location"], "cookies": cookies}


def _led(scope: Scope, known: Mapping[str, Any]) -> Any:
    if not known:
        return answer(Request(scope), problem_of(FormStillUnderWay()))
    led = RedirectResponse(known["location"], 303)
    for cookie in known["cookies"]:
        led.headers.append("set-cookie", cookie)
    return led


def _now(scope: Scope) -> datetime:
    now: datetime = scope["app"].state.clock()
    return now
