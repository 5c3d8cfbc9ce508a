"""What of a contract may change while it runs, beside plan, price, place and owner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules.business_days import add_months, months_end
from rules.charge_plan import PlannedCharge
from rules.contract_checks import (
    DueDayRuleForTelephony,
    DueDayRuleRequired,
    EndsBeforeItStarts,
    EndsInThePast,
    FiscalNoteNotPossible,
    GroupNotOfCustomer,
    GroupWithoutGrouping,
    InactivityDiscountNotPossible,
    IndexRequiresMonths,
    MinimumTermTooLong,
    ProfileForTelephony,
    ReviewNotPossible,
    SuggestedAmountRequired,
    TerminalTaken,
    TermTooLong,
    terminal_faults,
)
from rules.contract_signing import NOTHING_INVOICED, Invoiced, signing_faults
from rules.contracts import BillingMethod, PaymentMethod, PlanType, RenewalForm, RenewalPrice
from rules.due_days import DueDayRule, first_due_date
from rules.price_indices import Method, NegativePolicy
from rules.refusals import Refusal, written_date


class DueDayOfGroup(Refusal):
    message = "O vencimento deste contrato é o do agrupador %(group)s."
    field = "due_day_rule_id"


class EndFixedByRenewal(Refusal):
    message = (
        "A renovação deste contrato, com fim em %(end)s, já está em andamento: decida-a antes de"
        " mudar o fim."
    )
    field = "ends_on"


class MinimumTermFromNotPossible(Refusal):
    message = "A fidelidade conta de um dia entre a assinatura, em %(signed)s, e hoje."
    field = "minimum_term_from"


@dataclass(frozen=True)
class EditedTerms:
    """The terms as they are to be, all of them."""

    adhesion_date: date | None
    signed_on: date | None
    setup_fee: Decimal
    setup_instalments: int
    setup_account_id: int | None
    setup_composition: str
    due_day_rule_id: int | None
    billing_method: BillingMethod
    billing_group_id: int | None
    review_charges: bool
    payment_method: PaymentMethod
    payment_profile_id: int | None
    discount_table_id: int | None
    inactivity_discount: bool
    ladder_id: int | None
    sla_table_id: int | None
    phone_terminal: str | None
    consultant_id: int | None
    ledger_account_id: int | None
    ends_on: date | None
    minimum_term_months: int
    minimum_term_fee: Decimal
    minimum_term_from: date | None
    renewal_form: RenewalForm
    renewal_price: RenewalPrice
    suggested_amount: Decimal | None
    ignore_automatic_renewal: bool
    price_index_id: int | None
    readjustment_method: Method
    readjustment_decimals: int | None
    readjustment_lag_months: int
    negative_readjustment: NegativePolicy
    kept_price_resets_base: bool
    data_base_month: int | None
    fiscal_document: bool
    fiscal_note: str
    notes: str


@dataclass(frozen=True)
class Beside:
    """What of the contract the terms must agree with; `group` is the one whose due days it takes.

    `group_customer_id` is whose the group is, `renewal_ends_on` the end of the term whose renewal
    is under way, `terminal_taken_by` the other contract that has the terminal.
    """

    today: date
    plan_type: PlanType
    has_due_day: bool
    starts_on: date | None = None
    renewal_ends_on: date | None = None
    longest_term_months: int = 120
    rule_is_for_telephony: bool = False
    profile_is_for_telephony: bool = False
    group: str = ""
    group_customer_id: int | None = None
    customer_id: int | None = None
    periodicity_months: int = 1
    terminal_taken_by: str | None = None
    invoiced: Invoiced = NOTHING_INVOICED


def check_terms(terms: EditedTerms, beside: Beside, *, changed: frozenset[str]) -> None:
    """This will refuse terms that contradict the contract; what stays as it was is not judged."""
    for fault in faults(terms, beside, changed=changed):
        raise fault


def faults(terms: EditedTerms, beside: Beside, *, changed: frozenset[str]) -> Iterator[Refusal]:
    """Everything that stands against the terms, each beside its field."""
    yield from signing_faults(terms, beside.invoiced, changed=changed, today=beside.today)
    if {"due_day_rule_id", "billing_method"} & changed:
        yield from _due_day_faults(terms, beside, changed)
    yield from _method_faults(terms, beside, changed)
    is_telephony = beside.plan_type is PlanType.TELEPHONY
    if "payment_profile_id" in changed and beside.profile_is_for_telephony and not is_telephony:
        yield ProfileForTelephony()
    is_suggested = terms.renewal_price == RenewalPrice.SUGGESTED
    is_asked = bool({"renewal_price", "suggested_amount"} & changed)
    if is_suggested and is_asked and not terms.suggested_amount:
        yield SuggestedAmountRequired()
    if terms.data_base_month is not None and not 1 <= terms.data_base_month <= 12:
        yield IndexRequiresMonths()
    if {"phone_terminal", "billing_method", "ignore_automatic_renewal"} & changed:
        yield from _terminal_faults(terms, beside)
    if "ends_on" in changed:
        yield from _end_faults(terms, beside)
    if MINIMUM & changed:
        yield from _minimum_faults(terms, beside)


#: What says until when leaving costs something.
MINIMUM = frozenset({"minimum_term_months", "minimum_term_from", "ends_on", "signed_on"})


def _method_faults(
    terms: EditedTerms, beside: Beside, changed: frozenset[str]
) -> Iterator[Refusal]:
    """What hangs on how charges become invoices."""
    is_grouped = terms.billing_method == BillingMethod.GROUPED
    is_per_charge = terms.billing_method == BillingMethod.PER_CHARGE
    monthly = is_grouped and beside.periodicity_months == 1
    method = "billing_method" in changed
    if terms.billing_group_id is not None and (method or "billing_group_id" in changed):
        if not is_grouped:
            yield GroupWithoutGrouping()
        if beside.group_customer_id != beside.customer_id:
            yield GroupNotOfCustomer()
    if terms.inactivity_discount and not monthly and (method or "inactivity_discount" in changed):
        yield InactivityDiscountNotPossible()
    if terms.fiscal_note and not is_per_charge and (method or "fiscal_note" in changed):
        yield FiscalNoteNotPossible()
    if terms.review_charges and not is_per_charge and (method or "review_charges" in changed):
        yield ReviewNotPossible()


def _due_day_faults(
    terms: EditedTerms, beside: Beside, changed: frozenset[str]
) -> Iterator[Refusal]:
    is_own = "due_day_rule_id" in changed
    if is_own and beside.group:
        yield DueDayOfGroup(group=beside.group)
    needs_one = beside.has_due_day if is_own else not beside.group
    is_billed = terms.billing_method != BillingMethod.COURTESY
    if terms.due_day_rule_id is None and needs_one and is_billed:
        yield DueDayRuleRequired()
    if is_own and beside.rule_is_for_telephony and beside.plan_type is not PlanType.TELEPHONY:
        yield DueDayRuleForTelephony()


def _terminal_faults(terms: EditedTerms, beside: Beside) -> Iterator[Refusal]:
    if not terms.phone_terminal:
        return
    yield from terminal_faults(terms, plan_type=beside.plan_type)
    if beside.terminal_taken_by is not None:
        yield TerminalTaken(terminal=terms.phone_terminal, contract=beside.terminal_taken_by)


def _end_faults(terms: EditedTerms, beside: Beside) -> Iterator[Refusal]:
    if beside.renewal_ends_on is not None:
        yield EndFixedByRenewal(end=written_date(beside.renewal_ends_on))
    if terms.ends_on is None:
        return
    latest = add_months(beside.today, months=beside.longest_term_months)
    if beside.starts_on is not None and terms.ends_on <= beside.starts_on:
        yield EndsBeforeItStarts()
    elif terms.ends_on <= beside.today:
        yield EndsInThePast()
    elif terms.ends_on > latest:
        yield TermTooLong(latest=written_date(latest))


def _minimum_faults(terms: EditedTerms, beside: Beside) -> Iterator[Refusal]:
    since = terms.minimum_term_from or terms.signed_on
    first = terms.signed_on or beside.starts_on
    given = terms.minimum_term_from
    if given is not None and not (first or given) <= given <= beside.today:
        yield MinimumTermFromNotPossible(signed=written_date(first or beside.today))
    elif terms.minimum_term_months and since is not None and terms.ends_on is not None:
        until = months_end(since, months=terms.minimum_term_months)
        if until > terms.ends_on:
            yield MinimumTermTooLong(until=written_date(until), end=written_date(terms.ends_on))


def moved_dates(
    due_date: date,
    period_start: date | None,
    *,
    planned: list[PlannedCharge],
    rule: DueDayRule,
    today: date,
) -> tuple[date, date]:
    """This will give the day of issue and the due date of a charge under another due-day rule.

    A period's charge falls due as the contract's plan has it now; any other in its own month. What
    could not be issued in time any more takes the next due date that can be met.
    """
    for each in planned:
        period = each.period
        if period and period_start and period.start <= period_start < period.until:
            return each.issue_date, each.due_date
    due = rule.due_date_in(year=due_date.year, month=due_date.month)
    if rule.issue_date(due) < today:
        due = first_due_date(today, rule=rule)
    return rule.issue_date(due), due
