"""A diary of webhooks: another system is told at once, is away for an hour, and is told then."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlmodel import select

from activities.webhooks import AskedEndpoint, save_endpoint
from models.people import Deed
from models.webhooks import WebhookDelivery
from settings import Settings, WebhookSettings
from tests.conftest import House
from tests.contracts import a_plan, activated


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The other system stands on this machine."""
    return settings.model_copy(update={"webhooks": WebhookSettings(allow_private=True)})


@asynccontextmanager
async def receiver(answers: list[int]) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A system that answers so, one after the other; gives its address and what it was told."""
    heard: list[bytes] = []

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1]) for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length")
        )  # fmt: skip
        heard.append(await reader.readexactly(length))
        writer.write(b"HTTP/1.1 %d X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                     % answers.pop(0))  # fmt: skip
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(hear, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/x", heard


async def test_a_system_that_was_away_is_told_when_it_is_back(house: House) -> None:
    at = house.clock.now
    async with receiver([503, 503, 200]) as (url, heard):
        async with house.database.write() as session:
            asked = AskedEndpoint("CRM", url, ("contract.activated",))
            deed = Deed("ana", at, "", frozenset({"*"}))
            await save_endpoint(session, None, asked, allows_private=True, deed=deed)
            await activated(session, await a_plan(session), at=at)
        await house.clock.settle()
        assert await standing(house) == ("waiting", 1)

        await house.clock.forward(hours=1)

        assert await standing(house) == ("delivered", 3)
        assert len(set(heard)) == 1  # the same words, by the same id


async def standing(house: House) -> tuple[str, int]:
    async with house.database.read() as session:
        delivery = (await session.exec(select(WebhookDelivery))).one()
    return delivery.status, delivery.attempts
