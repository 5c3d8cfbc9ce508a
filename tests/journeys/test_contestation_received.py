"""Diaries of contestations that customers make: refused in time, and left unanswered."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import col, select

from activities.contestation_received import receive_contestation
from activities.payments import NewPayment, record_payment
from models import outbox
from models.cases import Case, case_of
from models.charges import Charge
from models.contestations import Contestation
from models.messages import Message
from models.received_contestations import ReceivedContestation, refunded_cases
from rules.business_days import local_date
from rules.cases import Process
from rules.contestation_received_commands import AnswerCustomer, NewContestation
from tests import builders
from tests.conftest import House
from workflows.contestation import ContestationJourney


async def test_a_refused_contestation_lets_collection_go_on_where_it_stood(house: House) -> None:
    # Day 0, classified yesterday: the customer contests half of it
    today = local_date(house.clock.now)
    invoice_id = await an_invoice(house, today, stage="classified")
    before = await account(house)
    await contest(house, invoice_id, "50.00")
    await house.clock.settle()
    frozen = await account(house)
    assert before.next_kind == "start_task"
    assert (frozen.next_kind, frozen.stage) == (None, "classified")
    assert [each.status for each in await letters(house, "contestation_received")] == ["sent"]

    # Day 20: nobody answered yet; a task asks for it
    await house.clock.forward(days=20, hours=12)
    assert (await case(house)).next_kind == "warn_manager"

    # Day 21: refused with reasons; the letter arrives, and the clocks go on
    handle = house.client.get_workflow_handle_for(
        ContestationJourney.run, (await case(house)).workflow_id
    )
    await house.clock.forward(days=1)
    await handle.execute_update(
        ContestationJourney.answer_customer,
        AnswerCustomer("ana", Decimal(0), "O plano inclui a TV."),
    )
    await house.clock.forward(hours=2)  # a letter that was not taken at once is sent again
    after = await account(house)
    assert (await row(house)).stage == "closed"
    assert after.next_at is not None
    assert before.next_at is not None
    assert (after.next_at - before.next_at).days in range(19, 26)


async def test_left_unanswered_what_was_paid_comes_back_in_double(house: House) -> None:
    # Day 0: paid, then contested
    today = local_date(house.clock.now)
    invoice_id = await an_invoice(house, today)
    async with house.database.write() as session:
        new = NewPayment("P1", invoice_id, Decimal("100.00"), today)
        await record_payment(session, new, by="ana", at=house.clock.now)
    await contest(house, invoice_id, "30.00")
    await house.clock.settle()

    # Day 31: the customer is right, is told, and has a credit coming
    await house.clock.forward(days=31, hours=12)
    received = await read(house, ReceivedContestation)
    assert (await row(house)).stage == "awaiting_credit"
    assert (received.was_paid, received.refund) == (Decimal("30.00"), Decimal("60.62"))

    # Day 32: the credit is on an invoice; it is over
    async with house.database.write() as session:
        [charge] = (await session.exec(select(Charge).order_by("id"))).all()
        charge.status, charge.invoice_id = "invoiced", invoice_id
        session.add(charge)
        await session.flush()
        for waiting in await refunded_cases(session):
            outbox.tell_case(session, waiting, news_id="billed/1", at=house.clock.now)
    await house.clock.settle()
    ended = await row(house)
    assert (ended.stage, ended.credited) == ("closed", Decimal("60.62"))


async def an_invoice(house: House, today: date, *, stage: str | None = None) -> int:
    """A customer with an address, whose invoice of R$ 100 was due ten days ago."""
    async with house.database.write() as session:
        await builders.a_team(session, await builders.a_user(session, "ana"))
        customer = await builders.a_customer(session, email="maria@cliente.example")
        contract = await builders.a_contract(session, customer)
        invoice = await builders.an_invoice(
            session, customer, contract_id=contract.id, due_date=today - timedelta(days=10),
            collection_stage=stage, stage_since=house.clock.now if stage else None,
        )  # fmt: skip
        if stage:
            case = await builders.a_collections_case(
                session, customer, stage=stage, at=house.clock.now
            )
            outbox.tell_case(session, case, news_id="begin", at=house.clock.now)
    await house.clock.settle()
    return invoice.key


async def contest(house: House, invoice_id: int, amount: str) -> None:
    new = NewContestation(invoice_id, "Não contratei a TV", Decimal(amount))
    async with house.database.write() as session:
        await receive_contestation(session, new, by="ana", at=house.clock.now)


async def account(house: House) -> Case:
    async with house.database.read() as session:
        return (await session.exec(select(Case).where(Case.process == "collections"))).one()


async def case(house: House) -> Case:
    async with house.database.read() as session:
        found = await case_of(session, process=Process.CONTESTATION, subject_id=1)
    assert found is not None
    return found


async def row(house: House) -> Contestation:
    return await read(house, Contestation)


async def read(house: House, model: Any) -> Any:
    async with house.database.read() as session:
        return await session.get_one(model, 1)


async def letters(house: House, purpose: str) -> list[Message]:
    async with house.database.read() as session:
        statement = select(Message).where(Message.purpose == purpose, Message.channel == "email")
        return list(await session.exec(statement.order_by(col(Message.id))))
