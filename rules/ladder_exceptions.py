"""Exceptions: until when a contract may be left alone, and how often somebody is trusted."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from rules.ladder_steps import LadderPolicy
from rules.refusals import Refusal

#: An exception longer than this is another ladder.
MOST_DAYS = 365


class ExceptionKind(StrEnum):
    """Why a contract is left alone: the house's own reasons, or trust that payment will come."""

    EXCEPTION = "exception"
    RELEASE = "release"


class ExceptionUntilRefused(Refusal):
    message = "A exceção vale até um dia depois de hoje e no máximo %(most)s dias."
    field = "until"


class ExceptionReasonRequired(Refusal):
    message = "Diga o motivo da exceção."
    field = "reason"


class ReleaseTooLong(Refusal):
    message = "A liberação em confiança dura no máximo %(days)s dias."
    field = "until"


class ReleaseTooSoon(Refusal):
    message = (
        "Este contrato já teve uma liberação em confiança em %(last)s; a próxima é possível em"
        " %(next)s."
    )
    field = "kind"


def check_exception(*, until: date, reason: str, today: date) -> None:
    """This will refuse an exception without a reason, or until a day that makes no sense."""
    if not today < until <= today + timedelta(days=MOST_DAYS):
        raise ExceptionUntilRefused(most=MOST_DAYS)
    if not reason.strip():
        raise ExceptionReasonRequired


def check_release(*, until: date, last: date | None, today: date, policy: LadderPolicy) -> None:
    """This will refuse a release in confidence that is too long or too soon after the last."""
    if until > today + timedelta(days=policy.release_days):
        raise ReleaseTooLong(days=policy.release_days)
    if last is not None and today < last + timedelta(days=policy.release_every_days):
        again = last + timedelta(days=policy.release_every_days)
        raise ReleaseTooSoon(last=f"{last:%d/%m/%Y}", next=f"{again:%d/%m/%Y}")
