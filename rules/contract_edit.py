"""What of a contract may change while it runs, beside plan, price, place and owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules.charge_plan import PlannedCharge
from rules.contract_checks import (
    DueDayRuleForTelephony,
    DueDayRuleRequired,
    FiscalNoteNotPossible,
    GroupNotOfCustomer,
    GroupWithoutGrouping,
    InactivityDiscountNotPossible,
    ProfileForTelephony,
    SuggestedAmountRequired,
)
from rules.contracts import BillingMethod, PaymentMethod, PlanType, RenewalPrice
from rules.due_days import DueDayRule, first_due_date
from rules.refusals import Refusal


class DueDayOfGroup(Refusal):
    message = "O vencimento deste contrato é o do agrupador %(group)s."
    field = "due_day_rule_id"


@dataclass(frozen=True)
class EditedTerms:
    """The terms as they are to be, all of them."""

    due_day_rule_id: int | None
    billing_group_id: int | None
    payment_method: PaymentMethod
    payment_profile_id: int | None
    discount_table_id: int | None
    inactivity_discount: bool
    ladder_id: int | None
    sla_table_id: int | None
    consultant_id: int | None
    ledger_account_id: int | None
    renewal_price: RenewalPrice
    suggested_amount: Decimal | None
    ignore_automatic_renewal: bool
    fiscal_document: bool
    fiscal_note: str
    notes: str


@dataclass(frozen=True)
class Beside:
    """What of the contract the terms must agree with; `group` is the one whose due days it takes.

    `group_customer_id` is whose the group is.
    """

    billing_method: BillingMethod
    plan_type: PlanType
    has_due_day: bool
    rule_is_for_telephony: bool = False
    profile_is_for_telephony: bool = False
    group: str = ""
    group_customer_id: int | None = None
    customer_id: int | None = None
    periodicity_months: int = 1


def check_terms(terms: EditedTerms, beside: Beside, *, changed: frozenset[str]) -> None:
    """This will refuse terms that contradict the contract; what stays as it was is not judged."""
    if "due_day_rule_id" in changed:
        _check_due_day(terms, beside)
    if "billing_group_id" in changed and terms.billing_group_id is not None:
        _check_group(beside)
    if "inactivity_discount" in changed and terms.inactivity_discount:
        _check_inactivity(beside)
    is_telephony = beside.plan_type is PlanType.TELEPHONY
    if "payment_profile_id" in changed and beside.profile_is_for_telephony and not is_telephony:
        raise ProfileForTelephony
    is_per_charge = beside.billing_method is BillingMethod.PER_CHARGE
    if "fiscal_note" in changed and terms.fiscal_note and not is_per_charge:
        raise FiscalNoteNotPossible
    is_suggested = terms.renewal_price is RenewalPrice.SUGGESTED
    is_asked = bool({"renewal_price", "suggested_amount"} & changed)
    if is_suggested and is_asked and not terms.suggested_amount:
        raise SuggestedAmountRequired


def _check_inactivity(beside: Beside) -> None:
    is_grouped = beside.billing_method is BillingMethod.GROUPED
    if not (is_grouped and beside.periodicity_months == 1):
        raise InactivityDiscountNotPossible


def _check_group(beside: Beside) -> None:
    if beside.billing_method is not BillingMethod.GROUPED:
        raise GroupWithoutGrouping
    if beside.group_customer_id != beside.customer_id:
        raise GroupNotOfCustomer


def _check_due_day(terms: EditedTerms, beside: Beside) -> None:
    if beside.group:
        raise DueDayOfGroup(group=beside.group)
    if terms.due_day_rule_id is None and beside.has_due_day:
        raise DueDayRuleRequired
    if beside.rule_is_for_telephony and beside.plan_type is not PlanType.TELEPHONY:
        raise DueDayRuleForTelephony


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
