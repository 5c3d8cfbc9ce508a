"""The life of an agreement: who is reminded when, when it is broken, when it was kept too late.

What is asked when one is made stands in rules/agreement_terms.py, its arithmetic in
rules/proposals.py, who may end it in rules/agreement_ends.py, and what undoing it restores in
rules/restoring.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Literal

from rules.agreement_terms import AgreementKind
from rules.business_days import ONE_DAY, Calendar, CalendarKind, at_local_time, next_business_day
from rules.cases import Step, earliest
from rules.proposals import SpecialProcesses


class AgreementStatus(StrEnum):
    """Where an agreement stands; the status and the stage of its case are the same."""

    IN_PROGRESS = "in_progress"
    BROKEN = "broken"
    FULFILLED = "fulfilled"
    FULFILLED_LATE = "fulfilled_late"
    RENEGOTIATED = "renegotiated"
    RESTORED = "restored"
    CANCELLED = "cancelled"

    @property
    def is_live(self) -> bool:
        """Whether it still binds its invoices."""
        return self in LIVE


LIVE = (AgreementStatus.IN_PROGRESS, AgreementStatus.BROKEN)
KEPT = (AgreementStatus.FULFILLED, AgreementStatus.FULFILLED_LATE)


class AgreementStep(StrEnum):
    """What happens to an agreement by itself."""

    REMIND = "remind"
    CHECK_PROMISE = "check_promise"
    BREAK = "break"


class Reminder(StrEnum):
    """Which of the three reminders of a due date; also the purpose of its message."""

    BEFORE = "agreement_reminder_before"
    ON_DUE = "agreement_reminder_due"
    AFTER = "agreement_reminder_late"


class AgreementReason(StrEnum):
    """Why an invoice moved from stage to stage because of an agreement."""

    MADE = "agreement_made"
    SETTLED = "settled"
    PAYMENT_REVERSED = "payment_reversed"
    INVOICE_CANCELLED = "cancelled"
    BROKEN = "agreement_broken"
    RENEGOTIATED = "agreement_renegotiated"
    RESTORED = "agreement_restored"
    CANCELLED = "agreement_cancelled"


@dataclass(frozen=True)
class AgreementPolicy:
    """What the company allows in agreements, and the offsets of what happens by itself."""

    allows_fiscal_document: bool = False
    allows_remittance: bool = False
    suspend_originals: bool = False
    most_instalments: int = 60
    broken_after_days_late: int = 30
    remind_days_before: int = 3
    remind_on_due_date: bool = True
    remind_days_after: int = 2
    acts_at_hour: int = 9
    task_due_business_days: int = 2
    tells_customer: bool = True

    @property
    def special_processes(self) -> SpecialProcesses:
        """Which papers already issued do not keep an invoice out."""
        return SpecialProcesses(
            allows_fiscal_document=self.allows_fiscal_document,
            allows_remittance=self.allows_remittance,
        )

    def instant_on(self, day: date) -> datetime:
        """The instant of a day at which agreements act."""
        return at_local_time(day, at=time(self.acts_at_hour))


@dataclass(frozen=True)
class CancelAgreement:
    """Called off, and why; the originals come back."""

    by: str
    reason: str
    kind: Literal["cancel_agreement"] = "cancel_agreement"
    ip: str = ""


@dataclass(frozen=True)
class Renegotiate:
    """A broken agreement's unsettled invoices are negotiated anew."""

    by: str
    kind: Literal["renegotiate"] = "renegotiate"
    ip: str = ""


@dataclass(frozen=True)
class RestoreOriginals:
    """A broken agreement is undone; the originals come back."""

    by: str
    kind: Literal["restore_originals"] = "restore_originals"
    ip: str = ""


@dataclass(frozen=True)
class AgreedInvoice:
    """An invoice that the agreement is kept by: an instalment, or an unchanged original."""

    invoice_id: int
    due_date: date
    settled_on: date | None = None


BANKS = Calendar(kind=CalendarKind.BANK)


