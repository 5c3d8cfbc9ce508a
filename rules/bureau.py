"""The credit bureau: which debts may be put there, after which notice, and when they must leave.

The law behind the defaults: CDC art. 43 §§ 1 and 2 and Súmulas 323 and 359 (notice first, five
years at the most), Súmula 548 with REsp 1.424.792 (out within five business days of the
money being at hand), RGC art. 71 IV (telecom debts only after the contract ended).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from rules.business_days import (
    ONE_DAY,
    Calendar,
    add_business_days,
    add_months,
    at_local_time,
    first_free,
)
from rules.cases import Step, earliest
from rules.messages import NoticeState
from rules.money import ZERO
from rules.refusals import Refusal


class RecordStage(StrEnum):
    """Where a record stands. Withdrawn: gone before it ever reached the bureau."""

    NOTICED = "noticed"
    REGISTERED = "registered"
    CONFLICT = "conflict"
    REMOVED = "removed"
    WITHDRAWN = "withdrawn"

    @property
    def is_live(self) -> bool:
        """Whether the record has not ended."""
        return self in LIVE


CLOSING = time(18)
LIVE = (RecordStage.NOTICED, RecordStage.REGISTERED, RecordStage.CONFLICT)


class BureauStep(StrEnum):
    """What happens to a record by itself."""

    REGISTER = "register"
    ASK_PROOF = "ask_proof"
    ASK_REMOVAL = "ask_removal"
    ALERT_REMOVAL = "alert_removal"
    EXPIRE = "expire"


class RemoveOn(StrEnum):
    """Which payment of an agreement takes the replaced invoice's record away."""

    FIRST_INSTALLMENT = "first_installment"
    FULL_PAYMENT = "full_payment"


@dataclass(frozen=True)
class BureauPolicy:
    """Periods of the bureau and which debts go there; a `most_amount` of nothing is no limit.

    `other_least_days_late`: of contracts that are no telecom service, which no law makes wait.
    """

    grace_days: int = 10
    max_years: int = 5
    remove_business_days: int = 5
    alert_business_days_before: int = 2
    remove_on: RemoveOn = RemoveOn.FIRST_INSTALLMENT
    only_after_termination: bool = True
    least_amount: Decimal = ZERO
    most_amount: Decimal = ZERO
    least_days_late: int = 0
    other_least_days_late: int = 30
    acts_at_hour: int = 9
    exchanges_orders: bool = False


@dataclass(frozen=True)
class AddToBureau:
    """Put invoices under bureau control. `override` is set only for whoever may override."""

    by: str
    invoice_ids: tuple[int, ...]
    details: str
    override: bool = False
    reason: str = ""
    kind: Literal["add_to_bureau"] = "add_to_bureau"
    ip: str = ""


@dataclass(frozen=True)
class RemoveFromBureau:
    """Take a record out of bureau control; while it is only noticed, it is withdrawn."""

    by: str
    details: str
    kind: Literal["remove_from_bureau"] = "remove_from_bureau"
    ip: str = ""


class BureauDetailsRequired(Refusal):
    message = "Informe os detalhes."
    field = "details"


class BureauRecordEnded(Refusal):
    message = "Este registro de SPC já foi removido."


def check_live(stage: RecordStage) -> None:
    """This will refuse to remove a record that has ended."""
    if not stage.is_live:
        raise BureauRecordEnded


def check_details(details: str) -> None:
    """This will refuse adding or removing without details."""
    if not details.strip():
        raise BureauDetailsRequired


def expires_on(due_date: date, policy: BureauPolicy) -> date:
    """The last day on which a debt may stand: five years, the day after the due date the first."""
    return add_months(due_date + ONE_DAY, months=12 * policy.max_years) - ONE_DAY


def removal_due_at(last_day: date) -> datetime:
    """The instant by which a record must be out: the closing of the last day."""
    return at_local_time(last_day, at=CLOSING)


def remove_by(freed_on: date, *, policy: BureauPolicy, calendar: Calendar) -> date:
    """The last day of the legal clock: its first is the first business day after the money came."""
    return add_business_days(freed_on, days=policy.remove_business_days, calendar=calendar)


@dataclass(frozen=True)
class RecordFacts:
    """What decides about a record's next step.

    `noticed_at` is when the notice left, or was written while it has not. `is_owed` says that the
    invoice itself is open: replaced by an agreement, it is not. `freed_on` is when the money was at
    hand that takes the record away, None while nothing does. `is_contested`: no clock towards the
    bureau runs; `stood_still_days` is how long that was so since the notice. `is_refused`: the
    bureau did not take it in. `is_marked`: its customer is set apart since the notice. On the days
    of `out` it is not registered.
    """

    stage: RecordStage
    now: datetime
    noticed_at: datetime
    notice: NoticeState
    expires_on: date
    calendar: Calendar
    is_owed: bool = True
    freed_on: date | None = None
    is_contested: bool = False
    is_refused: bool = False
    is_marked: bool = False
    stood_still_days: int = 0
    is_proof_asked: bool = False
    is_asked: bool = False
    is_alerted: bool = False
    out: frozenset[date] = frozenset()


def next_step(facts: RecordFacts, policy: BureauPolicy) -> Step | None:
    """What comes next by itself; None once the record has ended."""
    if not facts.stage.is_live:
        return None
    expiry = Step(BureauStep.EXPIRE, at_local_time(facts.expires_on + ONE_DAY, at=time.min))
    if facts.stage is RecordStage.NOTICED:
        return earliest(_registration(facts, policy), expiry)
    if facts.stage is RecordStage.CONFLICT and facts.freed_on is not None:
        return earliest(*_removal(facts, facts.freed_on, policy), expiry)
    return expiry


def _registration(facts: RecordFacts, policy: BureauPolicy) -> Step | None:
    """Ten whole days after the notice left; a notice still on its way is looked at day by day.

    Where its delivery is to be proven and is not, people are asked once, and their proof or the
    provider's wakes the record.
    """
    if facts.notice is NoticeState.FAILED or facts.is_contested or facts.is_marked:
        return None
    at = facts.noticed_at + timedelta(days=policy.grace_days + facts.stood_still_days)
    if facts.notice is NoticeState.UNPROVEN:
        return None if facts.is_proof_asked else Step(BureauStep.ASK_PROOF, at)
    if facts.notice is NoticeState.PENDING and at <= facts.now:
        at = facts.now + ONE_DAY
    return Step(BureauStep.REGISTER, first_free(at, facts.out))


def _removal(facts: RecordFacts, freed_on: date, policy: BureauPolicy) -> list[Step]:
    """The task on the first day of the legal clock, the word to the manager before its last."""
    last = remove_by(freed_on, policy=policy, calendar=facts.calendar)
    days = {
        BureauStep.ASK_REMOVAL: (facts.is_asked, freed_on, 1),
        BureauStep.ALERT_REMOVAL: (facts.is_alerted, last, -policy.alert_business_days_before),
    }
    return [
        Step(
            kind,
            at_local_time(
                add_business_days(day, days=count, calendar=facts.calendar),
                at=time(policy.acts_at_hour),
            ),
        )
        for kind, (is_done, day, count) in days.items()
        if not is_done
    ]
