"""Promises to pay: a day and an amount, given by word; an agreement without new invoices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import StrEnum

from rules.money import ZERO
from rules.refusals import Refusal, written_amount, written_date

#: The nightly routine looks at the promises.
JUDGED_AT = time(4)


class PromiseStatus(StrEnum):
    """What became of a promise."""

    MADE = "made"
    KEPT = "kept"
    BROKEN = "broken"
    WITHDRAWN = "withdrawn"


class NothingToPromise(Refusal):
    message = "O cliente não tem fatura vencida em aberto."


class PromiseUnderWay(Refusal):
    message = "O cliente já tem uma promessa em vigor."


class TooManyPromises(Refusal):
    message = "O cliente já fez %(count)s promessa(s) nos últimos %(days)s dias."


class PromisedDayNotPossible(Refusal):
    message = "A promessa pode ser para um dia de %(first)s a %(last)s."
    field = "promised_on"


class PromisedAmountNotPossible(Refusal):
    message = "O valor vai de R$ 0,01 a R$ %(most)s."
    field = "amount"


class PromiseNotFound(Refusal):
    message = "Esta promessa não existe."


class PromiseAlreadyDone(Refusal):
    message = "Esta promessa já foi encerrada."


@dataclass(frozen=True)
class PromisePolicy:
    """How far ahead a promise may lie, how often, and when it counts as kept."""

    days_ahead: int = 10
    grace_days: int = 2
    kept_percent: int = 100
    most: int = 2
    within_days: int = 60


@dataclass(frozen=True)
class PromiseFacts:
    """What decides whether a customer may promise: what is overdue, and the promises before."""

    overdue: Decimal
    is_under_way: bool
    recent: int


def check_promise(
    promised_on: date, amount: Decimal, facts: PromiseFacts, policy: PromisePolicy, *, today: date
) -> None:
    """This will refuse a promise of nothing, a second one, one too many, too far or too much."""
    if facts.overdue <= ZERO:
        raise NothingToPromise
    if facts.is_under_way:
        raise PromiseUnderWay
    if facts.recent >= policy.most:
        raise TooManyPromises(count=facts.recent, days=policy.within_days)
    last = today + timedelta(days=policy.days_ahead)
    if not today <= promised_on <= last:
        raise PromisedDayNotPossible(first=written_date(today), last=written_date(last))
    if not ZERO < amount <= facts.overdue:
        raise PromisedAmountNotPossible(most=written_amount(facts.overdue))


def outcome(
    *,
    paid: Decimal,
    owed: Decimal,
    amount: Decimal,
    promised_on: date,
    policy: PromisePolicy,
    today: date,
) -> PromiseStatus:
    """What a promise is by now: kept as soon as enough is paid, broken once its grace is over.

    What is not owed of its invoices any more, cancelled or contested, is not waited for; where
    that is all of it, the promise is withdrawn. `owed` is what is.
    """
    asked = min(amount, paid + owed)
    if asked <= ZERO:
        return PromiseStatus.WITHDRAWN
    if paid * 100 >= asked * policy.kept_percent:
        return PromiseStatus.KEPT
    return PromiseStatus.BROKEN if today >= broken_on(promised_on, policy) else PromiseStatus.MADE


def broken_on(promised_on: date, policy: PromisePolicy) -> date:
    """The first day on which a promise that is not paid counts as broken: its grace is over."""
    return promised_on + timedelta(days=policy.grace_days + 1)
