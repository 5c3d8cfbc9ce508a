"""Contestations as they are listed and counted by stage."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, or_
from sqlalchemy import select as select_columns
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.carrier_invoices import CarrierInvoice
from models.carrier_scope import EVERYBODY, Scope, of_case, of_customer
from models.carriers import Carrier, CarrierAccount
from models.cases import Case, is_case_of
from models.contestation_numbers import aged, answered_in
from models.contestations import Contestation, ContestationProtocol, Correction
from models.customers import Customer
from models.folding import any_holds
from models.invoices import Invoice
from models.received_contestations import ReceivedContestation
from models.rows import rows_of
from rules.cases import Process
from rules.contestation_numbers import Age, AnswerTime


@dataclass(frozen=True)
class ContestationFilter:
    """What the board is narrowed to; None narrows nothing."""

    search: str | None = None
    stage: str | None = None
    carrier: str | None = None
    company: str | None = None
    direction: str | None = None
    is_breached: bool = False
    is_open: bool = False
    age: Age | None = None
    today: date | None = None
    answer: AnswerTime | None = None
    since: date | None = None
    until: date | None = None
    scope: Scope = EVERYBODY


def select_contestations(wanted: ContestationFilter) -> Select[Any]:
    """Every contestation with its carrier, invoice and what comes next."""
    own = (
        *("id", "direction", "stage", "stage_on", "claimed", "accepted", "credited", "avoided"),
        *("due_on", "level", "round", "is_preview", "filed_on", "deemed_accepted_on"),
    )
    columns: tuple[Any, ...] = (
        *(col(getattr(Contestation, name)).label(name) for name in own),
        col(Carrier.name).label("carrier"),
        col(CarrierInvoice.number).label("invoice_number"),
        col(CarrierInvoice.issue_date).label("issue_date"),
        col(Contestation.invoice_id).label("invoice_id"),
        col(Invoice.number).label("own_invoice"),
        col(ReceivedContestation.protocol).label("protocol"),
        col(Customer.name).label("company"),
        col(Case.next_kind).label("next_kind"),
        col(Case.next_at).label("next_at"),
        col(Case.breached_at).label("breached_at"),
        col(Case.closed_at).label("closed_at"),
        col(Case.owner).label("owner"),
    )
    statement = (
        select_columns(*columns)
        .select_from(Contestation)
        .join(Customer, col(Customer.id) == col(Contestation.customer_id))
        .join(Case, is_case_of(Process.CONTESTATION, Contestation.id))
        .outerjoin(Carrier, col(Carrier.id) == col(Contestation.carrier_id))
        .outerjoin(CarrierInvoice, col(CarrierInvoice.id) == col(Contestation.invoice_id))
        .outerjoin(Invoice, col(Invoice.id) == col(Contestation.own_invoice_id))
        .outerjoin(
            ReceivedContestation,
            col(ReceivedContestation.contestation_id) == col(Contestation.id),
        )
    )
    return statement.where(*_conditions(wanted))


def _conditions(wanted: ContestationFilter) -> list[Any]:
    equal = (
        (Contestation.stage, wanted.stage),
        (Carrier.code, wanted.carrier),
        (Customer.code, wanted.company),
        (Contestation.direction, wanted.direction),
    )
    found: list[Any] = [col(column) == value for column, value in equal if value is not None]
    if wanted.is_breached:
        found.append(col(Case.breached_at).is_not(None))
    if wanted.is_open:
        found.append(col(Contestation.ended_at).is_(None))
    if wanted.age is not None and wanted.today is not None:
        found += aged(wanted.age, today=wanted.today)
    if wanted.answer is not None:
        found += answered_in(wanted.answer)
    if wanted.since is not None:
        found.append(col(CarrierInvoice.month) >= wanted.since)
    if wanted.until is not None:
        found.append(col(CarrierInvoice.month) <= wanted.until)
    found += of_customer(wanted.scope, col(Contestation.customer_id))
    found += of_case(wanted.scope, col(Contestation.id))
    if wanted.search:
        places = (
            *(CarrierInvoice.number, Customer.name, Carrier.name, Invoice.number),
            ReceivedContestation.protocol,
        )
        told = any_holds(places, wanted.search)
        found.append(or_(told, col(Contestation.id).in_(with_protocol(wanted.search))))
    return found


def with_protocol(text: str) -> Any:
    """The contestations of which a carrier gave this protocol, or one that begins so."""
    of_contact = select_columns(col(ContestationProtocol.contestation_id)).where(
        col(ContestationProtocol.protocol).startswith(text, autoescape=True)
    )
    of_correction = select_columns(col(Correction.contestation_id)).where(
        col(Correction.protocol).startswith(text, autoescape=True)
    )
    return of_contact.union(of_correction)


async def count_by_stage(
    session: AsyncSession, wanted: ContestationFilter
) -> dict[str, tuple[int, Decimal]]:
    """How many contestations stand in each stage, and what they claim; whatever stage is wanted."""
    found = select_contestations(replace(wanted, stage=None)).subquery()
    told = select_columns(
        found.c.stage, func.count().label("number"), func.sum(found.c.claimed).label("claimed")
    )
    rows = await rows_of(session, told.group_by(found.c.stage))
    return {row["stage"]: (row["number"], row["claimed"]) for row in rows}


@dataclass(frozen=True)
class CorrectionFilter:
    """What the corrections are narrowed to; the months are those of the contested invoices."""

    status: str | None = None
    carrier: str | None = None
    is_repeated: bool = False
    since: date | None = None
    until: date | None = None
    scope: Scope = EVERYBODY


def select_corrections(wanted: CorrectionFilter) -> Select[Any]:
    """Root-cause corrections with their carrier; `is_repeated`: those whose error came back."""
    names = (
        *("id", "contestation_id", "rule", "number", "code", "description", "status", "opened_at"),
        *("requested_at", "protocol", "due_on", "repeats", "closed_at"),
    )
    columns: tuple[Any, ...] = (
        *(col(getattr(Correction, name)).label(name) for name in names),
        col(Carrier.name).label("carrier"),
    )
    statement = (
        select_columns(*columns)
        .select_from(Correction)
        .join(CarrierAccount, col(CarrierAccount.id) == col(Correction.account_id))
        .join(Carrier, col(Carrier.id) == col(CarrierAccount.carrier_id))
        .join(Contestation, col(Contestation.id) == col(Correction.contestation_id))
        .join(CarrierInvoice, col(CarrierInvoice.id) == col(Contestation.invoice_id))
    )
    if wanted.carrier:
        statement = statement.where(col(Carrier.code) == wanted.carrier)
    if wanted.is_repeated:
        statement = statement.where(col(Correction.repeats) > 0)
    if wanted.since is not None:
        statement = statement.where(col(CarrierInvoice.month) >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(col(CarrierInvoice.month) <= wanted.until)
    if wanted.status:
        statement = statement.where(col(Correction.status) == wanted.status)
    return statement.where(
        *of_customer(wanted.scope, col(CarrierAccount.customer_id)),
        *of_case(wanted.scope, col(Contestation.id)),
    )
