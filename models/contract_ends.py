"""When contracts ended, whatever ended them: non-payment, their customer's wish, their term."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import case, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.contracts import Contract
from rules.contracts import ContractStage


async def running_telecom(
    session: AsyncSession, contract_ids: Collection[int | None], *, today: date
) -> frozenset[int]:
    """Those of these contracts that are a telecom service and not over yet."""
    over = ended_on()
    statement = select(Contract.id).where(
        col(Contract.id).in_([each for each in contract_ids if each]),
        col(Contract.telecom_service), or_(over.is_(None), over > today),
    )  # fmt: skip
    return frozenset(each for each in await session.exec(statement) if each is not None)


def ended_on() -> Any:
    """The day from which a contract of the statement is over; NULL while it is not."""
    expired = case((col(Contract.stage) == ContractStage.EXPIRED, col(Contract.ends_on)))
    return func.coalesce(col(Contract.terminated_on), col(Contract.cancelled_on), expired)
