"""The life of a readjustment: it waits for its index, is decided, told, and reprices charges.

Told is who received it: while no channel reached the customer, the price stays as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Literal

from rules.business_days import months_end
from rules.price_indices import MONTHS_BETWEEN, earliest_readjustment
from rules.refusals import Refusal

#: A new price is in force before the billing run looks at the day.
TAKES_EFFECT_AT = time(1)


class ReadjustmentStage(StrEnum):
    """Where a readjustment stands."""

    WAITING = "waiting"
    ASKED = "asked"
    TOLD = "told"
    UNTOLD = "untold"
    IN_FORCE = "in_force"
    KEPT = "kept"
    WITHDRAWN = "withdrawn"

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to be decided, or told."""
        return self in {
            ReadjustmentStage.IN_FORCE,
            ReadjustmentStage.KEPT,
            ReadjustmentStage.WITHDRAWN,
        }


class ReadjustmentStep(StrEnum):
    """What happens to a readjustment by itself."""

    DECIDE = "decide"
    TAKE_EFFECT = "take_effect"


@dataclass(frozen=True)
class ReadjustmentPolicy:
    """What customers are told before a price changes."""

    notice_days: int = 30


@dataclass(frozen=True)
class DecideReadjustment:
    """The index fell: a person says whether the price does."""

    by: str
    reduce: bool
    ip: str = ""
    kind: Literal["decide_readjustment"] = "decide_readjustment"


@dataclass(frozen=True)
class ProveReadjustment:
    """The customer was told of the new price by other means than ours: how, and on which day."""

    by: str
    proven_on: date
    proof: str
    ip: str = ""
    kind: Literal["prove_readjustment"] = "prove_readjustment"


@dataclass(frozen=True)
class TellReadjustmentAgain:
    """The notice is written once more: the customer can be reached by now."""

    by: str
    ip: str = ""
    kind: Literal["tell_readjustment_again"] = "tell_readjustment_again"


class ReadjustmentNoticeNotWanted(Refusal):
    message = "Este reajuste não espera por aviso ao cliente."


def holds_from(told_on: date, *, notice_days: int) -> date:
    """The day of the first invoices that have the new price."""
    return told_on + timedelta(days=notice_days)


def readjusted_on(month: date, *, since: date, data_base_month: int | None) -> date:
    """This will give the day of its month from which a readjustment's next twelve months count.

    That is the anniversary of `since`, the signature or the readjustment before, or the first day
    where a data-base was declared; the first day too where the data-base was another by then.
    """
    due = _first_due(since, data_base_month)
    while due < month:
        due = months_end(due, months=MONTHS_BETWEEN)
    return due if due.replace(day=1) == month else month


def months_used(frozen: int, *, resets_base: bool) -> int:
    """This will give the months that an index is accumulated over.

    A price that was kept although its index fell keeps its base too: the years in which it was
    `frozen`, one after another, count with the next, unless the contract says otherwise.
    """
    return MONTHS_BETWEEN if resets_base else MONTHS_BETWEEN * (frozen + 1)


def due_month(since: date, *, data_base_month: int | None, today: date) -> date | None:
    """This will give the month of the readjustment that is due today; None while none is.

    That is the latest anniversary, or data-base, that has come and is twelve months or more after
    `since`, the signature or the last readjustment. Years that were missed are not made up for.
    """
    due = _first_due(since, data_base_month)
    if due > today:
        return None
    while months_end(due, months=MONTHS_BETWEEN) <= today:
        due = months_end(due, months=MONTHS_BETWEEN)
    return due.replace(day=1)


def _first_due(since: date, data_base_month: int | None) -> date:
    data_base = date(since.year, data_base_month, 1) if data_base_month else None
    return earliest_readjustment(since, data_base=data_base)
