"""What stands against a contract that is to be made, each fault beside its field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from rules.business_days import add_months
from rules.contract_terms import ContractPolicy, NewContract, end_of_term
from rules.contracts import BillingMethod, PlanType, RenewalPrice
from rules.money import ZERO
from rules.refusals import Refusal, written_date


@dataclass(frozen=True)
class Surroundings:
    """What else decides whether a contract may be made."""

    today: date
    due_rule_is_for_telephony: bool
    profile_is_for_telephony: bool
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


class TerminalRenewsByItself(TerminalNotPossible, code=TerminalNotPossible.code):
    """Beside the field of its own: the wizard asks for renewals two steps after the terminal."""

    message = "Um terminal telefônico exige que a renovação automática seja ignorada."
    field = "ignore_automatic_renewal"


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


class SignatureTooFar(Refusal):
    message = "A assinatura precisa estar entre %(earliest)s e %(latest)s."
    field = "signed_on"


class EndsInThePast(Refusal):
    message = "O fim precisa ser posterior a hoje."
    field = "ends_on"


class EndsBesideTerm(Refusal):
    message = "O prazo de %(months)s meses termina em %(end)s. Deixe o fim em branco ou corrija-o."
    field = "ends_on"


class MinimumTermTooLong(Refusal):
    message = "A fidelidade iria até %(until)s, além do fim do contrato, em %(end)s."
    field = "minimum_term_months"


class EndsBeforeItStarts(Refusal):
    message = "O fim precisa ser posterior ao início."
    field = "ends_on"


class DueDayRuleRequired(Refusal):
    message = "Escolha a regra de vencimento."
    field = "due_day_rule_id"


class DueDayRuleForTelephony(Refusal):
    message = "Esta regra de vencimento é só para telefonia."
    field = "due_day_rule_id"


class ProfileForTelephony(Refusal):
    message = "Este profile de pagamento é só para telefonia."
    field = "payment_profile_id"


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
    yield from _signature_faults(new, today, policy)
    window = policy.start_window_months
    earliest, latest = add_months(today, months=-window), add_months(today, months=window)
    if not earliest <= new.starts_on <= latest:
        yield StartsTooFar(earliest=written_date(earliest), latest=written_date(latest))
    elif new.ends_on is not None and new.ends_on <= new.starts_on:
        yield EndsBeforeItStarts()
    elif new.ends_on is not None and new.ends_on <= today:
        yield EndsInThePast()
    elif new.ends_on is not None:
        last = add_months(new.starts_on, months=policy.longest_term_months)
        if new.ends_on > last:
            yield TermTooLong(latest=written_date(last))
        else:
            yield from _length_faults(new, new.ends_on)


def _signature_faults(new: NewContract, today: date, policy: ContractPolicy) -> Iterator[Refusal]:
    earliest = add_months(today, months=-policy.longest_term_months)
    latest = today + timedelta(days=policy.adhesion_window_days)
    if not earliest <= new.signed_on <= latest:
        yield SignatureTooFar(earliest=written_date(earliest), latest=written_date(latest))


def _length_faults(new: NewContract, ends_on: date) -> Iterator[Refusal]:
    """Term and minimum term count from the signature."""
    end = end_of_term(new.signed_on, months=new.term_months)
    if end is not None and end != ends_on:
        yield EndsBesideTerm(months=new.term_months, end=written_date(end))
    bound = end_of_term(new.signed_on, months=new.minimum_term_months)
    if bound is not None and bound > ends_on:
        yield MinimumTermTooLong(until=written_date(bound), end=written_date(ends_on))


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
    if around.profile_is_for_telephony and new.plan_type is not PlanType.TELEPHONY:
        yield ProfileForTelephony()


def _terminal_faults(new: NewContract, around: Surroundings) -> Iterator[Refusal]:
    if not new.phone_terminal:
        return
    yield from terminal_faults(new, plan_type=new.plan_type)
    if around.terminal_taken_by is not None:
        yield TerminalTaken(terminal=new.phone_terminal, contract=around.terminal_taken_by)


class HasTerminal(Protocol):
    """What a telephone line's contract must say."""

    @property
    def billing_method(self) -> BillingMethod: ...
    @property
    def ignore_automatic_renewal(self) -> bool: ...


def terminal_faults(terms: HasTerminal, *, plan_type: PlanType) -> Iterator[Refusal]:
    """What stands against a terminal: one is of telephony, grouped, and renewed by a person."""
    is_grouped = terms.billing_method == BillingMethod.GROUPED
    if plan_type is not PlanType.TELEPHONY or not is_grouped:
        yield TerminalNotPossible()
    elif not terms.ignore_automatic_renewal:
        yield TerminalRenewsByItself()
