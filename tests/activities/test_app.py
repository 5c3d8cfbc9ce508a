"""Messages to the customer's own app: kept for it or pushed, and proven by what it confirms."""

from __future__ import annotations

import json

import httpx2
import pytest
from pydantic import SecretStr
from sqlmodel import select

from activities import delivery
from activities.app_access import grant_access, withdraw_access
from activities.clients.signed_post import Answer, signature
from activities.delivery import MessageActivities, MessageRef
from activities.delivery_results import record_report
from activities.messages import write_to_customer
from models.app_accesses import access_by_token, messages_to_fetch
from models.database import Database
from models.messages import Message, lock_message
from models.people import Deed
from rules.messages import has_arrived
from rules.sms_text import sms_text
from settings import AppSettings, Settings
from tests import builders
from tests.builders import AT

DEED = Deed("ana", AT, "10.0.0.1", frozenset({"*"}))


@pytest.fixture(autouse=True)
def at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "now", lambda: AT)


async def write(database: Database, *, has_app: bool, **how) -> list[Message]:
    """A contact of collections, to a customer with an e-mail address."""
    async with database.write() as session:
        customer = await builders.a_customer(session, email="ana@exemplo.test")
        if has_app:
            await grant_access(session, customer.id or 0, device="Moto G", deed=DEED)
        return await write_to_customer(
            session, case=None, customer=customer, purpose="contact_cadence_1", key="k", at=AT,
            respects_window=False, **how,
        )  # fmt: skip


async def delivered(database: Database, settings: Settings, message: Message) -> Message:
    activities = MessageActivities(database, settings)
    await activities.deliver_message(MessageRef(message.number))
    async with database.read() as session:
        return await session.get_one(Message, message.id)


async def test_who_uses_the_app_is_written_to_there_too(database: Database) -> None:
    messages = await write(database, has_app=True)

    assert [(each.channel, each.contact) for each in messages] == [
        ("email", "k"), ("sms", "k"), ("app", "k"),
    ]  # fmt: skip
    assert messages[2].subject == messages[0].subject
    assert sms_text(messages[2].text) == messages[1].text  # the app keeps its accents


async def test_who_does_not_use_it_is_not(database: Database) -> None:
    usual = await write(database, has_app=False)
    asked = await write(database, has_app=False, channels=("app",))

    assert [each.channel for each in usual] == ["email", "sms"]
    assert [(each.status, each.reason) for each in asked] == [("suppressed", "no_address")]


async def test_kept_it_is_sent_and_arrives_when_the_app_says_so(
    database: Database, settings: Settings
) -> None:
    [message] = await write(database, has_app=True, channels=("app",))

    sent = await delivered(database, settings, message)
    assert (sent.status, has_arrived(sent.channel, sent.status)) == ("sent", False)
    async with database.write() as session:
        [kept] = await messages_to_fetch(session, sent.customer_id or 0, after=0, limit=10)
        locked = await lock_message(session, kept.number)
        told = {"provider_id": "app/1", "code": "", "at": AT}
        assert await record_report(session, locked, report="delivered", **told)
        assert not await record_report(session, locked, report="read", **told)

    assert has_arrived(locked.channel, locked.status)


async def test_pushed_it_is_signed(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[httpx2.Request] = []

    async def take(address: str, body: bytes, headers) -> Answer:
        calls.append(httpx2.Request("POST", address, content=body, headers=headers))
        return Answer(202, "")

    monkeypatch.setattr("activities.clients.signed_post.post", take)
    app = AppSettings(url="https://push.example/acerto", secret=SecretStr("s3"))
    [message] = await write(database, has_app=True, channels=("app",))

    sent = await delivered(database, settings.model_copy(update={"app": app}), message)

    [call] = calls
    assert sent.status == "sent"
    assert json.loads(call.content)["customer"] == sent.to_address
    stamp = int(call.headers["X-Acerto-Timestamp"])
    assert call.headers["X-Acerto-Signature"] == signature("s3", stamp, call.content)
    assert call.headers["Idempotency-Key"] == f"app/{sent.id}"


async def test_a_device_that_was_shut_out_stays_out(database: Database) -> None:
    async with database.write() as session:
        customer = await builders.a_customer(session)
        access, _token = await grant_access(session, customer.id or 0, device="", deed=DEED)
        await withdraw_access(session, access.id or 0, customer_id=customer.id or 0, deed=DEED)

        assert await access_by_token(session, access.token_hash) is None
        assert (await session.exec(select(Message).order_by("id"))).all() == []
