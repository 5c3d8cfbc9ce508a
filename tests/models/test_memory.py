"""What a transaction keeps of settings, and when it forgets them."""

from __future__ import annotations

from datetime import date

from models.calendars import Closure, load_calendar
from models.database import Database
from models.policies import PolicyValue, load_policy
from rules.business_days import is_business_day
from rules.collections import CollectionsPolicy
from tests.builders import AT

TUESDAY = date(2026, 11, 24)


async def test_a_policy_changed_in_the_transaction_holds_in_it_at_once(database: Database) -> None:
    async with database.write() as session:
        before = await load_policy(session, CollectionsPolicy())
        row = PolicyValue(
            name="CollectionsPolicy.follow_up_business_days",
            value=before.follow_up_business_days + 1,
            changed_at=AT,
            changed_by="ana",
        )
        session.add(row)
        await session.flush()

        after = await load_policy(session, CollectionsPolicy())
        await session.delete(row)
        await session.flush()

        assert after.follow_up_business_days == before.follow_up_business_days + 1
        assert await load_policy(session, CollectionsPolicy()) == before


async def test_another_transaction_reads_anew(database: Database) -> None:
    async with database.read() as first:
        assert is_business_day(TUESDAY, calendar=await load_calendar(first))
        async with database.write() as session:
            session.add(Closure(day=TUESDAY, name="Inventário"))

    async with database.read() as second:
        assert not is_business_day(TUESDAY, calendar=await load_calendar(second))
