"""What stands against the terms that a file tells of a contract, beside its dates and its plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from rules.contract_changes import Address
from rules.contract_checks import (
    AdhesionTooFar,
    FiscalNoteNotPossible,
    GroupWithoutGrouping,
    ReviewNotPossible,
    SetupAccountRequired,
    SuggestedAmountRequired,
)
from rules.contract_edit import MinimumTermFromNotPossible
from rules.contracts import BillingMethod, RenewalPrice
from rules.import_faults import Check, check
from rules.money import ZERO
from rules.refusals import Refusal, written_date

#: The cells that say together where a service is installed.
PLACE = ("installation_street", "installation_city", "installation_uf", "installation_postal_code")


class InstallationNotWhole(Refusal):
    message = "Do endereço de instalação, informe ao menos logradouro, cidade e UF."
    field = "installation_street"


class SetupLeftTooMany(Refusal):
    message = "A adesão tem %(instalments)s parcela(s): %(left)s não podem faltar."
    field = "setup_left"


class SetupLeftWithoutFee(Refusal):
    message = "Há parcelas da adesão a cobrar: informe também o valor dela em taxa_adesao."
    field = "setup_left"


class SetupLeftNotCharged(Refusal):
    message = (
        "Para cobrar aqui parcelas da adesão, informe em cobrar_de desde quando este contrato é"
        " cobrado aqui."
    )
    field = "setup_left"


def checks_of(told: Mapping[str, Any], *, today: date, adhesion_window_days: int) -> list[Check]:
    """The rules that the further terms of a contract that is not charged here must keep to."""
    latest = today + timedelta(days=adhesion_window_days)
    return [
        check("billing_group_id billing_method", lambda: _check_group(told)),
        check("adhesion_date", lambda: _check_adhesion(told, latest)),
        check("setup_fee setup_account_id plan_id", lambda: _check_account(told)),
        check("renewal_price suggested_amount", lambda: _check_suggested(told)),
        check("minimum_term_from signed_on starts_on", lambda: _check_minimum_from(told, today)),
        check("review_charges billing_method", lambda: _check_review(told)),
        check("fiscal_note billing_method", lambda: _check_note(told)),
        *checks_of_cells(told),
    ]  # fmt: skip


def checks_of_cells(told: Mapping[str, Any]) -> list[Check]:
    """The rules of what only a file says: of a contract that is charged here as well."""
    return [
        check("setup_left setup_fee setup_instalments charged_from billing_method",
              lambda: _check_left(told)),
        check(" ".join(PLACE), lambda: _check_place(told)),
    ]  # fmt: skip


def place_of(told: Mapping[str, Any]) -> dict[str, str] | None:
    """The installation's address as contracts keep it; None where the row says nothing of it."""
    said = [told.get(name) or "" for name in PLACE]
    return vars(Address(*said)) if any(said) else None


def charged_before(told: Mapping[str, Any], kept: Mapping[str, Any]) -> int | None:
    """How many of the setup's instalments the system before this one charged: all, unless the row
    says how many are left. None where it says nothing of the setup."""
    if not told.get("setup_fee") and told.get("setup_left") is None:
        return None
    instalments: int = told.get("setup_instalments") or kept.get("setup_instalments") or 1
    return instalments - (told.get("setup_left") or 0)


def _check_group(told: Mapping[str, Any]) -> None:
    is_grouped = told.get("billing_method") == BillingMethod.GROUPED
    if told.get("billing_group_id") is not None and not is_grouped:
        raise GroupWithoutGrouping


def _check_adhesion(told: Mapping[str, Any], latest: date) -> None:
    on = told.get("adhesion_date")
    if on is not None and on > latest:
        raise AdhesionTooFar(latest=written_date(latest))


def _check_account(told: Mapping[str, Any]) -> None:
    if (told.get("setup_fee") or ZERO) > ZERO and told.get("setup_account_id") is None:
        raise SetupAccountRequired


def _check_left(told: Mapping[str, Any]) -> None:
    left, instalments = told.get("setup_left") or 0, told.get("setup_instalments") or 1
    if not left:
        return
    if left > instalments:
        raise SetupLeftTooMany(instalments=instalments, left=left)
    if not told.get("setup_fee"):
        raise SetupLeftWithoutFee
    if told.get("charged_from") is None or told.get("billing_method") == BillingMethod.COURTESY:
        raise SetupLeftNotCharged


def _check_suggested(told: Mapping[str, Any]) -> None:
    if told.get("renewal_price") == RenewalPrice.SUGGESTED and not told.get("suggested_amount"):
        raise SuggestedAmountRequired


def _check_minimum_from(told: Mapping[str, Any], today: date) -> None:
    since: date | None = told.get("minimum_term_from")
    if since is None:
        return
    first: date = told.get("signed_on") or told.get("starts_on") or since
    if not first <= since <= today:
        raise MinimumTermFromNotPossible(signed=written_date(first))


def _check_review(told: Mapping[str, Any]) -> None:
    if told.get("review_charges") and told.get("billing_method") != BillingMethod.PER_CHARGE:
        raise ReviewNotPossible


def _check_note(told: Mapping[str, Any]) -> None:
    if told.get("fiscal_note") and told.get("billing_method") != BillingMethod.PER_CHARGE:
        raise FiscalNoteNotPossible


def _check_place(told: Mapping[str, Any]) -> None:
    place = place_of(told)
    if place is not None and not Address(**place).is_whole:
        raise InstallationNotWhole
