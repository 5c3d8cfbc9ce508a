"""What could be agreed with a customer: several offers, priced side by side by the same rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.agreement_limits import Preview, excesses_of
from activities.agreements import pick_invoices, priced_as
from models.agreement_rules import AgreementOffer, offers_in_force
from models.contested import contested
from models.invoices import Invoice
from models.policies import load_policy
from rules.agreement_limits import age_of
from rules.agreement_offers import MOST_OFFERS, Terms, command_of, usual_terms
from rules.agreement_terms import MakeAgreement
from rules.agreements import AgreementPolicy
from rules.collection_stages import CollectionStage
from rules.refusals import Refusal


@dataclass(frozen=True)
class Offered:
    """Terms as they come out for some invoices: the agreement that they would be, and its price.

    `refused` is why they cannot be agreed at all, `beyond` what keeps its reader from doing it
    alone.
    """

    terms: Terms
    command: MakeAgreement
    priced: Preview | None = None
    refused: Refusal | None = None
    beyond: tuple[Refusal, ...] = ()


async def simulate(
    session: AsyncSession,
    customer_id: int,
    invoice_ids: Sequence[int],
    *,
    wanted: Sequence[Terms] = (),
    by: str,
    today: date,
) -> list[Offered]:
    """This will price terms on the picked invoices, side by side; without any, the house's offers,
    made up to three. Refuses what pick_invoices does; changes nothing."""
    picked = await pick_invoices(session, customer_id=customer_id, invoice_ids=invoice_ids)
    invoices = [each.invoice for each in picked]
    chosen = wanted or usual_terms(await _house_terms(session, invoices, today=today), today=today)
    offered = await _priced(session, invoices, chosen[:MOST_OFFERS], by=by, today=today)
    return [await _judged(session, invoices, each, by=by, today=today) for each in offered]


async def named_as(
    session: AsyncSession, terms: Sequence[Terms], offer_ids: Sequence[int]
) -> list[Terms]:
    """This will give terms the category and accounts of the offers they began as.

    The name too, as long as they are what the offer promises.
    """
    statement = select(AgreementOffer).where(col(AgreementOffer.id).in_(offer_ids))
    known = {each.id: each for each in await session.exec(statement)}
    return [
        _named(each, known.get(offer_id)) for each, offer_id in zip(terms, offer_ids, strict=True)
    ]


def _named(terms: Terms, offer: AgreementOffer | None) -> Terms:
    if offer is None:
        return terms
    is_the_offer = (terms.instalments, terms.discount_percent, terms.increase_percent) == (
        offer.instalments, offer.discount_percent, offer.increase_percent,
    )  # fmt: skip
    return replace(
        terms, name=offer.name if is_the_offer else "", category_id=offer.category_id,
        discount_account_id=offer.discount_account_id,
        increase_account_id=offer.increase_account_id, tolerance_days=offer.tolerance_days,
    )  # fmt: skip


async def offers_to_customer(
    session: AsyncSession, customer_id: int, *, by: str, today: date
) -> list[Offered]:
    """What the house offers the customer on all that awaits negotiation; nothing: no offer."""
    invoices = await _negotiable(session, customer_id)
    terms = await _house_terms(session, invoices, today=today, for_customers=True)
    offered = await _priced(session, invoices, terms, by=by, today=today)
    return [each for each in offered if each.priced is not None]


async def _negotiable(session: AsyncSession, customer_id: int) -> list[Invoice]:
    statement = select(Invoice.id).where(
        Invoice.customer_id == customer_id,
        Invoice.collection_stage == CollectionStage.NEGOTIATING,
    )
    ids = [key for key in await session.exec(statement.order_by(col(Invoice.id))) if key]
    disputed = await contested(session, ids)
    ids = [key for key in ids if key not in disputed]
    if not ids:
        return []
    picked = await pick_invoices(session, customer_id=customer_id, invoice_ids=ids)
    return [each.invoice for each in picked if each.refusal is None]


async def _house_terms(
    session: AsyncSession, invoices: Sequence[Invoice], *, today: date, for_customers: bool = False
) -> list[Terms]:
    if not invoices:
        return []
    late = age_of((each.due_date for each in invoices), today=today)
    found = await offers_in_force(
        session, days_late=late, for_customers=for_customers, most=MOST_OFFERS
    )
    return [_terms(each, today=today) for each in found]


def _terms(offer: AgreementOffer, *, today: date) -> Terms:
    return Terms(
        name=offer.name,
        instalments=offer.instalments,
        first_due=today + timedelta(days=offer.first_due_days),
        discount_percent=offer.discount_percent,
        discount_account_id=offer.discount_account_id,
        increase_percent=offer.increase_percent,
        increase_account_id=offer.increase_account_id,
        tolerance_days=offer.tolerance_days,
        category_id=offer.category_id,
        offer_id=offer.id,
    )


async def _priced(
    session: AsyncSession,
    invoices: Sequence[Invoice],
    terms: Sequence[Terms],
    *,
    by: str,
    today: date,
) -> list[Offered]:
    policy = await load_policy(session, AgreementPolicy())
    ids = tuple(each.key for each in invoices)
    commands = [(each, command_of(each, ids, by=by, today=today)) for each in terms]
    return [_one(each, command, invoices, policy) for each, command in commands]


def _one(
    terms: Terms, command: MakeAgreement, invoices: Sequence[Invoice], policy: AgreementPolicy
) -> Offered:
    try:
        return Offered(terms, command, priced_as(command, invoices, policy))
    except Refusal as refusal:  # more instalments than cents, or than the house allows
        return Offered(terms, command, refused=refusal)


async def _judged(
    session: AsyncSession, invoices: Sequence[Invoice], offered: Offered, *, by: str, today: date
) -> Offered:
    if offered.priced is None:
        return offered
    beyond = await excesses_of(session, by, invoices, offered.priced, today=today)
    return Offered(offered.terms, offered.command, offered.priced, beyond=tuple(beyond))
