"""Which invoices may be put at the credit bureau, and why one may not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from rules.bureau import BureauPolicy, expires_on
from rules.panels import CollectionStage, InvoiceStatus
from rules.refusals import Refusal, written_date


class NoInvoiceForBureau(Refusal):
    message = "Escolha ao menos uma fatura."
    field = "invoice_ids"


class BureauInvoiceUnknown(Refusal):
    message = "A fatura %(invoice)s não é desta conta de cobrança."
    field = "invoice_ids"


class BureauInvoiceNotOwed(Refusal):
    message = "A fatura %(invoice)s não está em aberto."
    field = "invoice_ids"


class BureauInvoiceNotInCollections(Refusal):
    message = "A fatura %(invoice)s não está em cobrança nem em acordo."
    field = "invoice_ids"


class BureauInvoiceNotLate(Refusal):
    message = "A fatura %(invoice)s ainda não venceu."
    field = "invoice_ids"


class BureauRecordExists(Refusal):
    message = "A fatura %(invoice)s já está no controle do SPC."
    field = "invoice_ids"


class BureauDebtTooOld(Refusal):
    message = (
        "A fatura %(invoice)s só poderia ficar no SPC até %(until)s. O prazo não permite mais."
    )
    field = "invoice_ids"


class BureauBeforeTermination(Refusal):
    message = (
        "O contrato da fatura %(invoice)s não foi rescindido: serviço de telecomunicações só vai ao"
        " SPC depois da rescisão."
    )
    field = "override"


class OverrideReasonRequired(Refusal):
    message = "Informe o motivo para incluir antes da rescisão."
    field = "reason"


#: Stages of collections in which an invoice may be put at the bureau.
WORKED = (
    CollectionStage.CLASSIFIED,
    CollectionStage.IN_CONTACT,
    CollectionStage.NEGOTIATING,
    CollectionStage.IN_AGREEMENT,
    CollectionStage.BROKEN,
)


@dataclass(frozen=True)
class CandidateFacts:
    """What decides whether an invoice may be put at the bureau."""

    code: str
    status: str
    stage: str | None
    due_date: date
    has_live_record: bool
    is_before_termination: bool


def check_candidate(
    facts: CandidateFacts, *, policy: BureauPolicy, today: date, overrides: bool
) -> None:
    """This will refuse an invoice that may not be put at the bureau, by its own reason.

    `overrides` lets a telecom contract's invoice in before its termination; nothing else.
    """
    until = expires_on(facts.due_date, policy)
    against: dict[type[Refusal], bool] = {
        BureauInvoiceNotOwed: facts.status != InvoiceStatus.OPEN,
        BureauInvoiceNotInCollections: facts.stage not in WORKED,
        BureauRecordExists: facts.has_live_record,
        BureauInvoiceNotLate: facts.due_date >= today,
        BureauDebtTooOld: today + timedelta(days=policy.grace_days) > until,
        BureauBeforeTermination: is_gated(facts, policy) and not overrides,
    }
    for refusal, stands in against.items():
        if stands:
            raise refusal(invoice=facts.code, until=written_date(until))


def is_gated(facts: CandidateFacts, policy: BureauPolicy) -> bool:
    """Whether only an override lets the invoice in: its telecom contract has not ended."""
    return policy.only_after_termination and facts.is_before_termination


def check_override(reason: str) -> None:
    """This will refuse an override without a reason."""
    if not reason.strip():
        raise OverrideReasonRequired