@dataclass(frozen=True)
class AgreementFacts:
    """What decides about an agreement's next step; the reminders of the days `out` are left out.

    `is_left_alone`: its customer is marked, and nothing comes by itself. `calendar` is that of
    banks: what falls due on a day off is paid in time on the next business day.
    """

    status: AgreementStatus
    kind: AgreementKind
    tolerance_date: date
    reminded_until: date
    is_promise_checked: bool
    invoices: tuple[AgreedInvoice, ...]
    out: frozenset[date] = frozenset()
    is_left_alone: bool = False
    calendar: Calendar = BANKS

    @property
    def unsettled(self) -> tuple[AgreedInvoice, ...]:
        """What is still to be paid."""
        return tuple(each for each in self.invoices if each.settled_on is None)

    def due_date_of(self, invoice: AgreedInvoice) -> date:
        """The day agreed on: an unchanged invoice is overdue already, its tolerance counts."""
        return self.tolerance_date if self.kind == AgreementKind.UNCHANGED else invoice.due_date


def next_step(facts: AgreementFacts, policy: AgreementPolicy) -> Step | None:
    """What comes next by itself; None when only people or payments can move the agreement."""
    if facts.status != AgreementStatus.IN_PROGRESS or not facts.unsettled or facts.is_left_alone:
        return None
    return earliest(
        _next_reminder(facts, policy), _promise_check(facts, policy), _breaking(facts, policy)
    )


def breaks_on(facts: AgreementFacts, policy: AgreementPolicy) -> date | None:
    """The first day on which the agreement is broken if nothing more is paid; None: all is paid."""
    last_days = (last_good_day(each, facts, policy) for each in facts.unsettled)
    return min((day + ONE_DAY for day in last_days), default=None)


def last_good_day(invoice: AgreedInvoice, facts: AgreementFacts, policy: AgreementPolicy) -> date:
    """The last day on which paying this invoice still keeps the agreement."""
    latest = facts.due_date_of(invoice) + timedelta(days=policy.broken_after_days_late)
    return min(facts.tolerance_date, latest)


def fulfilment(facts: AgreementFacts, policy: AgreementPolicy) -> AgreementStatus:
    """How an agreement ends with nothing left to pay: kept in time, kept late, or without object.

    The last when every invoice was cancelled in the books.
    """
    if not facts.invoices:
        return AgreementStatus.CANCELLED
    late = any(
        each.settled_on is not None and each.settled_on > last_good_day(each, facts, policy)
        for each in facts.invoices
    )
    return AgreementStatus.FULFILLED_LATE if late else AgreementStatus.FULFILLED


def reminders_due(
    facts: AgreementFacts, policy: AgreementPolicy, *, today: date
) -> list[tuple[AgreedInvoice, Reminder]]:
    """Whom to remind of what today: of each unsettled invoice the latest reminder not yet sent.

    A house that was asleep for days sends one reminder, not all it missed.
    """
    due = {}
    for invoice in facts.unsettled:
        for day, reminder in _reminders_of(invoice, facts, policy):
            if facts.reminded_until < day <= today and day not in facts.out:
                due[invoice] = reminder
    return list(due.items())


def _reminders_of(
    invoice: AgreedInvoice, facts: AgreementFacts, policy: AgreementPolicy
) -> Iterator[tuple[date, Reminder]]:
    """The reminder days of an invoice, in order; of being late, only who is."""
    due_date = facts.due_date_of(invoice)
    yield due_date - timedelta(days=policy.remind_days_before), Reminder.BEFORE
    if policy.remind_on_due_date:
        yield due_date, Reminder.ON_DUE
    last_free = next_business_day(due_date, calendar=facts.calendar)
    yield last_free + timedelta(days=policy.remind_days_after), Reminder.AFTER


def _next_reminder(facts: AgreementFacts, policy: AgreementPolicy) -> Step | None:
    days = (
        day
        for invoice in facts.unsettled
        for day, _ in _reminders_of(invoice, facts, policy)
        if day > facts.reminded_until and day not in facts.out
    )
    return _first(AgreementStep.REMIND, days, policy)


def _promise_check(facts: AgreementFacts, policy: AgreementPolicy) -> Step | None:
    if facts.is_promise_checked:
        return None
    return Step(AgreementStep.CHECK_PROMISE, policy.instant_on(facts.tolerance_date))


def _breaking(facts: AgreementFacts, policy: AgreementPolicy) -> Step | None:
    day = breaks_on(facts, policy)
    return Step(AgreementStep.BREAK, policy.instant_on(day)) if day else None


def _first(kind: AgreementStep, days: Iterable[date], policy: AgreementPolicy) -> Step | None:
    day = min(days, default=None)
    return Step(kind, policy.instant_on(day)) if day else None
