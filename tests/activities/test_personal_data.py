"""A customer goes everywhere, the money stays; the report tells all; nights let go of the old."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlmodel import SQLModel, select

import models.tables  # noqa: F401 - brings in every table
from activities.anonymisation import ask_anonymisation
from activities.attachments import NewFile, attach, store_of
from activities.personal_data import anonymise, personal_data_of
from activities.personal_retention import LetGo, forget_personal_data
from models.anonymisations import Anonymisation
from models.attachments import Attachment, Subject
from models.cases import open_case, record_event
from models.collections import CollectionAccount, Contact
from models.contracts import Contract
from models.customers import Customer, CustomerContact
from models.database import Database
from models.invoices import Invoice
from models.lines import Line
from models.messages import Message
from models.payments import Payment
from models.people import AuditEntry, Deed, UserSession, audit
from models.policies import PolicyValue
from models.sales_leads import SalesLead
from models.tickets import Ticket, TicketEntry
from rules.anonymisation import GONE, LegalTimeStands
from settings import Settings
from tests import builders
from tests.builders import AT

NAME, EMAIL, MOBILE, DOCUMENT = "Ana Souza", "ana@casa.test", "+5511987654321", "52998224725"
SECRET = "Falei com Ana Souza"


async def a_life(session) -> Customer:
    """Somebody of whom much is kept: contract, debt, letters, ticket, words in many places."""
    customer = await builders.a_customer(session, email=EMAIL, mobile=MOBILE, street="Rua A, 1")
    await _contract_and_debt(session, customer)
    await _ticket(session, customer)
    await _letter_and_call(session, customer)
    session.add(Line(customer_id=customer.id, number="11987654321"))
    await session.flush()
    return customer


async def _contract_and_debt(session, customer: Customer) -> None:
    contract = await builders.a_contract(
        session, customer, stage="cancelled", notes=SECRET, phone_terminal="1133334444",
        address={"street": "Rua A", "number": "1"},
    )  # fmt: skip
    paid_on = date(2026, 10, 5)
    invoice = await builders.an_invoice(
        session, customer, contract_id=contract.id, status="settled", open_amount=Decimal(0),
        settled_on=paid_on, collection_stage=None, stage_since=None,
    )  # fmt: skip
    payment = Payment(
        code="p1", invoice_id=invoice.id, amount=Decimal(100), applied=Decimal(100),
        paid_on=paid_on, credited_on=paid_on, source="hand", at=AT, by="ana",
    )  # fmt: skip
    await builders.stored(session, payment)


async def _ticket(session, customer: Customer) -> None:
    """Closed, with a word in its history and one in its thread."""
    case = await open_case(
        session, process="tickets", subject_id=1, customer_id=customer.id, stage="closed", by="ana",
        at=AT,
    )  # fmt: skip
    case.closed_at = AT
    record_event(session, case, kind="noted", by="ana", at=AT, text=SECRET, days=3)
    ticket = await builders.stored(
        session,
        Ticket(
            key="t1", protocol="20261116000000001", customer_id=customer.id, subject=SECRET,
            channel="email", requester=NAME, requester_email=EMAIL, opened_at=AT, opened_by="ana",
            stage="closed", stage_since=AT,
        ),
    )  # fmt: skip
    session.add(TicketEntry(ticket_id=ticket.id, at=AT, by="ana", kind="note", text=SECRET))


async def _letter_and_call(session, customer: Customer) -> None:
    """An e-mail, somebody who speaks for the customer, a call and what the trail says of it."""
    session.add(
        Message(
            key="m1", customer_id=customer.id, channel="email", purpose="manual",
            to_address=EMAIL, text=SECRET, status="sent", not_before=AT, created_at=AT,
            created_by="ana", sent_at=AT,
        )
    )  # fmt: skip
    person = {"email": EMAIL, "name": NAME, "created_at": AT, "created_by": "ana"}
    session.add(CustomerContact(customer_id=customer.id, **person))
    account = await builders.stored(
        session, CollectionAccount(customer_id=customer.id, opened_at=AT, opened_by="ana")
    )
    category = await builders.a_contact_category(session)
    session.add(
        Contact(
            account_id=account.id, kind="contact", channel="phone", person=NAME,
            category_id=category.id, subject=SECRET, text=SECRET, at=AT, by="ana",
        )
    )  # fmt: skip
    audit(
        session, by="ana", action="customer.call", subject=f"customer/{customer.id}", at=AT,
        details={"note": SECRET, "amount": "10.00"},
    )  # fmt: skip


async def everything(session) -> str:
    """All rows of all tables as one text."""
    texts = []
    for table in SQLModel.metadata.sorted_tables:
        texts += [str(tuple(row)) for row in await session.exec(select(*table.columns))]
    return "\n".join(texts)


async def test_nothing_tells_who_it_was_and_the_money_stays(
    database: Database, settings: Settings
) -> None:
    store = store_of(settings)
    async with database.write() as session:
        customer = await a_life(session)
        other = await builders.a_customer(session, name="Bia Lima", document="11144477735")
    subject = Subject("collections", customer.id or 0)
    paper = NewFile("rg de Ana.txt", io.BytesIO(b"foto"), 4, "Ana")
    await attach(database, store, subject, paper, deed=Deed("ana", AT))

    for _ in range(2):
        async with database.write() as session:
            mine = await session.get_one(Customer, customer.id)
            await anonymise(session, mine, store, at=AT)

    async with database.read() as session:
        kept = await everything(session)
        file = (await session.exec(select(Attachment))).one()
        entry = (
            await session.exec(select(AuditEntry).where(AuditEntry.action == "customer.call"))
        ).one()
        contract = (await session.exec(select(Contract))).one()
        invoice, payment = (
            (await session.exec(select(Invoice))).one(),
            (await session.exec(select(Payment))).one(),
        )
    for told in (
        NAME,
        EMAIL,
        MOBILE,
        DOCUMENT,
        SECRET,
        "1133334444",
        "11987654321",
        "Rua A",
        "rg de",
    ):
        assert told not in kept, told
    assert "Bia Lima" in kept
    assert (invoice.amount, payment.amount) == (Decimal("100.00"), Decimal("100.00"))
    assert (contract.code, contract.address, contract.notes) == ("K" + contract.code[1:], {}, "")
    assert (entry.by, entry.details) == ("ana", {"note": GONE, "amount": "10.00"})
    assert file.deleted_at == AT
    assert not list((settings.data / "attachments").rglob("*/*.*"))
    assert other.name == "Bia Lima"


async def test_the_report_tells_all_that_is_kept(database: Database) -> None:
    async with database.write() as session:
        customer = await a_life(session)

    async with database.read() as session:
        kept = await personal_data_of(session, customer.id or 0)

    told = {section.name: section.rows for section in kept.sections}
    assert kept.card["document"] == DOCUMENT
    assert {"contracts", "invoices", "payments", "messages", "tickets", "contacts"} <= set(told)
    assert told["messages"][0]["to_address"] == EMAIL
    assert told["audit_entries"][0]["action"] == "customer.call"


async def test_a_night_forgets_addresses_of_accesses_after_six_months(database: Database) -> None:
    now = datetime(2026, 11, 22, 6, 40, tzinfo=UTC)
    async with database.write() as session:
        user = await builders.a_user(session)
        for age, ip in ((183, "10.0.0.1"), (200, "10.0.0.2"), (10, "10.0.0.3")):
            at = now - timedelta(days=age)
            audit(session, by="ana", action="x", at=at, ip=ip)
            session.add(
                UserSession(id=ip, user_id=user.id, created_at=at, seen_at=at, expires_at=at, ip=ip)
            )

    first = await forget_personal_data(database, at=now)
    again = await forget_personal_data(database, at=now)

    assert (first, again) == (LetGo(2, 0, 0), LetGo(0, 0, 0))
    async with database.read() as session:
        left = {row.ip for row in await session.exec(select(AuditEntry))}
        kept = {row.ip for row in await session.exec(select(UserSession))}
    assert (left, kept) == ({"10.0.0.1", "", "10.0.0.3"}, {"10.0.0.1", "", "10.0.0.3"})


async def a_lead(session, **values) -> SalesLead:
    made = {"code": f"L{uuid4().hex[:6]}", "name": NAME, "made_at": AT, "made_by": "ana"}
    return await builders.stored(session, SalesLead(**{**made, **values}))


@pytest.mark.parametrize(
    "told", [{"document": DOCUMENT}, {"email": EMAIL.upper()}, {"mobile": MOBILE}]
)
async def test_a_lead_that_nobody_tied_to_the_customer_is_forgotten_with_it(
    database: Database, settings: Settings, told: dict[str, str]
) -> None:
    async with database.write() as session:
        customer = await builders.a_customer(
            session, name=NAME, document=DOCUMENT, email=EMAIL, mobile=MOBILE
        )
        theirs = await a_lead(session, stage="lost", **told)
        others = await a_lead(session, name="Bia", document="11144477735")
        nobodys = await a_lead(session, name="Rui")
        await anonymise(session, customer, store_of(settings), at=AT)

        names = [await session.scalar(select(SalesLead.name).where(SalesLead.id == each.id))
                 for each in (theirs, others, nobodys)]  # fmt: skip
    assert names == [GONE, "Bia", "Rui"]


async def test_a_night_forgets_leads_that_were_lost_two_years_ago(database: Database) -> None:
    async with database.write() as session:
        customer = await builders.a_customer(session)
        old, new = AT - timedelta(days=740), AT - timedelta(days=700)
        made = [
            await a_lead(session, stage="lost", ended_at=old, notes="quer barato"),
            await a_lead(session, stage="lost", ended_at=new),
            await a_lead(session, stage="won", ended_at=old),
            await a_lead(session, stage="lost", ended_at=old, customer_id=customer.id),
        ]
        subject = f"lead/{made[0].id}"
        audit(session, by="ana", action="lead.lose", subject=subject, at=old,
              details={"reason": "caro"})  # fmt: skip

    first = await forget_personal_data(database, at=AT)
    again = await forget_personal_data(database, at=AT)

    assert (first.leads, again.leads) == (1, 0)
    async with database.read() as session:
        kept = (await session.exec(select(SalesLead).order_by(SalesLead.id))).all()
        entry = (
            await session.exec(select(AuditEntry).where(AuditEntry.action == "lead.lose"))
        ).one()
    assert [(each.name, each.notes) for each in kept] == [(GONE, ""), *[(NAME, "")] * 3]
    assert entry.details == {"reason": GONE}


@pytest.mark.parametrize(("by_itself", "begun"), [(False, 0), (True, 1)])
async def test_a_night_begins_what_nobody_has_to_keep_where_the_policy_says_so(
    database: Database, by_itself: bool, begun: int
) -> None:
    now = datetime(2032, 11, 22, 6, 40, tzinfo=UTC)
    async with database.write() as session:
        old, owing = [await builders.a_customer(session) for _ in range(2)]
        young = await builders.a_customer(session, created_at=now)
        await builders.an_invoice(session, owing, collection_stage=None, stage_since=None)
        session.add(
            PolicyValue(
                name="AnonymisationPolicy.by_itself",
                value=by_itself,
                version=1,
                changed_at=AT,
                changed_by="ana",
            )
        )

    done = [await forget_personal_data(database, at=now) for _ in range(2)]

    assert [each.customers for each in done] == [begun, 0]
    async with database.read() as session:
        requests = (await session.exec(select(Anonymisation).order_by("id"))).all()
    assert [each.customer_id for each in requests] == [old.id] * begun
    assert young.id not in {each.customer_id for each in requests}


async def test_a_time_that_runs_is_refused_unless_it_is_waited_for(database: Database) -> None:
    async with database.write() as session:
        customer = await builders.a_customer(session)
        await builders.an_invoice(
            session,
            customer,
            status="settled",
            open_amount=Decimal(0),
            collection_stage=None,
            stage_since=None,
        )

    async with database.write() as session:
        with pytest.raises(LegalTimeStands):
            await ask_anonymisation(
                session, customer.id or 0, reason="x", wait=False, deed=Deed("ana", AT)
            )
        made = await ask_anonymisation(
            session, customer.id or 0, reason="x", wait=True, deed=Deed("ana", AT)
        )

    assert made.waits_until == date(2031, 10, 5)
