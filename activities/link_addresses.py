"""Making a customer's link, and the addresses that are signed for a customer."""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.clients.secrets import derived_secret
from models.customer_links import CustomerLink
from models.people import Deed, record
from models.policies import load_policy
from rules import customer_links as rules
from rules import mail_refusal
from rules.customer_links import CustomerLinkPolicy
from settings import Settings

#: Under which a customer's own page stands.
PATH = "/c/"
#: Under which a mail program says that its owner wants no more e-mails.
REFUSAL_PATH = "/recusa/"


def token_of(link: CustomerLink, settings: Settings) -> str:
    """What programs bring as bearer, and the last part of the address."""
    return rules.token_of(link.facts, secret=link_secret(settings))


def address_of(link: CustomerLink, settings: Settings) -> str:
    """The address that the customer gets; the same for the same link, and kept nowhere."""
    return f"{settings.base_url()}{PATH}{token_of(link, settings)}"


async def new_link(
    session: AsyncSession, customer_id: int, *, days: int | None, deed: Deed
) -> CustomerLink:
    """This will make a link for a customer who is known. Refuses LinkDaysNotPossible."""
    policy = await load_policy(session, CustomerLinkPolicy())
    link = CustomerLink(
        customer_id=customer_id, expires_at=rules.expiry(days, policy, now=deed.at),
        created_at=deed.at, created_by=deed.by,
    )  # fmt: skip
    session.add(link)
    await session.flush()
    record(
        session, deed, "customer_link.make", subject=f"customer/{customer_id}", link=link.id,
        expires_at=link.expires_at.isoformat(),
    )  # fmt: skip
    return link


def refusal_address(customer_id: int, settings: Settings) -> str:
    """The address that every e-mail carries which its customer may do without."""
    token = mail_refusal.token_of(customer_id, secret=refusal_secret(settings))
    return f"{settings.base_url()}{REFUSAL_PATH}{token}"


def refusal_secret(settings: Settings) -> str:
    """What signs those addresses in this deployment."""
    return derived_secret(settings, purpose="mail refusal")


def link_secret(settings: Settings) -> str:
    """What signs the links of this deployment."""
    return derived_secret(settings, purpose="customer link")
