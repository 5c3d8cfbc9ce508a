"""When a customer may first be written to, by the hours of their state and of the channels."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from models.calendars import Closure, ServiceCalendar
from models.contact_hours import first_contact
from models.database import Database
from models.policies import PolicyValue
from tests import builders

#: A Tuesday, at noon in São Paulo.
NOON = datetime(2026, 10, 27, 15, tzinfo=UTC)


async def test_a_letter_leaves_once_a_channel_is_open(database: Database) -> None:
    async with database.write() as session:
        customer = await builders.a_customer(session, uf="SP")
        assert await first_contact(session, customer, NOON) == NOON
        for channel, opens in (("email", "14:00"), ("sms", "16:00")):
            hours = {"weekdays": [opens, "20:00"], "saturday": None}
            session.add(
                PolicyValue(
                    name=f"ChannelHours.{channel}", value=hours, changed_at=NOON, changed_by="ana"
                )
            )

    async with database.write() as session:
        assert await first_contact(session, customer, NOON) == NOON + timedelta(hours=2)
        night = NOON + timedelta(hours=9)
        assert await first_contact(session, customer, night) == NOON + timedelta(days=1, hours=2)


async def test_the_holidays_of_a_city_are_its_peoples_alone(database: Database) -> None:
    async with database.write() as session:
        for code, name, uf in (("SANTOS", "Santos", "SP"), ("MESA", "Mesa de suporte", "SP")):
            session.add(ServiceCalendar(code=code, name=name, uf=uf))
            session.add(Closure(day=NOON.date(), name="Feriado", uf=uf, calendar=code))
        places = (("SP", "santos"), ("SP", "São Vicente"), ("RN", "Santos"), ("", "Santos"))
        customers = [await builders.a_customer(session, uf=uf, city=city) for uf, city in places]

    async with database.read() as session:
        found = [await first_contact(session, each, NOON) for each in customers]

    tomorrow = NOON.replace(hour=11) + timedelta(days=1)  # at eight in São Paulo
    assert found == [tomorrow, NOON, NOON, NOON]
