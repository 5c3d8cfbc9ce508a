"""The list of findings: filtered, and picked for a contestation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from operator import eq, ge, le
from typing import Any

from sqlalchemy import Select, and_, func, or_
from sqlalchemy import select as select_columns
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.carrier_invoices import CarrierInvoice
from models.carrier_scope import EVERYBODY, Scope, of_case, of_customer
from models.carriers import Carrier, CarrierAccount
from models.contestation_numbers import findings_of
from models.contestations import ContestationItem
from models.customers import Customer
from models.findings import Finding
from models.lines import Line, LineHolder
from models.registry_rows import table_of
from models.rows import read_rows
from models.sight import only_seen
from rules.contestation_numbers import Detail, Part
from rules.findings import FindingStatus

#: What asks for findings that no cost centre bears.
NO_CENTRE = "-"
_SIDES = {"maior": True, "menor": False}
_SEARCHED = (
    Finding.number, Finding.code, Finding.description, CarrierInvoice.number, LineHolder.owner,
)  # fmt: skip


@dataclass(frozen=True)
class FindingFilter:
    """What a list of findings is narrowed to; None and "" narrow nothing."""

    search: str | None = None
    rule: str | None = None
    status: str | None = None
    side: str | None = None
    carrier: str | None = None
    company: str | None = None
    cost_centre: str | None = None
    least: Decimal | None = None
    invoice_id: int | None = None
    month: date | None = None
    since: date | None = None
    until: date | None = None
    part: Part | Detail | None = None
    is_preview: bool | None = None
    ids: tuple[int, ...] | None = None
    scope: Scope = EVERYBODY


def select_findings(wanted: FindingFilter) -> Select[Any]:
    """Findings with their invoice, company, and who held the line when it was issued."""
    columns: tuple[Any, ...] = (
        *(col(getattr(Finding, name)).label(name) for name in _OWN),
        col(Finding.count).label("times"),  # "count" is what lists call the number of rows
        col(CarrierInvoice.number).label("invoice_number"),
        col(CarrierInvoice.issue_date).label("issue_date"),
        col(Carrier.name).label("carrier"),
        col(Customer.name).label("company"),
        col(LineHolder.owner).label("owner"),
        col(LineHolder.cost_centre).label("cost_centre"),
    )
    statement = _joined(select_columns(*columns))
    for condition in _conditions(wanted):
        statement = statement.where(condition)
    return statement


_OWN = (
    *("id", "invoice_id", "rule", "number", "kind", "code", "description"),
    *("charged", "expected", "difference", "status", "found_at"),
)


def _joined(statement: Select[Any]) -> Select[Any]:
    line = and_(
        col(Line.customer_id) == col(CarrierAccount.customer_id),
        col(Line.number) == col(Finding.number),
    )
    issued = col(CarrierInvoice.issue_date)
    holder = and_(
        col(LineHolder.line_id) == col(Line.id),
        col(LineHolder.since) <= issued,
        or_(col(LineHolder.until).is_(None), col(LineHolder.until) > issued),
    )
    return (
        statement.select_from(Finding)
        .join(CarrierInvoice, col(CarrierInvoice.id) == col(Finding.invoice_id))
        .join(CarrierAccount, col(CarrierAccount.id) == col(CarrierInvoice.account_id))
        .join(Carrier, col(Carrier.id) == col(CarrierAccount.carrier_id))
        .join(Customer, col(Customer.id) == col(CarrierAccount.customer_id))
        .outerjoin(Line, line)
        .outerjoin(LineHolder, holder)
    )


def _conditions(wanted: FindingFilter) -> list[Any]:
    difference = col(Finding.difference)
    equal = (
        (Finding.rule, wanted.rule),
        (Finding.status, wanted.status),
        (Carrier.code, wanted.carrier),
        (Customer.code, wanted.company),
        (Finding.invoice_id, wanted.invoice_id),
    )
    found: list[Any] = [col(column) == value for column, value in equal if value is not None]
    if wanted.cost_centre is not None:
        told = "" if wanted.cost_centre == NO_CENTRE else wanted.cost_centre
        found.append(func.coalesce(col(LineHolder.cost_centre), "") == told)
    if wanted.search:
        found.append(or_(*(col(e).icontains(wanted.search, autoescape=True) for e in _SEARCHED)))
    if wanted.side in _SIDES:
        found.append(difference > 0 if _SIDES[wanted.side] else difference < 0)
    if wanted.least is not None:
        found.append(difference >= wanted.least)
    if not (wanted.status or wanted.invoice_id or wanted.ids):  # it stands on the newer file
        found.append(col(Finding.status) != FindingStatus.REPLACED)
    found += [*_of_invoices(wanted), *_of_scope(wanted.scope)]
    if wanted.part is not None:
        found.append(col(Finding.id).in_(findings_of(wanted.part)))
    if wanted.ids is not None:
        found.append(col(Finding.id).in_(wanted.ids))
    return found


def _of_scope(scope: Scope) -> list[Any]:
    found = of_customer(scope, col(CarrierAccount.customer_id))
    if in_hands := of_case(scope, col(ContestationItem.contestation_id)):
        items = select_columns(col(ContestationItem.finding_id))
        items = items.where(col(ContestationItem.is_current), *in_hands)
        found.append(col(Finding.id).in_(items))
    return found


def _of_invoices(wanted: FindingFilter) -> list[Any]:
    month = col(CarrierInvoice.month)
    told = ((wanted.month, eq), (wanted.since, ge), (wanted.until, le))
    found = [compared(month, day) for day, compared in told if day is not None]
    if wanted.is_preview is not None:
        found.append(col(CarrierInvoice.is_preview).is_(wanted.is_preview))
    return found


async def count_by_status(
    session: AsyncSession, wanted: FindingFilter
) -> dict[str, tuple[int, Decimal]]:
    """How many findings stand where, and what they come to."""
    found = select_findings(wanted).subquery()
    status = found.c.status
    told = select_columns(status, func.count(), func.sum(found.c.difference)).group_by(status)
    return {key: (count, amount) for key, count, amount in await read_rows(session, told)}


async def pick(session: AsyncSession, chosen: Select[Any], *, is_picked: bool, at: datetime) -> int:
    """This will pick open findings, or put picked ones back; others stay. Gives how many."""
    source, target = FindingStatus.OPEN, FindingStatus.PICKED
    if not is_picked:
        source, target = target, source
    table = table_of(Finding)
    own = only_seen(chosen.order_by(None), Finding)
    ids = select_columns(own.subquery().c.id)
    change = (
        table.update()
        .where(table.c.id.in_(ids), table.c.status == source)
        .values(status=target, status_since=at)
    )
    connection = await session.connection()
    return (await connection.execute(change)).rowcount
