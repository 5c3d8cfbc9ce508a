"""Whether an agreement goes beyond what its author may agree alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from models.agreement_rules import agreements_behind, limits_in_force, roles_of
from models.invoices import Invoice
from rules import agreement_limits as rules
from rules.cases import CUSTOMER
from rules.money import ZERO
from rules.proposal_instalments import Instalment
from rules.proposals import Quote
from rules.refusals import Refusal


@dataclass(frozen=True)
class Preview:
    """What an agreement would come to: the quote, and its instalments (none when unchanged)."""

    quote: Quote
    rows: tuple[Instalment, ...]

    @property
    def rows_total(self) -> Decimal:
        """The sum of the instalments as they stand; it may differ from the quote's total."""
        return sum((row.amount for row in self.rows), ZERO)


async def excesses_of(
    session: AsyncSession, by: str, invoices: Sequence[Invoice], priced: Preview, *, today: date
) -> list[Refusal]:
    """Everything by which an agreement goes beyond its author's limit; none: they may make it.

    What a customer accepts is the house's own offer, and was decided when that was made.
    """
    limits = await limits_in_force(session)
    if not limits or by == CUSTOMER:
        return []
    days_late = rules.age_of((each.due_date for each in invoices), today=today)
    reach = rules.reach_of(
        priced.quote, priced.rows, days_late=days_late,
        reagreements=await agreements_behind(session, [each.key for each in invoices]),
    )  # fmt: skip
    roles = await roles_of(session, by)
    return rules.excesses(reach, rules.limit_for(limits, roles=roles, days_late=days_late))
