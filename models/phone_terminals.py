"""Phone terminals: each stands in one contract, and a contract that is over gives it up."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.contracts import Contract, record_contract_event
from rules.contracts import OVER


async def terminal_taken_by(
    session: AsyncSession, terminal: str | None, *, but: int | None = None
) -> str | None:
    """The code of the contract that has the terminal, `but` one aside; None: it is free.

    What ended has it no more.
    """
    taken = select(Contract.code).where(
        Contract.phone_terminal == terminal, col(Contract.stage).not_in(OVER)
    )
    if but is not None:
        taken = taken.where(Contract.id != but)
    return (await session.exec(taken)).first() if terminal else None


async def free_terminal(
    session: AsyncSession, terminal: str | None, *, by: str, at: datetime
) -> None:
    """This will take a terminal from the contract that ended with it; from any other: nothing."""
    ended = select(Contract).where(
        Contract.phone_terminal == terminal, col(Contract.stage).in_(OVER)
    )
    held = (await session.exec(ended.with_for_update())).first() if terminal else None
    if held is None:
        return
    held.phone_terminal = None
    session.add(held)
    record_contract_event(session, held, kind="terminal_freed", by=by, at=at)
    await session.flush()
