"""What stands at a notary's office is lifted once it is paid, whichever way the money came."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import select

from activities.import_pages import WrittenPage
from activities.payment_books import KEPT, open_books, write_books
from activities.payments import NewPayment
from activities.protests import NewProtest, record_protest
from models import imports
from models.database import Database
from models.invoices import Invoice
from models.people import Deed
from models.tasks import Task
from rules.payments import PaymentSource
from tests import builders
from tests.builders import AT, TODAY


async def test_what_a_bank_tells_paid_among_others_is_taken_back_from_the_office(
    database: Database,
) -> None:
    async with database.write() as session:
        customer = await builders.a_customer(session)
        contract = await builders.a_contract(session, customer)
        invoice = await builders.an_invoice(
            session, customer, due_date=TODAY - timedelta(days=120), contract_id=contract.id
        )
        new = NewProtest("1º Tabelião", "2026-77", TODAY)
        await record_protest(session, invoice.key, new, deed=Deed("ana", AT))

    async with database.write() as session:
        kept = await imports.existing(session, Invoice, [invoice.code], *KEPT)
        books, page = await open_books(session, kept.values()), WrittenPage("1", "ana", AT, TODAY)
        paid = NewPayment(
            "B1", invoice.key, invoice.open_amount, TODAY, source=PaymentSource.BANK
        )  # fmt: skip
        books.enter(paid, page, owed=books.owed(paid))
        await write_books(session, books, page)

    async with database.read() as session:
        keys = set(await session.exec(select(Task.key)))
    assert {key.rpartition("/")[2] for key in keys} == {"outcome", "withdraw"}
