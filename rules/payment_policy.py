"""The house's own rules of payments; each is a setting."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from rules.money import from_cents


@dataclass(frozen=True)
class PaymentPolicy:
    """`team` is asked to look at what a bank's file leaves open; a due date is moved no further
    than `most_new_due_days` from today. `thanks` is whether who settles an invoice that was being
    collected is thanked; a payment that
    falls short by no more than `tolerance_cents` settles."""

    team: str = "cobranca"
    look_business_days: int = 1
    most_new_due_days: int = 30
    thanks: bool = False
    tolerance_cents: int = 0

    @property
    def tolerance(self) -> Decimal:
        """By how much a payment may fall short and still settle an invoice."""
        return from_cents(self.tolerance_cents)
