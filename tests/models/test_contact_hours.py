"""When a customer may first be written to, by the hours of their state and of the channels."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

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
