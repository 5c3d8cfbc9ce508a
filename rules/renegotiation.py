"""Renegotiating one invoice outside collections: another due date, late charges kept or waived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from rules.collection_stages import CollectionStage
from rules.money import ZERO
from rules.panels import InvoiceStatus
from rules.refusals import Refusal, written_date

#: Stages in which an invoice is worked no more, or is to be taken up anew.
_LEFT = frozenset({CollectionStage.RECOVERED, CollectionStage.WITHDRAWN})


class RenegotiatedNotOpen(Refusal):
    message = "Só uma fatura em aberto pode ser renegociada."


class RenegotiatedInAgreement(Refusal):
    message = "A fatura faz parte do acordo %(agreement)s. Renegocie o acordo."


class RenegotiatedInCollections(Refusal):
    message = "A fatura está em cobrança. Faça um acordo na conta de cobrança do cliente."


class RenegotiatedAtBureau(Refusal):
    message = "A fatura está no controle de SPC. Resolva o registro antes de renegociar."


class RenegotiatedContested(Refusal):
    message = "A fatura está em contestação. Responda antes ao cliente."


class NewDueDateNotLater(Refusal):
    message = "O novo vencimento deve ser depois de %(due_date)s e não antes de hoje."
    field = "due_date"


class NewDueDateTooFar(Refusal):
    message = "O novo vencimento pode ser no máximo em %(last)s."
    field = "due_date"


class RenegotiationStale(Refusal):
    message = "O vencimento desta fatura mudou enquanto você a via. Confira e tente de novo."


class RenegotiationReasonRequired(Refusal):
    message = "Informe o motivo, com até 300 caracteres."
    field = "reason"


@dataclass(frozen=True)
class RenegotiatedInvoice:
    """What decides whether an invoice may be renegotiated."""

    status: str
    due_date: date
    stage: str | None
    bureau_stage: str | None
    agreement_id: int | None
    is_contested: bool = False


def check_invoice(invoice: RenegotiatedInvoice) -> None:
    """This will refuse an invoice that is settled, contested, in an agreement, in collections or at
    SPC."""
    if invoice.status != InvoiceStatus.OPEN:
        raise RenegotiatedNotOpen
    if invoice.is_contested:
        raise RenegotiatedContested
    if invoice.agreement_id is not None:
        raise RenegotiatedInAgreement(agreement=invoice.agreement_id)
    if invoice.stage is not None and invoice.stage not in _LEFT:
        raise RenegotiatedInCollections
    if invoice.bureau_stage is not None and invoice.bureau_stage != "removed":
        raise RenegotiatedAtBureau


def check_new_due_date(new: date, *, due_date: date, today: date, most_days: int) -> None:
    """This will refuse a date that is not later, is past, or lies beyond the setting."""
    if new <= due_date or new < today:
        raise NewDueDateNotLater(due_date=written_date(due_date))
    last = today + timedelta(days=most_days)
    if new > last:
        raise NewDueDateTooFar(last=written_date(last))


def check_reason(reason: str) -> None:
    """This will refuse a renegotiation without a reason."""
    if not reason.strip() or len(reason) > 300:
        raise RenegotiationReasonRequired


def kept_charges(charges: Decimal, *, keeps: bool) -> Decimal:
    """What of the late charges until today goes onto the invoice; the rest is waived."""
    return charges if keeps else ZERO
