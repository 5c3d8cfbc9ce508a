"""A message that was lost goes by the next channel, once on each, while it is still true."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from activities import delivery_results as results
from activities.app_access import grant_access
from activities.customers import change_customer, facts_of
from activities.delivery_results import came_back, record_report
from models import cases, messages
from models.bounces import is_blocked
from models.cases import CaseEvent
from models.customers import Customer
from models.database import Database
from models.messages import Message, MessageEvent, OptOut
from models.people import Deed
from models.tasks import Task
from rules.messages import Channel, Suppression, channels_after
from tests import builders
from tests.activities.test_ladder import Street, morning, street
from tests.builders import pay
from tests.support.letters import MOBILE, NOON, a_case, a_customer, a_letter, written

__all__ = ["street"]

GONE = "5.1.1 user unknown"


async def sent(database: Database, *letters: Message) -> None:
    async with database.write() as session:
        for letter in letters:
            row = await session.get_one(Message, letter.id)
            row.status, row.sent_at, row.provider_id = "sent", NOON, f"id{letter.id}"


async def bounced(database: Database, letter: Message, *, at=NOON, told: str = GONE) -> None:
    async with database.write() as session:
        await came_back(session, await messages.lock_message(session, letter.number), told, at=at)


async def undelivered(database: Database, letter: Message, *, code: str = "30005") -> None:
    async with database.write() as session:
        await record_report(
            session, await messages.lock_message(session, letter.number), provider_id="SM1",
            report="undelivered", code=code, at=NOON,
        )  # fmt: skip


@pytest.mark.once
@pytest.mark.parametrize(
    ("lost", "then"),
    [("email", ["sms", "app"]), ("sms", ["app", "email"]), ("app", ["email", "sms"])],
)
def test_the_channels_behind_come_before_those_in_front(lost: str, then: list[str]) -> None:
    assert list(channels_after(lost, tuple(Channel))) == then


async def test_what_one_channel_lost_goes_by_each_other_once(database: Database) -> None:
    customer = await a_customer(database)
    case = await a_case(database, customer)
    async with database.write() as session:
        await grant_access(session, customer.id or 0, device="celular", deed=Deed("ana", NOON))
    mail = await a_letter(database, customer, case=case)

    await sent(database, mail)
    await bounced(database, mail)
    await bounced(database, mail)
    [_, sms] = await written(database)
    await sent(database, sms)
    await undelivered(database, sms)
    [*_, app] = await written(database)
    async with database.write() as session:
        await results.give_up(session, await messages.lock_message(session, app.number), at=NOON)

    assert [(each.channel, each.key, each.case_id) for each in await written(database)] == [
        (channel, f"letter/1/{channel}", case.id) for channel in ("email", "sms", "app")
    ]
    assert sms.text.startswith("Acerto Telecom: Maria, ha R$ 249,90 em aberto.")
    async with database.read() as session:
        told = list(await session.exec(select(CaseEvent.kind)))
        of_mail = select(MessageEvent.facts).where(
            MessageEvent.message_id == mail.id, MessageEvent.kind == "next_channel"
        )
        facts = (await session.exec(of_mail)).all()
    assert told.count("message_next_channel") == 2
    assert facts == [{"channel": "sms", "message_id": sms.id}]


async def test_a_contact_that_arrives_by_another_channel_is_not_repeated(
    database: Database,
) -> None:
    customer = await a_customer(database)
    async with database.write() as session:
        await grant_access(session, customer.id or 0, device="celular", deed=Deed("ana", NOON))
    mail = await a_letter(database, customer)
    sms = await a_letter(database, customer, channels=("sms",))
    await sent(database, mail, sms)

    await bounced(database, mail)
    assert len(await written(database)) == 2

    await undelivered(database, sms)
    assert [each.channel for each in await written(database)] == ["email", "sms", "app"]


@pytest.mark.parametrize("hurdle", ["opted out", "no number", "closed", "newer"])
async def test_nothing_goes_where_it_is_not_wanted_or_no_longer_true(
    database: Database, hurdle: str
) -> None:
    customer = await a_customer(database, mobile=None if hurdle == "no number" else MOBILE)
    case = await a_case(database, customer)
    mail = await a_letter(database, customer, case=case)
    await sent(database, mail)
    async with database.write() as session:
        if hurdle == "opted out":
            session.add(OptOut(customer_id=customer.id or 0, channel="sms", at=NOON, by="ana"))
        if hurdle == "closed":
            (await cases.lock_case(session, case.number)).closed_at = NOON
    if hurdle == "newer":
        await a_letter(database, customer, key="letter/2", purpose="contact_cadence_2")
    before = len(await written(database))

    await bounced(database, mail)

    assert len(await written(database)) == before


@pytest.mark.parametrize("purpose", ["by_hand", "ticket_reply"])
async def test_that_an_e_mail_came_back_is_told_by_another_channel_once_of_an_address(
    database: Database, purpose: str
) -> None:
    customer = await a_customer(database)
    mail, later = [await a_letter(database, customer, key=f"letter/{n}") for n in (1, 2)]
    async with database.write() as session:
        await builders.a_user(session, "ana")
        for letter in (mail, later):
            row = await session.get_one(Message, letter.id)
            row.purpose, row.created_by, row.subject = purpose, "ana", "Segunda via"
    await sent(database, mail, later)

    await bounced(database, mail)
    await bounced(database, later)

    [*_, told] = await written(database)
    assert len(await written(database)) == 3
    assert (told.channel, told.purpose, told.key) == ("sms", "mail_returned", "letter/1/sms")
    assert "maria@exemplo.test voltou (Segunda via)" in told.text
    async with database.read() as session:
        task = (await session.exec(select(Task))).one()
    assert (task.kind, task.assignee) == ("correct_contact", "ana")


async def test_whoever_corrects_the_address_is_not_asked_for_it_any_more(
    database: Database,
) -> None:
    customer = await a_customer(database)
    mail = await a_letter(database, customer)
    await sent(database, mail)
    await bounced(database, mail)

    for changes, status in (({"city": "Santos"}, "open"), ({"email": "m@x.test"}, "cancelled")):
        async with database.write() as session:
            known = facts_of(await session.get_one(Customer, customer.id))
            await change_customer(
                session, customer.id or 0, replace(known, **changes), seen=known, at=NOON
            )
        async with database.read() as session:
            assert (await session.exec(select(Task))).one().status == status


async def test_a_letter_of_the_ladder_goes_by_e_mail_with_what_is_owed_by_then(
    street: Street,
) -> None:
    await street.climb(0)
    [sms] = await written(street.database)
    await sent(street.database, sms)
    async with street.database.write() as session:
        await pay(session, street.invoice, f"{street.invoice.open_amount / 2:.2f}")

    await undelivered_at(street, sms, hours=2)

    [_, mail] = await written(street.database)
    assert (mail.channel, mail.purpose, mail.contact) == ("email", "ladder_due", sms.contact)
    assert mail.requires_open_invoice
    half = f"{street.invoice.open_amount / 2:.2f}".replace(".", ",")
    assert half in mail.text


@pytest.mark.parametrize(
    ("reachable", "told"),
    [
        ({"mobile": None}, ["sms suppressed", "email queued"]),
        ({"mobile": None, "email": None}, ["sms suppressed"]),
        ({"email": None}, ["sms queued"]),
    ],
)
async def test_who_has_no_address_on_a_step_s_channel_hears_by_the_next(
    database: Database, reachable: dict[str, None], told: list[str]
) -> None:
    street = Street(database)
    await street.settle(**reachable)

    await street.climb(0)
    await street.climb(0)

    found = [f"{each.channel} {each.status}" for each in await written(database)]
    assert found == told


async def test_a_word_for_its_day_alone_is_not_said_the_next(street: Street) -> None:
    await street.climb(0)
    [sms] = await written(street.database)
    await sent(street.database, sms)

    await undelivered_at(street, sms, hours=24)

    assert len(await written(street.database)) == 1


async def undelivered_at(street: Street, sms: Message, *, hours: int) -> None:
    async with street.database.write() as session:
        await record_report(
            session, await messages.lock_message(session, sms.number), provider_id="SM1",
            report="undelivered", code="30003", at=morning(0) + timedelta(hours=hours),
        )  # fmt: skip


@pytest.mark.parametrize(("code", "is_for_ever"), [("30005", True), ("30003", False)])
async def test_a_number_that_takes_no_sms_rests_until_it_is_corrected(
    database: Database, code: str, is_for_ever: bool
) -> None:
    customer = await a_customer(database)
    first = await a_letter(database, customer, channels=("sms",))
    second = await a_letter(database, customer, channels=("sms",), key="letter/2")
    await sent(database, first)
    await undelivered(database, first, code=code)

    async with database.write() as session:
        assert await is_blocked(session, second) == is_for_ever
        if is_for_ever:
            row = await messages.lock_message(session, second.number)
            await results.suppress(session, row, Suppression.BLOCKED, at=NOON)

    if is_for_ever:  # and what is held back goes by e-mail
        assert (await written(database))[-1].key == "letter/2/email"
    async with database.write() as session:
        (await session.exec(select(Task))).one().finished_at = NOON
        assert not await is_blocked(session, second)


async def test_an_address_that_a_server_does_not_know_rests_too(database: Database) -> None:
    customer = await a_customer(database, email="maria@invalido.test")
    first = await a_letter(database, customer)
    second = await a_letter(database, customer, key="letter/2")
    refusals = ("554 spam", "550 maria@invalido.test: user unknown")

    for reason, is_for_ever in zip(refusals, (False, True), strict=True):
        async with database.write() as session:
            row = await messages.lock_message(session, first.number)
            row.reason = reason
            await results.give_up(session, row, at=NOON)
        async with database.read() as session:
            assert await is_blocked(session, second) is is_for_ever
