"""What stands against a contract that a file brings, new or known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from rules.business_days import ONE_DAY, months_end
from rules.charge_plan import period_at
from rules.contract_checks import (
    InactivityDiscountNotPossible,
    MinimumTermTooLong,
    TerminalNotPossible,
    TerminalRenewsByItself,
    TerminalTaken,
)
from rules.contracts import BillingMethod, Periodicity, PlanType
from rules.import_contract_terms import checks_of
from rules.import_faults import check, faults_of
from rules.refusals import Refusal, written_date


class ImportedEndNotAfterStart(Refusal):
    message = "O fim precisa ser posterior ao início."
    field = "ends_on"


class ChargedWithoutStart(Refusal):
    message = "Para cobrar deste contrato, informe o início e a regra de vencimento."
    field = "charged_from"


class ChargedBeforeStart(Refusal):
    message = "O primeiro dia a cobrar não pode vir antes do início."
    field = "charged_from"


class ChargedFromPast(Refusal):
    message = (
        "O primeiro dia a cobrar não pode vir antes de %(earliest)s, quando começou o período"
        " anterior: o sistema de antes já o cobrou."
    )
    field = "charged_from"


class StartOfChargedContract(Refusal):
    message = "Este contrato já é cobrado aqui: o início não muda mais."
    field = "starts_on"


class ChargedFromOfChargedContract(Refusal):
    message = "Este contrato já é cobrado aqui: o primeiro dia a cobrar não muda mais."
    field = "charged_from"


class PriceOfChargedContract(Refusal):
    message = "Este contrato é cobrado aqui: o valor muda por troca de plano ou reajuste."
    field = "monthly_amount"


class OwnerOfChargedContract(Refusal):
    message = "Este contrato é cobrado aqui: troque o titular pela página do contrato."
    field = "customer"


class EndingOfChargedContract(Refusal):
    message = (
        "Este contrato é cobrado aqui: encerre-o pela página do contrato, com os proporcionais."
    )
    field = "terminated_on"


class PeriodicityOfChargedContract(Refusal):
    message = "Este contrato é cobrado aqui: troque a periodicidade pela página do contrato."
    field = "periodicity_months"


class ReadjustmentOfChargedContract(Refusal):
    message = "Este contrato é cobrado aqui: o dia do último reajuste não muda mais."
    field = "readjusted_on"


class SetupOfChargedContract(Refusal):
    message = (
        "Este contrato já é cobrado aqui: as parcelas da adesão que o sistema anterior cobrou não"
        " mudam mais."
    )
    field = "setup_left"


class AddressOfChargedContract(Refusal):
    message = "Este contrato é cobrado aqui: mude o endereço pela página do contrato, com data."
    field = "installation_street"


class ReadjustedOutOfTime(Refusal):
    message = "O último reajuste precisa estar entre a assinatura e hoje."
    field = "readjusted_on"


class PlanSinceBeforeToday(Refusal):
    message = "A troca de plano não pode valer de antes de hoje."
    field = "plan_since"


#: What of a contract that is charged here no file changes, and how that is refused.
FIXED: Mapping[str, type[Refusal]] = {
    "starts_on": StartOfChargedContract,
    "charged_from": ChargedFromOfChargedContract,
    "customer_id": OwnerOfChargedContract,
    "terminated_on": EndingOfChargedContract,
    "periodicity_months": PeriodicityOfChargedContract,
    "readjusted_on": ReadjustmentOfChargedContract,
}


def faults(
    told: Mapping[str, Any],
    *,
    today: date,
    terminal_taken_by: str | None = None,
    adhesion_window_days: int = 60,
    unread: frozenset[str] = frozenset(),
) -> Iterator[Refusal]:
    """Everything that is wrong with a contract that is not charged yet.

    `terminal_taken_by` is the other contract that has the row's terminal.
    """
    checks = [
        check("starts_on ends_on", lambda: _check_end(told)),
        check("starts_on due_day_rule_id charged_from billing_method plan_id",
              lambda: _check_whole(told)),
        check("starts_on charged_from", lambda: _check_charged_from(told)),
        check("starts_on charged_from periodicity_months plan_id",
              lambda: _check_not_past(told, today)),
        check("inactivity_discount billing_method periodicity_months plan_id",
              lambda: _check_inactivity(told)),
        check("phone_terminal billing_method ignore_automatic_renewal plan_id",
              lambda: _check_terminal(told, terminal_taken_by)),
        check("minimum_term_months minimum_term_from signed_on ends_on",
              lambda: _check_minimum(told)),
        check("readjusted_on signed_on", lambda: _check_readjusted(told, today)),
        *checks_of(told, today=today, adhesion_window_days=adhesion_window_days),
    ]  # fmt: skip
    return faults_of(checks, unread=unread)


def fixed_faults(
    told: Mapping[str, Any], kept: Mapping[str, Any], *, plan_amount: Any, today: date
) -> Iterator[Refusal]:
    """Everything that a row would change of a contract charged here and that only its page does.

    `plan_amount` is that of the plan to which the row changes it, whose price it may name.
    """
    for field, refusal in FIXED.items():
        if told.get(field) is not None and told[field] != kept[field]:
            yield refusal()
    if kept["address"] and told.get("address") not in (None, kept["address"]):
        yield AddressOfChargedContract()
    amount = told.get("monthly_amount")
    if amount is not None and amount not in (kept["monthly_amount"], plan_amount):
        yield PriceOfChargedContract()
    since = told.get("plan_since")
    if since is not None and since < today:
        yield PlanSinceBeforeToday()


def _check_end(told: Mapping[str, Any]) -> None:
    starts_on, ends_on = told.get("starts_on"), told.get("ends_on")
    if starts_on and ends_on and ends_on <= starts_on:
        raise ImportedEndNotAfterStart


def _is_charged(told: Mapping[str, Any]) -> bool:
    is_free = told.get("billing_method") == BillingMethod.COURTESY
    return told.get("charged_from") is not None and not is_free


def _check_whole(told: Mapping[str, Any]) -> None:
    is_whole = told.get("starts_on") is not None and told.get("due_day_rule_id") is not None
    if _is_charged(told) and not is_whole:
        raise ChargedWithoutStart


def _check_charged_from(told: Mapping[str, Any]) -> None:
    starts_on, charged = told.get("starts_on"), told.get("charged_from")
    if _is_charged(told) and starts_on is not None and charged is not None and charged < starts_on:
        raise ChargedBeforeStart


def _check_not_past(told: Mapping[str, Any], today: date) -> None:
    """What lies further back than a period was another system's to charge; what is over, is."""
    starts_on, charged = told.get("starts_on"), told.get("charged_from")
    if not _is_charged(told) or starts_on is None or charged is None or told.get("terminated_on"):
        return
    months = told.get("periodicity_months") or Periodicity.MONTH
    begins = period_at(max(today, starts_on), starts_on=starts_on, months=months).start
    before = period_at(max(begins - ONE_DAY, starts_on), starts_on=starts_on, months=months)
    if charged < before.start and charged >= starts_on:
        raise ChargedFromPast(earliest=written_date(before.start))


