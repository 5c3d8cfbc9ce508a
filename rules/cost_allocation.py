"""Cost allocation (rateio): a carrier's invoice shared among cost centres, to the cent.

What a line was charged is its holder's; of several holders in the period, by their days. What is
nobody's (fees of the account, lines without a holder, what the total has beyond its charges) is
shared by the account's rule of that day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from rules.money import ZERO, apportion
from rules.refusals import Refusal, written_amount
from rules.sentences import N_

#: What stands for "no cost centre" where there is none to share among.
NOBODY = ""
HUNDRED = Decimal(100)


class SharedBy(StrEnum):
    """How what is nobody's is shared."""

    EQUAL = "equal"
    USAGE = "usage"
    HEADCOUNT = "headcount"
    FIXED = "fixed"


class ShareOf(StrEnum):
    """What a figure of an allocation is: of the centre's own lines, or of what is shared.

    The value stands in addresses.
    """

    LINES = "linhas"
    SHARED = "rateado"


class PercentagesNotWhole(Refusal):
    message = "Os percentuais somam %(sum)s %% e devem somar 100 %%."
    field = "percents"


class PercentageNegative(Refusal):
    message = "Um percentual não pode ser negativo."
    field = "percents"


class PercentageOfNobody(Refusal):
    message = "O centro de custo %(code)s não está em uso nesta empresa: não pode ter percentual."
    field = "percents"


class LeftOut(StrEnum):
    """Why a centre with a fixed percentage takes no part."""

    INACTIVE = "inactive"
    UNKNOWN = "unknown"


#: What a report says of it.
LEFT_OUT: Mapping[str, str] = {
    LeftOut.INACTIVE: N_(
        "%(code)s está inativo: os seus %(percent)s %% foram repartidos entre os outros."
    ),
    LeftOut.UNKNOWN: N_(
        "%(code)s não está no cadastro: os seus %(percent)s %% foram repartidos entre os outros."
    ),
}


@dataclass(frozen=True)
class Centre:
    """A cost centre that takes part, and how many people it has."""

    code: str
    headcount: int = 0


@dataclass(frozen=True)
class AllocationRule:
    """How an account's shared charges are shared from a day on."""

    shared_by: SharedBy = SharedBy.EQUAL
    percents: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Holding:
    """Who holds a line from a day until the day before `until`; None: still."""

    cost_centre: str
    since: date
    until: date | None = None

    def days_in(self, first: date, last: date) -> int:
        """On how many days of a period, both ends counted."""
        end = last + timedelta(days=1)
        begin, until = max(self.since, first), min(self.until or end, end)
        return max((until - begin).days, 0)


@dataclass(frozen=True)
class LineCharge:
    """What a line was charged, and who held it."""

    amount: Decimal
    holdings: tuple[Holding, ...] = ()


@dataclass(frozen=True)
class Share:
    """What a cost centre bears: of its own lines, and of what is shared."""

    cost_centre: str
    own: Decimal
    shared: Decimal

    @property
    def total(self) -> Decimal:
        """All of it."""
        return self.own + self.shared


def allocate(
    total: Decimal,
    charges: Iterable[LineCharge],
    *,
    period: tuple[date, date],
    centres: Sequence[Centre],
    rule: AllocationRule,
) -> list[Share]:
    """This will share an invoice; the shares come to its total, to the cent, in order of code."""
    own = _own(charges, period)
    shared = total - sum(own.values(), ZERO)
    codes = sorted({*own, *(each.code for each in centres)})
    parts = _shared(shared, own, centres, rule)
    shares = [Share(code, own.get(code, ZERO), parts.pop(code, ZERO)) for code in codes]
    return [*shares, *(Share(code, ZERO, part) for code, part in sorted(parts.items()) if part)]


def left_out(rule: AllocationRule, shares: Iterable[Share]) -> dict[str, Decimal]:
    """The fixed percentages of centres that took no part: the others bear theirs, in proportion."""
    taking = {each.cost_centre for each in shares}
    fixed = rule.percents if rule.shared_by is SharedBy.FIXED else {}
    return {code: percent for code, percent in fixed.items() if percent and code not in taking}


def check_percents(percents: Mapping[str, Decimal], *, known: Collection[str]) -> None:
    """This will refuse fixed percentages that are below zero or do not come to a hundred.

    So it does one of a centre that is not among those in use (PercentageOfNobody).
    """
    for code, percent in percents.items():
        if percent and code not in known:
            raise PercentageOfNobody(code=code)
    if any(each < 0 for each in percents.values()):
        raise PercentageNegative
    whole = sum(percents.values(), ZERO)
    if whole != HUNDRED:
        raise PercentagesNotWhole(sum=written_amount(whole))


def _own(charges: Iterable[LineCharge], period: tuple[date, date]) -> dict[str, Decimal]:
    """What each centre's lines were charged; days on which nobody held a line are nobody's."""
    own: dict[str, Decimal] = defaultdict(lambda: ZERO)
    whole = (period[1] - period[0]).days + 1
    for charge in charges:
        days = [
            (held.cost_centre, held.days_in(*period))
            for held in charge.holdings
            if held.cost_centre
        ]
        days = [each for each in days if each[1]]
        if not days:
            continue
        left = max(whole - sum(count for _, count in days), 0)
        weights = [Decimal(count) for _, count in [*days, (NOBODY, left)]]
        for (code, _), part in zip(days, apportion(charge.amount, weights), strict=False):
            own[code] += part
    return dict(own)


def _shared(
    amount: Decimal, own: Mapping[str, Decimal], centres: Sequence[Centre], rule: AllocationRule
) -> dict[str, Decimal]:
    """What is nobody's, by the rule; equally where its weights say nothing."""
    codes = sorted({*own, *(each.code for each in centres)}) or [NOBODY]
    heads = {each.code: each.headcount for each in centres}
    weights = {
        SharedBy.EQUAL: [Decimal(1) for _ in codes],
        SharedBy.USAGE: [max(own.get(code, ZERO), ZERO) for code in codes],
        SharedBy.HEADCOUNT: [Decimal(heads.get(code, 0)) for code in codes],
        SharedBy.FIXED: [rule.percents.get(code, ZERO) for code in codes],
    }[rule.shared_by]
    if not any(weights):
        weights = [Decimal(1) for _ in codes]
    return dict(zip(codes, apportion(amount, weights), strict=True))
