"""Editing an instalment that waits to be paid: another due date, description or profile.

The amount is the agreement's own and stays. What may be edited follows tab 9 of the account and the
special processes of the collections specification.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rules.agreement_terms import FiscalDocumentIssued, RemittanceGenerated
from rules.agreements import AgreementStatus
from rules.panels import InvoiceStatus
from rules.proposals import SpecialProcesses
from rules.refusals import Refusal, written_date


class EditedNotAwaiting(Refusal):
    message = "Só uma fatura em aberto de um acordo em andamento pode ser editada."


class EditedDueNotFree(Refusal):
    message = "A fatura original de um acordo sem alteração mantém o vencimento que tem."
    field = "due_date"


class EditedDueInThePast(Refusal):
    message = "O novo vencimento deve ser hoje, %(today)s, ou depois."
    field = "due_date"


class EditedDueAfterTolerance(Refusal):
    message = "O acordo tolera até %(tolerance)s. Escolha um vencimento nessa data ou antes."
    field = "due_date"


class EditReasonRequired(Refusal):
    message = "Informe o motivo, com até 300 caracteres."
    field = "reason"


class InvoiceEditStale(Refusal):
    message = "Esta fatura mudou enquanto você a via. Confira e tente de novo."


@dataclass(frozen=True)
class EditedInvoice:
    """What decides whether an invoice may be edited; without an agreement it may not."""

    code: str
    status: str
    due_date: date
    has_fiscal_document: bool
    has_remittance: bool
    agreement_status: str | None = None
    is_instalment: bool = False
    tolerance_date: date | None = None


def check_editable(invoice: EditedInvoice, *, settings: SpecialProcesses) -> None:
    """This will refuse an invoice that awaits no settlement, and papers that stand against it."""
    in_progress = invoice.agreement_status == AgreementStatus.IN_PROGRESS
    if invoice.status != InvoiceStatus.OPEN or not in_progress:
        raise EditedNotAwaiting
    if invoice.has_fiscal_document and not settings.allows_fiscal_document:
        raise FiscalDocumentIssued(invoice=invoice.code)
    if invoice.has_remittance and not settings.allows_remittance:
        raise RemittanceGenerated(invoice=invoice.code)


def check_due_date(new: date, *, invoice: EditedInvoice, today: date) -> None:
    """This will refuse another due date of an original, a past one, and one after the tolerance."""
    if new == invoice.due_date:
        return
    if not invoice.is_instalment:
        raise EditedDueNotFree
    if new < today:
        raise EditedDueInThePast(today=written_date(today))
    if invoice.tolerance_date is not None and new > invoice.tolerance_date:
        raise EditedDueAfterTolerance(tolerance=written_date(invoice.tolerance_date))


def check_reason(reason: str) -> None:
    """This will refuse an edit without a reason."""
    if not reason.strip() or len(reason) > 300:
        raise EditReasonRequired