def _check_inactivity(told: Mapping[str, Any]) -> None:
    is_monthly = told.get("periodicity_months") == Periodicity.MONTH
    is_grouped = told.get("billing_method") == BillingMethod.GROUPED
    if told.get("inactivity_discount") and not (is_monthly and is_grouped):
        raise InactivityDiscountNotPossible


def _check_terminal(told: Mapping[str, Any], taken_by: str | None) -> None:
    terminal = told.get("phone_terminal")
    if not terminal:
        return
    is_telephony = told.get("plan_type") == PlanType.TELEPHONY
    if not is_telephony or told.get("billing_method") != BillingMethod.GROUPED:
        raise TerminalNotPossible
    if not told.get("ignore_automatic_renewal"):
        raise TerminalRenewsByItself
    if taken_by is not None:
        raise TerminalTaken(terminal=terminal, contract=taken_by)


def _check_minimum(told: Mapping[str, Any]) -> None:
    since = told.get("minimum_term_from") or told.get("signed_on")
    ends_on, months = told.get("ends_on"), told.get(MINIMUM)
    if not (since and ends_on and months):
        return
    until = months_end(since, months=months)
    if until > ends_on:
        raise MinimumTermTooLong(until=written_date(until), end=written_date(ends_on))


MINIMUM = "minimum_term_months"


def _check_readjusted(told: Mapping[str, Any], today: date) -> None:
    on = told.get("readjusted_on")
    if on is not None and not (told.get("signed_on") or on) <= on <= today:
        raise ReadjustedOutOfTime
