"""What may be kept out of a coming day: what reaches a customer, and no deadline of the law.

A message or a registration that is kept out comes a day later; a reminder speaks of its own day, so
it does not come at all. Tasks, breaches and removals from the bureau are nobody's to keep out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from rules.agreements import AgreementStep
from rules.bureau import BureauStep
from rules.business_days import local_date
from rules.cases import Process
from rules.collections import AccountStep
from rules.refusals import Refusal

#: The step of each process that reaches a customer.
REACHING: Mapping[str, str] = {
    Process.COLLECTIONS: AccountStep.CADENCE,
    Process.AGREEMENTS: AgreementStep.REMIND,
    Process.BUREAU: BureauStep.REGISTER,
}
#: Of these, what is written to the customer: it leaves within their contact hours.
WRITING: Mapping[str, str] = {
    process: step for process, step in REACHING.items() if process != Process.BUREAU
}
LONGEST_REASON = 300


class Verdict(StrEnum):
    """What somebody said of a coming day."""

    OUT = "out"
    APPROVED = "approved"


class TakingOutReasonRequired(Refusal):
    message = "Diga por que fica fora, em até %(most)s caracteres."
    field = "reason"


def check_reason(reason: str) -> str:
    """This will give a reason without its margins. Refuses none, and one that is too long."""
    bare = reason.strip()
    if not bare or len(bare) > LONGEST_REASON:
        raise TakingOutReasonRequired(most=LONGEST_REASON)
    return bare


def reaches_customer(process: str, step: str) -> bool:
    """Whether a step is one that may be kept out of its day."""
    return REACHING.get(process) == step


def days_of(since: datetime, until: datetime) -> list[date]:
    """The days from an instant to another, both included."""
    first = local_date(since)
    return [first + timedelta(days=n) for n in range((local_date(until) - first).days + 1)]
