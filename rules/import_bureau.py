"""Invoices that a file brings as noticed or registered at the credit bureau by another system.

What is registered is taken in as it is, paid or not: what is not known here is removed by nobody.
What is only noticed goes on here, so that all that the notice asks for must stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from rules.bureau import BureauPolicy, expires_on
from rules.bureau_entry import (
    BureauBeforeTermination,
    BureauDebtTooOld,
    BureauInvoiceNotLate,
    BureauInvoiceNotOwed,
)
from rules.bureau_notices import LONGEST_PROOF, NoticeProofRequired
from rules.import_cells import Decimals
from rules.import_faults import check, faults_of
from rules.panels import BureauStage, InvoiceStatus
from rules.refusals import Refusal, written_date

FIELD = "bureau"
NOTICED, REGISTERED = "bureau_noticed_on", "bureau_registered_on"
_STAGES = {
    "avisado": BureauStage.NOTICED,
    "avisada": BureauStage.NOTICED,
    "registrado": BureauStage.REGISTERED,
    "registrada": BureauStage.REGISTERED,
    "noticed": BureauStage.NOTICED,
    "registered": BureauStage.REGISTERED,
}


class BureauStageNotValid(Refusal):
    message = "O estágio “%(stage)s” do SPC não existe: use avisado ou registrado."


class BureauDayRequired(Refusal):
    message = "Diga em que dia o aviso foi entregue, ou o registro foi feito."


class BureauDayNotPossible(Refusal):
    message = (
        "O vencimento, o aviso e o registro no SPC devem vir nesta ordem, sem nenhum no futuro."
    )


class BureauNoticeOver(Refusal):
    message = (
        "O prazo deste aviso acabou em %(day)s. Importe a fatura como registrada, se está, ou sem "
        "SPC, para avisar de novo."
    )
    field = NOTICED


def read_bureau_stage(cell: str, _decimals: Decimals) -> BureauStage:
    """This will read at which stage of the bureau's control an invoice is taken over."""
    stage = _STAGES.get(cell.casefold())
    if stage is None:
        raise BureauStageNotValid(stage=cell[:40])
    return stage


def bureau_faults(
    told: Mapping[str, Any],
    *,
    status: str,
    is_before_termination: bool,
    today: date,
    policy: BureauPolicy,
    unread: frozenset[str],
) -> Iterator[Refusal]:
    """Everything that stands against taking an invoice over at the bureau's stage."""
    if told.get(FIELD) is None:
        return iter(())
    days = "bureau due_date bureau_noticed_on bureau_registered_on"
    checks = [
        check(days, lambda: _check_days(told, today)),
        check("bureau due_date", lambda: _check_age(told, today, policy)),
    ]
    if told[FIELD] == BureauStage.NOTICED:
        checks += [
            check("bureau bureau_proof", lambda: _check_proof(told)),
            check("bureau status", lambda: _check_owed(told, status)),
            check(
                "bureau contract_id",
                lambda: _check_terminated(told, policy, is_before=is_before_termination),
            ),
            check("bureau bureau_noticed_on", lambda: _check_grace(told, today, policy)),
        ]
    return faults_of(checks, unread=unread)


def _check_days(told: Mapping[str, Any], today: date) -> None:
    is_registered = told[FIELD] == BureauStage.REGISTERED
    last = REGISTERED if is_registered else NOTICED
    if told.get(last) is None:
        raise BureauDayRequired(field=last)
    if told["due_date"] >= today:
        raise BureauInvoiceNotLate(invoice=told["code"], field="due_date")
    before: date = told["due_date"]
    for field in (NOTICED, REGISTERED) if is_registered else (NOTICED,):
        day: date = told.get(field) or before
        if not before <= day <= today:
            raise BureauDayNotPossible(field=field)
        before = day


def _check_age(told: Mapping[str, Any], today: date, policy: BureauPolicy) -> None:
    until = expires_on(told["due_date"], policy)
    if until < today:
        raise BureauDebtTooOld(invoice=told["code"], until=written_date(until), field="due_date")


def _check_proof(told: Mapping[str, Any]) -> None:
    if not (told.get("bureau_proof") or "").strip():
        raise NoticeProofRequired(most=LONGEST_PROOF, field="bureau_proof")


def _check_owed(told: Mapping[str, Any], status: str) -> None:
    if status != InvoiceStatus.OPEN:
        raise BureauInvoiceNotOwed(invoice=told["code"], field="status")


def _check_terminated(told: Mapping[str, Any], policy: BureauPolicy, *, is_before: bool) -> None:
    if policy.only_after_termination and is_before:
        raise BureauBeforeTermination(invoice=told["code"], field="contract")


def _check_grace(told: Mapping[str, Any], today: date, policy: BureauPolicy) -> None:
    noticed = told.get(NOTICED)
    if noticed is None:
        return
    over = noticed + timedelta(days=policy.grace_days)
    if over <= today:
        raise BureauNoticeOver(day=written_date(over))
