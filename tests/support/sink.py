"""The embedded sink beside a test, and what it caught."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from sqlmodel import col, select

from api.sink import serving
from models.database import Database
from models.sink import SinkMessage
from settings import Settings, SmtpSettings
from tests.support.ports import free_port


def with_free_sink(settings: Settings) -> Settings:
    """These settings with the sink on two ports that nobody uses."""
    return settings.model_copy(update={"smtp": SmtpSettings(sink_port=free_port(pair=True))})


@asynccontextmanager
async def sink_of(settings: Settings, database: Database) -> AsyncIterator[None]:
    """Mail and SMS of these settings are taken in."""
    async with serving(settings, database):
        yield


async def caught(database: Database) -> Sequence[SinkMessage]:
    """What the sink keeps, the oldest first."""
    async with database.read() as session:
        return (await session.exec(select(SinkMessage).order_by(col(SinkMessage.id)))).all()
