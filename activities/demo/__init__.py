"""A believable provider: rows by the thousand, and journeys lived through by the rules."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import select

from activities.demo.carriers import load_carriers
from activities.demo.journeys import live_through
from activities.demo.provider import found_provider
from models.customers import Customer
from models.database import Database
from rules.refusals import Refusal

SEED = 2018
CUSTOMERS = 3000


class DemoNotEmpty(Refusal):
    message = "Já existem clientes nesta base: a demonstração só entra numa base vazia."


async def load(
    database: Database,
    *,
    when_empty: bool,
    at: datetime,
    seed: int = SEED,
    customers: int = CUSTOMERS,
) -> bool:
    """This will fill an empty database; the same seed and instant give the same rows.

    True when it did. With customers already there: nothing with `when_empty`, else DemoNotEmpty.
    """
    async with database.read() as session:
        is_empty = (await session.exec(select(Customer.id).limit(1))).first() is None
    if not is_empty:
        if when_empty:
            return False
        raise DemoNotEmpty
    async with database.write() as session:
        provider = await found_provider(session, seed=seed, now=at, customers=customers)
        await live_through(session, provider, now=at)
    await load_carriers(database, at=at, seed=seed)
    await database.refresh_statistics()
    return True
