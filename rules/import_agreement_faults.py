"""All that stands against an agreement that a file brings from another system."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from rules.agreement_terms import (
    AgreementKind,
    PickedInvoiceCancelled,
    PickedInvoiceInAgreement,
    PickedInvoiceSuspended,
)
from rules.agreements import AgreementPolicy, AgreementStatus
from rules.business_days import ONE_DAY
from rules.contested import InvoiceUnderContestation
from rules.import_agreement_cells import InvoiceNamedTwice
from rules.import_agreements import (
    AgreementPastTolerance,
    Brought,
    broken_on,
    check_last_due,
    sum_of,
)
from rules.import_faults import Check, check, faults_of
from rules.import_invoices import InvoiceOfAnotherCustomer
from rules.panels import InvoiceStatus
from rules.refusals import Refusal, written_amount, written_date


class OriginalsOfUnchanged(Refusal):
    message = "Um acordo sem alteração não substitui faturas: deixe originais em branco."
    field = "originals"


class OriginalOwesNothing(Refusal):
    message = (
        "A original %(invoice)s não tem saldo. Importe-a antes como suspensa, "
        "com o saldo que o acordo substituiu."
    )
    field = "originals"


class AgreementTotalDiffers(Refusal):
    message = "As faturas do acordo somam R$ %(sum)s, e o valor diz R$ %(total)s."
    field = "total"


class AgreementMadeTooLate(Refusal):
    message = "A data em que foi feito, %(day)s, está no futuro ou não é anterior à tolerância."
    field = "made_on"


class AgreementStillKept(Refusal):
    message = "Com estas faturas, o acordo ainda é cumprido até %(day)s: escreva em andamento."
    field = "standing"


class AgreementNotPaid(Refusal):
    message = "Faltam R$ %(left)s nas faturas do acordo: ele não está cumprido."
    field = "standing"


class AgreementAlreadyPaid(Refusal):
    message = "Todas as faturas do acordo estão quitadas: ele está cumprido."
    field = "standing"


def faults(
    brought: Brought, *, today: date, policy: AgreementPolicy, unread: frozenset[str]
) -> Iterator[Refusal]:
    """Everything that stands against an agreement that is not known yet."""
    told = brought.told
    checks = [
        check("kind originals", lambda: _check_unchanged(told)),
        check("invoices originals", lambda: _check_apart(told)),
        check("made_on tolerance_date", lambda: _check_made(told, today)),
    ]
    agreed, replaced = "customer_id invoices", "customer_id originals"
    checks += [
        *(check(agreed, _asked(_check_agreed, brought, each)) for each in brought.kept_by),
        *(check(replaced, _asked(_check_original, brought, each)) for each in brought.originals),
    ]
    if brought.is_whole:
        checks += _checks_of_all(brought, today, policy)
    return faults_of(checks, unread=unread)


def _checks_of_all(brought: Brought, today: date, policy: AgreementPolicy) -> list[Check]:
    dated = "kind invoices tolerance_date"
    return [
        check("kind invoices total", lambda: _check_total(brought)),
        check(dated, lambda: check_last_due(brought)),
        check(f"{dated} standing", lambda: _check_standing(brought, today, policy)),
    ]


def _check_unchanged(told: Mapping[str, Any]) -> None:
    if told["kind"] == AgreementKind.UNCHANGED and told.get("originals"):
        raise OriginalsOfUnchanged


def _check_apart(told: Mapping[str, Any]) -> None:
    twice = set(told["invoices"]).intersection(told.get("originals") or ())
    if twice:
        raise InvoiceNamedTwice(invoice=min(twice), field="originals")


def _check_made(told: Mapping[str, Any], today: date) -> None:
    made_on = told.get("made_on")
    if made_on is not None and (made_on > today or made_on >= told["tolerance_date"]):
        raise AgreementMadeTooLate(day=written_date(made_on))


def _asked(
    refuse: Callable[[Brought, Mapping[str, Any]], None],
    brought: Brought,
    invoice: Mapping[str, Any],
) -> Callable[[], None]:
    return lambda: refuse(brought, invoice)


def _check_agreed(brought: Brought, invoice: Mapping[str, Any]) -> None:
    _check_free(brought, invoice, field="invoices")
    if invoice["status"] == InvoiceStatus.CANCELLED:
        raise PickedInvoiceCancelled(invoice=invoice["code"], field="invoices")
    if invoice["status"] == InvoiceStatus.SUSPENDED:
        raise PickedInvoiceSuspended(invoice=invoice["code"], field="invoices")


def _check_original(brought: Brought, invoice: Mapping[str, Any]) -> None:
    _check_free(brought, invoice, field="originals")
    if not invoice["open_amount"]:
        raise OriginalOwesNothing(invoice=invoice["code"])


def _check_free(brought: Brought, invoice: Mapping[str, Any], *, field: str) -> None:
    """One customer's, of no agreement, and not contested."""
    if invoice["customer_id"] != brought.told["customer_id"]:
        raise InvoiceOfAnotherCustomer(invoice=invoice["code"], field=field)
    if invoice["agreement_id"] is not None or invoice["status"] == InvoiceStatus.REPLACED:
        raise PickedInvoiceInAgreement(invoice=invoice["code"], field=field)
    if invoice["id"] in brought.contested:
        raise InvoiceUnderContestation(invoice=invoice["code"], field=field)


def _check_total(brought: Brought) -> None:
    told = brought.told.get("total")
    if told is None:
        return
    most = sum_of(brought.kept_by, "amount")
    least = most if brought.is_proposal else sum_of(brought.kept_by, "open_amount")
    if not least <= told <= most:
        nearest = written_amount(most if told > most else least)
        raise AgreementTotalDiffers(sum=nearest, total=written_amount(told))


def _check_standing(brought: Brought, today: date, policy: AgreementPolicy) -> None:
    said, day = brought.told.get("standing"), broken_on(brought, today, policy)
    is_said_broken = said == AgreementStatus.BROKEN
    if day is None:
        if is_said_broken:
            raise AgreementAlreadyPaid
        return
    if said == AgreementStatus.FULFILLED:
        raise AgreementNotPaid(left=written_amount(sum_of(brought.kept_by, "open_amount")))
    if day <= today and not is_said_broken:
        raise AgreementPastTolerance(day=written_date(day))
    if day > today and is_said_broken:
        raise AgreementStillKept(day=written_date(day - ONE_DAY))
