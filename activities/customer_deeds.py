"""What a customer does by their own link: the same deeds as an operator's, on the same trail."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.agreement_offers import offers_to_customer
from activities.channel_choices import Origin, want_channel
from activities.contestation_received import receive_contestation
from activities.customer_page import owed_invoice
from activities.ladder_pauses import NewException, except_contract
from activities.promises import NewPromise, make_promise
from models.contracts import Contract, ContractNotFound
from models.customer_links import CustomerLink, releasable_contracts
from models.ladders import LadderException
from models.people import Deed, record
from models.policies import load_policy
from models.promises import Promise
from models.received_contestations import ReceivedContestation, received_of
from rules.agreement_offers import OfferChanged, OfferNotFound
from rules.agreement_terms import MakeAgreement
from rules.business_days import local_date
from rules.contestation_commands import ProtocolChannel
from rules.contestation_received import BillForm, RefundChannel
from rules.contestation_received_commands import NewContestation
from rules.customer_links import CustomerLinkPolicy, NotOnLink
from rules.ladder_exceptions import ExceptionKind
from rules.ladder_steps import LadderPolicy
from rules.messages import Channel

#: Why a contract is left alone, as the account tells it.
TRUSTED = "Pedida pelo cliente, pelo próprio link"


@dataclass(frozen=True)
class Acceptance:
    """Which offer the customer accepts, and the total that they saw."""

    offer_id: int
    total: Decimal


@dataclass(frozen=True)
class Objection:
    """What a customer contests of an invoice, and why; `amount`: None = all of it."""

    invoice_id: int
    text: str
    amount: Decimal | None = None


async def promise_by_link(
    session: AsyncSession, link: CustomerLink, new: NewPromise, *, deed: Deed
) -> Promise:
    """This will take the customer's promise. Refuses what make_promise does, and NotOnLink."""
    policy = await load_policy(session, CustomerLinkPolicy())
    _check(is_taken=policy.takes_promises)
    promise = await make_promise(session, link.customer_id, new, deed=deed)
    _record(session, link, deed, "promise", promise=promise.id)
    return promise


async def release_by_link(
    session: AsyncSession, link: CustomerLink, contract_id: int, *, deed: Deed
) -> LadderException:
    """This will trust the customer: what the ladder cut comes back for some days.

    Refuses what rules/ladder_exceptions.py does, another's contract (ContractNotFound), and one
    that nothing was taken from (NotOnLink).
    """
    policy = await load_policy(session, CustomerLinkPolicy())
    _check(is_taken=policy.takes_releases)
    contract = await session.get(Contract, contract_id)
    if contract is None or contract.customer_id != link.customer_id:
        raise ContractNotFound
    ladder, today = await load_policy(session, LadderPolicy()), local_date(deed.at)
    until = today + timedelta(days=ladder.release_days)
    cut = await releasable_contracts(session, link.customer_id, today=today, every_days=0)
    _check(is_taken=any(each.contract.key == contract_id for each in cut))
    released = await except_contract(
        session, contract_id, NewException(ExceptionKind.RELEASE, until, TRUSTED),
        may_override=False, by=deed.by, at=deed.at,
    )  # fmt: skip
    _record(session, link, deed, "release", contract=contract_id, until=until.isoformat())
    return released


async def choose_channel_by_link(
    session: AsyncSession, link: CustomerLink, channel: Channel, *, is_wanted: bool, deed: Deed
) -> None:
    """This will keep a channel's messages from the customer, or let them come again.

    No setting stands in its way: whoever wants no messages need not ask for leave.
    """
    await want_channel(
        session, link.customer_id, channel, is_wanted=is_wanted, origin=Origin.LINK, deed=deed
    )


async def contest_by_link(
    session: AsyncSession, link: CustomerLink, objection: Objection, *, deed: Deed
) -> ReceivedContestation:
    """This will take in what the customer contests: an invoice or a part of it.

    Refuses what receive_contestation does, and an invoice that is not on the page.
    """
    policy = await load_policy(session, CustomerLinkPolicy())
    _check(is_taken=policy.takes_contestations)
    await owed_invoice(session, link, objection.invoice_id, today=local_date(deed.at))
    new = NewContestation(
        objection.invoice_id, objection.text, objection.amount, ProtocolChannel.PORTAL,
        RefundChannel.NEXT_INVOICE, BillForm.ELECTRONIC,
    )  # fmt: skip
    made = await receive_contestation(session, new, by=deed.by, at=deed.at)
    received = await received_of(session, made.number)
    _record(session, link, deed, "contest", contestation=made.number, protocol=received.protocol)
    return received


async def accept_by_link(
    session: AsyncSession, link: CustomerLink, acceptance: Acceptance, *, deed: Deed
) -> MakeAgreement:
    """The agreement that the customer accepts, for the journey to make.

    Refuses an offer that is not made (any more), and one whose total is not what the customer saw.
    """
    policy = await load_policy(session, CustomerLinkPolicy())
    _check(is_taken=policy.takes_agreements)
    found = await offers_to_customer(
        session, link.customer_id, by=deed.by, today=local_date(deed.at)
    )
    for offered in found:
        if offered.terms.offer_id == acceptance.offer_id and offered.priced:
            if offered.priced.quote.total != acceptance.total:
                raise OfferChanged
            return replace(offered.command, ip=deed.ip)
    raise OfferNotFound


def note_agreement(
    session: AsyncSession, link: CustomerLink, agreement_id: int, *, deed: Deed
) -> None:
    """This will put on the trail that an agreement was made by a link."""
    _record(session, link, deed, "agreement", agreement=agreement_id)


def _check(*, is_taken: bool) -> None:
    if not is_taken:
        raise NotOnLink


def _record(
    session: AsyncSession, link: CustomerLink, deed: Deed, verb: str, **told: object
) -> None:
    record(
        session, deed, f"customer_link.{verb}", subject=f"customer/{link.customer_id}",
        link=link.id, **told,
    )  # fmt: skip
