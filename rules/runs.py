"""Bulk runs: where one stands, and when the daily one of a kind is due."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum

from rules.business_days import local_date, local_time
from rules.refusals import Refusal


class RunStatus(StrEnum):
    """Where a bulk run stands."""

    WAITING = "waiting"
    RUNNING = "running"
    STOPPED = "stopped"
    FAILED = "failed"
    DONE = "done"


#: A run that nobody needs to ask for again: it works, or is about to.
UNDER_WAY = (RunStatus.WAITING, RunStatus.RUNNING)


class RunNotFound(Refusal):
    message = "Esta execução não existe."


def daily_key(kind: str, day: date) -> str:
    """The key that keeps the daily run of a date from being made twice."""
    return f"{kind}/{day.isoformat()}/daily"


def missed_day(now: datetime, *, daily_at: time) -> date | None:
    """The date whose daily run should have started by now; None before its hour."""
    return local_date(now) if local_time(now).time() >= daily_at else None
