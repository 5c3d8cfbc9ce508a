"""A company's own limits on what its lines may spend and use: a breach is a task, no contestation.

A limit is of one line, of a cost centre as a whole, or of every line by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rules.carrier_charges import Label
from rules.carrier_terms import is_called
from rules.money import ZERO

#: So many lines a task names; the others are counted.
NAMED = 5


@dataclass(frozen=True)
class UsageLimit:
    """`number` and `cost_centre` empty: of every line. `amount` zero: no limit of spending.

    `allowed` are the services that may be used, by any name that a tariff may know them by; none:
    all of them.
    """

    id: int
    name: str
    number: str = ""
    cost_centre: str = ""
    amount: Decimal = ZERO
    allowed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Used:
    """What a line was charged for a service, and the cost centre that bears it."""

    number: str
    cost_centre: str
    label: Label
    amount: Decimal

    @property
    def service(self) -> str:
        """What a task calls it: its first code and its description."""
        return " ".join(filter(None, (self.label.code, self.label.description)))


@dataclass(frozen=True)
class Breach:
    """Who went beyond a limit: what was spent, and which services were not allowed."""

    who: str
    spent: Decimal
    services: tuple[str, ...] = ()


def codes_of(text: str) -> frozenset[str]:
    """The codes of a list that a person wrote, commas between."""
    return frozenset(each.strip().casefold() for each in text.split(",") if each.strip())


def breaches(limit: UsageLimit, used: Sequence[Used]) -> list[Breach]:
    """This will find everybody that a limit is broken by, the largest amount first."""
    found = []
    for who, charges in _by_subject(limit, used):
        spent = sum((each.amount for each in charges), ZERO)
        services = _not_allowed(limit, charges)
        if services or (limit.amount and spent > limit.amount):
            found.append(Breach(who, spent, services))
    return sorted(found, key=lambda each: (-each.spent, each.who))


def told(found: Sequence[Breach]) -> str:
    """Who they are, for a task: the first by name, the others by number."""
    named = ", ".join(each.who for each in found[:NAMED])
    return f"{named} (+{len(found) - NAMED})" if len(found) > NAMED else named


def _by_subject(limit: UsageLimit, used: Iterable[Used]) -> Iterator[tuple[str, list[Used]]]:
    groups: dict[str, list[Used]] = defaultdict(list)
    for each in used:
        if limit.number and each.number != limit.number:
            continue
        if limit.cost_centre and each.cost_centre != limit.cost_centre:
            continue
        groups[limit.cost_centre or each.number].append(each)
    yield from groups.items()


def _not_allowed(limit: UsageLimit, charges: Iterable[Used]) -> tuple[str, ...]:
    if not limit.allowed:
        return ()
    used = {each.label: each.service for each in charges if each.service and each.amount > 0}
    strange = (
        service
        for label, service in used.items()
        if not any(is_called(label, code) for code in limit.allowed)
    )
    return tuple(sorted({*strange}))
