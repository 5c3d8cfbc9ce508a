"""Payments: which are accepted, what an invoice takes of each, and what a reversal leaves owed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from rules.money import ZERO, parse_not_negative
from rules.panels import InvoiceStatus
from rules.refusals import Refusal, written_date


class PaymentSource(StrEnum):
    """How a payment reached us."""

    API = "api"
    CSV = "csv"
    HAND = "hand"


class PaymentCodeTaken(Refusal):
    message = "O código de pagamento %(code)s já foi usado com outros dados. Confira a baixa."
    field = "code"


class PaymentCodeRequired(Refusal):
    message = "Informe o código do pagamento, com até 60 caracteres."
    field = "code"


class PaymentNotPositive(Refusal):
    message = "O valor pago deve ser maior que zero."
    field = "amount"


class PaidInTheFuture(Refusal):
    message = "A data do pagamento, %(paid_on)s, está no futuro. Informe hoje ou uma data anterior."
    field = "paid_on"


class CreditedBeforePaid(Refusal):
    message = "A data de crédito não pode ser anterior à data do pagamento."
    field = "credited_on"


class InvoiceAlreadySettled(Refusal):
    message = "A fatura %(invoice)s já está quitada. Estorne a baixa anterior ou devolva o valor."
    field = "invoice"


class InvoiceCancelled(Refusal):
    message = "A fatura %(invoice)s foi cancelada e não recebe pagamento."
    field = "invoice"


class InvoiceReplaced(Refusal):
    message = "A fatura %(invoice)s foi substituída por um acordo. Baixe a parcela do acordo."
    field = "invoice"


class ReversalReasonRequired(Refusal):
    message = "Informe o motivo do estorno."
    field = "reason"


_CLOSED: dict[str, type[Refusal]] = {
    InvoiceStatus.SETTLED: InvoiceAlreadySettled,
    InvoiceStatus.CANCELLED: InvoiceCancelled,
    InvoiceStatus.REPLACED: InvoiceReplaced,
}


@dataclass(frozen=True)
class Application:
    """What an invoice took of each payment, in their order, and what it still owes."""

    applied: tuple[Decimal, ...]
    left: Decimal

    @property
    def status(self) -> InvoiceStatus:
        """What the invoice is in the books afterwards."""
        return InvoiceStatus.OPEN if self.left else InvoiceStatus.SETTLED


def check_payment(
    *, code: str, amount: Decimal, paid_on: date, credited_on: date, today: date
) -> None:
    """This will refuse a payment that cannot have happened, naming the field.

    PaymentCodeRequired, PaymentNotPositive, TooPrecise, PaidInTheFuture, CreditedBeforePaid. The
    credit itself may lie ahead: a boleto paid today is at hand tomorrow.
    """
    if not code.strip() or len(code) > 60:
        raise PaymentCodeRequired
    if parse_not_negative(amount, field="amount") == ZERO:
        raise PaymentNotPositive
    if paid_on > today:
        raise PaidInTheFuture(paid_on=written_date(paid_on))
    if credited_on < paid_on:
        raise CreditedBeforePaid


def payable(
    status: str, *, invoice: str, open_amount: Decimal, unexplained: Decimal = ZERO
) -> Decimal:
    """This will give how much an invoice may take of a payment.

    Refuses a cancelled or replaced invoice, and a settled one unless no payment says how it was
    settled (`unexplained`): then this is the payment that an import already told of.
    """
    if status == InvoiceStatus.SETTLED and unexplained > ZERO:
        return unexplained
    refusal = _CLOSED.get(status)
    if refusal is not None:
        raise refusal(invoice=invoice)
    return open_amount


def check_reversal(reason: str) -> None:
    """This will refuse a reversal without a reason."""
    if not reason.strip():
        raise ReversalReasonRequired


def apply_payments(owed: Decimal, amounts: Sequence[Decimal]) -> Application:
    """This will let an invoice take payments in their order until nothing is owed.

    What comes after, or exceeds it, is an excess: the invoice never owes less than zero.
    """
    applied = []
    for amount in amounts:
        taken = min(amount, owed)
        applied.append(taken)
        owed -= taken
    return Application(tuple(applied), owed)
