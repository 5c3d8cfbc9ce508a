"""Promises to pay in the rows: ladder and clocks wait, the customer is reminded, and then."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.ladder_pauses import pause
from activities.promises import NewPromise, judge_promises, make_promise, withdraw_promise
from models import cases
from models.account_clocks import clocks_of
from models.customers import CustomerNotFound
from models.ladders import LadderPause
from models.messages import Message
from models.people import Deed
from rules.cases import Process
from rules.collections import AccountStage
from rules.ladder import PauseReason
from rules.promises import NothingToPromise, PromiseAlreadyDone, PromiseUnderWay
from tests import builders
from tests.builders import AT, TODAY

DEED = Deed("ana", AT, "", frozenset({"*"}))
DAY = TODAY + timedelta(days=5)


@pytest.fixture
async def session(database):
    async with database.write() as session:
        yield session


async def owing(session: AsyncSession):
    """A customer in negotiation with two overdue invoices, and their case."""
    customer = await builders.a_customer(session, email="ana@exemplo.test")
    late = {"due_date": TODAY - timedelta(days=30), "collection_stage": "negotiating"}
    invoices = [await builders.an_invoice(session, customer, **late) for _ in range(2)]
    case = await cases.open_case(
        session, process=Process.COLLECTIONS, subject_id=customer.id, customer_id=customer.id,
        stage=AccountStage.NEGOTIATING, by="ana", at=AT,
    )  # fmt: skip
    return customer, invoices, case


async def pauses(session: AsyncSession) -> list[tuple[int, date | None]]:
    found = await session.exec(select(LadderPause).order_by(LadderPause.id))
    return [(each.invoice_id, each.until) for each in found]


async def judge(session: AsyncSession, day: date) -> int:
    return (await judge_promises(session, today=day, at=AT + (day - TODAY)))[0]


async def test_ladder_and_cadence_wait_and_the_customer_is_reminded_the_day_before(session):
    customer, invoices, case = await owing(session)

    promise = await make_promise(session, customer.id, NewPromise(DAY), deed=DEED)

    assert promise.amount == sum(each.open_amount for each in invoices)
    assert await pauses(session) == [(each.id, None) for each in invoices]
    clocks = await clocks_of(session, customer.id)
    assert (clocks.since, clocks.held) == ({}, frozenset({"negotiating"}))
    reminders = (await session.exec(select(Message).where(Message.channel == "email"))).all()
    assert [each.not_before.date() for each in reminders] == [DAY - timedelta(days=1)]
    assert "prometeu pagar" in reminders[0].text
    assert "promise_made" in await builders.events_of(session, case)


async def test_paid_it_is_kept_and_not_paid_it_is_broken_after_its_grace(session):
    kept, [invoice, other], _ = await owing(session)
    broken, *_ = await owing(session)
    await make_promise(session, kept.id, NewPromise(DAY, Decimal(50)), deed=DEED)
    await make_promise(session, broken.id, NewPromise(DAY), deed=DEED)

    assert await judge(session, DAY) == 0
    await builders.pay(session, invoice, "50.00", at=AT + timedelta(days=1))
    assert await judge(session, DAY) == 0  # the payment itself kept it
    assert await judge(session, DAY + timedelta(days=2)) == 0
    assert await judge(session, DAY + timedelta(days=3)) == 1

    ended = dict(await pauses(session))
    assert ended[other.id] == TODAY + timedelta(days=1)
    assert (await clocks_of(session, broken.id)).held == frozenset()
    [waiting] = (await session.exec(
        select(Message).where(Message.customer_id == broken.id, Message.channel == "email")
    )).all()  # fmt: skip
    assert (waiting.status, waiting.reason) == ("suppressed", "withdrawn")


async def test_who_pays_all_but_what_they_contest_kept_their_promise(session):
    customer, [paid, disputed], _ = await owing(session)
    promise = await make_promise(session, customer.id, NewPromise(DAY), deed=DEED)
    await pause(
        session, disputed, reason=PauseReason.CONTESTATION, reference="contestation/1", by="ana",
        at=AT,
    )  # fmt: skip

    await builders.pay(session, paid, at=AT + timedelta(days=1))

    assert promise.status == "kept"
    with pytest.raises(NothingToPromise):  # nor is it promised anew
        await make_promise(session, customer.id, NewPromise(DAY), deed=DEED)


async def test_a_second_promise_waits_for_the_first_and_a_withdrawn_one_does_not_count(session):
    customer, *_ = await owing(session)
    first = await make_promise(session, customer.id, NewPromise(DAY), deed=DEED)
    with pytest.raises(PromiseUnderWay):
        await make_promise(session, customer.id, NewPromise(DAY), deed=DEED)

    await withdraw_promise(session, first.key, deed=DEED)
    with pytest.raises(PromiseAlreadyDone):
        await withdraw_promise(session, first.key, deed=DEED)

    for _ in range(2):
        again = await make_promise(session, customer.id, NewPromise(DAY), deed=DEED)
        await withdraw_promise(session, again.key, deed=DEED)


async def test_a_promise_that_was_withdrawn_is_not_reminded_of_though_no_case_is_open(session):
    customer = await builders.a_customer(session, email="ana@exemplo.test")
    await builders.an_invoice(session, customer, due_date=TODAY - timedelta(days=3))
    promise = await make_promise(session, customer.id, NewPromise(DAY), deed=DEED)

    await withdraw_promise(session, promise.key, deed=DEED)

    [reminder] = (await session.exec(select(Message).where(Message.channel == "email"))).all()
    assert (reminder.status, reminder.reason) == ("suppressed", "withdrawn")


async def test_nobody_promises_for_somebody_unknown(session):
    with pytest.raises(CustomerNotFound):
        await make_promise(session, 99, NewPromise(DAY), deed=DEED)
