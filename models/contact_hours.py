"""When a customer may be written to, by the hours of their state and of the house."""

from __future__ import annotations

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from models.calendars import load_calendar
from models.customers import Customer
from models.policies import load_contact_hours
from rules.contact_window import TIME_ZONES, next_opening


async def first_contact(session: AsyncSession, customer: Customer, at: datetime) -> datetime:
    """The instant itself where it lies in the customer's contact hours; else when they open."""
    uf = customer.uf if customer.uf in TIME_ZONES else None
    calendar = await load_calendar(session, uf=uf or "")
    hours = await load_contact_hours(session)
    return next_opening(at, uf=uf, closures=calendar.closures, overrides=hours)
