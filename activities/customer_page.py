"""What a customer sees on their own page: the debt and what may be done, and no more of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.agreement_limits import Preview
from activities.agreement_offers import Offered, offers_to_customer
from activities.amounts_due import due_of, terms_of
from activities.channel_choices import ChannelChoice, choices_of
from activities.documents import Document
from activities.invoice_documents import invoice_document
from models.agreements import invoices_of_customer
from models.contested import contested
from models.customer_links import (
    CustomerLink,
    payable_invoices,
    releasable_contracts,
)
from models.customers import Customer
from models.invoices import Invoice, label_of
from models.people import Deed, record
from models.policies import load_policy
from models.promises import Promise, promises_under_way
from rules.business_days import local_date
from rules.cases import CUSTOMER
from rules.collection_stages import CollectionStage
from rules.customer_links import CustomerLinkNotFound, CustomerLinkPolicy, is_shown
from rules.customers import addressed
from rules.ladder_steps import LadderPolicy
from rules.messages import Supplier
from rules.money import ZERO
from rules.panels import InvoiceStatus
from rules.promises import PromisePolicy
from rules.proposal_instalments import Instalment

#: A page of more than these is none that anybody reads.
MOST_INVOICES = 60


@dataclass(frozen=True)
class OwedInvoice:
    """An open invoice as its customer sees it; late charges are told with its payment copy."""

    id: int
    number: str
    due_date: date
    description: str
    open_amount: Decimal
    days_late: int
    is_contested: bool


@dataclass(frozen=True)
class PaymentCopy:
    """An invoice with what settles it today, and how: Pix to copy, the boleto's typed line."""

    invoice: OwedInvoice
    total: Decimal
    charges: Decimal
    pix: str
    boleto: str
    document: Document


@dataclass(frozen=True)
class Release:
    """A service that was cut and may be trusted back, until before a day."""

    contract_id: int
    description: str
    until: date

    @property
    def last_day(self) -> date:
        """The last day of trust."""
        return self.until - timedelta(days=1)


@dataclass(frozen=True)
class CustomerOffer:
    """An agreement that the customer may accept as it stands; `saved` is what it takes off, and
    `replaces` names the invoices whose place it takes."""

    offer_id: int
    name: str
    total: Decimal
    saved: Decimal
    rows: tuple[Instalment, ...]
    replaces: tuple[str, ...]


@dataclass(frozen=True)
class CustomerPage:
    """All that the page shows. `may_promise_until` is None where no promise is to be made."""

    first_name: str
    supplier: Supplier
    until: datetime
    invoices: tuple[OwedInvoice, ...]
    promise: Promise | None
    may_promise_until: date | None
    may_contest: bool
    releases: tuple[Release, ...]
    offers: tuple[CustomerOffer, ...]
    channels: tuple[ChannelChoice, ...]

    @property
    def overdue(self) -> Decimal:
        """What is overdue and not contested, late charges left out."""
        late = (i for i in self.invoices if i.days_late and not i.is_contested)
        return sum((each.open_amount for each in late), ZERO)


async def read_page(session: AsyncSession, link: CustomerLink, *, at: datetime) -> CustomerPage:
    """This will read what stands on a customer's page now."""
    policy, today = await load_policy(session, CustomerLinkPolicy()), local_date(at)
    customer = await session.get_one(Customer, link.customer_id)
    invoices = await _invoices(session, link, policy, today=today)
    promise = await _promise(session, link.customer_id)
    may_promise = policy.takes_promises and not promise and any(i.days_late for i in invoices)
    ahead = (await load_policy(session, PromisePolicy())).days_ahead
    return CustomerPage(
        first_name=addressed(customer.name, document=customer.document),
        supplier=await load_policy(session, Supplier()),
        until=link.expires_at,
        invoices=invoices,
        promise=promise,
        may_promise_until=today + timedelta(days=ahead) if may_promise else None,
        may_contest=policy.takes_contestations,
        releases=await _releases(session, link, policy, today=today),
        offers=await _offers(session, link, policy, today=today),
        channels=await choices_of(session, customer),
    )


