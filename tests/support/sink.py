"""The embedded sink beside a test, and what it caught."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from sqlmodel import col, select

from api.sink import serving
from models.database import Database
from models.sink import SinkMessage
from settings import Settings, SmtpSettings
from tests.support.postgres import free_port


def with_free_sink(settings: Settings) -> Settings:
    """These settings with the sink on two ports that nobody uses."""
    return settings.model_copy(update={"smtp": SmtpSettings(sink_port=_free_pair())})


def _free_pair() -> int:
    """A port that nobody uses, and the next one neither: mail and SMS."""
    while True:
        first = free_port()
        with suppress(OSError), socket.create_server(("127.0.0.1", first + 1)):
            return first


@asynccontextmanager
async def sink_of(settings: Settings, database: Database) -> AsyncIterator[None]:
    """Mail and SMS of these settings are taken in."""
    async with serving(settings, database):
        yield


async def caught(database: Database) -> Sequence[SinkMessage]:
    """What the sink keeps, the oldest first."""
    async with database.read() as session:
        return (await session.exec(select(SinkMessage).order_by(col(SinkMessage.id)))).all()
