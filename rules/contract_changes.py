"""Dated changes of a contract: when each begins and ends, and what may be asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Literal

from rules.business_days import add_months, at_local_time
from rules.cases import Step
from rules.contact_window import TIME_ZONES
from rules.contracts import ContractStage, Periodicity
from rules.refusals import Refusal, written_date

#: Changes begin and end in the small hours, before billing and the ladder look at the day.
CHANGES_AT = time(1)
#: Nothing is agreed for later than this.
MOST_MONTHS_AHEAD = 60


class ChangeKind(StrEnum):
    """What is asked for."""

    SUSPENSION = "suspension"
    UPGRADE = "upgrade"
    PLAN_CHANGE = "plan_change"
    PERIODICITY = "periodicity"
    ADDRESS = "address"
    OWNERSHIP = "ownership"
    CANCELLATION = "cancellation"

    @property
    def lasts(self) -> bool:
        """Whether it ends by itself or by hand; the others are done the day they begin."""
        return self in {ChangeKind.SUSPENSION, ChangeKind.UPGRADE}


class ChangeStage(StrEnum):
    """Where a change stands."""

    SCHEDULED = "scheduled"
    IN_EFFECT = "in_effect"
    DONE = "done"
    CALLED_OFF = "called_off"


class ChangeStep(StrEnum):
    """What happens to a change by itself."""

    BEGIN = "begin"
    END = "end"


#: A change that is not over yet.
LIVE = (ChangeStage.SCHEDULED, ChangeStage.IN_EFFECT)


class ContractIsOver(Refusal):
    message = "Este contrato já foi encerrado."


class ContractEndedBy(ContractIsOver, code=ContractIsOver.code):
    message = "Este contrato já foi encerrado, por %(by)s, em %(when)s."


class ContractNotInService(Refusal):
    message = "O contrato ainda não foi ativado."


class ChangeInThePast(Refusal):
    message = "A data não pode ser anterior a %(today)s."
    field = "starts_on"


class ChangeTooFar(Refusal):
    message = "A data não pode passar de %(latest)s."
    field = "starts_on"


class ChangeEndsBeforeItBegins(Refusal):
    message = "O fim precisa ser posterior ao início."
    field = "until"


class ChangeNeedsEnd(Refusal):
    message = "Informe até quando vale o plano temporário."
    field = "until"


class ChangeNeedsPlan(Refusal):
    message = "Escolha o novo plano."
    field = "plan_id"


class ChangePlanOfOtherType(Refusal):
    message = "O plano %(plan)s é de outro tipo de serviço: faça um contrato para ele."
    field = "plan_id"


class ChangeNeedsPeriodicity(Refusal):
    message = "Escolha uma periodicidade que não seja a atual."
    field = "months"


class PeriodicityNeedsMonthly(Refusal):
    message = (
        "O desconto por inatividade deste contrato exige cobrança mensal: retire-o antes, nas "
        "condições."
    )
    field = "months"


class ChangesCollide(Refusal):
    message = (
        "Plano temporário e troca de periodicidade não valem juntos: encerre antes o que já está "
        "marcado ou em vigor."
    )
    field = "kind"


class ChangeNeedsAddress(Refusal):
    message = "Informe logradouro, cidade e UF do novo endereço."
    field = "street"


class ChangePostalCodeNotValid(Refusal):
    message = "O CEP %(code)s não tem oito dígitos."
    field = "postal_code"


class ChangeNeedsOwner(Refusal):
    message = "Escolha o novo titular, que não pode ser o atual."
    field = "to_customer"


class ChangeNeedsReason(Refusal):
    message = "Informe o motivo."
    field = "reason"


class ChangeUnderWay(Refusal):
    message = (
        "Já existe uma alteração deste tipo marcada ou em vigor, pedida por %(by)s em %(when)s."
        " Encerre-a antes."
    )
    field = "kind"


class ChangeNotScheduled(Refusal):
    message = "A alteração já começou. Encerre-a em vez de desmarcá-la."


class ChangeNotInEffect(Refusal):
    message = "A alteração ainda não começou."


@dataclass(frozen=True)
class Address:
    """Where a service is installed."""

    street: str = ""
    city: str = ""
    uf: str = ""
    postal_code: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether somebody finds the way; a postal code is not needed for that."""
        return bool(self.street.strip() and self.city.strip()) and self.uf in TIME_ZONES

    @property
    def line(self) -> str:
        """The address on one line."""
        return ", ".join(filter(None, (self.street, f"{self.city}/{self.uf}", self.postal_code)))


