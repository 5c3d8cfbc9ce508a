"""Writing messages: once a key, on the channels that can be used, and never for the paid."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from activities.messages import write_by_hand, write_to_customer, write_to_user
from models.customers import Customer
from models.database import Database
from models.message_templates import switch
from models.messages import Message, MessageEvent, OptOut
from models.outbox import OutboxEntry
from models.people import User
from rules.message_templates import purpose_of
from tests.support.letters import NOON, a_customer, the_invoice


async def written_to(database: Database, customer: Customer, **values: Any) -> list[Message]:
    async with database.write() as session:
        return await write_to_customer(
            session, case=None, customer=customer, purpose="contact_cadence_1", key="cadence/1",
            at=NOON, **values,
        )  # fmt: skip


async def test_a_message_is_written_once_a_channel_however_often_it_is_asked_for(
    database: Database,
) -> None:
    customer = await a_customer(database)

    first = await written_to(database, customer)
    again = await written_to(database, customer)

    assert [message.id for message in again] == [message.id for message in first]
    assert [message.channel for message in first] == ["email", "sms"]
    async with database.read() as session:
        started = (await session.exec(select(OutboxEntry).order_by("id"))).all()
    assert [entry.workflow_id for entry in started] == [f"messages/{m.id}" for m in first]


async def test_a_message_says_what_stands_in_the_rows(database: Database) -> None:
    customer = await a_customer(database)

    mail, sms = await written_to(database, customer)

    assert "R$\u00a0249,90" in mail.text
    assert "Olá, Maria." in mail.text
    assert "11.222.333/0001-81" in mail.text
    assert sms.text.startswith("Acerto Telecom: Maria, ha R$ 249,90 em aberto.")


@pytest.mark.parametrize(
    "purpose",
    ["bureau_notice", "contract_renewal", "contestation_received", "contestation_answered"],
)
async def test_an_opt_out_holds_back_no_legal_notice_and_no_answer(
    database: Database, purpose: str
) -> None:
    customer = await a_customer(database)
    invoice = await the_invoice(database)
    async with database.write() as session:
        session.add(OptOut(customer_id=customer.id or 0, channel="email", at=NOON, by="ana"))
        [mail] = await write_to_customer(
            session, case=None, customer=customer, purpose=purpose, key="notice/1", at=NOON,
            channels=("email",), invoice_id=invoice.id, values=purpose_of(purpose).sample,
        )  # fmt: skip

    assert (mail.status, mail.reason) == ("queued", "")


@pytest.mark.parametrize(
    ("purpose", "status"), [("bureau_notice", "queued"), ("by_hand", "suppressed")]
)
async def test_a_legal_notice_is_sent_again_by_hand_in_spite_of_an_opt_out(
    database: Database, purpose: str, status: str
) -> None:
    customer = await a_customer(database)
    again = Message(
        key="again/1/email", channel="email", purpose=purpose, to_address="maria@exemplo.test",
        text="De novo.", not_before=NOON, created_at=NOON, created_by="ana",
    )  # fmt: skip
    async with database.write() as session:
        session.add(OptOut(customer_id=customer.id or 0, channel="email", at=NOON, by="ana"))
        sent = await write_by_hand(session, again, customer=customer)

    assert sent.status == status


@pytest.mark.parametrize("channel", ["email", "sms", "app"])
async def test_no_letter_written_by_hand_tells_a_whole_cpf(
    database: Database, channel: str
) -> None:
    customer = await a_customer(database)
    letter = Message(
        key=f"hand/{channel}", channel=channel, purpose="", to_address="x", not_before=NOON,
        created_at=NOON, created_by="ana", subject="CPF 529.982.247-25", text="O CPF 52998224725.",
        html="<p>52998224725</p>",
    )  # fmt: skip

    async with database.write() as session:
        sent = await write_by_hand(session, letter, customer=customer)

    hidden = "***.982.247-**"
    assert (sent.subject, sent.text) == (f"CPF {hidden}", f"O CPF {hidden}.")
    assert sent.html == f"<p>{hidden}</p>"


async def test_a_channel_without_an_address_or_opted_out_is_suppressed_with_its_reason(
    database: Database,
) -> None:
    customer = await a_customer(database, email=None)
    async with database.write() as session:
        session.add(OptOut(customer_id=customer.id or 0, channel="sms", at=NOON, by="ana"))

    mail, sms = await written_to(database, customer)

    assert (mail.status, mail.reason) == ("suppressed", "no_address")
    assert (sms.status, sms.reason) == ("suppressed", "opted_out")
    async with database.read() as session:
        assert (await session.exec(select(OutboxEntry).order_by("id"))).all() == []


async def test_a_template_that_is_switched_off_writes_nothing(database: Database) -> None:
    customer = await a_customer(database)
    await written_to(database, customer)
    async with database.write() as session:
        await switch(session, code="contact_cadence_1", channel="sms", is_active=False)
        _, sms = await write_to_customer(
            session, case=None, customer=customer, purpose="contact_cadence_1", key="cadence/2",
            at=NOON,
        )  # fmt: skip

    assert (sms.status, sms.reason) == ("suppressed", "switched_off")


async def test_a_value_that_is_missing_fails_the_message_and_not_the_step_that_asked(
    database: Database,
) -> None:
    customer = await a_customer(database)
    async with database.write() as session:
        mail, _ = await write_to_customer(
            session, case=None, customer=customer, purpose="payment_thanks", key="thanks/1", at=NOON
        )

    assert mail.status == "failed"
    assert mail.reason.startswith("template: ")
    async with database.read() as session:
        told = (await session.exec(select(MessageEvent.kind))).all()
    assert told == ["failed", "failed"]


async def test_somebody_who_works_here_is_written_to_at_any_hour(database: Database) -> None:
    async with database.write() as session:
        session.add(User(login="ana", name="Ana Souza", email="ana@acerto.test", created_at=NOON))
        await session.flush()
        message = await write_to_user(
            session, login="ana", purpose="first_access", key="access/ana", at=NOON,
            values={"link": "https://acerto.test/entrar"},
        )  # fmt: skip

    assert (message.to_address, message.status) == ("ana@acerto.test", "queued")
    assert not message.respects_window
    assert "https://acerto.test/entrar" in message.text
