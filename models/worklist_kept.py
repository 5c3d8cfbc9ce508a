"""The worklist as it is kept: what each account can be expected to bring, as of one day.

Ages and chances change overnight, so all of it is reckoned anew once a day, in one statement;
between, the transaction that changes what an account owes reckons that account. Where it is older
than yesterday or of other chances than asked for, what the invoices say is read instead.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Index, delete, insert, select, text
from sqlmodel import Field, SQLModel, col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import facts, money
from models.customers import lock_in_order
from models.worklist_amounts import Whose, select_amounts
from rules.business_days import ONE_DAY
from rules.worklist import WorklistPolicy

#: There is one day of which the worklist is kept.
THE_DAY = 1


class WorklistAccount(SQLModel, table=True):
    """What one customer owes that may be worked, and what it can be expected to bring.

    With a `place` nothing may be: then it is what is owed besides, and why nobody asks for it.
    """

    __tablename__ = "worklist_accounts"
    __table_args__ = (
        Index("ix_worklist_accounts_expected", "expected", "customer_id"),
        Index("ix_worklist_accounts_amount", "amount", "customer_id"),
        Index("ix_worklist_accounts_due", "due_date", "customer_id"),
        Index("ix_worklist_accounts_name", "searched_name", "customer_id"),
        Index(
            "ix_worklist_accounts_aside",
            "amount",
            "customer_id",
            sqlite_where=text("place IS NOT NULL"),
            postgresql_where=text("place IS NOT NULL"),
        ),
    )

    customer_id: int = Field(foreign_key="customers.id", primary_key=True)
    invoices: int
    amount: Decimal = money()
    due_date: date
    broken: int
    expected: Decimal = money()
    searched_name: str = Field(max_length=160, description="as `fold` writes it; sorted by, too")
    place: int | None = Field(default=None, description="rules.worklist.Aside.place")


class WorklistDay(SQLModel, table=True):
    """The day and the chances by which the worklist is kept; its lock orders who writes it."""

    __tablename__ = "worklist_days"

    id: int = Field(default=THE_DAY, primary_key=True)
    day: date
    policy: dict[str, Any] = facts()


@dataclass(frozen=True)
class Reckoned:
    """The accounts and their amounts, a table or a part of a statement, and as of which day."""

    owed: Any
    day: date


async def worklist_amounts(
    session: AsyncSession, policy: WorklistPolicy, *, today: date
) -> Reckoned:
    """The accounts as kept, or from the invoices when nothing fit is kept.

    Until the day's first run, what is kept of yesterday is fit: a debt is a day older than it says.
    """
    kept = await session.get(WorklistDay, THE_DAY)
    if kept is not None and any(_is_fit(kept, policy, day) for day in (today, today - ONE_DAY)):
        return Reckoned(SQLModel.metadata.tables[WorklistAccount.__tablename__], kept.day)
    return Reckoned(select_amounts(policy, today).subquery("owed"), today)


async def reckon_worklist(session: AsyncSession, policy: WorklistPolicy, *, today: date) -> None:
    """This will reckon every account for a day; what is kept for it already stays as it is."""
    kept = await _day(session, is_writing=True)
    if kept is None:
        kept = WorklistDay(day=today, policy={})
    elif _is_fit(kept, policy, today):
        return
    await _keep(session, kept, day=today, policy=policy)


async def follow_chances(session: AsyncSession, policy: WorklistPolicy) -> None:
    """This will reckon the day that is kept anew, by chances that somebody changed."""
    kept = await _day(session, is_writing=True)
    if kept is not None:
        await _keep(session, kept, day=kept.day, policy=policy)


async def refresh_worklist(session: AsyncSession, customer_ids: Collection[int]) -> None:
    """This will reckon these accounts anew, in the transaction that changed what they owe.

    Promises, contestations, exceptions and marks count as well. Nothing while no day is kept.
    """
    await session.flush()
    kept = await _day(session, is_writing=False)
    if kept is not None:
        await lock_in_order(session, customer_ids)
        await _reckon(session, kept, customer_ids)


async def rebuild_worklist(session: AsyncSession) -> None:
    """This will reckon every account anew for the day that is kept, for repair."""
    kept = await _day(session, is_writing=True)
    if kept is not None:
        await _reckon(session, kept, None)


def _is_fit(kept: WorklistDay, policy: WorklistPolicy, today: date) -> bool:
    return kept.day == today and kept.policy == asdict(policy)


async def _day(session: AsyncSession, *, is_writing: bool) -> WorklistDay | None:
    """Whoever writes one account shares the day; who reckons all of them has it alone."""
    statement: Any = select(WorklistDay).with_for_update(read=not is_writing)
    found: WorklistDay | None = (await session.exec(statement)).scalars().one_or_none()
    return found


async def _keep(
    session: AsyncSession, kept: WorklistDay, *, day: date, policy: WorklistPolicy
) -> None:
    kept.day, kept.policy = day, asdict(policy)
    session.add(kept)
    await session.flush()
    await _reckon(session, kept, None)


async def _reckon(session: AsyncSession, kept: WorklistDay, whose: Whose) -> None:
    stale: Any = delete(WorklistAccount)
    if whose is not None:
        stale = stale.where(col(WorklistAccount.customer_id).in_(whose))
    await session.exec(stale)
    amounts = select_amounts(WorklistPolicy(**kept.policy), kept.day, whose=whose)
    names = [each.name for each in amounts.selected_columns]
    filled: Any = insert(WorklistAccount).from_select(names, amounts)
    await session.exec(filled)
