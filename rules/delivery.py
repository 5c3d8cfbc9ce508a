"""Whether a message leaves now, waits or is never sent, on the facts of that instant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from rules.business_days import ONE_DAY, Window, at_local_time, local_date
from rules.contact_window import contact_calendar, next_opening
from rules.messages import Channel, MessagePolicy, Suppression, Waiting


@dataclass(frozen=True)
class Contacts:
    """How often the customer was written to before: in all, and by the channel at hand."""

    this_week: int = 0
    today: int = 0
    today_by_channel: int = 0


@dataclass(frozen=True)
class DeliveryFacts:
    """What decides whether a message leaves now; read in the transaction that sends it.

    `respects_window` marks a collection contact: only those keep to hours, and of them those that
    are limited to so many a day. After `expires_at` its words would no longer be true. One that
    `is_taken_out` was kept out of this day by somebody; `is_left_alone`: by routine it asks for a
    debt of somebody who is marked. `hours` are the house's own of states, `within` the channel's.
    """

    not_before: datetime
    respects_window: bool
    is_limited: bool = True
    expires_at: datetime | None = None
    is_paid: bool = False
    is_opted_out: bool = False
    is_blocked: bool = False
    is_taken_out: bool = False
    is_left_alone: bool = False
    uf: str | None = None
    channel: Channel = Channel.EMAIL
    contacts: Contacts = Contacts()
    closures: frozenset[date] = frozenset()
    hours: Mapping[str, tuple[Window, ...]] = field(default_factory=dict)
    within: tuple[Window, ...] = ()


@dataclass(frozen=True)
class Go:
    """Send it now."""


@dataclass(frozen=True)
class Wait:
    """Not now: look again then."""

    until: datetime
    reason: Waiting


@dataclass(frozen=True)
class Suppress:
    """Never: what it was about is over, or nobody wants it."""

    reason: Suppression


def decide_delivery(
    facts: DeliveryFacts, policy: MessagePolicy, *, now: datetime
) -> Go | Wait | Suppress:
    """This will say whether a message leaves now, waits, or is never sent."""
    if reason := _never(facts, now):
        return Suppress(reason)
    if now < facts.not_before:
        return Wait(facts.not_before, Waiting.NOT_BEFORE)
    if facts.is_taken_out:
        return Wait(_next_day(now, facts), Waiting.TAKEN_OUT)
    return _contact(facts, policy, now) if facts.respects_window else Go()


def _never(facts: DeliveryFacts, now: datetime) -> Suppression | None:
    if facts.is_opted_out:
        return Suppression.OPTED_OUT
    if facts.is_paid:
        return Suppression.PAID
    if facts.is_blocked:
        return Suppression.BLOCKED
    if facts.is_left_alone:
        return Suppression.MARKED
    is_past = facts.expires_at is not None and now >= facts.expires_at
    return Suppression.EXPIRED if is_past else None


def _contact(facts: DeliveryFacts, policy: MessagePolicy, now: datetime) -> Go | Wait:
    opening = _opening(now, facts)
    if opening > now:
        return Wait(opening, Waiting.WINDOW)
    limit = _limit(facts, policy) if facts.is_limited else None
    return Wait(_next_day(now, facts), limit) if limit else Go()


def _limit(facts: DeliveryFacts, policy: MessagePolicy) -> Waiting | None:
    """The limit that is reached: the customer's own over all channels first."""
    if facts.contacts.today >= policy.contacts_per_day:
        return Waiting.DAILY_LIMIT
    if facts.contacts.this_week >= policy.contacts_per_week:
        return Waiting.WEEKLY_LIMIT
    is_reached = facts.contacts.today_by_channel >= policy.per_day(facts.channel)
    return Waiting.CHANNEL_LIMIT if is_reached else None


def _next_day(now: datetime, facts: DeliveryFacts) -> datetime:
    return _opening(local_day(now, uf=facts.uf)[1], facts)


def _opening(at: datetime, facts: DeliveryFacts) -> datetime:
    return next_opening(
        at, uf=facts.uf, closures=facts.closures, overrides=facts.hours, within=facts.within
    )


def local_day(now: datetime, *, uf: str | None) -> tuple[datetime, datetime]:
    """This will give the customer's day around an instant: its midnight, and the next one."""
    zone = contact_calendar(uf).time_zone
    day = local_date(now, zone=zone)
    return (
        at_local_time(day, at=time.min, zone=zone),
        at_local_time(day + ONE_DAY, at=time.min, zone=zone),
    )
