"""Delivering a message: what leaves, what waits, and what a crash at any point leads to."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from email.policy import SMTP
from typing import Any

import pytest
from sqlmodel import select
from temporalio.testing import ActivityEnvironment

from activities.clients.smtp import SmtpClient
from activities.clients.twilio import TwilioClient
from activities.delivery import MessageActivities, MessageRef
from activities.delivery_results import record_report
from activities.messages import write_to_address
from activities.outcomes import Outcome
from models import messages
from models.cases import CaseEvent
from models.database import Database
from models.invoices import Invoice
from models.messages import Message, OptOut, attach
from models.outbox import OutboxEntry
from models.policies import PolicyValue
from models.sender_accounts import SenderAccount
from models.tasks import Task
from rules.message_templates import purpose_of
from rules.messages import MessagePolicy
from rules.sentences import fill
from settings import Settings
from tests.builders import a_payment_profile, an_invoice
from tests.support.letters import (
    NOON,
    a_case,
    a_customer,
    a_letter,
    stored,
    the_invoice,
    what_became,
)
from tests.support.sink import caught, sink_of

SUNDAY = NOON - timedelta(days=2)


class Crash(Exception):  # noqa: N818 - what happened
    """The worker died here."""


@pytest.fixture
async def delivery(settings: Settings, database: Database) -> AsyncIterator[MessageActivities]:
    """Deliveries into the sink."""
    async with sink_of(settings, database):
        yield MessageActivities(database, settings)


async def delivered(
    delivery: MessageActivities, message: Message, *, at: datetime = NOON
) -> Outcome:
    environment = ActivityEnvironment()
    environment.info = replace(environment.info, started_time=at)
    return await environment.run(delivery.deliver_message, MessageRef(message.number))


def dies_once(monkeypatch: pytest.MonkeyPatch, client: Any, *, after: bool) -> None:
    """The client's next `send` ends in a crash, before or after the provider took it."""
    send, crashes = client.send, iter([Crash()])

    async def crashing(self: object, *args: object, **values: object) -> object:
        crash = next(crashes, None)
        answer = await send(self, *args, **values) if after or crash is None else None
        if crash is not None:
            raise crash
        return answer

    monkeypatch.setattr(client, "send", crashing)


async def test_a_message_leaves_and_its_case_is_told(
    delivery: MessageActivities, database: Database
) -> None:
    customer = await a_customer(database)
    case = await a_case(database, customer)
    letter = await a_letter(database, customer, case=case)

    assert await delivered(delivery, letter) == Outcome("sent")

    message = await stored(database, letter)
    assert (message.status, message.sent_at, message.attempts) == ("sent", NOON, 1)
    assert await what_became(database, letter) == ["queued", "sending", "sent"]
    async with database.read() as session:
        kinds = list(await session.exec(select(CaseEvent.kind)))
        news = list(await session.exec(select(OutboxEntry.news_id)))
    assert "message_sent" in kinds
    assert f"message/{letter.id}/sent" in news


async def test_a_delivery_repeated_sends_nothing_again(
    delivery: MessageActivities, database: Database
) -> None:
    letter = await a_letter(database, await a_customer(database))
    await delivered(delivery, letter)

    assert await delivered(delivery, letter) == Outcome("sent")

    [kept] = await caught(database)
    assert kept.deliveries == 1


@pytest.mark.parametrize(("after", "deliveries"), [(False, 1), (True, 2)])
async def test_an_email_in_doubt_goes_again_under_the_same_id(
    delivery: MessageActivities, database: Database, monkeypatch: pytest.MonkeyPatch,
    after: bool, deliveries: int,
) -> None:  # fmt: skip
    letter = await a_letter(database, await a_customer(database))
    dies_once(monkeypatch, SmtpClient, after=after)
    with pytest.raises(Crash):
        await delivered(delivery, letter)
    assert (await stored(database, letter)).status == "sending"

    assert await delivered(delivery, letter) == Outcome("sent")

    [kept] = await caught(database)
    assert kept.deliveries == deliveries
    assert (await stored(database, letter)).provider_id == kept.provider_id
    assert (await what_became(database, letter)).count("sent") == 1


