"""Making a contract: what is asked, and where a default comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from rules.business_days import months_end
from rules.contracts import BillingMethod, PaymentMethod, PlanType, RenewalForm, RenewalPrice
from rules.money import round_half_up
from rules.price_indices import Method, NegativePolicy
from rules.reminders import CountedIn, Moment, Post, Reminder


class Source(StrEnum):
    """Where a default comes from, the first that has one."""

    CUSTOMER = "customer"
    PLAN = "plan"
    GENERAL = "general"


@dataclass(frozen=True)
class ContractPolicy:
    """What the house allows in contracts, and how far ahead it charges."""

    team: str = "contratos"
    adhesion_window_days: int = 60
    start_window_months: int = 24
    longest_term_months: int = 120
    periods_ahead: int = 12
    installation_business_days: int = 5
    activation_reminders: tuple[Reminder, ...] = (
        Reminder(Moment.ELAPSED, 50, CountedIn.PERCENT, Post.ASSIGNEE),
        Reminder(Moment.ELAPSED, 80, CountedIn.PERCENT, Post.ASSIGNEE),
        Reminder(Moment.AFTER_DUE, 0, CountedIn.HOURS, Post.MANAGER),
    )
    charge_while_suspended: bool = False
    bills_grouped_daily: bool = True
    task_due_business_days: int = 3


@dataclass(frozen=True)
class Defaulted:
    """A value that nobody gave, and whose default it is."""

    value: Any
    source: Source


@dataclass(frozen=True)
class NewContract:
    """A contract as it is to be made; every default is filled in."""

    customer_id: int
    plan_id: int
    plan_type: PlanType
    telecom_service: bool
    description: str
    monthly_amount: Decimal
    adhesion_date: date
    signed_on: date
    starts_on: date
    ends_on: date | None
    term_months: int
    periodicity_months: int
    due_day_rule_id: int | None
    sla_table_id: int | None
    ladder_id: int | None
    inactivity_discount: bool
    payment_method: PaymentMethod
    payment_profile_id: int | None
    billing_method: BillingMethod
    billing_group_id: int | None
    discount_table_id: int | None
    fiscal_document: bool
    notes: str
    fiscal_note: str
    setup_fee: Decimal
    setup_instalments: int
    setup_account_id: int | None
    setup_composition: str
    generate_setup_now: bool
    phone_terminal: str | None
    consultant_id: int | None
    renewal_form: RenewalForm
    renewal_price: RenewalPrice
    suggested_amount: Decimal | None
    charges_suggested: bool
    ignore_automatic_renewal: bool
    wait_for_activation: bool
    review_charges: bool
    ledger_account_id: int | None
    minimum_term_months: int
    minimum_term_fee: Decimal
    price_index_id: int | None
    readjustment_method: Method
    readjustment_decimals: int | None
    readjustment_lag_months: int
    negative_readjustment: NegativePolicy
    kept_price_resets_base: bool
    data_base_month: int | None
    origin: str
    origin_ref: str


#: A field's offers, the customer's first.
Offers = Mapping[str, Mapping[Source, Any]]


def defaults_of(offers: Offers) -> dict[str, Defaulted]:
    """This will give each field's default: the first non-empty of customer, plan and general."""
    found = {}
    for field, offered in offers.items():
        for source in Source:
            if offered.get(source) not in (None, ""):
                found[field] = Defaulted(offered[source], source)
                break
    return found


def price_of_period(amount: Decimal, *, plan_months: int, months: int) -> Decimal:
    """What a period of so many months costs, where a plan costs this much for its own."""
    return round_half_up(amount * months / plan_months)


def amount_of_term(new: NewContract) -> Decimal:
    """What the first term's periods are charged at."""
    if new.charges_suggested and new.suggested_amount:
        return new.suggested_amount
    return new.monthly_amount


def end_of_term(signed_on: date, *, months: int) -> date | None:
    """The day on which so many months are over that count from the signature; None without any."""
    return months_end(signed_on, months=months) if months else None
