"""Live counts by server-sent events: one reading of the house every few seconds, shared by all.

Events: `tasks-changed` and `panels-changed`, which htmx passes on as DOM events of the same name,
so that whatever shows a count asks for it again. While nobody looks, nothing is read.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import StreamingResponse
from sqlalchemy.exc import SQLAlchemyError

from api.case_filters import day_ends
from api.dependencies import Principal, clock, need
from models.database import Database
from models.live import Glance, glance
from models.sight import everything_seen
from rules.business_days import local_date

log = logging.getLogger(__name__)
router = APIRouter(include_in_schema=False)

SignedIn = Annotated[Principal, need()]

EVERY_SECONDS = 4.0
#: Proxies close what stays silent, and only by writing does one learn that a reader left.
SILENT_SECONDS = 20.0
#: A stream ends after this; its reader comes back at once, and is asked again who it is.
LIFE_SECONDS = 900.0


class Live:
    """What everybody's streams are fed from; one in an application."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.closing = asyncio.Event()
        self._reading = asyncio.Lock()
        self._read_at: float | None = None
        self._last = Glance()

    def close(self) -> None:
        """This will end every stream, so that the server need not wait for them."""
        self.closing.set()

    async def look(self) -> Glance:
        """The house as it was read at most a few seconds ago."""
        async with self._reading:
            now = asyncio.get_running_loop().time()
            if self._read_at is None or now - self._read_at >= EVERY_SECONDS / 2:
                self._last, self._read_at = await self._read(), now
        return self._last

    async def _read(self) -> Glance:
        try:
            return await self._glance()
        except SQLAlchemyError:  # a database that is away comes back; the streams outlive it
            log.warning("live counts not read", exc_info=True)
            return self._last

    async def _glance(self) -> Glance:
        """Read for everybody, though a client's user be the first to ask."""
        with everything_seen():
            async with self.database.read() as session:
                return await glance(session, today_ends=day_ends(local_date(clock())))

    async def events(
        self, login: str, *, company_id: int | None = None, seen: str = ""
    ) -> AsyncIterator[str]:
        """One person's stream, until the house closes; `seen` is what was told before a break.

        It begins with what is new since then; without `seen` with everything, as the page may have
        been drawn a moment before its stream began.
        """
        loop = asyncio.get_running_loop()
        began = spoke = loop.time()
        yield "retry: 3000\n\n"
        told = seen
        while loop.time() - began < LIFE_SECONDS:
            place = _place(await self.look(), login, company_id)
            if place != told:
                yield _told(told, place)
                told, spoke = place, loop.time()
            elif loop.time() - spoke >= SILENT_SECONDS:
                yield ": \n\n"
                spoke = loop.time()
            if await self._is_closing():
                return

    async def _is_closing(self) -> bool:
        try:
            await asyncio.wait_for(self.closing.wait(), EVERY_SECONDS)
        except TimeoutError:
            return False
        return True


@router.get("/eventos")
async def live_events(
    request: Request, by: SignedIn, last_event_id: Annotated[str, Header()] = ""
) -> StreamingResponse:
    """The stream of changes, for as long as the page is open."""
    live: Live = request.app.state.live
    return StreamingResponse(
        live.events(by.login, company_id=by.company_id, seen=last_event_id),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def _place(seen: Glance, login: str, company_id: int | None) -> str:
    """What a person has been told: the marks of tasks and panels, and their own count.

    A client's user hears of the own company's tasks, and of no panel.
    """
    own = (seen.tasks, seen.panels)
    if company_id is not None:
        own = (seen.clients.get(company_id, ""), "")
    return ".".join((*own, str(seen.due.get(login, 0))))


def _told(before: str, place: str) -> str:
    """The events that lead from one place to the next."""
    was, now = before.split("."), place.split(".")
    changed = [
        name
        for name, differs in (
            ("tasks-changed", was[:1] + was[2:] != now[:1] + now[2:]),
            ("panels-changed", was[1:2] != now[1:2]),
        )
        if differs
    ]
    told = json.dumps({"due": int(now[2])})
    return "".join(f"id: {place}\nevent: {name}\ndata: {told}\n\n" for name in changed)
