"""Turns: who does the same thing at once does it one after the other."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, text
from sqlmodel.ext.asyncio.session import AsyncSession

_LOCK: Any = text("SELECT pg_advisory_xact_lock(hashtext(:name))")


async def wait_for_turn(session: AsyncSession, name: str) -> None:
    """This will wait until nobody else has the turn of that name, and have it until the transaction
    ends; what is asked then sees what those before committed.

    Only PostgreSQL lets two write at once: on SQLite whoever writes has the turn.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.exec(_LOCK.bindparams(bindparam("name", name)))
