"""Renewals: when a term's end is told, when it enters the queue, and when it renews."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from rules.business_days import ONE_DAY, at_local_time, months_end
from rules.cases import Step, earliest
from rules.contracts import RenewalForm, RenewalPrice
from rules.money import ZERO
from rules.refusals import Refusal

RENEWALS_AT = time(8)
#: A successor takes over in the small hours, before billing and the ladder look at the day.
TAKEN_OVER_AT = time(1)
#: The task that asks for another way to tell the customer.
UNTOLD = "renewal_untold"
#: Both notices were given.
NOTICES = 2


class RenewalStage(StrEnum):
    """Where the end of a term stands; `succeeding`: its successor waits for the day."""

    QUEUED = "queued"
    SUCCEEDING = "succeeding"
    RENEWED = "renewed"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"

    @property
    def is_over(self) -> bool:
        """Whether the term was renewed or ended."""
        return self not in {RenewalStage.QUEUED, RenewalStage.SUCCEEDING}


class RenewalStep(StrEnum):
    """What happens to a renewal by itself."""

    FIRST_NOTICE = "first_notice"
    SECOND_NOTICE = "second_notice"
    RENEW = "renew"
    TAKE_OVER = "take_over"
    ASK = "ask"
    EXPIRE = "expire"


@dataclass(frozen=True)
class RenewalPolicy:
    """When terms renew by themselves, and what customers are told before."""

    renews_automatically: bool = True
    queue_at_open_invoices: int = 3
    renew_at_open_invoices: int = 2
    first_notice_days: int = 60
    second_notice_days: int = 30
    ask_days: int = 15


@dataclass(frozen=True)
class RenewalFacts:
    """What decides about a renewal's next step."""

    stage: RenewalStage
    ends_on: date
    notices: int
    open_invoices: int
    next_change_on: date | None
    is_automatic: bool
    is_asked: bool
    told_on: date | None = None  #: the day of the newest notice
    is_untold: bool = False  #: a notice was lost on every channel, and given no other way


@dataclass(frozen=True)
class RenewNow:
    """An operator renews, whatever the number of open invoices; `form` None: as was proposed."""

    by: str
    ip: str = ""
    form: RenewalForm | None = None
    kind: Literal["renew_now"] = "renew_now"


@dataclass(frozen=True)
class EditRenewal:
    """Another amount or length of the next term, which is told anew, or another form of it.

    `form` None: the contract's own choice.
    """

    by: str
    amount: Decimal
    months: int
    ip: str = ""
    form: RenewalForm | None = None
    kind: Literal["edit_renewal"] = "edit_renewal"


@dataclass(frozen=True)
class LetExpire:
    """The contract is not renewed: it ends with its term."""

    by: str
    reason: str = ""
    ip: str = ""
    kind: Literal["let_expire"] = "let_expire"


@dataclass(frozen=True)
class ProveRenewal:
    """The customer was told of the renewal by other means than ours: how, and on which day."""

    by: str
    proven_on: date
    proof: str
    ip: str = ""
    kind: Literal["prove_renewal"] = "prove_renewal"


@dataclass(frozen=True)
class TellRenewalAgain:
    """A notice that was lost is written once more: the customer can be reached by now."""

    by: str
    ip: str = ""
    kind: Literal["tell_renewal_again"] = "tell_renewal_again"


class RenewalNoticeNotWanted(Refusal):
    message = "Esta renovação não espera por aviso ao cliente."


class RenewalUntold(Refusal):
    message = (
        "Um aviso da renovação não chegou ao cliente por nenhum canal: registre como ele foi"
        " avisado, ou escreva de novo."
    )


class RenewalAmountNotPossible(Refusal):
    message = "Informe um valor maior que zero."
    field = "amount"


class RenewalMonthsNotPossible(Refusal):
    message = "Informe um prazo de 1 a 60 meses."
    field = "months"


