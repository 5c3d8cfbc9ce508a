"""What went back to a customer; and the rest of it, once an index that was not known is."""

from __future__ import annotations

from datetime import date

from activities.contestation_claim import Claim
from activities.contestation_received_money import owe_rest
from activities.contestation_received_tasks import forget_tasks
from activities.contestation_refunds import count_refund, unknown_months
from rules.contestation import ContestationStage
from rules.money import ZERO

S = ContestationStage


async def was_given(claim: Claim, *, on: date) -> None:
    """This will write down what went back on a day, and end it.

    A month of the index that nobody knows yet keeps it open: what that adds goes back too.
    """
    received = claim.received
    amount, is_first = received.left, not received.given
    received.given, received.refunded_on = received.refund, on
    if is_first:
        received.refund_on = on
    claim.contestation.credited = received.cancelled + received.given
    claim.session.add_all([received, claim.contestation])
    claim.record("refunded", amount=str(amount), receipt=received.receipt or None)
    await forget_tasks(claim)
    months = await unknown_months(claim.session, received)
    received.awaits_index = bool(months)
    if months:
        told = ", ".join(f"{each:%m/%Y}" for each in months)
        claim.record("awaits_index", by="system", months=told)
        await claim.enter(S.AWAITING_CREDIT, by="system")
        return
    await claim.enter(S.CLOSED)


async def settle_rest(claim: Claim) -> None:
    """This will count anew what went back before an index was known: the rest is owed, or none."""
    received, day = claim.received, claim.received.refund_on
    if day is None or await unknown_months(claim.session, received):
        return
    received.awaits_index = False
    await count_refund(claim.session, claim.contestation, received, day, at=claim.at)
    if received.left > ZERO:
        await owe_rest(claim)
        claim.record("rest_owed", by="system", amount=str(received.left))
        await claim.enter(S.AWAITING_CREDIT, by="system")
        return
    received.refund = received.given  # a month in which the index fell asks for nothing back
    claim.session.add(received)
    await claim.enter(S.CLOSED, by="system")
