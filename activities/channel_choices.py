"""Which channels a customer wants: said by an operator, on their own page, or by a mail program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.delivery_results import opt_in, opt_out
from activities.messages import address_of
from models import cases, outbox
from models.cases import Case
from models.customers import Customer, lock_customer
from models.message_lists import opt_outs_of
from models.messages import is_opted_out
from models.people import Deed, record
from rules.cases import Process
from rules.messages import Channel


class Origin(StrEnum):
    """Where a customer's wish was said."""

    OPERATOR = "operator"
    LINK = "customer_link"
    MAIL = "mail_program"


@dataclass(frozen=True)
class ChannelChoice:
    """A channel on which a customer is reached; `refused_at`: since when they do not want it."""

    channel: Channel
    refused_at: datetime | None

    @property
    def is_wanted(self) -> bool:
        """Whether messages come by it."""
        return self.refused_at is None


async def choices_of(session: AsyncSession, customer: Customer) -> tuple[ChannelChoice, ...]:
    """The channels that reach a customer or were refused by them, and what they want of each."""
    refused = {each.channel: each.at for each in await opt_outs_of(session, customer.id or 0)}
    reached = [
        channel
        for channel in Channel
        if channel in refused or await address_of(session, customer, channel)
    ]
    return tuple(ChannelChoice(each, refused.get(each)) for each in reached)


async def want_channel(
    session: AsyncSession,
    customer_id: int,
    channel: Channel,
    *,
    is_wanted: bool,
    origin: Origin,
    deed: Deed,
) -> None:
    """This will keep a channel's messages from a customer, or let them come again.

    Legal notices and answers come all the same. Said again, it changes nothing. The account is
    locked before the customer, as deliveries do.
    """
    case = await cases.case_of(session, process=Process.COLLECTIONS, subject_id=customer_id)
    if case is not None:
        case = await cases.lock_case(session, case.number)
    await lock_customer(session, customer_id)
    was = not await is_opted_out(session, customer_id=customer_id, channel=channel)
    if was == is_wanted:
        return
    if is_wanted:
        await opt_in(session, customer_id=customer_id, channel=channel)
    else:
        await opt_out(session, customer_id=customer_id, channel=channel, by=deed.by, at=deed.at)
    record(
        session, deed, "messages.opt_out", subject=f"customer/{customer_id}", channel=channel,
        is_wanted=is_wanted, origin=origin,
    )  # fmt: skip
    if case is not None:
        _tell(session, case, channel, is_wanted=is_wanted, origin=origin, deed=deed)


def _tell(
    session: AsyncSession, case: Case, channel: Channel, *, is_wanted: bool, origin: Origin,
    deed: Deed,
) -> None:  # fmt: skip
    """The account's journey plans anew: its messages may reach nobody now, or somebody again."""
    kind = "channel_wanted" if is_wanted else "channel_refused"
    cases.record_event(
        session, case, kind=kind, by=deed.by, at=deed.at, channel=channel, origin=origin
    )
    news_id = f"{kind}/{channel}/{deed.at.timestamp():.0f}"
    outbox.tell_case(session, case, news_id=news_id, at=deed.at)
