"""Customers in every panel, for the panels' pages: each fact by a small builder of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agreements import Agreement
from models.bureau import BureauRecord
from models.collections import CollectionAccount, Contact
from models.customers import Customer
from models.invoices import Invoice
from models.messages import Message
from models.outbox import start_case
from models.standings import refresh_standings
from rules.business_days import local_date
from tests.browser.conftest import Site
from tests.builders import (
    a_category,
    a_collections_case,
    a_contact_category,
    a_customer,
    an_invoice,
    stored,
)

NAMES = (
    "Ana Beatriz Souza", "João Pedro Lima", "Mercado Bom Preço Ltda", "Clínica São Lucas",
    "Fábio Conceição", "Padaria Três Irmãos ME", "Luísa Gonçalves", "Condomínio Jardim América",
    "Auto Peças Araçá", "Íris Magalhães", "Otávio Évora", "Célia Antunes",
)  # fmt: skip
CITIES = (("Chapecó", "SC"), ("Belo Horizonte", "MG"), ("Contagem", "MG"), ("Betim", "MG"))
STAGES = ("classified", "in_contact", "negotiating", "in_agreement", "fulfilled", "broken")
BUREAU = ("registered", "conflict", "removed")
SETTLED = frozenset({"fulfilled", "conflict", "removed"})
PEOPLE = ("giane", "marcos", "paula", "rafael")


@dataclass(frozen=True)
class Place:
    """Where a customer stands in the row of customers, and what their facts vary by."""

    number: int
    at: datetime
    category_id: int
    contacts_id: int

    @property
    def today(self) -> date:
        """The company's date."""
        return local_date(self.at)

    @property
    def who(self) -> str:
        """The operator who works this customer."""
        return PEOPLE[self.number % len(PEOPLE)]


async def a_portfolio(site: Site, *, customers: int = 36) -> None:
    """Customers with invoices in every stage, agreements, contacts, messages and records."""
    async with site.database.write() as session:
        category = await a_category(session)
        contacts = await a_contact_category(session)
        for number in range(customers):
            place = Place(number, site.house.clock.now, category.id or 0, contacts.id or 0)
            await a_whole_customer(session, place)
    await site.house.clock.settle()


async def a_whole_customer(session: AsyncSession, place: Place) -> None:
    """A customer with an invoice in every panel, and a year of being written and spoken to."""
    city, uf = CITIES[place.number % len(CITIES)]
    customer = await a_customer(
        session, name=NAMES[place.number % len(NAMES)], city=city, uf=uf,
        document=f"{529_000_247_25 + place.number * 7_919_317}",
    )  # fmt: skip
    case = await a_collections_case(session, customer, at=place.at)
    case.owner = place.who
    start_case(session, case, at=place.at)
    agreement = await an_agreement(session, customer, place)
    for order, stage in enumerate((*STAGES, *BUREAU)):
        invoice = await an_invoice_in(session, customer, agreement, place, order, stage)
        if stage in BUREAU:
            await a_record(session, invoice, place, stage)
    await a_year_of_words(session, customer, place)
    await refresh_standings(session, [customer.id or 0])


async def an_agreement(session: AsyncSession, customer: Customer, place: Place) -> Agreement:
    """The customer's agreement: one in three goes on, one is kept, one is broken."""
    made_at = place.at - timedelta(days=place.number * 9 % 340)
    row = Agreement(
        customer_id=customer.id or 0, kind="unchanged", category_id=place.category_id,
        status=("in_progress", "fulfilled", "broken")[place.number % 3],
        tolerance_date=place.today + timedelta(days=40 - place.number * 7 % 110),
        principal=Decimal(100), total=Decimal(100), made_at=made_at, made_by=place.who,
        ended_at=made_at if place.number % 3 == 1 else None,
    )  # fmt: skip
    agreement: Agreement = await stored(session, row)
    return agreement


async def an_invoice_in(
    session: AsyncSession, customer: Customer, agreement: Agreement, place: Place, order: int,
    stage: str,
) -> Invoice:  # fmt: skip
    """An invoice that stands in the panel of the stage."""
    amount = Decimal(18_899 + place.number * 7_919 + order * 3_511) / 100
    is_settled = stage in SETTLED
    return await an_invoice(
        session, customer, amount=str(amount),
        due_date=place.today - timedelta(days=(place.number * 17 + order * 5) % 180 - 3),
        collection_stage="broken" if stage in BUREAU else stage,
        bureau_stage=stage if stage in BUREAU else None,
        status="settled" if is_settled else "open",
        settled_on=place.today if is_settled else None,
        open_amount=Decimal(0) if is_settled else amount,
        agreement_id=agreement.id if order >= 3 else None,
        stage_since=place.at - timedelta(hours=place.number),
    )  # fmt: skip


async def a_record(session: AsyncSession, invoice: Invoice, place: Place, stage: str) -> None:
    """The invoice's record at the bureau."""
    since = place.at - timedelta(days=place.number * 9)
    row = BureauRecord(
        invoice_id=invoice.key, customer_id=invoice.customer_id, stage=stage, added_by=place.who,
        noticed_at=since, registered_at=since, expires_on=place.today,
        removed_at=since if stage == "removed" else None,
        remove_by=place.today + timedelta(days=place.number % 5),
    )  # fmt: skip
    await stored(session, row)


async def a_year_of_words(session: AsyncSession, customer: Customer, place: Place) -> None:
    """Calls and messages of the last year, more for some customers than for others."""
    whose = select(CollectionAccount).where(CollectionAccount.customer_id == customer.id)
    account = (await session.exec(whose)).one()
    for back in range(0, 340, 20 + place.number % 3 * 11):
        when = place.at - timedelta(days=back)
        session.add(Contact(
            account_id=account.id or 0, kind="active", channel="phone", subject="Ligação",
            text="Ligação", category_id=place.contacts_id, at=when, by=place.who,
        ))  # fmt: skip
        session.add(Message(
            key=f"m/{place.number}/{back}", customer_id=customer.id, purpose="contact",
            channel="sms" if back % 3 else "email", to_address="x", status="sent",
            not_before=when, created_at=when, created_by="system", sent_at=when,
        ))  # fmt: skip
