"""What share of debts of each age was paid, as observed: kept once a day beside the worklist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlmodel import Field, SQLModel, col
from sqlmodel import select as select_rows
from sqlmodel.ext.asyncio.session import AsyncSession

from models.invoices import Invoice
from models.recovery import ageing, band_on
from models.rows import read_rows
from rules.panels import InvoiceStatus
from rules.recovery import BANDS, LOOK_BACK_DAYS, AgeBand
from rules.worklist import WorklistPolicy, by_what_was_seen


class ObservedChance(SQLModel, table=True):
    """What of the debts of one age was paid within so many days, in per cent of their amount."""

    __tablename__ = "observed_chances"

    from_days: int = Field(primary_key=True, description="of the band of rules/recovery.py")
    invoices: int
    percent: int
    until: date = Field(description="the day on which it was reckoned; it looks back from there")


@dataclass(frozen=True)
class Chances:
    """The chances that order the worklist, and on how many invoices each rests; not in it: set."""

    policy: WorklistPolicy
    seen: Mapping[AgeBand, int] = field(default_factory=dict)


async def chances_of(session: AsyncSession, policy: WorklistPolicy) -> Chances:
    """The chances as they are now: observed where that is on enough invoices, else as set."""
    rows = {each.from_days: each for each in await session.exec(select_rows(ObservedChance))}
    enough = {
        band: rows[band.from_days] for band in BANDS
        if policy.uses_observed and band.from_days in rows
        and rows[band.from_days].invoices >= policy.least_invoices
    }  # fmt: skip
    percents = {band: each.percent for band, each in enough.items()}
    return Chances(
        by_what_was_seen(policy, percents), {band: each.invoices for band, each in enough.items()}
    )


async def observe_chances(session: AsyncSession, *, today: date) -> None:
    """This will keep what became of the debts that were open so many days ago; once a day."""
    kept = (await session.exec(select_rows(col(ObservedChance.until)).limit(1))).first()
    if kept == today:
        return
    before = today - timedelta(days=LOOK_BACK_DAYS)
    counts = await _counted(session, before)
    rates = await ageing(session, today=today, before=before)
    stale: Any = delete(ObservedChance)
    await session.exec(stale)
    session.add_all(
        ObservedChance(from_days=band.from_days, invoices=counts[number], until=today,
                       percent=int(rate))
        for number, (band, each) in enumerate(zip(BANDS, rates, strict=True))
        if (rate := each.rate) is not None and counts.get(number)
    )  # fmt: skip
    await session.flush()


async def _counted(session: AsyncSession, before: date) -> dict[int, int]:
    """How many debts were open on that day in each band, of those that are or were paid since."""
    band = band_on(before)
    statement: Any = (
        select(band, func.count())
        .where(col(Invoice.due_date) < before)
        .where(
            or_(
                col(Invoice.status) == InvoiceStatus.OPEN,
                (col(Invoice.status) == InvoiceStatus.SETTLED)
                & (col(Invoice.settled_on) >= before),
            )
        )
        .group_by(band)
    )
    return dict(tuple(row) for row in await read_rows(session, statement))
