"""What a debt may cost and how long it can be sued for, beside what its contract says.

A telecom debt costs no more than two per cent once and one per cent a month (RGC, art. 78; CDC,
art. 52 § 1). Where no rate was agreed it bears the legal one, Selic less IPCA and never below
zero, which the central bank publishes for each month (Código Civil, art. 406, by Lei 14.905/2024;
Resolução CMN 5.171/2024). It is barred after five years (Código Civil, art. 206 § 5 I); what
interrupts that term is not counted here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from rules.business_days import ONE_DAY, add_months, months_end
from rules.money import Rounding


@dataclass(frozen=True)
class DebtPolicy:
    """Limits of what is owed; `limitation_warn_days` before its end a debt is told to be near it.

    The rate of `legal_rate_index` is charged from the day `legal_rate_from` on. Where the house
    `corrects_late`, what is late grows by `correction_index` too (docs/decisions/0023).
    """

    limitation_years: int = 5
    limitation_warn_days: int = 90
    telecom_fine_percent: Decimal = Decimal("2.00")
    telecom_interest_percent: Decimal = Decimal("1.00")
    rounding: Rounding = Rounding.HALF_UP
    legal_rate_index: str = "TAXA-LEGAL"
    legal_rate_from: date = date(2024, 8, 30)
    corrects_late: bool = False
    correction_index: str = "IPCA"


class Limitation(StrEnum):
    """How near a debt is to the day from which nobody can sue for it."""

    FAR = "far"
    NEAR = "near"
    REACHED = "reached"


def last_day_to_sue(due_date: date, policy: DebtPolicy) -> date:
    """The last day of the term, the one after the due date being its first (CC, art. 132)."""
    return months_end(due_date, months=12 * policy.limitation_years)


def limitation_of(due_date: date, policy: DebtPolicy, *, today: date) -> Limitation:
    """Whether a debt can still be sued for today, and for how long."""
    last = last_day_to_sue(due_date, policy)
    if today > last:
        return Limitation.REACHED
    is_near = today > last - timedelta(days=policy.limitation_warn_days)
    return Limitation.NEAR if is_near else Limitation.FAR


def due_dates_of(
    limitation: Limitation, policy: DebtPolicy, *, today: date
) -> tuple[date | None, date | None]:
    """The due dates (first, last) of the debts that stand so today; None: without an end."""
    barred = _latest_barred(policy, on=today)
    near = _latest_barred(policy, on=today + timedelta(days=policy.limitation_warn_days))
    return {
        Limitation.REACHED: (None, barred),
        Limitation.NEAR: (barred + ONE_DAY, near),
        Limitation.FAR: (near + ONE_DAY, None),
    }[limitation]


def _latest_barred(policy: DebtPolicy, *, on: date) -> date:
    due = add_months(on, months=-12 * policy.limitation_years)
    while last_day_to_sue(due, policy) >= on:
        due -= ONE_DAY
    return due
