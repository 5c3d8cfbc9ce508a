"""What a nightly scan of contracts did, contract by contract, invoice by invoice.

A run keeps its counts alone. What it did stands with what it did it to, by the system, between the
run's first and last instant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, cast, func, literal, null
from sqlalchemy import select as sql_select
from sqlmodel import col

from models.bulk import BulkRun
from models.cases import Case
from models.contracts import Contract, ContractEvent
from models.customers import Customer
from models.invoices import Invoice
from models.promises import Promise
from models.readjustments import ContractReadjustment
from models.renewals import ContractRenewal
from models.webhooks import BusinessEvent
from rules.cases import SYSTEM, Process
from rules.webhooks import BusinessEventKind


def select_done(run: BulkRun, figure: str) -> Select[Any]:
    """What a figure of a run counts: `href` leads to it, `name` is what it is called."""
    began = run.started_at or run.requested_at
    found: Select[Any] = SELECTED[figure](began, run.finished_at)
    return found


def _extended(began: datetime, ended: datetime | None) -> Any:
    return _of_events("charges_made", began, ended)


def _freed(began: datetime, ended: datetime | None) -> Any:
    return _of_events("minimum_term_told", began, ended)


def _of_events(kind: str, began: datetime, ended: datetime | None) -> Any:
    return (
        _contracts(func.min(ContractEvent.at))
        .join(ContractEvent, col(ContractEvent.contract_id) == col(Contract.id))
        .where(
            col(ContractEvent.kind) == kind,
            col(ContractEvent.by) == SYSTEM,
            *_within(col(ContractEvent.at), began, ended),
        )
        .group_by(col(Contract.id), col(Contract.code), col(Customer.id), col(Customer.name))
    )


def _queued(began: datetime, ended: datetime | None) -> Any:
    return _of_cases(Process.RENEWALS, ContractRenewal, began, ended)


def _readjusted(began: datetime, ended: datetime | None) -> Any:
    return _of_cases(Process.READJUSTMENTS, ContractReadjustment, began, ended)


def _of_cases(
    process: Process,
    table: type[ContractRenewal | ContractReadjustment],
    began: datetime,
    ended: datetime | None,
) -> Any:
    return (
        _contracts(col(Case.opened_at))
        .join(table, col(table.contract_id) == col(Contract.id))
        .join(Case, (col(Case.subject_id) == col(table.id)) & (col(Case.process) == process))
        .where(*_within(col(Case.opened_at), began, ended))
    )


def _contracts(at: Any) -> Any:
    return _selected(
        Contract.id, Contract.code, literal("/contratos/") + cast(col(Contract.id), String), at
    ).join(Customer, col(Customer.id) == col(Contract.customer_id))


def _overdue(began: datetime, ended: datetime | None) -> Any:
    subject = literal("invoice/") + cast(col(Invoice.id), String)
    return (
        _selected(
            Invoice.id, Invoice.number,
            literal("/cobrancas/faturas/") + cast(col(Invoice.id), String),
            col(BusinessEvent.at),
        )
        .join(BusinessEvent, col(BusinessEvent.subject) == subject)
        .join(Customer, col(Customer.id) == col(Invoice.customer_id))
        .where(
            col(BusinessEvent.kind) == BusinessEventKind.INVOICE_OVERDUE,
            *_within(col(BusinessEvent.at), began, ended),
        )
    )  # fmt: skip


def _promises(began: datetime, ended: datetime | None) -> Any:
    place = literal("/cobrancas/contas/") + cast(col(Customer.id), String)
    return (
        _selected(Promise.id, null(), place, col(Promise.ended_at))
        .join(Customer, col(Customer.id) == col(Promise.customer_id))
        .where(*_within(col(Promise.ended_at), began, ended))
    )


def _selected(id: Any, name: Any, href: Any, at: Any) -> Any:
    return sql_select(
        col(id).label("id"), cast(name, String).label("name"),
        href.label("href"), col(Customer.name).label("customer"), at.label("at"),
    )  # fmt: skip


def _within(at: Any, began: datetime, ended: datetime | None) -> tuple[Any, ...]:
    return (at >= began,) if ended is None else (at >= began, at <= ended)


SELECTED: Mapping[str, Callable[[datetime, datetime | None], Any]] = {
    "extended": _extended,
    "queued": _queued,
    "readjusted": _readjusted,
    "overdue": _overdue,
    "promises": _promises,
    "freed": _freed,
}
