"""Which invoices may be put at the credit bureau, and why one may not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from rules.bureau import BureauPolicy, expires_on
from rules.collection_stages import CollectionStage
from rules.customer_marks import NAMES
from rules.money import ZERO
from rules.panels import InvoiceStatus
from rules.refusals import Refusal, written_amount, written_date


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


class BureauDebtTooSmall(Refusal):
    message = (
        "A fatura %(invoice)s deve R$ %(amount)s; ao SPC vai o que deve ao menos R$ %(least)s."
    )
    field = "override"


class BureauDebtTooLarge(Refusal):
    message = "A fatura %(invoice)s deve R$ %(amount)s; ao SPC vai o que deve até R$ %(most)s."
    field = "override"


class BureauDebtTooYoung(Refusal):
    message = (
        "A fatura %(invoice)s tem %(days)s dia(s) de atraso; ao SPC vai a partir de %(least)s."
    )
    field = "override"


class BureauAgreementKept(Refusal):
    message = "A fatura %(invoice)s está num acordo em dia até %(until)s."
    field = "override"


class BureauCustomerMarked(Refusal):
    message = "O cliente da fatura %(invoice)s está marcado: %(mark_word)s."
    field = "override"


class OverrideReasonRequired(Refusal):
    message = "Informe o motivo para incluir apesar do impedimento."
    field = "reason"


#: Stages of collections in which an invoice may be put at the bureau.
WORKED = (
    CollectionStage.CLASSIFIED,
    CollectionStage.IN_CONTACT,
    CollectionStage.NEGOTIATING,
    CollectionStage.IN_AGREEMENT,
    CollectionStage.BROKEN,
)


class Verdict(StrEnum):
    """What would become of an invoice: in, in only by an override, or not in."""

    FREE = "free"
    GATED = "gated"
    BARRED = "barred"


@dataclass(frozen=True)
class CandidateFacts:
    """What decides whether an invoice may be put at the bureau.

    `agreed_until` is the last day of an agreement that keeps the invoice as it is; `is_other`: it
    is of contracts that are no telecom service.
    """

    code: str
    status: str
    stage: str | None
    due_date: date
    has_live_record: bool
    is_before_termination: bool
    open_amount: Decimal = ZERO
    agreed_until: date | None = None
    mark: str = ""
    is_other: bool = False


@dataclass(frozen=True)
class Judgement:
    """What is said of a candidate: everything against it, the weightiest first."""

    verdict: Verdict
    against: tuple[Refusal, ...] = ()


def check_candidate(
    facts: CandidateFacts, *, policy: BureauPolicy, today: date, overrides: bool
) -> None:
    """This will refuse an invoice that may not be put at the bureau, by its own reason.

    `overrides` lets in what gates_of names; nothing else.
    """
    found = judge(facts, policy=policy, today=today)
    is_refused = found.verdict is Verdict.BARRED or (found.against and not overrides)
    if is_refused:
        raise found.against[0]


def judge(facts: CandidateFacts, *, policy: BureauPolicy, today: date) -> Judgement:
    """This will say what would become of an invoice, and why."""
    until = expires_on(facts.due_date, policy)
    bars: dict[type[Refusal], bool] = {
        BureauInvoiceNotOwed: facts.status != InvoiceStatus.OPEN,
        BureauInvoiceNotInCollections: facts.stage not in WORKED,
        BureauRecordExists: facts.has_live_record,
        BureauInvoiceNotLate: facts.due_date >= today,
        BureauDebtTooOld: today + timedelta(days=policy.grace_days) > until,
    }
    told = {"invoice": facts.code, "until": written_date(until)}
    barred = tuple(bar(**told) for bar, stands in bars.items() if stands)
    if barred:
        return Judgement(Verdict.BARRED, barred)
    gates = gates_of(facts, policy, today=today)
    return Judgement(Verdict.GATED if gates else Verdict.FREE, gates)


def gates_of(facts: CandidateFacts, policy: BureauPolicy, *, today: date) -> tuple[Refusal, ...]:
    """Why only an override lets the invoice in; nothing: it needs none."""
    days, until = (today - facts.due_date).days, facts.agreed_until
    amount, most = facts.open_amount, policy.most_amount
    least_days = least_days_late(policy, is_other=facts.is_other)
    gates: list[tuple[type[Refusal], bool]] = [
        (BureauBeforeTermination, policy.only_after_termination and facts.is_before_termination),
        (BureauCustomerMarked, bool(facts.mark)),
        (BureauAgreementKept, until is not None and until >= today),
        (BureauDebtTooSmall, amount < policy.least_amount),
        (BureauDebtTooLarge, ZERO < most < amount),
        (BureauDebtTooYoung, days < least_days),
    ]
    told: dict[type[Refusal], dict[str, Any]] = {
        BureauCustomerMarked: {"mark_word": NAMES.get(facts.mark, facts.mark)},
        BureauAgreementKept: {"until": written_date(until or today)},
        BureauDebtTooSmall: _amounts(amount, least=policy.least_amount),
        BureauDebtTooLarge: _amounts(amount, most=most),
        BureauDebtTooYoung: {"days": days, "least": least_days},
    }
    return tuple(gate(invoice=facts.code, **told.get(gate, {})) for gate, stands in gates if stands)


def least_days_late(policy: BureauPolicy, *, is_other: bool) -> int:
    """From how late on a debt goes to the bureau: the later of both where no law makes it wait."""
    own = policy.other_least_days_late if is_other else 0
    return max(policy.least_days_late, own)


def check_override(reason: str) -> None:
    """This will refuse an override without a reason."""
    if not reason.strip():
        raise OverrideReasonRequired


def _amounts(amount: Decimal, **limits: Decimal) -> dict[str, str]:
    return {name: written_amount(value) for name, value in {"amount": amount, **limits}.items()}
