"""The arithmetic of making an agreement: what may enter it, what it comes to, its instalments.

Amounts are reais with two decimals. The rules are those of "Making an agreement" in the collections
specification: percentages are of the open principal of the picked invoices, charges, fees and fine
fall whole on the first instalment, everything else is spread evenly.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from rules.money import ZERO, parse_exact, parse_not_negative, percent_of
from rules.refusals import Refusal, written_amount, written_date


class ComponentWithoutLedgerAccount(Refusal):
    message = "Falta o plano de contas deste valor. Escolha um ou deixe o valor em zero."


class TotalNotPositive(Refusal):
    message = "O total do acordo ficou em R$ %(total)s. Reduza os descontos."


class ToleranceNotAfterToday(Refusal):
    message = "A data de tolerância deve ser posterior a hoje, %(today)s. Escolha outra data."
    field = "tolerance_date"


class ToleranceBeforeLastDue(Refusal):
    message = "A última parcela vence em %(last_due)s. Escolha uma tolerância nessa data ou depois."
    field = "tolerance_date"


class NotAuthorised(StrEnum):
    """Why an invoice may not enter an agreement, nor be edited in one."""

    SETTLED = "settled"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    IN_AGREEMENT = "in_agreement"
    FISCAL_DOCUMENT = "fiscal_document"
    REMITTANCE = "remittance"


@dataclass(frozen=True)
class InvoiceFacts:
    """What is true of an invoice at the moment it is judged."""

    is_settled: bool = False
    is_suspended: bool = False
    is_cancelled: bool = False
    is_in_live_agreement: bool = False
    has_fiscal_document: bool = False
    has_remittance: bool = False


@dataclass(frozen=True)
class SpecialProcesses:
    """The company's setting that lets invoices through in spite of papers already issued."""

    allows_fiscal_document: bool = False
    allows_remittance: bool = False


def refusal_of(facts: InvoiceFacts, *, settings: SpecialProcesses) -> NotAuthorised | None:
    """This will give the first reason against the invoice; None means it is authorised."""
    against = {
        NotAuthorised.SETTLED: facts.is_settled,
        NotAuthorised.SUSPENDED: facts.is_suspended,
        NotAuthorised.CANCELLED: facts.is_cancelled,
        NotAuthorised.IN_AGREEMENT: facts.is_in_live_agreement,
        NotAuthorised.FISCAL_DOCUMENT: (
            facts.has_fiscal_document and not settings.allows_fiscal_document
        ),
        NotAuthorised.REMITTANCE: facts.has_remittance and not settings.allows_remittance,
    }
    return next((reason for reason, stands in against.items() if stands), None)


@dataclass(frozen=True)
class Components:
    """What a new proposal adds to and takes off the principal, and where each is booked.

    Percentages are of the principal (5 means 5 %). Both discounts share one ledger account. An
    account may be None while its component is zero.
    """

    increase_percent: Decimal = ZERO
    fine_percent: Decimal = ZERO
    discount_percent: Decimal = ZERO
    discount: Decimal = ZERO
    charges: Decimal = ZERO
    fees: Decimal = ZERO
    increase_account_id: int | None = None
    fine_account_id: int | None = None
    discount_account_id: int | None = None
    charges_account_id: int | None = None
    fees_account_id: int | None = None


@dataclass(frozen=True)
class Quote:
    """A proposal in reais, each amount positive; discounts are what is taken off."""

    principal: Decimal
    increase: Decimal
    fine: Decimal
    percent_discount: Decimal
    fixed_discount: Decimal
    charges: Decimal
    fees: Decimal

    @property
    def discount(self) -> Decimal:
        """Both discounts, in reais."""
        return self.percent_discount + self.fixed_discount

    @property
    def spread(self) -> Decimal:
        """What is divided evenly over the instalments."""
        return self.principal + self.increase - self.discount

    @property
    def total(self) -> Decimal:
        """What the customer would pay in all."""
        return self.spread + self.fine + self.charges + self.fees


def quote(principal: Decimal, *, components: Components) -> Quote:
    """This will price a proposal; each percentage is rounded half up by itself.

    Refuses a principal with fractions of a cent (TooPrecise) and nothing else: an unfinished form
    may be priced at every keystroke. Call check_components before it counts.
    """
    principal = parse_exact(principal, field="principal")
    return Quote(
        principal=principal,
        increase=percent_of(principal, percent=components.increase_percent),
        fine=percent_of(principal, percent=components.fine_percent),
        percent_discount=percent_of(principal, percent=components.discount_percent),
        fixed_discount=components.discount,
        charges=components.charges,
        fees=components.fees,
    )


def check_components(components: Components, *, principal: Decimal) -> None:
    """This will refuse a proposal that may not be made, by the first of its faults."""
    for fault in component_faults(components, principal=principal):
        raise fault


def component_faults(components: Components, *, principal: Decimal) -> Iterator[Refusal]:
    """This will give everything against a proposal's components, each naming its field.

    NegativeAmount and TooPrecise for an amount or percentage, ComponentWithoutLedgerAccount for one
    that is used without saying where it is booked, which names the account's field; where none is
    at fault, TotalNotPositive for the whole.
    """
    faults = [
        fault
        for field, account in BOOKED_IN.items()
        if (fault := _fault_of(components, field, account)) is not None
    ]
    yield from faults
    total = None if faults else quote(principal, components=components).total
    if total is not None and total <= 0:
        yield TotalNotPositive(total=written_amount(total))


#: The field of each component's ledger account.
BOOKED_IN = {
    "increase_percent": "increase_account_id",
    "fine_percent": "fine_account_id",
    "discount_percent": "discount_account_id",
    "discount": "discount_account_id",
    "charges": "charges_account_id",
    "fees": "fees_account_id",
}


def _fault_of(components: Components, field: str, account: str) -> Refusal | None:
    try:
        used = parse_not_negative(getattr(components, field), field=field)
    except Refusal as refusal:
        return refusal
    is_booked = getattr(components, account) is not None
    return ComponentWithoutLedgerAccount(field=account) if used and not is_booked else None


def check_tolerance(tolerance_date: date, *, today: date, last_due: date | None) -> None:
    """This will refuse a tolerance date of today or before, and one before the last due date.

    `last_due` is None where the agreement leaves the invoices as they are.
    """
    if tolerance_date <= today:
        raise ToleranceNotAfterToday(today=written_date(today))
    if last_due is not None and tolerance_date < last_due:
        raise ToleranceBeforeLastDue(last_due=written_date(last_due))