@dataclass(frozen=True)
class AskedChange:
    """What a person asks of a contract."""

    kind: ChangeKind
    starts_on: date
    until: date | None = None
    plan_id: int | None = None
    reason: str = ""
    address: Address | None = None
    to_customer_id: int | None = None
    months: int | None = None


@dataclass(frozen=True)
class CallOff:
    """A change that has not begun is not wanted any more."""

    by: str
    ip: str = ""
    kind: Literal["call_off"] = "call_off"


@dataclass(frozen=True)
class EndNow:
    """What lasts, ends today."""

    by: str
    ip: str = ""
    kind: Literal["end_now"] = "end_now"


def check_change(
    asked: AskedChange, *, stage: ContractStage, today: date, owner_id: int = 0
) -> None:
    """This will refuse a change that the contract's stage or the calendar does not allow."""
    if stage.is_over:
        raise ContractIsOver
    waits = stage in {ContractStage.DRAFT, ContractStage.AWAITING_ACTIVATION}
    if waits and asked.kind is not ChangeKind.CANCELLATION:
        raise ContractNotInService
    if asked.starts_on < today:
        raise ChangeInThePast(today=written_date(today))
    if asked.until is not None and asked.until <= asked.starts_on:
        raise ChangeEndsBeforeItBegins
    check_not_too_far(asked.starts_on, today=today, field="starts_on")
    if asked.until is not None:
        check_not_too_far(asked.until, today=today, field="until")
    _check_what_it_needs(asked, owner_id=owner_id)
    if asked.address is not None:
        _check_postal_code(asked.address.postal_code)


#: Both count along the contract's periods, which the second one makes anew.
COLLIDING = {
    ChangeKind.UPGRADE: ChangeKind.PERIODICITY,
    ChangeKind.PERIODICITY: ChangeKind.UPGRADE,
}


def check_periodicity(months: int | None, *, now: int, has_inactivity_discount: bool) -> None:
    """This will refuse other periods than there are, those that are already, and longer ones than
    a month where days without service come off."""
    if months == now or months not in set(Periodicity):
        raise ChangeNeedsPeriodicity
    if has_inactivity_discount and months != Periodicity.MONTH:
        raise PeriodicityNeedsMonthly


def check_not_too_far(day: date, *, today: date, field: str) -> None:
    """This will refuse a day whose year was typed wrong: it would make charges for centuries."""
    latest = add_months(today, months=MOST_MONTHS_AHEAD)
    if day > latest:
        raise ChangeTooFar(latest=written_date(latest), field=field)


def _check_postal_code(code: str) -> None:
    if code and re.fullmatch(r"\d{5}-?\d{3}", code) is None:
        raise ChangePostalCodeNotValid(code=code)


def _check_what_it_needs(asked: AskedChange, *, owner_id: int) -> None:
    has_place = asked.address is not None and asked.address.is_whole
    has_owner = asked.to_customer_id not in (None, owner_id)
    has_plan = asked.plan_id is not None
    needs: dict[ChangeKind, list[tuple[bool, type[Refusal]]]] = {
        ChangeKind.UPGRADE: [
            (asked.until is not None, ChangeNeedsEnd),
            (has_plan, ChangeNeedsPlan),
        ],
        ChangeKind.PLAN_CHANGE: [(has_plan, ChangeNeedsPlan)],
        ChangeKind.ADDRESS: [(has_place, ChangeNeedsAddress)],
        ChangeKind.OWNERSHIP: [(has_owner, ChangeNeedsOwner)],
        ChangeKind.CANCELLATION: [(bool(asked.reason.strip()), ChangeNeedsReason)],
    }
    for is_there, refusal in needs.get(asked.kind, []):
        if not is_there:
            raise refusal


def next_step(*, stage: ChangeStage, starts_on: date, until: date | None) -> Step | None:
    """What comes next by itself; None when only a person can end it, or it is over."""
    if stage is ChangeStage.SCHEDULED:
        return Step(ChangeStep.BEGIN, at_local_time(starts_on, at=CHANGES_AT))
    if stage is ChangeStage.IN_EFFECT and until is not None:
        return Step(ChangeStep.END, at_local_time(until, at=CHANGES_AT))
    return None
