"""When a customer may be written to, by the hours of their state and of the house."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from models.calendars import load_calendar
from models.customers import Customer
from models.policies import load_contact_hours
from rules.contact_window import TIME_ZONES, next_opening

#: When what is to be written at an instant leaves.
Opening = Callable[[datetime], datetime]


async def openings(session: AsyncSession, states: Collection[str]) -> dict[str, Opening]:
    """By the state of a customer: when an instant's letter leaves (next_opening)."""
    hours = await load_contact_hours(session)
    found: dict[str, Opening] = {}
    for state in set(states):
        uf = state if state in TIME_ZONES else None
        calendar = await load_calendar(session, uf=uf or "")
        found[state] = partial(next_opening, uf=uf, closures=calendar.closures, overrides=hours)
    return found


async def first_contact(session: AsyncSession, customer: Customer, at: datetime) -> datetime:
    """The instant itself where it lies in the customer's contact hours; else when they open."""
    return (await openings(session, [customer.uf]))[customer.uf](at)
