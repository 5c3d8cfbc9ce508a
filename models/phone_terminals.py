"""Phone terminals: each stands in one contract, and a contract that is over gives it up."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.contracts import Contract, record_contract_event
from rules.contracts import OVER


async def terminal_taken_by(
    session: AsyncSession, terminal: str | None, *, but: int | None = None
) -> str | None:
    """The code of the contract that has the terminal, `but` one aside; None: it is free."""
    found = await terminals_taken(session, [terminal] if terminal else [], but=but)
    return found.get(terminal or "")


async def terminals_taken(
    session: AsyncSession, terminals: Collection[str], *, but: int | None = None
) -> dict[str, str]:
    """The codes of the contracts that have these terminals, `but` one aside, by terminal.

    What ended has none any more.
    """
    if not terminals:
        return {}
    taken = select(Contract.phone_terminal, Contract.code).where(
        col(Contract.phone_terminal).in_(terminals), col(Contract.stage).not_in(OVER)
    )
    if but is not None:
        taken = taken.where(Contract.id != but)
    return {str(terminal): code for terminal, code in await session.exec(taken)}


async def free_terminal(
    session: AsyncSession, terminal: str | None, *, by: str, at: datetime
) -> None:
    """This will take a terminal from the contract that ended with it; from any other: nothing."""
    await free_terminals(session, [terminal] if terminal else [], by=by, at=at)


async def free_terminals(
    session: AsyncSession, terminals: Collection[str], *, by: str, at: datetime
) -> None:
    """This will take these terminals from contracts that ended with them."""
    if not terminals:
        return
    ended = (
        select(Contract)
        .where(col(Contract.phone_terminal).in_(terminals), col(Contract.stage).in_(OVER))
        .order_by(col(Contract.id))
    )
    for held in (await session.exec(ended.with_for_update())).all():
        held.phone_terminal = None
        session.add(held)
        record_contract_event(session, held, kind="terminal_freed", by=by, at=at)
    await session.flush()
