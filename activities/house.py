"""Where the company's clocks stand: read when a process begins, and again while it runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from sqlalchemy.exc import SQLAlchemyError

from models.database import Database
from models.policies import load_policy
from rules.business_days import HOUSE
from rules.house import HousePolicy

log = logging.getLogger(__name__)

EVERY_SECONDS = 5.0

Heard = Callable[[], Awaitable[None]]


async def set_clocks(database: Database) -> bool:
    """This will set this process's clocks to the company's zone; True when they stood elsewhere.

    While the database is away, or has no tables yet, they stay as they are.
    """
    zone = await _zone_of(database)
    if zone is None:
        log.warning("the company's time zone was not read")
    return _move_to(zone)


@asynccontextmanager
async def following_clocks(database: Database, *, then: Heard | None = None) -> AsyncIterator[None]:
    """This will follow the company's zone inside the `async with`; `then` is told of a new one."""
    following = asyncio.create_task(_follow(database, then))
    try:
        yield
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


async def _follow(database: Database, then: Heard | None) -> None:
    is_owed = False  # told again until it was heard: the engine may be away for a moment
    was_read = True
    while True:
        zone = await _zone_of(database)
        if was_read and zone is None:  # once an outage
            log.warning("the company's time zone is not read for now")
        was_read = zone is not None
        is_owed = _move_to(zone) or is_owed
        if is_owed and then is not None:
            is_owed = not await _is_heard(then)
        await asyncio.sleep(EVERY_SECONDS)


async def _zone_of(database: Database) -> str | None:
    """None while it cannot be read."""
    try:
        async with database.read() as session:
            return (await load_policy(session, HousePolicy())).time_zone
    except (SQLAlchemyError, OSError):  # the second, where nobody listens
        return None


def _move_to(zone: str | None) -> bool:
    if zone is None or zone == HOUSE.zone:
        return False
    HOUSE.zone = zone
    return True


async def _is_heard(then: Heard) -> bool:
    try:
        await then()
    except Exception:  # whatever it was, the clocks go on and it is tried again
        log.warning("a new time zone was not passed on", exc_info=True)
        return False
    return True
