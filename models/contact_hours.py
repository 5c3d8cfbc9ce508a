"""When a customer may be written to, by the hours of their state and of the house."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from models.calendars import contact_closures
from models.customers import Customer
from models.policies import load_channel_hours, load_contact_hours
from rules.business_days import Window
from rules.contact_window import TIME_ZONES, next_opening
from rules.messages import Channel

#: When what is to be written at an instant leaves.
Opening = Callable[[datetime], datetime]


async def openings(
    session: AsyncSession, places: Collection[tuple[str, str]]
) -> dict[tuple[str, str], Opening]:
    """By the state and city of a customer: when an instant's letter leaves first, by e-mail or
    SMS."""
    hours = await load_contact_hours(session)
    within = [await load_channel_hours(session, each) for each in (Channel.EMAIL, Channel.SMS)]
    found: dict[tuple[str, str], Opening] = {}
    for state, city in set(places):
        uf = state if state in TIME_ZONES else None
        closures = await contact_closures(session, uf=uf or "", city=city)
        found[state, city] = partial(
            _first, channels=within, uf=uf, closures=closures, overrides=hours
        )
    return found


def _first(at: datetime, *, channels: Sequence[tuple[Window, ...]], **of_state: Any) -> datetime:
    return min(next_opening(at, within=each, **of_state) for each in channels)


async def first_contact(session: AsyncSession, customer: Customer, at: datetime) -> datetime:
    """The instant itself where it lies in the customer's contact hours; else when they open."""
    place = (customer.uf, customer.city)
    return (await openings(session, [place]))[place](at)
