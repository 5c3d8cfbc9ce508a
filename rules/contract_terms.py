"""Making a contract: what is asked, where a default comes from, and all that would be refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from rules.business_days import add_months
from rules.contracts import BillingMethod, PlanType, RenewalPrice
from rules.money import ZERO
from rules.price_indices import Method, NegativePolicy
from rules.refusals import Refusal, written_date


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
    remind_at_percent: int = 50
    remind_again_at_percent: int = 80
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
    periodicity_months: int
    due_day_rule_id: int | None
    sla_table_id: int | None
    ladder_id: int | None
    inactivity_discount: bool
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
    negative_readjustment: NegativePolicy
    data_base_month: int | None
    origin: str
    origin_ref: str


class WelcomeKeep(StrEnum):
    """What the words of a welcome message are kept as."""

    NOT = ""
    TEMPLATE = "template"
    PLAN = "plan"
    ALL = "all"


@dataclass(frozen=True)
class Welcome:
    """The welcome message, as it is to go out; blank texts are the template's."""

    is_wanted: bool = True
    to: str = ""
    subject: str = ""
    text: str = ""
    keep: WelcomeKeep = WelcomeKeep.NOT
    sender_id: int | None = None


@dataclass(frozen=True)
class Surroundings:
    """What else decides whether a contract may be made."""

    today: date
    due_rule_is_for_telephony: bool
    group_customer_id: int | None
    terminal_taken_by: str | None


class PlanRequired(Refusal):
    message = "Escolha o plano."
    field = "plan_id"


class RegistryNotActive(Refusal):
    message = "Este cadastro não existe ou não está ativo."


class InactivityDiscountNotPossible(Refusal):
    message = "O desconto por inatividade exige cobrança agrupada e mensal."
    field = "inactivity_discount"


class SetupAccountRequired(Refusal):
    message = "Informe o plano de contas da taxa de adesão."
    field = "setup_account_id"


class TerminalNotPossible(Refusal):
    message = (
        "Um terminal telefônico exige contrato de telefonia, cobrança agrupada e renovação"
        " automática ignorada."
    )
    field = "phone_terminal"


class TerminalTaken(Refusal):
    message = "O terminal %(terminal)s já é do contrato %(contract)s."
    field = "phone_terminal"


class AdhesionTooFar(Refusal):
    message = "A data de adesão não pode passar de %(latest)s."
    field = "adhesion_date"


class StartsTooFar(Refusal):
    message = "O início precisa estar entre %(earliest)s e %(latest)s."
    field = "starts_on"


class TermTooLong(Refusal):
    message = "O fim não pode passar de %(latest)s."
    field = "ends_on"


class EndsBeforeItStarts(Refusal):
    message = "O fim precisa ser posterior ao início."
    field = "ends_on"


class DueDayRuleRequired(Refusal):
    message = "Escolha a regra de vencimento."
    field = "due_day_rule_id"


class DueDayRuleForTelephony(Refusal):
    message = "Esta regra de vencimento é só para telefonia."
    field = "due_day_rule_id"


class GroupNotOfCustomer(Refusal):
    message = "Este agrupador é de outro cliente."
    field = "billing_group_id"


class GroupWithoutGrouping(Refusal):
    message = "Um agrupador exige o método de contas agrupadas."
    field = "billing_group_id"


class ReviewNotPossible(Refusal):
    message = "A revisão antes de faturar exige uma fatura por conta."
    field = "review_charges"


class FiscalNoteNotPossible(Refusal):
    message = "A observação no documento fiscal exige uma fatura por conta."
    field = "fiscal_note"


class SuggestedAmountRequired(Refusal):
    message = "Informe o valor sugerido."
    field = "suggested_amount"


class IndexRequiresMonths(Refusal):
    message = "Informe o mês da data-base, de 1 a 12."
    field = "data_base_month"


class AddressRequired(Refusal):
    message = "Informe o e-mail da mensagem de boas-vindas, ou desmarque-a."
    field = "welcome_to"


