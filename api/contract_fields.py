"""What is asked of a contract, field by field, and on which step of the wizard each stands."""

from __future__ import annotations

from pydantic import Field

from api.forms import Amount, Day, Terminal
from api.inputs import Input
from api.language import N_
from rules.contract_welcome import WelcomeKeep
from rules.contracts import (
    BillingMethod,
    PaymentMethod,
    Periodicity,
    PlanType,
    RenewalForm,
    RenewalPrice,
    TermMonths,
)
from rules.price_indices import Method, NegativePolicy


class ContractInput(Input):
    """A contract as a program sends it; what is left out takes its default."""

    plan_id: int | None = None
    plan_type: PlanType | None = None
    adhesion_date: Day | None = None
    signed_on: Day | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    term_months: TermMonths | None = None
    periodicity_months: Periodicity | None = None
    due_day_rule_id: int | None = None
    sla_table_id: int | None = None
    ladder_id: int | None = None
    inactivity_discount: bool = False
    payment_method: PaymentMethod | None = None
    payment_profile_id: int | None = None
    billing_method: BillingMethod | None = None
    billing_group_id: int | None = None
    discount_table_id: int | None = None
    fiscal_document: bool = True
    notes: str = Field(default="", max_length=2000)
    fiscal_note: str = Field(default="", max_length=300)
    setup_fee: Amount | None = Field(default=None, ge=0)
    setup_instalments: int | None = Field(default=None, ge=1, le=60)
    setup_account_id: int | None = None
    setup_composition: str = Field(default="", max_length=60)
    generate_setup_now: bool = False
    phone_terminal: Terminal | None = Field(default=None, max_length=20)
    consultant_id: int | None = None
    welcome: bool = True
    welcome_to: str = Field(default="", max_length=200)
    welcome_sender_id: int | None = None
    welcome_subject: str = Field(default="", max_length=200)
    welcome_text: str = Field(default="", max_length=5000)
    welcome_keep: WelcomeKeep = WelcomeKeep.NOT
    renewal_form: RenewalForm | None = None
    renewal_price: RenewalPrice | None = None
    suggested_amount: Amount | None = Field(default=None, ge=0)
    charges_suggested: bool = False
    ignore_automatic_renewal: bool = False
    wait_for_activation: bool = True
    review_charges: bool = False
    ledger_account_id: int | None = None
    minimum_term_months: TermMonths | None = None
    minimum_term_fee: Amount | None = Field(default=None, ge=0)
    price_index_id: int | None = None
    readjustment_method: Method | None = None
    readjustment_decimals: int | None = Field(default=None, ge=0, le=8)
    readjustment_lag_months: int | None = Field(default=None, ge=1, le=3)
    negative_readjustment: NegativePolicy | None = None
    kept_price_resets_base: bool = False
    data_base_month: int | None = None
    origin: str = Field(default="customer", pattern="^(customer|ticket|lead)$")
    origin_ref: str = Field(default="", max_length=40)


class ContractForm(ContractInput):
    """The wizard's form: one state, kept between the steps."""

    step: int = 1
    go: str = ""
    confirmed: bool = False
    command_id: str = Field(default="", max_length=60)


#: The fields of each step; what is refused at the end leads back to the first step at fault.
STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        N_("Plano e datas"),
        (
            "plan_type", "plan_id", "adhesion_date", "signed_on", "starts_on", "ends_on",
            "periodicity_months", "due_day_rule_id", "sla_table_id",
        ),
    ),
    (
        N_("Cobrança"),
        (
            "ladder_id", "inactivity_discount", "payment_method", "payment_profile_id",
            "billing_method", "billing_group_id", "discount_table_id", "fiscal_document", "notes",
            "fiscal_note",
        ),
    ),
    (
        N_("Adesão"),
        (
            "setup_fee", "setup_instalments", "setup_account_id", "setup_composition",
            "generate_setup_now", "phone_terminal", "consultant_id",
        ),
    ),
    (
        N_("Boas-vindas"),
        (
            "welcome", "welcome_to", "welcome_sender_id", "welcome_subject", "welcome_text",
            "welcome_keep",
        ),
    ),
    (
        N_("Renovação"),
        (
            "renewal_form", "renewal_price", "suggested_amount", "charges_suggested",
            "ignore_automatic_renewal", "wait_for_activation", "review_charges",
            "ledger_account_id", "term_months", "minimum_term_months", "minimum_term_fee",
            "price_index_id", "readjustment_method", "readjustment_decimals",
            "readjustment_lag_months", "data_base_month", "negative_readjustment",
            "kept_price_resets_base",
        ),
    ),
    (N_("Resumo"), ("confirmed",)),
)  # fmt: skip
LAST = len(STEPS)
STEP_OF = {name: number for number, (_, names) in enumerate(STEPS, start=1) for name in names}