async def payment_copy(
    session: AsyncSession, link: CustomerLink, invoice_id: int, *, deed: Deed
) -> PaymentCopy:
    """This will give an invoice with what pays it today; its CPF stays masked.

    Refuses one that is not the customer's, not open, or not shown yet (CustomerLinkNotFound).
    """
    today = local_date(deed.at)
    invoice = await owed_invoice(session, link, invoice_id, today=today)
    terms = await terms_of(session, invoice)
    due = await due_of(session, invoice, on=today, terms=terms)
    document = await invoice_document(session, invoice_id, at=deed.at, has_whole_cpf=False)
    record(
        session, deed, "customer_link.payment_copy", subject=f"customer/{link.customer_id}",
        link=link.id, invoice=invoice_id,
    )  # fmt: skip
    pix, boleto = document.values["pix"], document.values["boleto"]
    return PaymentCopy(
        _owed(invoice, await contested(session, [invoice_id]), today=today),
        total=due.total if due else invoice.open_amount,
        charges=due.charges.total if due else ZERO,
        pix=pix["code"] if pix else "",
        boleto=boleto["line"] if boleto else "",
        document=document,
    )


async def owed_invoice(
    session: AsyncSession, link: CustomerLink, invoice_id: int, *, today: date
) -> Invoice:
    """One of the invoices on the page. Refuses any other (CustomerLinkNotFound)."""
    policy = await load_policy(session, CustomerLinkPolicy())
    invoice = await session.get(Invoice, invoice_id)
    if invoice is None or invoice.customer_id != link.customer_id:
        raise CustomerLinkNotFound
    is_agreed = invoice.collection_stage == CollectionStage.IN_AGREEMENT
    stands = is_shown(invoice.due_date, policy, today=today, is_agreed=is_agreed)
    if invoice.status != InvoiceStatus.OPEN or not stands:
        raise CustomerLinkNotFound
    return invoice


async def _invoices(
    session: AsyncSession, link: CustomerLink, policy: CustomerLinkPolicy, *, today: date
) -> tuple[OwedInvoice, ...]:
    found = await payable_invoices(
        session, link.customer_id, until=today + timedelta(days=policy.shows_days_ahead),
        most=MOST_INVOICES,
    )  # fmt: skip
    disputed = await contested(session, [each.key for each in found])
    return tuple(_owed(each, disputed, today=today) for each in found)


def _owed(invoice: Invoice, disputed: frozenset[int], *, today: date) -> OwedInvoice:
    return OwedInvoice(
        id=invoice.key, number=label_of(invoice), due_date=invoice.due_date,
        description=invoice.description, open_amount=invoice.open_amount,
        days_late=max((today - invoice.due_date).days, 0), is_contested=invoice.key in disputed,
    )  # fmt: skip


async def _promise(session: AsyncSession, customer_id: int) -> Promise | None:
    found = await promises_under_way(session, after=0, limit=1, customer_ids=[customer_id])
    return found[0] if found else None


async def _releases(
    session: AsyncSession, link: CustomerLink, policy: CustomerLinkPolicy, *, today: date
) -> tuple[Release, ...]:
    if not policy.takes_releases:
        return ()
    ladder = await load_policy(session, LadderPolicy())
    found = await releasable_contracts(
        session, link.customer_id, today=today, every_days=ladder.release_every_days
    )
    until = today + timedelta(days=ladder.release_days)
    return tuple(
        Release(each.contract.key, each.contract.description or each.contract.code, until)
        for each in found
    )


async def _offers(
    session: AsyncSession, link: CustomerLink, policy: CustomerLinkPolicy, *, today: date
) -> tuple[CustomerOffer, ...]:
    if not policy.takes_agreements:
        return ()
    found = await offers_to_customer(session, link.customer_id, by=CUSTOMER, today=today)
    ids = sorted({key for each in found for key in each.command.invoice_ids})
    taken = await invoices_of_customer(session, customer_id=link.customer_id, invoice_ids=ids)
    labels = {invoice.key: label_of(invoice) for invoice in taken}
    return tuple(_offer(each, each.priced, labels) for each in found if each.priced)


def _offer(offered: Offered, priced: Preview, labels: Mapping[int, str]) -> CustomerOffer:
    total, principal = priced.quote.total, priced.quote.principal
    saved = max(principal - total, ZERO)
    taken = offered.command.invoice_ids
    return CustomerOffer(
        offered.terms.offer_id or 0, offered.terms.name, total, saved, priced.rows,
        tuple(label for key, label in labels.items() if key in taken),
    )  # fmt: skip
