"""Diaries of messages: over a weekend, paid meanwhile, crashed on the way, one a day."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import date, time, timedelta
from typing import Any

import pytest

from activities.clients.smtp import Mail, SmtpClient
from models.customers import Customer
from models.invoices import Invoice
from models.messages import Message
from rules.business_days import Calendar, at_local_time, is_business_day, local_date
from tests.conftest import House
from tests.support.letters import a_customer, a_letter, stored, the_invoice, what_became
from tests.support.sink import caught


def sunday_before_a_working_monday(today: date) -> date:
    sunday = today + timedelta(days=1)
    while sunday.weekday() != 6 or not is_business_day(
        sunday + timedelta(days=1), calendar=Calendar(uf="SP")
    ):
        sunday += timedelta(days=1)
    return sunday


async def written_on_sunday(house: House, **values: Any) -> tuple[Customer, Message, date]:
    sunday = sunday_before_a_working_monday(local_date(house.clock.now))
    await house.clock.forward_to_local(sunday, time(15))
    customer = await a_customer(house.database)
    invoice = await the_invoice(house.database)
    message = await a_letter(
        house.database, customer, at=house.clock.now, invoice_id=invoice.id, **values
    )
    await house.clock.settle()
    return customer, message, sunday


async def test_a_message_of_sunday_leaves_on_monday(house: House) -> None:
    # Sunday, 15:00: nobody is disturbed
    _, message, sunday = await written_on_sunday(house)
    assert (await stored(house.database, message)).status == "queued"

    # Monday, 07:59 in São Paulo
    monday = sunday + timedelta(days=1)
    await house.clock.forward_to_local(monday, time(7, 59))
    assert await caught(house.database) == []

    # Monday, 08:00
    await house.clock.forward_to_local(monday, time(8, 1))
    sent = await stored(house.database, message)
    assert sent.status == "sent"
    assert sent.sent_at is not None
    assert sent.sent_at >= at_local_time(monday, at=time(8))
    assert [kept.recipient for kept in await caught(house.database)] == ["maria@exemplo.test"]


async def test_what_is_paid_on_sunday_is_not_chased_on_monday(house: House) -> None:
    # Sunday: written, and paid
    _, message, sunday = await written_on_sunday(house)
    async with house.database.write() as session:
        paid = await session.get_one(Invoice, (await the_invoice(house.database)).id)
        paid.status = "settled"
        session.add(paid)

    # Monday
    await house.clock.forward_to_local(sunday + timedelta(days=1), time(12))
    kept = await stored(house.database, message)
    assert (kept.status, kept.reason) == ("suppressed", "paid")
    assert await caught(house.database) == []


async def test_a_second_letter_waits_for_the_next_day(house: House) -> None:
    # Sunday: two letters
    customer, first, sunday = await written_on_sunday(house)
    second = await a_letter(house.database, customer, key="letter/2", at=house.clock.now)

    # Monday: one of them
    await house.clock.forward_to_local(sunday + timedelta(days=1), time(19))
    states = [(await stored(house.database, letter)).status for letter in (first, second)]
    assert sorted(states) == ["queued", "sent"]

    # Tuesday or, after a holiday, the next day on which one may write: the other
    await house.clock.forward(days=4)
    states = [(await stored(house.database, letter)).status for letter in (first, second)]
    assert states == ["sent", "sent"]


async def test_a_worker_that_dies_after_the_server_took_it_repeats_it_recognisably(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    send, crashes = SmtpClient.send, iter([RuntimeError("died")])

    async def crashing(self: SmtpClient, mail: Mail, turn: AsyncExitStack) -> Sequence[str]:
        answer = await send(self, mail, turn)
        for crash in crashes:
            raise crash
        return answer

    monkeypatch.setattr(SmtpClient, "send", crashing)

    customer = await a_customer(house.database)
    message = await a_letter(house.database, customer, at=house.clock.now, respects_window=False)
    await house.clock.settle()
    await house.clock.forward(minutes=1)

    [kept] = await caught(house.database)
    assert kept.deliveries == 2
    assert await what_became(house.database, message) == ["queued", "sending", "sending", "sent"]


async def test_a_busy_server_is_tried_again_by_itself(house: House) -> None:
    customer = await a_customer(house.database, email="maria@ocupado.test")
    message = await a_letter(house.database, customer, at=house.clock.now, respects_window=False)

    await house.clock.settle()
    assert (await stored(house.database, message)).attempts == 1

    await house.clock.forward(minutes=5)
    assert (await stored(house.database, message)).attempts >= 3

    await house.clock.forward(days=3)
    assert (await stored(house.database, message)).status == "failed"
