"""A payment keeps a promise at once, and thanks who settles what was being collected."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.import_pages import WrittenPage
from activities.payment_books import KEPT, open_books, write_books
from activities.payments import NewPayment, record_payment
from activities.promises import NewPromise, make_promise
from activities.templates import ensure_templates
from models import imports
from models.invoices import Invoice
from models.messages import Message
from models.people import Deed
from models.policies import PolicyValue
from models.promises import Promise
from rules.payments import PaymentSource
from tests import builders
from tests.builders import AT, TODAY


async def paid(session: AsyncSession, invoice: Invoice, amount: str, *, code: str = "P1") -> None:
    new = NewPayment(code, invoice.key, Decimal(amount), TODAY)
    await record_payment(session, new, by="system", at=AT)


async def told_in_a_file(
    session: AsyncSession, invoices: Sequence[Invoice], *told: tuple[str, str]
) -> None:
    """Each of these amounts pays one of the invoices, as this source tells."""
    codes = [each.code for each in invoices]
    kept = await imports.existing(session, Invoice, codes, *KEPT)
    books, page = await open_books(session, kept.values()), WrittenPage("1", "ana", AT, TODAY)
    for number, (invoice, (amount, source)) in enumerate(zip(invoices, told, strict=True)):
        new = NewPayment(
            f"B{number}", invoice.key, Decimal(amount), TODAY, source=PaymentSource(source)
        )
        books.enter(new, page, owed=books.owed(new))
    await write_books(session, books, page)


async def thanks(session: AsyncSession) -> list[str]:
    found = select(Message.channel).where(Message.purpose == "payment_thanks")
    return sorted(await session.exec(found))


@pytest.fixture
async def house_that_thanks(database) -> None:
    async with database.write() as session:
        await ensure_templates(session, at=AT)
        session.add(
            PolicyValue(name="PaymentPolicy.thanks", value=True, changed_at=AT, changed_by="ana")
        )


@pytest.mark.usefixtures("house_that_thanks")
async def test_who_settles_what_was_collected_is_thanked_once(database) -> None:
    async with database.write() as session:
        customer = await builders.a_customer(session, email="maria@cliente.example")
        collected = await builders.an_invoice(session, customer)
        due = await builders.an_invoice(
            session, customer, collection_stage=None, stage_since=None, due_date=TODAY
        )

        await paid(session, collected, "40.00", code="part")
        after_part = await thanks(session)
        await paid(session, collected, "60.00", code="rest")
        await paid(session, collected, "60.00", code="rest")
        await paid(session, due, "100.00", code="in time")

        assert (after_part, await thanks(session)) == ([], ["email", "sms"])


@pytest.mark.usefixtures("house_that_thanks")
async def test_whose_payment_a_bank_tells_is_thanked_too_and_not_for_history(database) -> None:
    async with database.write() as session:
        customer = await builders.a_customer(session, email="maria@cliente.example")
        invoices = [
            await builders.an_invoice(session, customer),
            await builders.an_invoice(session, customer),
            await builders.an_invoice(session, customer, collection_stage=None, stage_since=None),
            await builders.an_invoice(session, customer),
        ]

    async with database.write() as session:
        told = (("60.00", "bank"), ("100.00", "bank"), ("100.00", "bank"), ("100.00", "csv"))
        await told_in_a_file(session, invoices, *told)

        assert await thanks(session) == ["email", "sms"]  # of the second: the first owes still


async def test_nobody_is_thanked_unless_the_house_wants_it(database) -> None:
    async with database.write() as session:
        await ensure_templates(session, at=AT)
        customer = await builders.a_customer(session, email="maria@cliente.example")

        await paid(session, await builders.an_invoice(session, customer), "100.00")

        assert await thanks(session) == []


async def test_a_promise_is_kept_in_the_payment_that_keeps_it(database) -> None:
    async with database.write() as session:
        customer = await builders.a_customer(session)
        invoice = await builders.an_invoice(session, customer, due_date=TODAY - timedelta(days=20))
        new = NewPromise(TODAY + timedelta(days=2), Decimal("80.00"))
        promise = await make_promise(session, customer.id, new, deed=Deed("ana", AT))

        await paid(session, invoice, "79.99", code="nearly")
        nearly = promise.status
        await paid(session, invoice, "0.01", code="enough")

        assert (nearly, promise.status, promise.ended_at) == ("made", "kept", AT)


@pytest.mark.parametrize("source", ["bank", "csv"])
async def test_a_promise_is_kept_in_the_file_that_tells_enough(database, source: str) -> None:
    async with database.write() as session:
        customer = await builders.a_customer(session)
        late = {"due_date": TODAY - timedelta(days=30), "collection_stage": "negotiating"}
        invoices = [await builders.an_invoice(session, customer, **late) for _ in range(2)]
        new = NewPromise(TODAY + timedelta(days=5), Decimal(150))
        promise = await make_promise(session, customer.id, new, deed=Deed("ana", AT))

    async with database.write() as session:
        await told_in_a_file(session, invoices, ("100.00", source), ("50.00", source))

    async with database.read() as session:
        kept = await session.get_one(Promise, promise.key)
    assert (kept.status, kept.ended_at) == ("kept", AT)
