"""What the carrier owes back, counted anew and written down: principal, correction, interest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.index_asking import ask_for_months
from models import contestation_facts
from models.carrier_invoices import invoice_of
from models.contestations import Contestation, ContestationItem
from models.findings import Finding
from models.index_months import rates_of
from models.policies import load_policy
from rules.contestation import ContestationPolicy
from rules.contestation_dues import Terms, due_on
from rules.money import ZERO

Items = Sequence[tuple[ContestationItem, Finding]]


async def count_dues(
    session: AsyncSession,
    contestation: Contestation,
    items: Items,
    *,
    day: date,
    at: datetime,
) -> None:
    """This will write down what each item must bring back as of a day.

    An invoice that was never paid brings back what was accepted, and nothing above it. A month of
    the index that is not known is asked for, and corrects nothing until it is.
    """
    policy = await load_policy(session, ContestationPolicy())
    invoice = await invoice_of(session, contestation.invoice_id or 0)
    came = await contestation_facts.came_by_item(session, contestation.number)
    rates = await rates_of(session, policy.credit_index)
    terms = Terms(policy.credit_interest_percent, rates)
    missing: set[date] = set()
    for item, _ in items:
        item.extra = item.extra if invoice.paid_on else ZERO
        due = due_on(
            item.accepted + item.extra, paid_on=invoice.paid_on, came=came.get(item.key, ()),
            day=day, terms=terms,
        )  # fmt: skip
        item.correction, item.interest = due.correction, due.interest
        missing |= set(due.missing)
        session.add(item)
    contestation.extra = sum((item.extra for item, _ in items), ZERO)
    contestation.correction = sum((item.correction for item, _ in items), ZERO)
    contestation.interest = sum((item.interest for item, _ in items), ZERO)
    contestation.counted_on = day if invoice.paid_on is not None else None
    session.add(contestation)
    await ask_for_months(session, policy.credit_index, missing, team=policy.team, at=at)


def forgo_the_rest(session: AsyncSession, contestation: Contestation, items: Items) -> None:
    """This will have nothing more awaited: what came is what was granted, and no more."""
    for item, _ in items:
        item.accepted = min(item.credited, item.claimed)
        item.extra = item.credited - item.accepted
        item.correction = item.interest = ZERO
        session.add(item)
    contestation.accepted = sum((item.accepted for item, _ in items), ZERO)
    contestation.extra = sum((item.extra for item, _ in items), ZERO)
    contestation.correction = contestation.interest = ZERO
    contestation.counted_on = None
    session.add(contestation)
