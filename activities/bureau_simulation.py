"""What would become of invoices at the bureau, without putting any there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import bureau_facts
from models.contested import contested
from models.invoices import Invoice
from models.policies import load_policy
from rules.bureau import BureauPolicy
from rules.bureau_entry import Judgement, Verdict, judge
from rules.contested import InvoiceUnderContestation
from rules.money import ZERO

#: Invoices that are judged together, in a handful of statements.
AT_ONCE = 1_000


@dataclass(frozen=True)
class Simulated:
    """One invoice, and what would become of it."""

    invoice_id: int
    code: str
    amount: Decimal
    judgement: Judgement


@dataclass(frozen=True)
class VerdictTotal:
    """How many invoices share a verdict, and what they owe together."""

    verdict: Verdict
    invoices: int
    amount: Decimal


async def simulate(
    session: AsyncSession, invoice_ids: Collection[int], *, today: date
) -> list[Simulated]:
    """This will judge the invoices as adding them would, in their order; unknown ones are left out.

    The same rules, the same day: what it lets in is refused later only if something changed.
    """
    policy, wanted = await load_policy(session, BureauPolicy()), sorted(set(invoice_ids))
    found: list[Simulated] = []
    for start in range(0, len(wanted), AT_ONCE):
        found += await _judged(session, wanted[start : start + AT_ONCE], policy, today=today)
    return found


async def _judged(
    session: AsyncSession, invoice_ids: Sequence[int], policy: BureauPolicy, *, today: date
) -> list[Simulated]:
    statement = select(Invoice).where(col(Invoice.id).in_(invoice_ids)).order_by(col(Invoice.id))
    invoices = (await session.exec(statement)).all()
    facts = await bureau_facts.candidates(session, invoices, today=today)
    disputed = await contested(session, [each.key for each in invoices])
    return [
        Simulated(
            each.key, each.code, each.open_amount,
            _contested(each) if each.key in disputed
            else judge(facts[each.key], policy=policy, today=today),
        )
        for each in invoices
    ]  # fmt: skip


def totals_of(found: Sequence[Simulated]) -> list[VerdictTotal]:
    """What each verdict comes to, in the order of the verdicts."""
    by_verdict = {
        verdict: [each.amount for each in found if each.judgement.verdict is verdict]
        for verdict in Verdict
    }
    return [
        VerdictTotal(verdict, len(amounts), sum(amounts, ZERO))
        for verdict, amounts in by_verdict.items()
    ]


def _contested(invoice: Invoice) -> Judgement:
    return Judgement(Verdict.BARRED, (InvoiceUnderContestation(invoice=invoice.code),))
