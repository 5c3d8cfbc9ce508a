"""Protest of a debt at a notary's office (Lei 9.492/97): which debts may go, and what follows.

A boleto alone is no title: a contract or a fiscal document stands behind it. The office gives the
debtor some business days to pay; once protested and then paid, the creditor gives a letter of
consent with which the debtor has it cancelled at the debtor's own cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rules.business_days import Calendar, add_business_days
from rules.customer_marks import NAMES
from rules.debts import DebtPolicy, Limitation, limitation_of
from rules.panels import InvoiceStatus
from rules.refusals import Refusal


class ProtestStage(StrEnum):
    """Where a title stands: at the office, protested, taken back or paid there, cancelled."""

    PROTOCOLLED = "protocolled"
    PROTESTED = "protested"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"

    @property
    def is_live(self) -> bool:
        """Whether it still stands against the debtor."""
        return self in NEXT


#: What may become of a title that stands.
NEXT: Mapping[ProtestStage, tuple[ProtestStage, ...]] = {
    ProtestStage.PROTOCOLLED: (ProtestStage.PROTESTED, ProtestStage.WITHDRAWN),
    ProtestStage.PROTESTED: (ProtestStage.CANCELLED,),
}


@dataclass(frozen=True)
class ProtestPolicy:
    """When a debt may be protested, and how long the debtor and the creditor have."""

    least_days_late: int = 90
    payment_business_days: int = 3
    consent_business_days: int = 2


@dataclass(frozen=True)
class ProtestFacts:
    """What decides whether an invoice may be protested; `mark` is what sets its customer apart."""

    label: str
    status: str
    due_date: date
    has_title: bool
    has_live_protest: bool = False
    mark: str = ""


class ProtestNotFound(Refusal):
    message = "Este protesto não existe."


class ProtestFieldRequired(Refusal):
    message = "Informe o cartório e o protocolo."
    field = "protocol"


class ProtestNotOwed(Refusal):
    message = "A fatura %(invoice)s não está em aberto."


class ProtestWithoutTitle(Refusal):
    message = (
        "A fatura %(invoice)s não tem contrato nem documento fiscal: só o boleto não é título para"
        " protesto."
    )


class ProtestTooSoon(Refusal):
    message = "A fatura %(invoice)s tem %(days)s dia(s) de atraso; a protesto vai com %(least)s."


class ProtestBarred(Refusal):
    message = "A fatura %(invoice)s prescreveu e não pode ir a protesto."


class ProtestAlreadyDone(Refusal):
    message = "A fatura %(invoice)s já está em protesto."


class ProtestCustomerMarked(Refusal):
    message = "O cliente da fatura %(invoice)s está marcado: %(mark_word)s."


class ProtestDayNotValid(Refusal):
    message = "O protocolo é de um dia depois do vencimento e até hoje."
    field = "protocolled_on"


class ProtestEndRefused(Refusal):
    message = "Neste ponto, isto não acontece mais com o protesto."
    field = "stage"


class ConsentTooEarly(Refusal):
    message = "A carta de anuência só sai com a fatura quitada e o título protestado."


def check_protest(
    facts: ProtestFacts, policy: ProtestPolicy, debts: DebtPolicy, *, today: date
) -> None:
    """This will refuse to protest what may not be: the first reason of those above."""
    days = (today - facts.due_date).days
    reasons: tuple[tuple[bool, type[Refusal]], ...] = (
        (facts.status != InvoiceStatus.OPEN, ProtestNotOwed),
        (facts.has_live_protest, ProtestAlreadyDone),
        (bool(facts.mark), ProtestCustomerMarked),
        (not facts.has_title, ProtestWithoutTitle),
        (
            limitation_of(facts.due_date, debts, today=today) is Limitation.REACHED,
            ProtestBarred,
        ),
        (days < policy.least_days_late, ProtestTooSoon),
    )
    for stands, refusal in reasons:
        if stands:
            raise refusal(
                invoice=facts.label, days=days, least=policy.least_days_late,
                mark_word=NAMES.get(facts.mark, facts.mark),
            )  # fmt: skip


def check_told(*, office: str, protocol: str, protocolled_on: date, due: date, today: date) -> None:
    """This will refuse a protocol without its office and number, or of an impossible day."""
    if not office.strip() or not protocol.strip():
        raise ProtestFieldRequired
    if not due < protocolled_on <= today:
        raise ProtestDayNotValid


def check_next(stage: str, new: ProtestStage) -> None:
    """This will refuse what cannot become of a title that stands so (ProtestEndRefused)."""
    if new not in NEXT.get(ProtestStage(stage), ()):
        raise ProtestEndRefused


def pay_until(protocolled_on: date, policy: ProtestPolicy, calendar: Calendar) -> date:
    """The last day on which the debtor pays at the office before the protest (art. 12)."""
    return add_business_days(protocolled_on, days=policy.payment_business_days, calendar=calendar)