@pytest.mark.parametrize("after", [False, True])
async def test_an_sms_in_doubt_is_sent_only_if_twilio_does_not_have_it(
    delivery: MessageActivities, database: Database, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    letter = await a_letter(database, await a_customer(database), channels=("sms",))
    dies_once(monkeypatch, TwilioClient, after=after)
    with pytest.raises(Crash):
        await delivered(delivery, letter)

    assert await delivered(delivery, letter) == Outcome("sent")

    [kept] = await caught(database)
    assert (await stored(database, letter)).provider_id == kept.provider_id


async def test_the_same_sms_of_another_message_is_not_taken_for_this_one(
    delivery: MessageActivities, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = await a_customer(database)
    first = await a_letter(database, customer, channels=("sms",), respects_window=False)
    await delivered(delivery, first)
    second = await a_letter(
        database, customer, key="letter/2", channels=("sms",), respects_window=False
    )
    dies_once(monkeypatch, TwilioClient, after=False)
    with pytest.raises(Crash):
        await delivered(delivery, second)

    assert await delivered(delivery, second) == Outcome("sent")

    assert len(await caught(database)) == 2


async def test_an_invoice_paid_meanwhile_is_not_chased(
    delivery: MessageActivities, database: Database
) -> None:
    customer = await a_customer(database)
    invoice = await the_invoice(database)
    letter = await a_letter(database, customer, invoice_id=invoice.id)
    async with database.write() as session:
        paid = await session.get_one(Invoice, invoice.id)
        paid.status = "settled"
        session.add(paid)

    assert await delivered(delivery, letter) == Outcome("suppressed")

    assert (await stored(database, letter)).reason == "paid"
    assert await caught(database) == []


async def test_who_opted_out_meanwhile_is_not_written_to(
    delivery: MessageActivities, database: Database
) -> None:
    customer = await a_customer(database)
    letter = await a_letter(database, customer)
    async with database.write() as session:
        session.add(OptOut(customer_id=customer.id or 0, channel="email", at=NOON, by="ana"))

    assert await delivered(delivery, letter) == Outcome("suppressed")
    assert (await stored(database, letter)).reason == "opted_out"


async def test_who_opted_out_is_still_answered(
    delivery: MessageActivities, database: Database
) -> None:
    customer = await a_customer(database)
    async with database.write() as session:
        session.add(OptOut(customer_id=customer.id or 0, channel="email", at=NOON, by="ana"))
        answer = await write_to_address(
            session, case=None, address="maria@exemplo.test", purpose="ticket_reply",
            key="answer/1", at=NOON, customer=customer, values=purpose_of("ticket_reply").sample,
        )  # fmt: skip

    assert await delivered(delivery, answer) == Outcome("sent")


async def test_an_e_mail_that_may_be_refused_says_where(
    delivery: MessageActivities, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = []
    compose = SmtpClient._composed

    def kept(self: SmtpClient, mail: Any) -> Any:
        sent.append(compose(self, mail))
        return sent[-1]

    monkeypatch.setattr(SmtpClient, "_composed", kept)
    customer = await a_customer(database)
    cadence = await a_letter(database, customer)
    notice = await a_letter(
        database, customer, purpose="ladder_suspension_notice", key="notice/1",
        values=purpose_of("ladder_suspension_notice").sample,
    )  # fmt: skip

    await delivered(delivery, cadence)
    await delivered(delivery, notice)

    first, second = (each.as_bytes(policy=SMTP).decode() for each in sent)
    assert re.search(r"^List-Unsubscribe: <http://\S+/recusa/1\.[\w-]{24}>\r$", first, re.MULTILINE)
    assert "\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in first
    assert "List-Unsubscribe" not in second


async def test_outside_the_window_it_waits_for_the_next_opening(
    delivery: MessageActivities, database: Database
) -> None:
    letter = await a_letter(database, await a_customer(database, uf="MG"), at=SUNDAY)

    outcome = await delivered(delivery, letter, at=SUNDAY)

    monday_at_nine = NOON.replace(day=26, hour=12)
    assert outcome == Outcome("queued", monday_at_nine)
    assert await delivered(delivery, letter, at=monday_at_nine) == Outcome("sent")


async def test_the_companys_own_hours_for_a_state_are_kept(
    delivery: MessageActivities, database: Database
) -> None:
    afternoons = {"weekdays": ["14:00", "18:00"], "saturday": None}
    async with database.write() as session:
        session.add(
            PolicyValue(name="ContactHours.SP", value=afternoons, changed_at=NOON, changed_by="ana")
        )
    letter = await a_letter(database, await a_customer(database, uf="SP"))

    outcome = await delivered(delivery, letter, at=NOON)

    assert outcome == Outcome("queued", NOON.replace(hour=17))


async def set_policies(database: Database, **values: Any) -> None:
    async with database.write() as session:
        for name, value in values.items():
            row = PolicyValue(
                name=name.replace("__", "."), value=value, changed_at=NOON, changed_by="ana"
            )
            session.add(row)


async def test_the_hours_of_a_channel_hold_for_it_alone(
    delivery: MessageActivities, database: Database
) -> None:
    afternoons = {"weekdays": ["14:00", "22:00"], "saturday": None}
    await set_policies(database, ChannelHours__sms=afternoons)
    customer = await a_customer(database)
    mail = await a_letter(database, customer)
    sms = await a_letter(database, customer, channels=("sms",))

    assert await delivered(delivery, mail) == Outcome("sent")
    assert await delivered(delivery, sms) == Outcome("queued", NOON.replace(hour=17))


async def test_a_channel_s_limit_leaves_the_other_channels_free(
    delivery: MessageActivities, database: Database
) -> None:
    await set_policies(
        database, MessagePolicy__contacts_per_day=3, MessagePolicy__sms_contacts_per_day=1,
    )  # fmt: skip
    customer = await a_customer(database)
    first = await a_letter(database, customer, channels=("sms",))
    second = await a_letter(database, customer, key="letter/2", channels=("sms",))
    mail = await a_letter(database, customer, key="letter/3")

    assert await delivered(delivery, first) == Outcome("sent")
    assert await delivered(delivery, second) == Outcome("queued", NOON.replace(day=28, hour=11))
    assert await delivered(delivery, mail) == Outcome("sent")


async def test_a_customer_hears_from_us_once_a_day(
    delivery: MessageActivities, database: Database
) -> None:
    customer = await a_customer(database)
    mail = await a_letter(database, customer)
    sms_of_the_same = await a_letter(database, customer, channels=("sms",))
    another = await a_letter(database, customer, key="letter/2")

    assert await delivered(delivery, mail) == Outcome("sent")
    assert await delivered(delivery, sms_of_the_same) == Outcome("sent")
    tomorrow = NOON.replace(day=28, hour=11)
    assert await delivered(delivery, another) == Outcome("queued", tomorrow)
    assert await delivered(delivery, another, at=tomorrow) == Outcome("sent")


async def test_an_unknown_mailbox_fails_and_makes_a_task_to_correct_it(
    delivery: MessageActivities, database: Database
) -> None:
    customer = await a_customer(database, email="maria@invalido.test")
    case = await a_case(database, customer)
    letter = await a_letter(database, customer, case=case)

    assert await delivered(delivery, letter) == Outcome("failed")

    async with database.read() as session:
        [task] = (await session.exec(select(Task).order_by("id"))).all()
    assert fill(task.title, task.places) == "Corrigir o e-mail de Maria da Conceição"
    assert (task.kind, task.for_case_id, task.process) == (
        "correct_contact",
        case.id,
        "collections",
    )
    assert (await stored(database, letter)).reason.startswith("550")


async def test_a_busy_mailbox_is_tried_again_later_and_given_up_in_the_end(
    delivery: MessageActivities, database: Database
) -> None:
    async with database.write() as session:
        limit = f"{MessagePolicy.__name__}.attempts"
        session.add(PolicyValue(name=limit, value=2, changed_at=NOON, changed_by="ana"))
    letter = await a_letter(database, await a_customer(database, email="maria@ocupado.test"))

    first = await delivered(delivery, letter)
    assert first == Outcome("queued", NOON + timedelta(seconds=30))
    last = await delivered(delivery, letter, at=NOON + timedelta(seconds=30))

    assert last == Outcome("failed")
    assert (await stored(database, letter)).reason.startswith("451")


async def test_files_go_along_with_an_email(
    delivery: MessageActivities, database: Database
) -> None:
    letter = await a_letter(database, await a_customer(database))
    async with database.write() as session:
        attach(session, letter, name="fatura.pdf", content=b"%PDF-1.7")

    await delivered(delivery, letter)

    [kept] = await caught(database)
    assert kept.attachments == {"fatura.pdf": 8}


async def test_one_refused_address_beside_others_is_sent_and_told(
    delivery: MessageActivities, database: Database
) -> None:
    letter = await a_letter(
        database, await a_customer(database, email="maria@exemplo.test, jose@invalido.test")
    )

    assert await delivered(delivery, letter) == Outcome("sent")

    assert (await stored(database, letter)).reason == "jose@invalido.test"
    async with database.read() as session:
        assert len((await session.exec(select(Task).order_by("id"))).all()) == 1


async def test_a_report_that_an_sms_was_lost_makes_a_task_once(
    delivery: MessageActivities, database: Database
) -> None:
    letter = await a_letter(database, await a_customer(database), channels=("sms",))
    await delivered(delivery, letter)

    heard = [await reported(database, letter, "undelivered") for _ in range(2)]

    assert heard == [True, False]
    assert (await stored(database, letter)).status == "bounced"
    async with database.read() as session:
        [task] = (await session.exec(select(Task).order_by("id"))).all()
    assert fill(task.title, task.places) == "Corrigir o celular de Maria da Conceição"


async def reported(database: Database, letter: Message, report: str) -> bool:
    async with database.write() as session:
        message = await messages.lock_message(session, letter.number)
        return await record_report(
            session, message, provider_id="SM1", report=report, code="30003", at=NOON
        )


async def test_a_withdrawn_message_stays(delivery: MessageActivities, database: Database) -> None:
    customer = await a_customer(database)
    case = await a_case(database, customer)
    letter = await a_letter(database, customer, case=case)
    async with database.write() as session:
        withdrawn = await messages.withdraw_messages(
            session, case_id=case.number, purposes=(letter.purpose,), at=NOON
        )

    assert withdrawn == 1
    assert await delivered(delivery, letter) == Outcome("suppressed")
    assert await caught(database) == []


@pytest.mark.parametrize(
    ("named", "of_profile", "is_default", "sender"),
    [
        ("vendas", "cobranca", True, "vendas"),
        (None, "cobranca", True, "cobranca"),
        (None, None, True, "casa"),
        (None, None, False, "Acerto Telecom"),
    ],
)
async def test_a_message_comes_from_its_own_sender_its_profiles_or_the_house(
    delivery: MessageActivities, database: Database, named, of_profile, is_default, sender
) -> None:
    customer = await a_customer(database)
    async with database.write() as session:
        accounts = {
            code: SenderAccount(
                code=code, name=code, address=f"{code}@casa.test", is_default=code == "casa"
            )
            for code in ("vendas", "cobranca", "casa")
            if is_default or code != "casa"
        }
        session.add_all(accounts.values())
        await session.flush()
        profile = await a_payment_profile(
            session, sender_account_id=accounts[of_profile].id if of_profile else None
        )
        invoice = await an_invoice(session, customer, payment_profile_id=profile.id)
    letter = await a_letter(database, customer, invoice_id=invoice.id)
    async with database.write() as session:
        kept = await session.get_one(Message, letter.id)
        kept.sender_account_id = accounts[named].id if named else None
        session.add(kept)

    await delivered(delivery, letter)

    [taken] = await caught(database)
    assert taken.sender.partition(" <")[0] == sender
