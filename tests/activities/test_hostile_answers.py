"""Systems that are told of something answer as they like: without end, packed, in no letters."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from activities import webhooks as acts
from activities.clients import signed_post
from activities.clients.errors import NotTaken, PermanentlyRefused
from activities.clients.signed_post import Answer, post
from activities.clients.webhook import WebhookClient
from activities.webhooks import AskedEndpoint, DeliveryRef, WebhookActivities, save_endpoint
from models.database import Database
from models.people import Deed
from models.webhooks import WebhookDelivery
from rules.webhooks import AddressNotAllowed, check_endpoint
from settings import Settings
from tests.builders import AT
from tests.contracts import a_plan, activated

DEED = Deed("ana", AT, "", frozenset({"*"}))
MEGABYTE = 1 << 20
#: Where the head of an answer is over.
END = b"\r\n\r\n"
PACKED = gzip.compress(b"a" * 100 * MEGABYTE)


@asynccontextmanager
async def listening(head: str, body: bytes = b"", *, drips: bytes = b"") -> AsyncIterator[str]:
    """A system at the address given, which answers every request so, and then without end."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(f"HTTP/1.1 {head}".encode() + body)
            await writer.drain()
            while drips:
                writer.write(drips)
                await writer.drain()
                await asyncio.sleep(0.01)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    finally:
        server.close()


@pytest.mark.once
@pytest.mark.parametrize("status", [200, 400])
async def test_an_answer_without_end_is_read_no_further_than_its_status(status: int) -> None:
    flood = b"x" * MEGABYTE
    async with listening(f"{status} So", END, drips=flood) as address, asyncio.timeout(5):
        answer = await post(address, b"{}", {})

    assert answer.status == status


@pytest.mark.once
async def test_who_takes_the_request_and_says_nothing_is_waited_for_no_longer_than_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(signed_post, "PATIENCE_SECONDS", 0.2)

    async with listening("200 So\r\nX-Slow: ", drips=b"x") as address, asyncio.timeout(5):
        with pytest.raises(NotTaken) as refused:
            await post(address, b"{}", {})

    assert refused.value.is_doubtful


@pytest.mark.once
async def test_an_answer_packed_small_is_not_unpacked() -> None:
    head = f"400 So\r\nContent-Encoding: gzip\r\nContent-Length: {len(PACKED)}"
    async with listening(head, END + PACKED) as address:
        tracemalloc.start()
        answer = await post(address, b"{}", {})
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert most < 2 * MEGABYTE
    assert answer == Answer(400, "")


@pytest.mark.once
@pytest.mark.parametrize(
    ("head", "body", "words"),
    [
        ("400 So", b"no\0pe", "no pe"),
        ("400 So\r\nContent-Type: text/plain; charset=zlib", b"nope", "nope"),
        ("400 So\r\nContent-Type: text/plain; charset=nobody-knows", "não".encode(), "não"),
        ("400 So", b"\xff\xfe", "��"),
    ],
)
async def test_what_an_answer_says_can_be_kept_whatever_it_is(
    head: str, body: bytes, words: str
) -> None:
    async with listening(f"{head}\r\nContent-Length: {len(body)}", END + body) as address:
        answer = await post(address, b"{}", {})

    assert answer.words == words


async def test_a_refusal_in_no_letters_ends_the_telling(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acts, "now", lambda: AT)
    allowed = settings.webhooks.model_copy(update={"allow_private": True})
    inside = settings.model_copy(update={"webhooks": allowed})
    async with listening("400 So\r\nContent-Length: 5", END + b"no\0pe") as address:
        asked = AskedEndpoint("ERP", address, ("contract.activated",))
        async with database.write() as session:
            await save_endpoint(session, None, asked, allows_private=True, deed=DEED)
            await activated(session, await a_plan(session))

        outcome = await WebhookActivities(database, inside).tell_webhook(DeliveryRef(1))

    async with database.read() as session:
        delivery = await session.get_one(WebhookDelivery, 1)
    assert (outcome.status, delivery.answer) == ("failed", "HTTP 400 no pe")


@pytest.mark.once
async def test_a_name_with_accents_is_called_as_the_network_writes_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    called = []

    async def look_up(_loop, host, _port, **_options):
        return [(2, 1, 6, "", ("93.184.216.34", 0))]

    async def take(url, _body, headers, **options):
        called.append((url, headers["Host"], options["host"]))
        return Answer(200, "")

    monkeypatch.setattr("asyncio.base_events.BaseEventLoop.getaddrinfo", look_up)
    monkeypatch.setattr("activities.clients.webhook.post", take)

    told = {"id": "evt_1", "event": "invoice.paid"}
    await WebhookClient(settings).tell("https://ação.example:8443/x", told, salt="s", timestamp=1)

    name = "xn--ao-siap.example"
    assert called == [("https://93.184.216.34:8443/x", f"{name}:8443", name)]


@pytest.mark.once
@pytest.mark.parametrize(
    "url", [f"https://{'a' * 64}.example", "https://crm..example", "https://crm.example/\x7f"]
)
async def test_what_no_network_can_call_is_no_address(settings: Settings, url: str) -> None:
    with pytest.raises(AddressNotAllowed):
        check_endpoint(url, ["invoice.paid"], allows_private=False)

    told = {"id": "evt_1", "event": "invoice.paid"}
    # Nor is it tried for ever where it was kept before.
    with pytest.raises(PermanentlyRefused):
        await WebhookClient(settings).tell(url, told, salt="s", timestamp=1)
