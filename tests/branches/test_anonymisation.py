"""Every branch of a request to anonymise: done at once, after years, held up, withdrawn."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel import select, update

from activities.anonymisation import STANDS, ask_anonymisation
from activities.payments import NewPayment, record_payment
from docs.journeys import anonymisation
from models.anonymisations import Anonymisation
from models.customers import Customer
from models.database import Database
from models.messages import Message
from models.people import Deed
from models.tasks import Task
from rules.anonymisation import (
    AlreadyAnonymised,
    AnonymisationUnderWay,
    DebtStands,
    LegalTimeStands,
    WithdrawAnonymisation,
)
from rules.cases import Process
from settings import Settings
from tests import builders
from tests.support.paper import Paper

SOLD = {"collection_stage": None, "stage_since": None}


async def a_former_customer(paper: Paper, *, paid: bool = True) -> Customer:
    """Whose one invoice fell due on 5 October 2026."""
    async with paper.database.write() as session:
        customer = await builders.a_customer(session, email="ana@casa.test")
        settled = {"status": "settled", "settled_on": date(2026, 10, 5), "open_amount": Decimal(0)}
        await builders.an_invoice(session, customer, **SOLD, **(settled if paid else {}))
    return customer


async def ask(paper: Paper, customer: Customer, *, wait: bool = True) -> Anonymisation:
    async with paper.database.write() as session:
        made = await ask_anonymisation(
            session, customer.id or 0, reason="pedido", wait=wait, deed=Deed("ana", paper.now)
        )
    await paper.settle()
    return made


async def stage(paper: Paper, request: Anonymisation) -> str:
    async with paper.database.read() as session:
        return (await session.get_one(Anonymisation, request.id)).stage


async def test_every_arrow_of_a_request(database: Database, settings: Settings) -> None:
    paper = Paper(database, settings)
    nobody_s = await _nobody(paper)
    free, kept, back = [await a_former_customer(paper) for _ in range(3)]

    at_once = await ask(paper, nobody_s, wait=False)
    await paper.forward(minutes=1)
    assert await stage(paper, at_once) == "done"

    waiting, held, withdrawn = [await ask(paper, each) for each in (free, kept, back)]
    assert waiting.waits_until == date(2031, 10, 5)
    await paper.give(Process.ANONYMISATION, withdrawn.number, WithdrawAnonymisation("ana", "ficou"))
    assert await stage(paper, withdrawn) == "withdrawn"

    # Before its time is over, one of them comes back and owes again
    await paper.forward(days=365 * 4)
    assert await stage(paper, waiting) == "waiting"
    owing = await _owe(paper, kept)
    await paper.forward(days=365)
    assert (await stage(paper, waiting), await stage(paper, held)) == ("done", "held")
    assert await _tasks(paper) == [("open", 1)]

    # It pays: its legal time begins anew, and the person who was asked is asked no more
    await _pay(paper, owing)
    await paper.forward(days=8)
    assert await stage(paper, held) == "waiting"
    await paper.forward(days=365 * 5 + 10)
    assert await stage(paper, held) == "done"

    # A letter on its way holds two up; one is free once it is gone, the other stays
    requests = [await ask_with_a_letter(paper) for _ in range(2)]
    await paper.forward(days=1)
    assert [await stage(paper, each) for each in requests] == ["held", "held"]
    await paper.give(
        Process.ANONYMISATION, requests[1].number, WithdrawAnonymisation("ana", "ficou")
    )
    async with paper.database.write() as session:
        await session.exec(update(Message).values(status="suppressed"))
    await paper.forward(days=8)
    assert [await stage(paper, each) for each in requests] == ["done", "withdrawn"]
    assert paper.left_out(anonymisation.JOURNEY) == []


async def ask_with_a_letter(paper: Paper) -> Anonymisation:
    customer = await _nobody(paper)
    request = await ask(paper, customer, wait=False)
    async with paper.database.write() as session:
        letter = Message(
            key=f"letter/{customer.id}",
            customer_id=customer.id,
            channel="email",
            purpose="manual",
            to_address="ana@casa.test",
            text="Olá",
            not_before=paper.now,
            created_at=paper.now,
            created_by="ana",
        )
        session.add(letter)
    return request


async def test_what_stands_is_refused_with_its_reason(
    database: Database, settings: Settings
) -> None:
    paper = Paper(database, settings)
    owing = await a_former_customer(paper, paid=False)
    former = await a_former_customer(paper)
    nobody_s = await _nobody(paper)

    with pytest.raises(DebtStands):
        await ask(paper, owing)
    with pytest.raises(LegalTimeStands, match="05/10/2031"):
        await ask(paper, former, wait=False)
    await ask(paper, former)
    with pytest.raises(AnonymisationUnderWay):
        await ask(paper, former)
    await ask(paper, nobody_s, wait=False)
    await paper.forward(minutes=1)
    with pytest.raises(AlreadyAnonymised):
        await ask(paper, nobody_s)

    async with database.read() as session:
        assert len((await session.exec(select(Anonymisation).order_by("id"))).all()) == 2


async def _nobody(paper: Paper) -> Customer:
    async with paper.database.write() as session:
        return await builders.a_customer(session)


async def _owe(paper: Paper, customer: Customer) -> int:
    async with paper.database.write() as session:
        due = paper.now.date() + timedelta(days=30)
        invoice = await builders.an_invoice(session, customer, due_date=due, **SOLD)
        return invoice.key


async def _pay(paper: Paper, invoice_id: int) -> None:
    async with paper.database.write() as session:
        paid = NewPayment(f"p{invoice_id}", invoice_id, Decimal("100.00"), paper.now.date())
        await record_payment(session, paid, by="ana", at=paper.now)
    await paper.settle()


async def _tasks(paper: Paper) -> list[tuple[str, int]]:
    async with paper.database.read() as session:
        found = (await session.exec(select(Task.status).where(Task.kind == STANDS))).all()
    return [(status, found.count(status)) for status in sorted(set(found))]
