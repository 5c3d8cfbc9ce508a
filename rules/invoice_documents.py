"""What settles an invoice on the day of its document: less a discount, or with charges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules.business_days import Calendar, next_business_day
from rules.contracts import PaymentMethod
from rules.late_charges import LateCharges, LateTerms, PrincipalPaid, late_charges
from rules.money import ZERO
from rules.refusals import Refusal

MOST_AT_ONCE = 12
NOT_LATE = LateCharges()


class TooManyInvoices(Refusal):
    message = "Anexe no máximo %(most)s faturas a um e-mail."
    field = "invoice_ids"


@dataclass(frozen=True)
class Debt:
    """An open invoice: what of it is open, what was paid of it and when.

    `discount` is what paying it whole by the due date takes off.
    """

    open_amount: Decimal
    due_date: date
    discount: Decimal = ZERO
    paid: Sequence[PrincipalPaid] = ()


@dataclass(frozen=True)
class AmountDue:
    """What settles the invoice on a day. `free_until` is the last day without charges."""

    open_amount: Decimal
    free_until: date
    discount: Decimal = ZERO
    charges: LateCharges = NOT_LATE

    @property
    def total(self) -> Decimal:
        """What pays it off, late charges included."""
        return self.open_amount - self.discount + self.charges.total


def amount_due(debt: Debt, *, on: date, terms: LateTerms, calendar: Calendar) -> AmountDue:
    """This will give what settles an invoice on a day.

    Up to the due date, or the business day after it, that is what is open less the discount; from
    then on what is open with the late charges, and the discount is lost.
    """
    free_until = next_business_day(debt.due_date, calendar=calendar)
    if on <= free_until:
        discount = min(debt.discount, debt.open_amount)
        return AmountDue(debt.open_amount, free_until, discount=discount)
    charges = late_charges(
        debt.open_amount + sum((paid.amount for paid in debt.paid), ZERO),
        due_date=debt.due_date,
        on=on,
        terms=terms,
        calendar=calendar,
        payments=debt.paid,
    )
    return AmountDue(debt.open_amount, free_until, charges=charges)


def charges_within(amount: Decimal, due: AmountDue) -> Decimal:
    """What of a payment beyond the open amount is late charges of its day, where nobody told."""
    return max(ZERO, min(amount - due.open_amount, due.charges.total))


@dataclass(frozen=True)
class WaysToPay:
    """What a customer finds on an invoice to pay it with."""

    boleto: bool
    pix: bool


def ways_to_pay(method: PaymentMethod, *, is_late: bool) -> WaysToPay:
    """This will give what stands on an invoice of a contract's payment method.

    What is collected without the customer's doing, or at the counter, carries nothing to pay twice
    with; once it is late, that did not happen, and any way will do.
    """
    if is_late and not (method.has_boleto or method.has_pix):
        return WaysToPay(boleto=True, pix=True)
    return WaysToPay(method.has_boleto, method.has_pix)


def check_count(count: int) -> None:
    """This will refuse more documents than one e-mail should carry (TooManyInvoices)."""
    if count > MOST_AT_ONCE:
        raise TooManyInvoices(most=MOST_AT_ONCE)
