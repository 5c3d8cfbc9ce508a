"""Times taken, and how each kind of request did against its target, beside the bare database."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum

REPEATS = 25
ROUNDS = 3


class Kind(Enum):
    """What is asked for, and its target in milliseconds (p95); the floor has none."""

    FLOOR = ("bare database", None)
    PAGE = ("page, any order and depth", 60)
    TOTALS = ("page with totals of a filter", 250)
    SEARCH = ("page of a search", 250)
    CHARTS = ("charts", 1000)

    @property
    def words(self) -> str:
        """How the table calls it."""
        return self.value[0]

    @property
    def target(self) -> int | None:
        """What its p95 should stay below."""
        return self.value[1]


@dataclass(frozen=True)
class Figure:
    """Milliseconds of one request, asked again and again."""

    kind: Kind
    place: str
    label: str
    p50: float
    p95: float
    round: int

    @property
    def is_above(self) -> bool:
        """Whether it missed its target."""
        return self.kind.target is not None and self.p95 > self.kind.target


@dataclass(frozen=True)
class Figures:
    """What was measured on one database."""

    database: str
    taken: list[Figure] = field(default_factory=list)
    load: float = field(default_factory=lambda: os.getloadavg()[0])

    async def time(
        self, kind: Kind, place: str, label: str, once: Callable[[], Awaitable[None]]
    ) -> None:
        """This will take and print the times of what is done once, after one that is not timed.

        What misses its target is timed again: it has missed it if it does so in every round. So a
        moment of somebody else's work on the machine is not taken for ours.
        """
        await once()
        for round_ in range(1, ROUNDS + 1):
            figure = Figure(kind, place, label, *await _timed(once), round_)
            if not figure.is_above:
                break
        self.taken.append(figure)
        mark = f"  above {kind.target}" if figure.is_above else "  again" if round_ > 1 else ""
        name = f"{place} {label}"
        print(f"{name:44} p50 {figure.p50:5.1f}  p95 {figure.p95:5.1f} ms{mark}", flush=True)

    def conclude(self) -> None:
        """This will print the table of the worst: each place and kind of request."""
        print(f"\n{self.database}: the worst of each, ms")
        print("\n| | request | target p95 | p50 | p95 | which |\n|---|---|---|---|---|---|")
        for worst in self._worst():
            mark = " **above**" if worst.is_above else ""
            print(
                f"| {worst.place} | {worst.kind.words} | {worst.kind.target or ''} | "
                f"{worst.p50:.1f} | {worst.p95:.1f}{mark} | {worst.label} |"
            )
        above = sum(each.is_above for each in self.taken)
        again = sum(each.round > 1 for each in self.taken) - above
        loads = f"{self.load:.1f} before, {os.getloadavg()[0]:.1f} after"
        print(
            f"\n{above} of {len(self.taken)} above their target in all of {ROUNDS} rounds, "
            f"{again} more in one; load average {loads} (this takes 1 to 1.5)"
        )

    def _worst(self) -> list[Figure]:
        """The highest p95 of each place and kind, in the order in which they were met."""
        worst: dict[tuple[str, Kind], Figure] = {}
        for each in self.taken:
            known = worst.get((each.place, each.kind))
            if known is None or each.p95 > known.p95:
                worst[each.place, each.kind] = each
        return list(worst.values())


async def _timed(once: Callable[[], Awaitable[None]]) -> tuple[float, float]:
    """Milliseconds at the median and at the 95th percentile."""
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        await once()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times), statistics.quantiles(times, n=20, method="inclusive")[-1]
