"""The ladder's letters: several invoices in one, and what is true when it leaves."""

from __future__ import annotations

from sqlmodel import col, select

from activities.ladder_refresh import refresh
from models.customers import Customer
from models.invoices import Invoice
from models.ladders import LadderExecution
from models.messages import Message, OptOut
from tests.activities.test_ladder import DUE, Street, morning, street
from tests.builders import AT, a_contract, a_customer, an_invoice, pay

__all__ = ["street"]


async def test_several_invoices_go_in_one_letter(street: Street):
    async with street.database.write() as session:
        await street.bill(session)

    await street.climb(1)

    assert await street.told() == ["ladder_overdue/email", "ladder_overdue/sms"]
    async with street.database.read() as session:
        mail = (await session.exec(select(Message).where(Message.channel == "email"))).one()
        executions = (await session.exec(select(LadderExecution).order_by("id"))).all()
    assert "R$\xa0200,00" in mail.text
    assert [each.contact for each in executions if each.outcome == "done"] == [mail.contact] * 2


async def test_a_later_letter_takes_the_place_of_one_that_still_waits(street: Street):
    await street.climb(0)
    await street.climb(1)

    async with street.database.read() as session:
        waiting = (await session.exec(select(Message).order_by(col(Message.id)))).all()
    assert [(each.purpose, each.status, each.reason) for each in waiting] == [
        ("ladder_due", "suppressed", "superseded"),
        ("ladder_overdue", "queued", ""),
        ("ladder_overdue", "queued", ""),
    ]


async def test_a_customer_without_addresses_keeps_the_others_of_the_page(street: Street):
    async with street.database.write() as session:
        silent = await a_customer(session, name="Bruno Lima")
        contract = await a_contract(session, silent)
        fresh = {"collection_stage": None, "stage_since": None, "due_date": DUE}
        await an_invoice(session, silent, contract_id=contract.id, **fresh)

    run = await street.climb(1)

    assert run.done == 2
    async with street.database.read() as session:
        rows = await session.exec(select(Customer.name, Message.status).join(Message))
    assert sorted(rows) == [
        ("Ana Souza", "queued"), ("Ana Souza", "queued"),
        ("Bruno Lima", "suppressed"), ("Bruno Lima", "suppressed"),
    ]  # fmt: skip


async def test_what_was_paid_since_a_letter_was_written_is_not_in_it_any_more(street: Street):
    async with street.database.write() as session:
        await street.bill(session, number="PAGA-1")
    await street.climb(1)
    async with street.database.write() as session:
        paid = (await session.exec(select(Invoice).where(Invoice.number == "PAGA-1"))).one()
        await pay(session, paid, at=morning(1))
        mail = (await session.exec(select(Message).where(Message.channel == "email"))).one()
        assert "PAGA-1" in mail.text

        await refresh(session, mail, at=morning(1))

    assert "PAGA-1" not in mail.text
    assert "R$\xa0100,00" in mail.text


async def test_a_legal_notice_goes_out_in_spite_of_an_opt_out(street: Street):
    async with street.database.write() as session:
        for channel in ("email", "sms"):
            session.add(OptOut(customer_id=street.customer.id, channel=channel, at=AT, by="ana"))
    await street.climb(1)
    await street.climb(5)

    async with street.database.read() as session:
        rows = await session.exec(select(Message.purpose, Message.status).distinct())
    assert set(rows) == {
        ("ladder_overdue", "suppressed"), ("ladder_suspension_notice", "queued"),
    }  # fmt: skip
