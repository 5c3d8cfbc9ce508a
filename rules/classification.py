"""Classification: which overdue invoices go to collections, and when the daily run is missed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

#: The step of a dunning ladder that sends an invoice to collections.
FORWARD = "forward_to_collections"

#: When the daily run starts, on the clocks of Brasília.
DAILY_AT = time(7)


@dataclass(frozen=True)
class Forwarding:
    """Up to which due date each ladder sends invoices to collections on a business date.

    A ladder that is not in `latest_due` never does. `default_ladder` holds for invoices without a
    contract and contracts without a ladder; None: those are never sent. `later` are invoices whose
    offset, without the days on which their ladder stood still, is not over yet.
    """

    latest_due: dict[int, date]
    default_ladder: int | None
    today: date
    later: frozenset[int] = frozenset()


def latest_due(today: date, *, offset_days: int) -> date:
    """This will give the last due date that is overdue by at least so many calendar days."""
    return today - timedelta(days=offset_days)


def is_forwarded(due: date, *, ladder: int | None, forwarding: Forwarding) -> bool:
    """Whether an open invoice goes to collections by its contract's ladder (None: the default)."""
    latest = forwarding.latest_due.get(ladder or forwarding.default_ladder or 0)
    return latest is not None and due <= latest
