"""Contestations as they are listed, counted by stage, and summed into the five numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, case, func, or_
from sqlalchemy import select as select_columns
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import Centavos
from models.carrier_invoices import CarrierInvoice
from models.carriers import Carrier, CarrierAccount
from models.cases import Case
from models.contestations import Contestation, ContestationItem, Correction
from models.customers import Customer
from models.findings import Finding
from models.invoices import Invoice
from models.received_contestations import ReceivedContestation
from models.rows import rows_of
from rules.cases import Process
from rules.contestation import ContestationStage

#: The carrier has said what it accepts; what it did not accept is lost.
_SAID = (
    ContestationStage.PARTLY_ACCEPTED,
    ContestationStage.ACCEPTED,
    ContestationStage.AWAITING_NEW_BARCODE,
    ContestationStage.AWAITING_CREDIT,
    ContestationStage.VERIFIED,
    ContestationStage.CORRECTING_ROOT_CAUSE,
)


@dataclass(frozen=True)
class ContestationFilter:
    """What the board is narrowed to; None narrows nothing."""

    search: str | None = None
    stage: str | None = None
    carrier: str | None = None
    direction: str | None = None
    is_breached: bool = False
    is_open: bool = False


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
        .join(
            Case,
            and_(
                col(Case.process) == Process.CONTESTATION,
                col(Case.subject_id) == col(Contestation.id),
            ),
        )
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
        (Contestation.direction, wanted.direction),
    )
    found: list[Any] = [col(column) == value for column, value in equal if value is not None]
    if wanted.is_breached:
        found.append(col(Case.breached_at).is_not(None))
    if wanted.is_open:
        found.append(col(Contestation.ended_at).is_(None))
    if wanted.search:
        places = (
            *(CarrierInvoice.number, Customer.name, Carrier.name, Invoice.number),
            ReceivedContestation.protocol,
        )
        found.append(or_(*(col(p).icontains(wanted.search, autoescape=True) for p in places)))
    return found


async def count_by_stage(
    session: AsyncSession, *, direction: str | None
) -> dict[str, tuple[int, Decimal]]:
    """How many contestations stand in each stage, and what they claim; None: both directions."""
    columns: tuple[Any, ...] = (
        col(Contestation.stage).label("stage"),
        func.count().label("number"),
        func.sum(col(Contestation.claimed)).label("claimed"),
    )
    statement = select_columns(*columns).group_by(col(Contestation.stage))
    if direction is not None:
        statement = statement.where(col(Contestation.direction) == direction)
    rows = await rows_of(session, statement)
    return {row["stage"]: (row["number"], row["claimed"]) for row in rows}


async def five_numbers(
    session: AsyncSession, *, by_month: bool = True, carrier: str | None = None
) -> Sequence[Any]:
    """Identified, contested, recovered, lost and not acted on, by carrier, month and rule.

    The first is always the sum of the other four. `contested` is still under dispute; `recovered`
    counts at most what was charged wrongly (what comes above it in double is not) and what a
    preview avoided. An error that a preview could not avoid stands on the final invoice, and is
    counted there alone.
    """
    shown: tuple[Any, ...] = (
        col(Carrier.name).label("carrier"),
        *((col(CarrierInvoice.month).label("month"),) if by_month else ()),
        col(Finding.rule).label("rule"),
    )
    identified, contested, recovered, lost = _parts()
    total = {
        "identified": func.sum(identified),
        "contested": func.sum(contested),
        "recovered": func.sum(recovered),
        "lost": func.sum(lost),
        "untouched": func.sum(identified - contested - recovered - lost),
    }
    figures = [func.coalesce(each, 0, type_=Centavos()).label(name) for name, each in total.items()]
    statement = _findings(select_columns(*shown, *figures)).where(col(Finding.difference) > 0)
    if carrier:
        statement = statement.where(col(Carrier.code) == carrier)
    places = [column.element for column in shown]
    return await rows_of(session, statement.group_by(*places).order_by(*places))


def _findings(statement: Select[Any]) -> Select[Any]:
    current = and_(
        col(ContestationItem.finding_id) == col(Finding.id), col(ContestationItem.is_current)
    )
    return (
        statement.select_from(Finding)
        .join(CarrierInvoice, col(CarrierInvoice.id) == col(Finding.invoice_id))
        .join(CarrierAccount, col(CarrierAccount.id) == col(CarrierInvoice.account_id))
        .join(Carrier, col(Carrier.id) == col(CarrierAccount.carrier_id))
        .outerjoin(ContestationItem, current)
        .outerjoin(Contestation, col(Contestation.id) == col(ContestationItem.contestation_id))
    )


def _parts() -> tuple[Any, Any, Any, Any]:
    """What each finding counts as; in centavos, so that sums stay exact."""
    item, claimed = ContestationItem, col(ContestationItem.claimed)
    is_over = col(Contestation.ended_at).is_not(None)
    is_said = col(Contestation.stage).in_(_SAID)
    back = case((col(item.credited) > claimed, claimed), else_=col(item.credited))
    came = case(
        (claimed.is_(None), 0),
        (col(Contestation.is_preview), col(item.avoided)),
        else_=back,
    )
    accepted = case((col(item.accepted) > back, col(item.accepted)), else_=back)
    lost = case(
        (claimed.is_(None), 0),
        (col(Contestation.is_preview), 0),
        (is_over, claimed - came),
        (is_said, claimed - accepted),
        else_=0,
    )
    identified = case(
        (and_(col(Contestation.is_preview), is_over), col(item.avoided)),
        else_=col(Finding.difference),
    )
    contested = case((claimed.is_(None), 0), (is_over, 0), else_=claimed - came - lost)
    return identified, contested, came, lost


def select_corrections(*, status: str | None) -> Select[Any]:
    """Root-cause corrections with their carrier."""
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
    )
    return statement.where(col(Correction.status) == status) if status else statement
