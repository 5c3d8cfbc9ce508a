"""A carrier's score card: how often it errs, how soon it answers, what it keeps of its word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules.money import ZERO, round_places

HUNDRED = 100


@dataclass(frozen=True)
class Answered:
    """So many contestations that were filed on a day and answered on another; None: not yet."""

    filed_on: date
    answered_on: date | None
    count: int

    @property
    def days(self) -> int:
        """How long the answer took."""
        return (self.answered_on - self.filed_on).days if self.answered_on else 0


@dataclass(frozen=True)
class CarrierScore:
    """What a carrier's invoices and answers come to; `granted` is what it accepted and owes by now.

    `repeats` counts errors that came back after they were mended.
    """

    carrier: str
    code: str
    invoices: int = 0
    billed: Decimal = ZERO
    identified: Decimal = ZERO
    answers: tuple[Answered, ...] = ()
    granted: Decimal = ZERO
    credited: Decimal = ZERO
    repeats: int = 0

    @property
    def error_percent(self) -> Decimal | None:
        """How much of what it billed was too much; None while it billed nothing."""
        return _percent(self.identified, self.billed)

    @property
    def answer_days(self) -> Decimal | None:
        """How many days an answer took on average; None while there is none."""
        told = [each for each in self.answers if each.answered_on]
        count = sum(each.count for each in told)
        if not count:
            return None
        return round_places(Decimal(sum(each.days * each.count for each in told)) / count, places=1)

    @property
    def kept_percent(self) -> Decimal | None:
        """How much of what it granted has come; None while nothing was to come."""
        return _percent(min(self.credited, self.granted), self.granted)

    def in_time_percent(self, *, answer_days: int, today: date) -> Decimal | None:
        """How many were answered within the term, of those whose term is over or were answered."""
        judged = [
            each for each in self.answers
            if each.answered_on or (today - each.filed_on).days > answer_days
        ]  # fmt: skip
        in_time = (e.count for e in judged if e.answered_on and e.days <= answer_days)
        return _percent(Decimal(sum(in_time)), Decimal(_count(judged)))


def _count(answers: Iterable[Answered]) -> int:
    return sum(each.count for each in answers)


def _percent(part: Decimal, whole: Decimal) -> Decimal | None:
    return round_places(part * HUNDRED / whole, places=1) if whole > 0 else None
