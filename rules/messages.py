"""Messages: when one may leave, what becomes of it, and by what it is known again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from rules.refusals import Refusal


class Channel(StrEnum):
    """The ways in which a message reaches somebody."""

    EMAIL = "email"
    SMS = "sms"
    APP = "app"  #: the customer's own app

    @property
    def has_subject(self) -> bool:
        """Whether a subject, or a title, stands above the text."""
        return self is not Channel.SMS


class MessageStatus(StrEnum):
    """What became of a message. `sending` means: handed over, and not yet known whether taken."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    FAILED = "failed"
    SUPPRESSED = "suppressed"

    @property
    def is_final(self) -> bool:
        """Whether nothing is left to be sent; a report may still say what became of it."""
        return self not in {MessageStatus.QUEUED, MessageStatus.SENDING}


def has_arrived(channel: str, status: str) -> bool:
    """Whether a legal notice counts as given: it left, or the app said that it has it.

    What is kept for an app that never fetches it reached nobody.
    """
    if channel == Channel.APP:
        return status == MessageStatus.DELIVERED
    return status in {MessageStatus.SENT, MessageStatus.DELIVERED}


class NoticeState(StrEnum):
    """What became of a notice to a customer: on its way, gone out, or lost on every channel.

    Unproven: gone out, but its delivery is to be proven and is not.
    """

    PENDING = "pending"
    UNPROVEN = "unproven"
    SENT = "sent"
    FAILED = "failed"


class Suppression(StrEnum):
    """Why a message was not sent after all."""

    PAID = "paid"
    OPTED_OUT = "opted_out"
    NO_ADDRESS = "no_address"
    SWITCHED_OFF = "switched_off"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    BLOCKED = "blocked"
    MARKED = "marked"


class Waiting(StrEnum):
    """Why a message is not sent yet."""

    NOT_BEFORE = "not_before"
    WINDOW = "window"
    DAILY_LIMIT = "daily_limit"
    WEEKLY_LIMIT = "weekly_limit"
    CHANNEL_LIMIT = "channel_limit"
    PROVIDER = "provider"
    TAKEN_OUT = "taken_out"


class MessageNotFound(Refusal):
    message = "Esta mensagem não existe."


class MessageAlreadyDone(Refusal):
    message = "Esta mensagem já saiu ou foi retida."


class ConfirmationRequired(Refusal):
    message = "Marque a confirmação para enviar."
    field = "is_confirmed"


@dataclass(frozen=True)
class MessagePolicy:
    """Limits and patience; each is a setting."""

    contacts_per_day: int = 1
    contacts_per_week: int = 3
    email_contacts_per_day: int = 5
    sms_contacts_per_day: int = 5
    app_contacts_per_day: int = 5
    attempts: int = 12
    first_retry_seconds: int = 30
    longest_retry_minutes: int = 240
    correct_contact_business_days: int = 1
    amounts_to_other_phones: bool = False

    def per_day(self, channel: Channel) -> int:
        """How many contacts of a day one channel may carry."""
        of_channel: int = getattr(self, f"{channel}_contacts_per_day")
        return of_channel


@dataclass(frozen=True)
class Supplier:
    """Who collects: name, address and CNPJ, which every collection document shows (CDC 42-A)."""

    name: str = "Acerto Telecom"
    document: str = "11.222.333/0001-81"
    address: str = "Avenida Paulista, 1000, São Paulo/SP"
    city: str = "São Paulo"
    phone: str = "0800 000 0000"
    bureau: str = "SPC Brasil"


def retry_at(*, now: datetime, attempts: int, policy: MessagePolicy) -> datetime:
    """This will give the next try after so many, each wait twice as long up to a longest one."""
    doublings = min(max(attempts - 1, 0), 20)
    wait = timedelta(seconds=policy.first_retry_seconds << doublings)
    return now + min(wait, timedelta(minutes=policy.longest_retry_minutes))


#: What a provider reports, in our words; reports that say nothing new are left out.
REPORTS = {
    "sent": MessageStatus.SENT,
    "delivered": MessageStatus.DELIVERED,
    "read": MessageStatus.DELIVERED,
    "undelivered": MessageStatus.BOUNCED,
    "failed": MessageStatus.FAILED,
}


def status_after(status: str, report: str) -> MessageStatus | None:
    """This will give the status that a provider's report makes; None when it changes nothing.

    Reports come late, twice and out of order: what is delivered or lost stays so.
    """
    reported = REPORTS.get(report)
    if reported is None or reported == status:
        return None
    is_open = status in {MessageStatus.QUEUED, MessageStatus.SENDING}
    if reported is MessageStatus.SENT:
        return reported if is_open else None
    return reported if is_open or status == MessageStatus.SENT else None


def channels_after(lost: str, offered: Sequence[Channel]) -> tuple[Channel, ...]:
    """The channels to try once one lost a message: those behind it in order, then those before."""
    if lost not in offered:
        return tuple(offered)
    place = offered.index(Channel(lost))
    return (*offered[place + 1 :], *offered[:place])


def is_under_way(status: str) -> bool:
    """Whether a message is still on its way, or left as far as we know."""
    return not MessageStatus(status).is_final or status in {
        MessageStatus.SENT, MessageStatus.DELIVERED,
    }  # fmt: skip


def contact_key(message_key: str) -> str:
    """What the messages of one contact have in common: the key without its channel."""
    return message_key.rpartition("/")[0]


def mail_id(key: str, *, made_at: datetime, domain: str) -> str:
    """This will give the Message-ID of a message: always the same, so that a repeat shows."""
    digest = hashlib.sha256(f"{key} {made_at.timestamp()}".encode()).hexdigest()[:32]
    return f"<{digest}@{domain}>"
