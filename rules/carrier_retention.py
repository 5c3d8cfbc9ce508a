"""How long a carrier's file, and whom a line called, may be kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

#: Fields of evidence that tell whom somebody called, and from where: secret of telecommunications.
PERSONAL = frozenset(
    {"called", "called_area", "called_city", "called_cnl", "origin", "destination"}
)


@dataclass(frozen=True)
class CarrierPolicy:
    """Until the window in which a charge can be contested has closed (RGC: three years).

    A file whose reading was stopped waits `stopped_days` for somebody to go on with it.
    """

    retention_months: int = 36
    stopped_days: int = 7


def kept_since(today: date, *, policy: CarrierPolicy) -> date:
    """The first day of the month whose invoices are still kept whole; older ones are not."""
    months = today.year * 12 + today.month - 1 - policy.retention_months
    return date(months // 12, months % 12 + 1, 1)


def without_personal(fields: dict[str, str]) -> dict[str, str]:
    """Evidence as it is kept for good: what was charged, not whom somebody called."""
    return {name: text for name, text in fields.items() if name not in PERSONAL}
