"""Every way in of a user at once: log-ins, API tokens and the addresses of calendar feeds."""

from __future__ import annotations

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from models.calendar_feeds import revoke_feeds
from models.sign_in import revoke_sessions, revoke_tokens


async def shut_out(
    session: AsyncSession, *, user_id: int, at: datetime, but: str | None = None
) -> None:
    """This will end every way in that a user has, except the log-in `but`."""
    await revoke_sessions(session, user_id=user_id, at=at, but=but)
    await revoke_tokens(session, user_id=user_id, at=at)
    await revoke_feeds(session, user_id=user_id, at=at)
