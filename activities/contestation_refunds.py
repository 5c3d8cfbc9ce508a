"""What a customer gets back, counted anew until the day on which it is given back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.index_asking import ask_for_months
from models.contestations import Contestation
from models.index_months import has_index, rates_of
from models.policies import load_policy
from models.received_contestations import ReceivedContestation, credits_to_be_given
from rules.business_days import ONE_DAY
from rules.contestation import ContestationPolicy
from rules.contestation_received import ReceivedPolicy
from rules.price_indices import published_by
from rules.refunds import Refund, refund_of_all


async def refund_on(
    session: AsyncSession, received: ReceivedContestation, day: date
) -> Refund | None:
    """What would be given back on a day; None where nothing was paid without being due."""
    if not received.overpaid:
        return None
    policy = await load_policy(session, ReceivedPolicy())
    return refund_of_all(
        received.overpaid, day=day, interest_percent=policy.refund_interest_percent,
        rates=await rates_of(session, policy.refund_index),
    )  # fmt: skip


async def count_refund(
    session: AsyncSession,
    contestation: Contestation,
    received: ReceivedContestation,
    day: date,
    *,
    at: datetime,
) -> None:
    """This will write down what is to be given back as of a day, and ask for months unknown."""
    refund = await refund_on(session, received, day)
    if refund is None:
        return
    await _ask(session, refund.missing, at=at)
    received.refund, received.refund_on = refund.total, day
    received.correction, received.interest = refund.correction, refund.interest
    contestation.extra = refund.total - received.was_paid
    session.add_all([received, contestation])


async def unknown_months(session: AsyncSession, received: ReceivedContestation) -> tuple[date, ...]:
    """The months that a refund was counted without; none where the house keeps no such index."""
    policy = await load_policy(session, ReceivedPolicy())
    if received.refund_on is None or not await has_index(session, policy.refund_index):
        return ()
    refund = await refund_on(session, received, received.refund_on)
    return refund.missing if refund else ()


async def ask_for_unknown(
    session: AsyncSession, received: ReceivedContestation, *, at: datetime
) -> None:
    """This will ask for the months that a refund was counted without."""
    await _ask(session, await unknown_months(session, received), at=at)


async def _ask(session: AsyncSession, months: Iterable[date], *, at: datetime) -> None:
    team = (await load_policy(session, ContestationPolicy())).team
    index = (await load_policy(session, ReceivedPolicy())).refund_index
    await ask_for_months(session, index, months, team=team, at=at)


async def index_out_on(session: AsyncSession, received: ReceivedContestation) -> date | None:
    """The first day on which all that a given refund waits for is out; None: it waits for none."""
    if not received.awaits_index:
        return None
    months = await unknown_months(session, received)
    return published_by(max(months)) + ONE_DAY if months else received.refund_on


async def bring_credits_up_to_date(
    session: AsyncSession, *, first: int, last: int, day: date, at: datetime
) -> None:
    """This will count anew the credits that may go onto invoices now, of some customers.

    Correction and interest run until the money is given back, not until it was promised. What an
    index adds afterwards is counted to the day on which the rest went back.
    """
    for received, contestation, charge in await credits_to_be_given(
        session, first=first, last=last
    ):
        if not received.given:
            await count_refund(session, contestation, received, day, at=at)
        charge.amount = -received.left
        session.add(charge)
    await session.flush()
