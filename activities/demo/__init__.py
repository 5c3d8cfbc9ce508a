"""A believable provider: rows by the thousand, and journeys lived through by the rules."""

from __future__ import annotations

import random
from datetime import datetime
from pathlib import Path

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.demo.answers import answer_by_sms
from activities.demo.bank_returns import load_returns
from activities.demo.carriers import load_carriers
from activities.demo.clients import give_models
from activities.demo.complaints import complain
from activities.demo.contracts import found_sales, installed, sell
from activities.demo.disputes import load_disputes
from activities.demo.journeys import live_through
from activities.demo.mapped_carrier import load_mapped
from activities.demo.progress import Part, Progress, Say
from activities.demo.provider import PLANS, found_provider
from activities.demo.renewals import draw_to_an_end
from activities.demo.service import serve
from models.customers import Customer
from models.database import Database
from rules.business_days import local_date
from rules.refusals import Refusal

SEED = 2018
CUSTOMERS = 3000


class DemoNotEmpty(Refusal):
    message = "Já existem clientes nesta base: a demonstração só entra numa base vazia."


def _in_silence(_line: str) -> None:
    """For whoever does not want to be told."""


async def load(  # noqa: PLR0913 - half of it has defaults
    database: Database,
    *,
    when_empty: bool,
    at: datetime,
    seed: int = SEED,
    customers: int = CUSTOMERS,
    say: Say = _in_silence,
    uploads: Path | None = None,
) -> bool:
    """This will fill an empty database; the same seed and instant give the same rows.

    True when it did. With customers already there: nothing with `when_empty`, else DemoNotEmpty.
    What is being made is told to `say`, a line at a time. `uploads` is where carriers' files are
    kept; without it they are gone.
    """
    async with database.read() as session:
        is_empty = (await session.exec(select(Customer.id).limit(1))).first() is None
    if not is_empty:
        if when_empty:
            return False
        raise DemoNotEmpty
    progress = Progress(say)
    progress.begin(Part.PROVIDER)
    async with database.write() as session:
        await _live_in(session, progress, at=at, seed=seed, customers=customers)
    progress.begin(Part.CARRIERS)
    await load_carriers(database, at=at, seed=seed, uploads=uploads)
    progress.begin(Part.DISPUTES)
    await load_disputes(database, at=at, seed=seed, uploads=uploads)
    async with database.write() as session:
        await give_models(session, now=at)
    await load_mapped(database, at=at, seed=seed, uploads=uploads)
    progress.begin(Part.RETURNS)
    await load_returns(database, at=at)
    progress.begin(Part.STATISTICS)
    await database.refresh_statistics()
    return True


async def _live_in(
    session: AsyncSession, progress: Progress, *, at: datetime, seed: int, customers: int
) -> None:
    """All that is one transaction: half a provider would pass for a whole one."""
    provider = await found_provider(session, seed=seed, now=at, customers=customers)
    progress.begin(Part.COLLECTIONS)
    await live_through(session, provider, progress, now=at)
    progress.begin(Part.SALES)
    plans = await found_sales(session, PLANS, today=local_date(at))
    # Apart from the provider's own, so that what was there stays the same.
    dice = random.Random(seed + 1)  # noqa: S311 - believable, not secret
    await sell(session, dice, plans, customers=customers, now=at)
    await draw_to_an_end(session, installed(plans), customers=customers, now=at)
    progress.begin(Part.SERVICE)
    await serve(session, plans, now=at)
    await answer_by_sms(session, now=at)
    progress.begin(Part.COMPLAINTS)
    await complain(session, now=at)
