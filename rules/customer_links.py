"""A customer's own link: a page without a log-in, by a signed address that ends or is revoked."""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rules.refusals import Refusal

#: Of the signature's 32 bytes: nobody guesses 192 bits, and the address stays short in an SMS.
SIGNED_BYTES = 24
#: No number of a link is longer.
MOST_DIGITS = 15


class CustomerLinkNotFound(Refusal):
    """Forged, expired and revoked look alike to whoever tries."""

    message = "Este link não vale mais. Peça um novo à empresa."


class CustomerLinkAlreadyDone(Refusal):
    message = "Este link já foi revogado ou venceu."


class LinkDaysNotPossible(Refusal):
    message = "O link vale de 1 a %(most)s dias."
    field = "days"


class NotOnLink(Refusal):
    message = "Isto não pode ser feito por este link. Fale com a empresa."


@dataclass(frozen=True)
class CustomerLinkPolicy:
    """How long a link holds, what it shows beside what is overdue, and what may be done by it."""

    valid_days: int = 15
    most_days: int = 60
    shows_days_ahead: int = 30
    takes_promises: bool = True
    takes_releases: bool = True
    takes_agreements: bool = True
    takes_contestations: bool = True


@dataclass(frozen=True)
class LinkFacts:
    """What an address is signed over, and whether it still holds."""

    link_id: int
    customer_id: int
    expires_at: datetime
    is_revoked: bool = False


#: A link's address in a text, as token_of writes its last part.
_ADDRESS = re.compile(r"(/c/)[A-Za-z0-9_.~-]{20,}")


def without_links(text: str) -> str:
    """A text that was sent, for who only reads it: whoever has the address acts as the customer."""
    return _ADDRESS.sub(r"\1…", text)


def expiry(days: int | None, policy: CustomerLinkPolicy, *, now: datetime) -> datetime:
    """When a link of so many days ends; None: as the house has it. Refuses LinkDaysNotPossible."""
    wanted = policy.valid_days if days is None else days
    if not 1 <= wanted <= policy.most_days:
        raise LinkDaysNotPossible(most=policy.most_days)
    return now + timedelta(days=wanted)


def is_fresh(facts: LinkFacts, policy: CustomerLinkPolicy, *, now: datetime) -> bool:
    """Whether a link still holds for half of the usual time, so that a letter may tell it again."""
    return facts.expires_at - now >= timedelta(days=policy.valid_days) / 2


def token_of(facts: LinkFacts, *, secret: str) -> str:
    """This will give the last part of a link's address: its number and the signature over it."""
    return f"{facts.link_id}.{_signature(facts, secret)}"


def number_in(token: str) -> int:
    """The link's number as an address claims it. Refuses what is no such address."""
    number, _, signature = token.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS and signature):
        raise CustomerLinkNotFound
    return int(number)


def check_token(token: str, facts: LinkFacts, *, secret: str, now: datetime) -> None:
    """This will refuse an address that is forged, expired or revoked (CustomerLinkNotFound)."""
    is_genuine = hmac.compare_digest(token.encode(), token_of(facts, secret=secret).encode())
    if not is_genuine or facts.is_revoked or now >= facts.expires_at:
        raise CustomerLinkNotFound


def is_shown(
    due_date: date, policy: CustomerLinkPolicy, *, today: date, is_agreed: bool = False
) -> bool:
    """Whether an open invoice stands on the customer's page: overdue, due before long, or of an
    agreement, whose every instalment was promised."""
    return is_agreed or due_date <= today + timedelta(days=policy.shows_days_ahead)


def _signature(facts: LinkFacts, secret: str) -> str:
    signed = f"{facts.link_id}/{facts.customer_id}/{int(facts.expires_at.timestamp())}"
    whole = hmac.new(secret.encode(), signed.encode(), "sha256").digest()
    return urlsafe_b64encode(whole[:SIGNED_BYTES]).decode()
