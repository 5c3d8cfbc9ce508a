"""What stands at a notary's office is lifted once it is paid, whichever way the money came."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
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
from rules.contestation_received_commands import AnswerCustomer
from rules.payments import PaymentSource
from tests import builders
from tests.builders import AT, TODAY
from tests.support.received_claims import DAY_0, Claim, noon


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


async def protested(database: Database) -> Claim:
    """An invoice of R$ 100 that went to the office the day before its customer contests it."""
    claim = await Claim(database).begin(
        due_date=DAY_0 - timedelta(days=120), issue_date=DAY_0 - timedelta(days=140)
    )
    day = DAY_0 - timedelta(days=1)
    async with database.write() as session:
        new = NewProtest("1º Tabelião", "2026-77", day)
        await record_protest(session, claim.invoice_id, new, deed=Deed("ana", noon(day)))
    return claim


async def asked(claim: Claim) -> set[str]:
    """What is asked of people about the protest."""
    tasks = await claim.all(Task)
    about = [each.key for each in tasks if each.finished_at is None]
    return {key.rpartition("/")[2] for key in about if key.startswith("protest/")}


async def test_the_office_is_to_wait_while_the_customer_contests(database: Database) -> None:
    claim = await protested(database)

    await claim.contest()

    assert await asked(claim) == {"outcome", "contested"}


@pytest.mark.parametrize(
    ("upheld", "left"),
    [("0.00", {"outcome"}), ("40.00", {"outcome", "undue"}), ("100.00", {"outcome", "undue"})],
)
async def test_what_was_not_due_is_taken_back_from_the_office(
    database: Database, upheld: str, left: set[str]
) -> None:
    claim = await protested(database)
    await claim.contest()

    await claim.do(AnswerCustomer(by="ana", upheld=Decimal(upheld), reason="Medido na linha"))
    await claim.letter_leaves()

    assert await asked(claim) == left