class WelcomeTextRequired(Refusal):
    message = "Escreva o texto que deve ser guardado."
    field = "welcome_text"


class WelcomeMayNotBeKept(Refusal):
    message = "Guardar o texto precisa da permissão de editar cadastros."
    field = "welcome_keep"


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


def faults(new: NewContract, around: Surroundings, policy: ContractPolicy) -> Iterator[Refusal]:
    """This will give everything that stands against the contract, each beside its field."""
    latest = around.today + timedelta(days=policy.adhesion_window_days)
    if new.adhesion_date > latest:
        yield AdhesionTooFar(latest=written_date(latest))
    yield from _term_faults(new, around.today, policy)
    yield from _billing_faults(new, around)
    if new.setup_fee > ZERO and new.setup_account_id is None:
        yield SetupAccountRequired()
    yield from _terminal_faults(new, around)
    wants_amount = new.charges_suggested or new.renewal_price is RenewalPrice.SUGGESTED
    if wants_amount and not new.suggested_amount:
        yield SuggestedAmountRequired()
    if new.data_base_month is not None and not 1 <= new.data_base_month <= 12:
        yield IndexRequiresMonths()


def _term_faults(new: NewContract, today: date, policy: ContractPolicy) -> Iterator[Refusal]:
    """A year typed wrong would make charges for centuries."""
    window = policy.start_window_months
    earliest, latest = add_months(today, months=-window), add_months(today, months=window)
    if not earliest <= new.starts_on <= latest:
        yield StartsTooFar(earliest=written_date(earliest), latest=written_date(latest))
    elif new.ends_on is not None and new.ends_on <= new.starts_on:
        yield EndsBeforeItStarts()
    elif new.ends_on is not None:
        last = add_months(new.starts_on, months=policy.longest_term_months)
        if new.ends_on > last:
            yield TermTooLong(latest=written_date(last))


def _billing_faults(new: NewContract, around: Surroundings) -> Iterator[Refusal]:
    is_grouped = new.billing_method is BillingMethod.GROUPED
    if new.inactivity_discount and not (is_grouped and new.periodicity_months == 1):
        yield InactivityDiscountNotPossible()
    yield from _due_day_faults(new, around)
    if around.group_customer_id not in (None, new.customer_id):
        yield GroupNotOfCustomer()
    if new.billing_group_id is not None and not is_grouped:
        yield GroupWithoutGrouping()
    is_per_charge = new.billing_method is BillingMethod.PER_CHARGE
    if new.review_charges and not is_per_charge:
        yield ReviewNotPossible()
    if new.fiscal_note and not is_per_charge:
        yield FiscalNoteNotPossible()


def _due_day_faults(new: NewContract, around: Surroundings) -> Iterator[Refusal]:
    if new.due_day_rule_id is None and new.billing_method is not BillingMethod.COURTESY:
        yield DueDayRuleRequired()
    if around.due_rule_is_for_telephony and new.plan_type is not PlanType.TELEPHONY:
        yield DueDayRuleForTelephony()


def _terminal_faults(new: NewContract, around: Surroundings) -> Iterator[Refusal]:
    if not new.phone_terminal:
        return
    fits = new.plan_type is PlanType.TELEPHONY and new.billing_method is BillingMethod.GROUPED
    if not (fits and new.ignore_automatic_renewal):
        yield TerminalNotPossible()
    if around.terminal_taken_by is not None:
        yield TerminalTaken(terminal=new.phone_terminal, contract=around.terminal_taken_by)


def check_welcome(welcome: Welcome) -> None:
    """This will refuse a welcome message that would go nowhere, and to keep words not written."""
    if welcome.is_wanted and not welcome.to.strip():
        raise AddressRequired
    if welcome.keep and not welcome.text.strip():
        raise WelcomeTextRequired


def amount_of_term(new: NewContract) -> Decimal:
    """What the first term's periods are charged at."""
    if new.charges_suggested and new.suggested_amount:
        return new.suggested_amount
    return new.monthly_amount
