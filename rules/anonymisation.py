"""Anonymising a customer: what stands against it, how long the law keeps, what becomes of texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

from rules.business_days import months_end
from rules.refusals import Refusal, written_amount

#: What stands where a name or a text was.
GONE = "anonimizado"
YEAR = 12
#: Parameters that people write into, or that name somebody: gone whatever they hold.
_WRITTEN = frozenset(
    {
        *("reason", "note", "notes", "text", "remarks", "remark", "description", "comment", "name"),
        *("title", "person", "details", "subject", "address", "street", "requester", "contact"),
        *("requester_email", "email", "mobile", "phone", "to", "cc", "document", "customer"),
        *("minutes", "decisions", "attendees", "place", "author", "protocol", "proof", "device"),
    }
)
#: Dates, instants, amounts, and the house's own words for stages and kinds; a CPF has more digits.
_PLAIN = re.compile(r"-?\d{1,9}(\.\d{1,6})?|\d{4}-\d\d-\d\d([T ][\d:.+Z-]*)?|[a-z_]{1,40}")


class AnonymisationStage(StrEnum):
    """Where a request stands."""

    WAITING = "waiting"
    HELD = "held"
    DONE = "done"
    WITHDRAWN = "withdrawn"

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to be done."""
        return self in {AnonymisationStage.DONE, AnonymisationStage.WITHDRAWN}


class AnonymisationStep(StrEnum):
    """What happens to a request by itself."""

    LOOK = "look"


class KeptFor(StrEnum):
    """Why the law has something kept for a time."""

    FISCAL = "fiscal"
    CONTRACT = "contract"
    CONNECTION = "connection"
    CONTACT = "contact"


@dataclass(frozen=True)
class AnonymisationPolicy:
    """How long what is kept of a customer must be kept, and who hears of it."""

    fiscal_years: int = 5
    contract_years: int = 5
    connection_months: int = 12
    contact_years: int = 5
    access_months: int = 6
    lost_lead_months: int = 24
    look_again_days: int = 7
    by_itself: bool = False
    team: str = "cobranca"


@dataclass(frozen=True)
class CustomerTrace:
    """What is still under way with a customer, and the last day of each thing that is kept."""

    open_invoices: int = 0
    owed: Decimal = Decimal(0)
    contracts: int = 0
    charges: int = 0
    journeys: int = 0
    last_money_on: date | None = None
    last_contract_on: date | None = None
    last_message_on: date | None = None


@dataclass(frozen=True)
class WithdrawAnonymisation:
    """The customer, or the house, no longer wants it."""

    by: str
    reason: str
    ip: str = ""
    kind: Literal["withdraw_anonymisation"] = "withdraw_anonymisation"


class AnonymisationNotFound(Refusal):
    message = "Este pedido de anonimização não existe."


class AnonymisationReasonRequired(Refusal):
    message = "Informe o motivo, com até 300 caracteres."
    field = "reason"


class AlreadyAnonymised(Refusal):
    message = "Este cliente já foi anonimizado."


class AnonymisationUnderWay(Refusal):
    message = "Já existe um pedido de anonimização deste cliente."


class AnonymisationNotConfirmed(Refusal):
    message = "Para confirmar, digite o código do cliente: %(code)s."
    field = "confirmation"


class DebtStands(Refusal):
    message = "O cliente tem %(count)s fatura(s) em aberto, que somam %(amount)s."


class ContractStands(Refusal):
    message = "O cliente tem %(count)s contrato(s) que não terminaram."


class ChargeStands(Refusal):
    message = "O cliente tem %(count)s conta(s) ainda por faturar."


class JourneyStands(Refusal):
    message = "O cliente tem %(count)s processo(s) ou mensagem(ns) em andamento."


class LegalTimeStands(Refusal):
    message = "A lei manda guardar os dados até %(until)s. Peça para esperar, ou volte nesse dia."
    field = "wait"


def obstacles(trace: CustomerTrace) -> Iterator[Refusal]:
    """This will give everything that stands against anonymising, the weightiest first."""
    if trace.open_invoices:
        yield DebtStands(count=trace.open_invoices, amount=written_amount(trace.owed))
    if trace.contracts:
        yield ContractStands(count=trace.contracts)
    if trace.charges:
        yield ChargeStands(count=trace.charges)
    if trace.journeys:
        yield JourneyStands(count=trace.journeys)


@dataclass(frozen=True)
class Keeping:
    """What must be kept until a day, and may go on it."""

    why: KeptFor
    until: date


def keepings(
    trace: CustomerTrace, *, policy: AnonymisationPolicy, today: date
) -> Sequence[Keeping]:
    """This will give the legal times that still run, the longest first."""
    last = (
        (KeptFor.FISCAL, trace.last_money_on, policy.fiscal_years * YEAR),
        (KeptFor.CONTRACT, trace.last_contract_on, policy.contract_years * YEAR),
        (KeptFor.CONNECTION, trace.last_contract_on, policy.connection_months),
        (KeptFor.CONTACT, trace.last_message_on, policy.contact_years * YEAR),
    )
    found = [
        Keeping(why, months_end(day, months=months)) for why, day, months in last if day is not None
    ]
    running = [each for each in found if each.until > today]
    return sorted(running, key=lambda each: each.until, reverse=True)


def check_reason(reason: str) -> None:
    """This will refuse a request, or its withdrawal, without a reason."""
    if not reason.strip() or len(reason) > 300:
        raise AnonymisationReasonRequired


def without_words(value: Any, name: str = "") -> Any:
    """What is kept of a small JSON value: numbers, dates, stages; what somebody wrote is not."""
    if isinstance(value, dict):
        return {key: without_words(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [without_words(each, name) for each in value]
    if not isinstance(value, str) or not value:
        return value
    return value if name not in _WRITTEN and _PLAIN.fullmatch(value) else GONE
