"""The embedded sink: what it takes, what it refuses, and what it reports back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx2
import pytest
from pydantic import SecretStr

from activities.clients.errors import Fault, NotTaken, PermanentlyRefused
from activities.clients.secrets import sink_token
from activities.clients.smtp import File, Mail, SmtpClient
from activities.clients.twilio import TwilioClient, is_signed
from api.dependencies import clock
from api.sink_twilio import report
from models.database import Database
from models.sink import SinkMessage
from settings import Settings, SmtpSettings, TwilioSettings
from tests.support.sink import caught, sink_of, with_free_sink

WRITTEN = datetime(2026, 10, 27, 12, tzinfo=UTC)
NUMBER = "+5511987654321"


@pytest.fixture
async def sunk(settings: Settings, database: Database) -> AsyncIterator[Settings]:
    """Settings whose mail and SMS are being taken in."""
    settings = with_free_sink(settings)
    async with sink_of(settings, database):
        yield settings


def a_mail(to: str = "maria@exemplo.test", **values: Any) -> Mail:
    written: dict[str, Any] = {
        "message_id": "<1@acerto.test>", "to": (to,), "cc": (), "subject": "Olá, você",
        "text": "Oração", "html": "<p>Oração</p>", "written_at": WRITTEN, **values,
    }  # fmt: skip
    return Mail(**written)


async def sent(settings: Settings, mail: Mail) -> Sequence[str]:
    async with AsyncExitStack() as turn:
        return await SmtpClient(settings).send(mail, turn)


async def test_an_email_is_kept_as_it_was_sent(sunk: Settings, database: Database) -> None:
    files = (File("fatura.pdf", "application/pdf", b"%PDF-1.7"),)

    refused = await sent(sunk, a_mail(files=files, cc=("jose@exemplo.test",)))

    assert refused == []
    [kept] = await caught(database)
    assert (kept.provider_id, kept.subject) == ("<1@acerto.test>", "Olá, você")
    assert (kept.text.strip(), kept.raw.strip()) == ("Oração", "<p>Oração</p>")
    assert kept.recipient == "maria@exemplo.test, jose@exemplo.test"
    assert kept.attachments == {"fatura.pdf": 8}


async def test_the_same_message_id_again_is_one_message_delivered_twice(
    sunk: Settings, database: Database
) -> None:
    await sent(sunk, a_mail())
    await sent(sunk, a_mail())

    [kept] = await caught(database)
    assert kept.deliveries == 2


async def test_an_unknown_mailbox_is_refused_for_ever_and_a_busy_one_for_now(
    sunk: Settings,
) -> None:
    with pytest.raises(PermanentlyRefused, match="550") as refused:
        await sent(sunk, a_mail("maria@invalido.test"))
    with pytest.raises(NotTaken, match="451"):
        await sent(sunk, a_mail("maria@ocupado.test"))

    assert refused.value.fault is Fault.ADDRESS


async def test_one_refused_address_beside_others_is_told(sunk: Settings) -> None:
    mail = a_mail(to="maria@exemplo.test", cc=("jose@invalido.test",))

    assert await sent(sunk, mail) == ["jose@invalido.test"]


async def test_the_next_email_is_handed_over_when_the_one_before_is_no_longer_in_doubt(
    sunk: Settings, database: Database
) -> None:
    client = SmtpClient(sunk)
    async with AsyncExitStack() as first, AsyncExitStack() as second:
        await client.send(a_mail(message_id="<1@acerto.test>"), first)
        other = asyncio.create_task(client.send(a_mail(message_id="<2@acerto.test>"), second))
        await asyncio.wait([other], timeout=0.3)
        assert [kept.provider_id for kept in await caught(database)] == ["<1@acerto.test>"]

        await first.aclose()
        await other
    assert len(await caught(database)) == 2


async def test_who_gets_no_turn_was_not_handed_over(
    sunk: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activities.clients.smtp.TURN_SECONDS", 0.05)
    client = SmtpClient(sunk)
    async with AsyncExitStack() as first, AsyncExitStack() as second:
        await client.send(a_mail(message_id="<1@acerto.test>"), first)
        with pytest.raises(NotTaken) as told:
            await client.send(a_mail(message_id="<2@acerto.test>"), second)
    assert not told.value.is_doubtful
    assert len(await caught(database)) == 1


async def test_a_subject_that_would_forge_a_header_is_refused(sunk: Settings) -> None:
    with pytest.raises(PermanentlyRefused):
        await sent(sunk, a_mail(subject="Olá\nBcc: todos@exemplo.test"))


async def test_nobody_listening_is_for_now(settings: Settings) -> None:
    settings = with_free_sink(settings)

    with pytest.raises(NotTaken) as mail:
        await sent(settings, a_mail())
    with pytest.raises(NotTaken) as sms:
        await TwilioClient(settings).send(message_id=1, to=NUMBER, body="Olá")

    assert mail.value.is_doubtful
    assert not sms.value.is_doubtful


async def test_an_sms_is_kept_and_found_again(sunk: Settings, database: Database) -> None:
    twilio = TwilioClient(sunk)
    before = clock()

    sid = await twilio.send(message_id=1, to=NUMBER, body="Olá")
    found = await twilio.candidates(to=NUMBER, body="Olá", since=before)
    other_text = await twilio.candidates(to=NUMBER, body="Oi", since=before)
    long_after = await twilio.candidates(
        to=NUMBER, body="Olá", since=before + timedelta(minutes=30)
    )

    assert (found, other_text, long_after) == ([sid], [], [])
    [kept] = await caught(database)
    assert (kept.recipient, kept.text) == (NUMBER, "Olá")


async def test_what_is_no_number_is_refused_for_ever(sunk: Settings) -> None:
    with pytest.raises(PermanentlyRefused, match="21211") as refused:
        await TwilioClient(sunk).send(message_id=1, to="11 1234", body="Olá")

    assert refused.value.fault is Fault.ADDRESS


async def test_a_wrong_token_is_ours_to_mend(sunk: Settings) -> None:
    wrong = sunk.model_copy(update={"twilio": TwilioSettings(auth_token=SecretStr("wrong"))})

    with pytest.raises(NotTaken, match="20003"):
        await TwilioClient(wrong).send(message_id=1, to=NUMBER, body="Olá")


async def test_the_sink_keeps_what_it_caught_when_it_starts_again(
    settings: Settings, database: Database
) -> None:
    settings = with_free_sink(settings)
    async with sink_of(settings, database):
        await sent(settings, a_mail())
    async with sink_of(settings, database):
        await sent(settings, a_mail())

    [kept] = await caught(database)
    assert kept.deliveries == 2


async def test_a_report_waits_for_a_receiver_that_is_away(
    sunk: Settings, database: Database
) -> None:
    await TwilioClient(sunk).send(message_id=1, to=NUMBER, body="Olá")

    await asyncio.sleep(0.6)

    [kept] = await caught(database)
    assert kept.callback_status == "queued"
    assert kept.callback_url.endswith("/webhooks/twilio?message=1")


def test_everybody_in_the_data_folder_derives_the_same_token(tmp_path: Path) -> None:
    first, second = Settings(data=tmp_path), Settings(data=tmp_path, smtp=SmtpSettings(port=25))

    assert sink_token(first) == sink_token(second)
    assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0


async def test_a_report_goes_inside_and_is_signed_for_the_public_address(
    settings: Settings,
) -> None:
    heard: list[httpx2.Request] = []

    def hear(request: httpx2.Request) -> httpx2.Response:
        heard.append(request)
        return httpx2.Response(204)

    outside = "https://acerto.exemplo.test"
    settings = settings.model_copy(
        update={"public_url": outside, "internal_url": "http://api:8000"}
    )
    public = f"{outside}/webhooks/twilio?message=7"
    message = SinkMessage(
        provider_id="SM1", channel="sms", at=clock(), sender="+15005550006", recipient=NUMBER,
        text="Olá", callback_url=public, callback_status="queued",
    )  # fmt: skip

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(hear)) as client:
        await report(settings, client, message, "sent")

    [request] = heard
    form = dict(parse_qsl(request.content.decode()))
    assert str(request.url) == "http://api:8000/webhooks/twilio?message=7"
    signature = request.headers["X-Twilio-Signature"]
    assert is_signed(settings, url=public, form=form, signature=signature)
