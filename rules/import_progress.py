"""How far an import is, how fast it goes, and how long the rest will take at that pace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Progress:
    """Rows done of all; `per_second` and `seconds_left` are None while nobody can tell."""

    percent: int
    per_second: int | None
    seconds_left: int | None


def progress(*, done: int, total: int, started_at: datetime | None, now: datetime) -> Progress:
    """This will tell the pace since the start; nothing to do counts as done."""
    percent = 100 * done // total if total else 0
    passed = (now - started_at).total_seconds() if started_at else 0.0
    if passed <= 0 or not done:
        return Progress(percent, None, None)
    per_second = done / passed
    return Progress(percent, round(per_second), round((total - done) / per_second))