class RenewalAlreadyMade(Refusal):
    message = (
        "A renovação já foi feita: o contrato %(contract)s assume em %(day)s. Para voltar atrás,"
        " cancele-o."
    )


class NoticesNotGiven(Refusal):
    message = "A renovação espera pelos avisos ao cliente, de %(first)s e %(second)s dias antes."


def next_step(facts: RenewalFacts, policy: RenewalPolicy, *, now: datetime) -> Step | None:
    """What comes next by itself; None when the renewal is over or waits for a person.

    A step whose day has passed is due now: after a standstill both notices go out, a day apart.
    """
    if facts.stage.is_over:
        return None
    if facts.stage is RenewalStage.SUCCEEDING:
        return Step(RenewalStep.TAKE_OVER, at_local_time(facts.ends_on, at=TAKEN_OVER_AT))
    return earliest(
        _notice(facts, policy),
        _renewal(facts, policy, now=now),
        _asking(facts, policy),
        _expiry(facts),
    )


def may_renew(facts: RenewalFacts, policy: RenewalPolicy) -> bool:
    """Whether it renews by itself on today's facts."""
    few = facts.open_invoices <= policy.renew_at_open_invoices
    return facts.is_automatic and is_told(facts) and few


def is_told(facts: RenewalFacts) -> bool:
    """Whether the customer was given both notices; one that nobody received counts for nothing."""
    return facts.notices >= NOTICES and not facts.is_untold


def next_amount(
    *, price: RenewalPrice, plan_amount: Decimal | None, suggested: Decimal | None, present: Decimal
) -> Decimal:
    """This will give the next term's amount: the plan's of today, or the one suggested.

    Where that is not known, the present amount goes on.
    """
    wanted = suggested if price is RenewalPrice.SUGGESTED else plan_amount
    return wanted if wanted is not None and wanted > ZERO else present


def next_end(ends_on: date, *, months: int) -> date:
    """The end of the next term."""
    return months_end(ends_on, months=months)


def check_edit(command: EditRenewal) -> None:
    """This will refuse an amount or a length that no term can have."""
    if command.amount <= ZERO:
        raise RenewalAmountNotPossible
    if not 1 <= command.months <= 60:
        raise RenewalMonthsNotPossible


def _notice(facts: RenewalFacts, policy: RenewalPolicy) -> Step | None:
    if facts.notices >= NOTICES or (facts.is_asked and not facts.is_automatic):
        return None  # all is told, or it was said that this term is not renewed
    kind, days = (
        (RenewalStep.FIRST_NOTICE, policy.first_notice_days),
        (RenewalStep.SECOND_NOTICE, policy.second_notice_days),
    )[facts.notices]
    day = facts.ends_on - timedelta(days=days)
    if facts.notices and facts.told_on is not None:  # two letters of one day would say the same
        day = max(day, min(facts.told_on + ONE_DAY, facts.ends_on - ONE_DAY))
    return Step(kind, at_local_time(day, at=RENEWALS_AT))


def _renewal(facts: RenewalFacts, policy: RenewalPolicy, *, now: datetime) -> Step | None:
    """Renewal waits for the number of open invoices, which falls when a due date passes."""
    if may_renew(facts, policy):
        return Step(RenewalStep.RENEW, now)
    if not facts.is_automatic or not is_told(facts) or facts.next_change_on is None:
        return None
    return Step(RenewalStep.RENEW, at_local_time(facts.next_change_on, at=RENEWALS_AT))


def _asking(facts: RenewalFacts, policy: RenewalPolicy) -> Step | None:
    if facts.is_automatic or facts.is_asked or facts.notices < NOTICES:
        return None
    day = facts.ends_on - timedelta(days=policy.ask_days)
    return Step(RenewalStep.ASK, at_local_time(day, at=RENEWALS_AT))


def _expiry(facts: RenewalFacts) -> Step:
    return Step(RenewalStep.EXPIRE, at_local_time(facts.ends_on, at=RENEWALS_AT))
