"""Payments: which are accepted, how they reach us, and of which invoice they lower the debt.

What an invoice takes of each stands in rules/payment_application.py.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from rules.money import ZERO, parse_not_negative
from rules.panels import InvoiceStatus
from rules.refusals import Refusal, written_amount, written_date


class PaymentSource(StrEnum):
    """How a payment reached us."""

    API = "api"
    CSV = "csv"
    HAND = "hand"
    BANK = "bank"
    GATEWAY = "gateway"

    @property
    def is_at_hand(self) -> bool:
        """Whether the money is in our account already, whatever the invoice owes."""
        return self in {PaymentSource.BANK, PaymentSource.GATEWAY}


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


class ChargesAbovePayment(Refusal):
    message = "Os encargos não podem passar do valor pago."
    field = "charges"


class FineAboveCharges(Refusal):
    message = "A multa não pode passar dos encargos."
    field = "fine"


class PartsDoNotAdd(Refusal):
    message = "Principal, multa e juros somam %(sum)s, e o valor pago é %(amount)s."
    field = "principal"


class ReversalReasonRequired(Refusal):
    message = "Informe o motivo do estorno."
    field = "reason"


#: An invoice that a payment changes no more, and how a payment that is not at hand is refused.
CLOSED: dict[str, type[Refusal]] = {
    InvoiceStatus.SETTLED: InvoiceAlreadySettled,
    InvoiceStatus.CANCELLED: InvoiceCancelled,
    InvoiceStatus.REPLACED: InvoiceReplaced,
}


#: An original that an agreement replaced: it owes nothing of what is negotiated there.
SET_ASIDE = (InvoiceStatus.REPLACED, InvoiceStatus.SUSPENDED)


def check_payment(
    *,
    code: str,
    amount: Decimal,
    paid_on: date,
    credited_on: date,
    today: date,
    charges: Decimal = ZERO,
) -> None:
    """This will refuse a payment that cannot have happened, naming the field.

    PaymentCodeRequired, PaymentNotPositive, TooPrecise, PaidInTheFuture, CreditedBeforePaid,
    ChargesAbovePayment. The credit itself may lie ahead: a boleto paid today is at hand tomorrow.
    """
    if not code.strip() or len(code) > 60:
        raise PaymentCodeRequired
    if parse_not_negative(amount, field="amount") == ZERO:
        raise PaymentNotPositive
    check_charges(charges, amount=amount)
    check_paid_on(paid_on, today=today)
    check_credited(credited_on, paid_on=paid_on)


def check_charges(charges: Decimal, *, amount: Decimal) -> None:
    """This will refuse late charges that are more than what was paid (ChargesAbovePayment)."""
    if parse_not_negative(charges, field="charges") > amount:
        raise ChargesAbovePayment


def check_paid_on(paid_on: date, *, today: date) -> None:
    """This will refuse a payment of a day to come (PaidInTheFuture)."""
    if paid_on > today:
        raise PaidInTheFuture(paid_on=written_date(paid_on))


def check_credited(credited_on: date, *, paid_on: date) -> None:
    """This will refuse money that was here before it was paid (CreditedBeforePaid)."""
    if credited_on < paid_on:
        raise CreditedBeforePaid


def charges_owed(charges: Decimal, *, amount: Decimal, owed: Decimal) -> Decimal:
    """This will give what of a payment's late charges was owed: none of one that is paid again.

    Where only charges come in, the principal was paid before, and they are what was missing.
    """
    return charges if owed or charges == amount else ZERO


def check_fine(fine: Decimal, *, charges: Decimal) -> None:
    """This will refuse a fine that is more than the late charges it is part of."""
    if parse_not_negative(fine, field="fine") > charges:
        raise FineAboveCharges


def charges_in_parts(
    amount: Decimal, *, principal: Decimal | None, fine: Decimal, interest: Decimal
) -> Decimal:
    """This will give the late charges of a payment told in parts, which must come to its amount.

    Without a principal it is what the charges leave of the amount. Refuses PartsDoNotAdd.
    """
    charges = fine + interest
    if principal is not None and principal + charges != amount:
        raise PartsDoNotAdd(sum=written_amount(principal + charges), amount=written_amount(amount))
    return charges


def payable(
    status: str, *, invoice: str, open_amount: Decimal, unexplained: Decimal = ZERO
) -> Decimal:
    """This will give how much an invoice may take of a payment.

    Refuses a cancelled or replaced invoice, and a settled one unless no payment says how it was
    settled (`unexplained`): then this is the payment that an import already told of. A suspended
    one that owes nothing was replaced as well.
    """
    if status == InvoiceStatus.SETTLED and unexplained > ZERO:
        return unexplained
    if status == InvoiceStatus.SUSPENDED and not open_amount:
        raise InvoiceReplaced(invoice=invoice)
    refusal = CLOSED.get(status)
    if refusal is not None:
        raise refusal(invoice=invoice)
    return open_amount


def payable_of(source: PaymentSource, status: str, **debt: Any) -> Decimal:
    """This will do as payable, but refuse no money that is in our account already.

    Of that, an invoice that owes nothing any more takes nothing: all of it is an excess.
    """
    try:
        return payable(status, **debt)
    except (InvoiceAlreadySettled, InvoiceCancelled, InvoiceReplaced):
        if not source.is_at_hand:
            raise
        return ZERO


def is_lowered(status: str, *, owed: Decimal) -> bool:
    """Whether a payment changes what an invoice owes, of which it was to take `owed`."""
    return status not in CLOSED and owed > ZERO


def check_reversal(reason: str) -> None:
    """This will refuse a reversal without a reason."""
    if not reason.strip():
        raise ReversalReasonRequired
