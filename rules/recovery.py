"""What collecting brings and costs: cures, ageing, a forecast, the cost of a real recovered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from rules.money import ZERO, from_cents, round_half_up

#: A debt paid within so many days of a step counts as cured by it.
CURE_DAYS = 7
#: How far back the figures look, and how far ahead the forecast.
LOOK_BACK_DAYS = 90


@dataclass(frozen=True)
class RecoveryPolicy:
    """What reaching a customer costs, in centavos for each message or contact."""

    email_cents: int = 1
    sms_cents: int = 9
    app_cents: int = 0
    contact_cents: int = 400


@dataclass(frozen=True)
class AgeBand:
    """Debts from so many days late to so many; `until_days` None: and more."""

    from_days: int
    until_days: int | None

    def bounds(self, today: date) -> tuple[date | None, date]:
        """The due dates of the band on a day: from (None: however old) and until, both included."""
        oldest = None if self.until_days is None else today - timedelta(days=self.until_days)
        return oldest, today - timedelta(days=self.from_days)


BANDS = (
    AgeBand(1, 30), AgeBand(31, 60), AgeBand(61, 90), AgeBand(91, 180), AgeBand(181, 365),
    AgeBand(366, None),
)  # fmt: skip


@dataclass(frozen=True)
class Ageing:
    """What is open in a band, and what of such a band was paid in the last ninety days."""

    open_amount: Decimal
    still_open: Decimal = ZERO
    paid: Decimal = ZERO

    @property
    def rate(self) -> Decimal | None:
        """Which share (0 to 100) of what stood in this band was paid; None: nothing did."""
        whole = self.still_open + self.paid
        return round_half_up(self.paid * 100 / whole) if whole else None

    @property
    def forecast(self) -> Decimal | None:
        """What of it will be paid in the next ninety days if people go on as they did.

        None: nothing of that age tells how they did.
        """
        whole = self.still_open + self.paid
        return round_half_up(self.open_amount * self.paid / whole) if whole else None


def rate_of(part: int, whole: int) -> Decimal | None:
    """A share as a percentage with two decimals; None of nothing."""
    return round_half_up(Decimal(part) * 100 / whole) if whole else None


def cured(settled: Iterable[tuple[date, date, int]]) -> int:
    """How many of these (step taken on, settled on, how many) were settled soon after the step."""
    soon = timedelta(days=CURE_DAYS)
    return sum(count for taken, paid, count in settled if taken <= paid <= taken + soon)


def cost_of(reached: Mapping[str, int], policy: RecoveryPolicy) -> Decimal:
    """What messages, by channel, and contacts cost, in reais."""
    cents = sum(count * getattr(policy, f"{kind}_cents", 0) for kind, count in reached.items())
    return from_cents(cents)


def cost_per_hundred(cost: Decimal, recovered: Decimal) -> Decimal | None:
    """What recovering a hundred reais cost; None where nothing was recovered."""
    return round_half_up(cost * 100 / recovered) if recovered else None
