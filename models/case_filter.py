"""Which cases are wanted: one filter for the lists, and for the numbers that open them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_
from sqlmodel import col, select

from models.cases import Case
from models.contestations import Contestation
from models.contracts import Contract
from models.customers import Customer
from models.folding import any_holds, holds
from rules.cases import Process


class When(StrEnum):
    """What presses: a promise broken or running out, or the next step that comes by itself."""

    BREACHED = "breached"
    OVERDUE = "overdue"
    DUE_TODAY = "due_today"
    DUE_WEEK = "due_week"
    TODAY = "today"
    WEEK = "week"


@dataclass(frozen=True)
class Marks:
    """The instants from which and until which something counts as late, today, this week."""

    now: datetime
    today_ends: datetime
    week_ends: datetime


@dataclass(frozen=True)
class CaseFilter:
    """Which cases are wanted; None leaves a filter out. `when` wants `marks`.

    `plan_id`: customers with a contract of the plan. `carrier_id`: contestations with the carrier.
    """

    processes: Collection[str]
    case_id: int | None = None
    stage: str | None = None
    owner: str | None = None
    team_id: int | None = None
    customer_id: int | None = None
    city: str | None = None
    plan_id: int | None = None
    carrier_id: int | None = None
    opened_from: datetime | None = None
    opened_before: datetime | None = None
    is_closed: bool | None = None
    is_breached: bool = False
    next_before: datetime | None = None
    text: str | None = None
    when: When | None = None
    marks: Marks | None = None


def conditions(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    """What a case must be like to be among those that are wanted."""
    found: list[ColumnElement[bool]] = [col(Case.process).in_(wanted.processes)]
    for column, value in (
        (Case.id, wanted.case_id),
        (Case.stage, wanted.stage),
        (Case.owner, wanted.owner),
        (Case.team_id, wanted.team_id),
        (Case.customer_id, wanted.customer_id),
    ):
        if value is not None:
            found.append(col(column) == value)
    return [*found, *_of_time(wanted), *_of_customers(wanted), *_of_carriers(wanted)]


def presses(when: When, marks: Marks) -> ColumnElement[bool]:
    """Whether a case presses in this way."""
    due, coming = col(Case.due_at), col(Case.next_at)
    match when:
        case When.BREACHED:
            return col(Case.breached_at).is_not(None)
        case When.OVERDUE:
            return due < marks.now
        case When.DUE_TODAY:
            return and_(due >= marks.now, due < marks.today_ends)
        case When.DUE_WEEK:
            return and_(due >= marks.now, due < marks.week_ends)
        case When.TODAY:
            return coming < marks.today_ends
        case When.WEEK:
            return coming < marks.week_ends


def _of_time(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.is_closed is not None:
        closed = col(Case.closed_at)
        found.append(closed.is_not(None) if wanted.is_closed else closed.is_(None))
    if wanted.is_breached:
        found.append(col(Case.breached_at).is_not(None))
    if wanted.next_before is not None:
        found.append(col(Case.next_at) < wanted.next_before)
    if wanted.opened_from is not None:
        found.append(col(Case.opened_at) >= wanted.opened_from)
    if wanted.opened_before is not None:
        found.append(col(Case.opened_at) < wanted.opened_before)
    if wanted.when is not None and wanted.marks is not None:
        found.append(presses(wanted.when, wanted.marks))
    return found


def _of_customers(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    """By subquery, so that counting needs no join where nothing of the customer is asked."""
    found: list[ColumnElement[bool]] = []
    if wanted.text:
        columns = (col(Customer.name), col(Customer.code), col(Customer.document))
        known = select(Customer.id).where(any_holds(columns, wanted.text))
        found.append(col(Case.customer_id).in_(known))
    if wanted.city:
        found.append(
            col(Case.customer_id).in_(
                select(Customer.id).where(holds(col(Customer.city), wanted.city))
            )
        )
    if wanted.plan_id is not None:
        found.append(
            col(Case.customer_id).in_(
                select(Contract.customer_id).where(Contract.plan_id == wanted.plan_id)
            )
        )
    return found


def _of_carriers(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    if wanted.carrier_id is None:
        return []
    theirs = select(Contestation.id).where(Contestation.carrier_id == wanted.carrier_id)
    return [and_(col(Case.process) == Process.CONTESTATION, col(Case.subject_id).in_(theirs))]
