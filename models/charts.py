"""The managers' charts: counted in the database over ranges of an index, never row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, func, literal, select, true, union_all
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agreements import Agreement
from models.bureau import BureauRecord
from models.cases import CaseEvent
from models.collecting import asks_for_debts, is_collecting
from models.collections import Contact
from models.customers import Customer
from models.messages import Message
from models.rows import rows_of
from rules.agreement_outcomes import OUTCOMES
from rules.agreements import LIVE

SYSTEM = "system"
TOP_CITIES = 20
#: Each agreement is in one of these; those called off are in none.
COUNTED = ("fulfilled", "broken", "pending")


@dataclass(frozen=True)
class Span:
    """A month or another stretch of time; `until` is exclusive."""

    since: datetime
    until: datetime


#: What was counted: by place on the axis (a month's number, a city, a login) and series.
Counts = dict[Any, dict[str, int]]


async def interactions(session: AsyncSession, months: Sequence[Span]) -> Counts:
    """Messages of collections that left for customers, by channel, and contacts, in each month."""
    sent = _in_spans(col(Message.sent_at), months, col(Message.channel), where=asks_for_debts())
    noted = _in_spans(col(Contact.at), months, literal("contact"))
    return _counted([*await rows_of(session, sent), *await rows_of(session, noted)])


async def agreements_by_city(session: AsyncSession, span: Span) -> Counts:
    """Agreements made in the span by the customer's city: those with the most."""
    counted = func.count().label("number")
    statement: Any = (
        select(col(Customer.city).label("place"), literal("agreements").label("series"), counted)
        .select_from(Agreement)
        .join(Customer, col(Customer.id) == col(Agreement.customer_id))
        .where(*_within(col(Agreement.made_at), span))
        .group_by(col(Customer.city))
        .order_by(counted.desc(), col(Customer.city))
        .limit(TOP_CITIES)
    )
    return _counted(await rows_of(session, statement))


async def outcomes(session: AsyncSession, months: Sequence[Span]) -> Counts:
    """What became of the agreements made in each month; those called off are left out."""
    status = col(Agreement.status)
    outcome = case(*((status.in_(OUTCOMES[name]), name) for name in COUNTED))
    every = [each for name in COUNTED for each in OUTCOMES[name]]
    statement = _in_spans(col(Agreement.made_at), months, outcome, where=status.in_(every))
    return _counted(await rows_of(session, statement))


async def late_by_operator(session: AsyncSession, *, today: date) -> Counts:
    """Agreements unsettled after their tolerance date, by who made them and how late they are."""
    last_month = col(Agreement.tolerance_date) >= today - timedelta(days=30)
    age = case((last_month, "up_to_30"), else_="over_30")
    statement = _grouped(
        col(Agreement.made_by), age,
        and_(col(Agreement.status).in_(LIVE), col(Agreement.tolerance_date) < today),
    )  # fmt: skip
    return _counted(await rows_of(session, statement))


async def fulfilled_by_operator(session: AsyncSession, span: Span) -> Counts:
    """Agreements that were kept within the span, by who made them."""
    kept = col(Agreement.status).in_(OUTCOMES["fulfilled"])
    statement = _grouped(
        col(Agreement.made_by), literal("fulfilled"),
        and_(kept, *_within(col(Agreement.ended_at), span)),
    )  # fmt: skip
    return _counted(await rows_of(session, statement))


async def bureau_records(session: AsyncSession, months: Sequence[Span]) -> Counts:
    """Invoices that were registered at the bureau, and removed from it, in each month."""
    was_there = col(BureauRecord.registered_at).is_not(None)
    into = _in_spans(col(BureauRecord.registered_at), months, literal("registered"))
    out = _in_spans(col(BureauRecord.removed_at), months, literal("removed"), where=was_there)
    return _counted([*await rows_of(session, into), *await rows_of(session, out)])


async def work_by_operator(session: AsyncSession, span: Span) -> Counts:
    """Events of collections, and contacts and messages, by the person behind them."""
    counted: list[Any] = []
    for by, at, series, is_of in (
        (col(CaseEvent.by), col(CaseEvent.at), "events", is_collecting(col(CaseEvent.case_id))),
        (col(Contact.by), col(Contact.at), "interactions", true()),
        (col(Message.created_by), col(Message.sent_at), "interactions", asks_for_debts()),
    ):  # fmt: skip
        # Two ranges of the index: the system's own events are the most by far.
        for people in (by < SYSTEM, by > SYSTEM):
            where = and_(people, *_within(at, span), is_of)
            counted += await rows_of(session, _grouped(by, literal(series), where))
    return _counted(counted)


def _in_spans(column: Any, spans: Sequence[Span], series: Any, *, where: Any = None) -> Any:
    """Counts by span and series: one range of the column's index for each span."""
    return union_all(
        *(
            select(
                literal(number).label("place"),
                series.label("series"),
                func.count().label("number"),
            )
            .where(*_within(column, span), *([] if where is None else [where]))
            .group_by(series)
            for number, span in enumerate(spans)
        )
    )


def _grouped(place: Any, series: Any, where: Any) -> Any:
    grouped = select(place.label("place"), series.label("series"), func.count().label("number"))
    return grouped.where(where).group_by(place, series)


def _within(column: Any, span: Span) -> tuple[Any, Any]:
    return column >= span.since, column < span.until


def _counted(rows: Sequence[Any]) -> Counts:
    """Rows as counts by place and series; several rows of one are added up."""
    counts: Counts = {}
    for row in rows:
        by_series = counts.setdefault(row["place"], {})
        by_series[row["series"]] = by_series.get(row["series"], 0) + row["number"]
    return counts
