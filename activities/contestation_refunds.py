"""What a customer gets back, counted anew until the day on which it is given back."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.index_asking import ask_for_months
from models.contestations import Contestation
from models.index_months import rates_of
from models.policies import load_policy
from models.received_contestations import ReceivedContestation, credits_to_be_given
from rules.contestation import ContestationPolicy
from rules.contestation_received import ReceivedPolicy
from rules.refunds import Refund, refund_of


async def refund_on(
    session: AsyncSession, received: ReceivedContestation, day: date
) -> Refund | None:
    """What would be given back on a day; None where nothing was paid without being due."""
    overpaid = received.overpaid
    if overpaid is None:
        return None
    policy = await load_policy(session, ReceivedPolicy())
    return refund_of(
        overpaid, day=day, interest_percent=policy.refund_interest_percent,
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
    team = (await load_policy(session, ContestationPolicy())).team
    index = (await load_policy(session, ReceivedPolicy())).refund_index
    await ask_for_months(session, index, refund.missing, team=team, at=at)
    received.refund, received.refund_on = refund.total, day
    received.correction, received.interest = refund.correction, refund.interest
    contestation.extra = refund.total - received.was_paid
    session.add_all([received, contestation])


async def bring_credits_up_to_date(
    session: AsyncSession, *, first: int, last: int, day: date, at: datetime
) -> None:
    """This will count anew the credits that may go onto invoices now, of some customers.

    Correction and interest run until the money is given back, not until it was promised.
    """
    for received, contestation, charge in await credits_to_be_given(
        session, first=first, last=last
    ):
        await count_refund(session, contestation, received, day, at=at)
        charge.amount = -received.refund
        session.add(charge)
    await session.flush()
