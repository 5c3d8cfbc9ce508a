"""What contestations come to: the five numbers by rule or cost centre, and how old they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, case, func, literal_column, or_
from sqlalchemy import select as select_columns
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import Centavos
from models.carrier_invoices import CarrierInvoice
from models.carrier_scope import EVERYBODY, Scope, of_case, of_customer
from models.carriers import Carrier, CarrierAccount
from models.contestations import Contestation, ContestationItem
from models.day_counts import days_between
from models.findings import Finding
from models.lines import Line, LineHolder
from models.rows import read_rows, rows_of
from rules.contestation import ContestationStage, Direction
from rules.contestation_numbers import (
    ANSWER_BANDS,
    Age,
    AnswerTime,
    By,
    Detail,
    Part,
    span_of,
)
from rules.money import ZERO

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
class NumbersFilter:
    """What the numbers are narrowed to: a carrier, the months of invoices, both included, and whose
    they are."""

    carrier: str | None = None
    since: date | None = None
    until: date | None = None
    scope: Scope = EVERYBODY


EVERYTHING = NumbersFilter()


async def five_numbers(
    session: AsyncSession, *, by: By = By.RULE, wanted: NumbersFilter = EVERYTHING
) -> Sequence[Any]:
    """Identified, contested, recovered, lost and not acted on, by carrier, month and rule.

    The first is always the sum of the other four; accepted, credited and avoided are told beside
    them, and the last two come to what was recovered. `contested` is under dispute; `recovered`
    counts at most what was charged wrongly (what comes above it in double is not) and what a
    preview avoided. An error that a preview could not avoid stands on the final invoice, and is
    counted there alone; so is what an invoice still charges that was issued anew. By cost centre,
    it is the one that held the line on the invoice's day.
    `oldest` is when the oldest invoice was issued that has something nobody acted on.
    """
    places: dict[str, Any] = {
        "carrier": col(Carrier.name), "code": col(Carrier.code),
        "month": col(CarrierInvoice.month), by.value: _told_by(by),
    }  # fmt: skip
    identified, parts = _parts()
    total = {"identified": identified, **{str(part): each for part, each in parts.items()}}
    figures = [
        func.coalesce(func.sum(each), 0, type_=Centavos()).label(name)
        for name, each in total.items()
    ]
    oldest = func.min(case((parts[Part.UNTOUCHED] > 0, col(CarrierInvoice.issue_date))))
    shown = [place.label(name) for name, place in places.items()]
    statement = _findings(select_columns(*shown, *figures, oldest.label("oldest")))
    statement = statement.where(col(Finding.difference) > 0)
    if by is By.COST_CENTRE:
        statement = _held(statement)
    narrowed = _narrowed(wanted, col(CarrierAccount.customer_id))
    statement = statement.where(*narrowed, or_(*_told()))
    groups = list(places.values())
    return await rows_of(session, statement.group_by(*groups).order_by(*groups))


def _told() -> tuple[Any, ...]:
    """Of an invoice that was issued anew, only what that avoided is told."""
    return col(CarrierInvoice.replaced_by_id).is_(None), col(ContestationItem.avoided) > 0


def _narrowed(wanted: NumbersFilter, customer: Any) -> list[Any]:
    """`customer` is the column that tells whose it is."""
    by_carrier = [col(Carrier.code) == wanted.carrier] if wanted.carrier else []
    whose = [*of_customer(wanted.scope, customer), *of_case(wanted.scope, col(Contestation.id))]
    return [*by_carrier, *whose, *in_months(wanted)]


def in_months(wanted: NumbersFilter) -> list[Any]:
    """The conditions of an invoice of the months that are wanted."""
    month = col(CarrierInvoice.month)
    return [
        *([month >= wanted.since] if wanted.since else []),
        *([month <= wanted.until] if wanted.until else []),
    ]


def findings_of(part: Part | Detail) -> Any:
    """The findings behind one of the numbers; a subquery of their ids."""
    _, parts = _parts()
    return _findings(select_columns(col(Finding.id))).where(
        col(Finding.difference) > 0, parts[part] > 0
    )


async def ages(
    session: AsyncSession, *, today: date, wanted: NumbersFilter = EVERYTHING
) -> dict[Age, tuple[int, Decimal]]:
    """How many contestations are open by their age since they were filed, and what they claim."""
    found = {}
    for age in Age:
        counted: Any = select_columns(func.count(), func.sum(col(Contestation.claimed)))
        statement = _made(counted, wanted).where(*aged(age, today=today))
        [(number, claimed)] = await read_rows(session, statement)
        found[age] = (number, claimed or ZERO)
    return found


async def answers(session: AsyncSession, wanted: NumbersFilter = EVERYTHING) -> Sequence[Any]:
    """How many contestations each carrier answered in which time, or has not answered yet."""
    bands = {band: answered_in(band) for band in AnswerTime}
    told = case(*((and_(*where), band.value) for band, where in bands.items()))
    columns: tuple[Any, ...] = (
        col(Carrier.name).label("carrier"), col(Carrier.code).label("code"), told.label("band"),
    )  # fmt: skip
    one = _made(select_columns(*columns), wanted).subquery()  # grouped by names, not parameters
    groups = (one.c.carrier, one.c.code, one.c.band)
    statement = select_columns(*groups, func.count().label("number")).where(one.c.band.is_not(None))
    return await rows_of(session, statement.group_by(*groups).order_by(*groups))


def answered_in(band: AnswerTime) -> list[Any]:
    """The conditions of a contestation that was filed, and answered within a band of days."""
    filed, answered = col(Contestation.filed_on), col(Contestation.answered_on)
    if band is AnswerTime.NONE:
        return [
            filed.is_not(None), answered.is_(None), col(Contestation.ended_at).is_(None),
            col(Contestation.is_preview).is_(False),
        ]  # fmt: skip
    least, most = ANSWER_BANDS[band]
    days = days_between(filed, answered)
    return [answered.is_not(None), days >= least, *([] if most is None else [days <= most])]


def _made(statement: Select[Any], wanted: NumbersFilter) -> Select[Any]:
    """Contestations of carriers' invoices, as narrowly as is asked."""
    return (
        statement.select_from(Contestation)
        .outerjoin(CarrierInvoice, col(CarrierInvoice.id) == col(Contestation.invoice_id))
        .outerjoin(Carrier, col(Carrier.id) == col(Contestation.carrier_id))
        .where(
            col(Contestation.direction) == Direction.MADE,
            *_narrowed(wanted, col(Contestation.customer_id)),
        )
    )


def aged(age: Age, *, today: date) -> list[Any]:
    """The conditions of a contestation that is open and of an age."""
    span, filed_on = span_of(age, today=today), col(Contestation.filed_on)
    within = [filed_on <= span.last, *([filed_on >= span.first] if span.first else [])]
    return [col(Contestation.ended_at).is_(None), *within]


def _told_by(by: By) -> Any:
    if by is By.RULE:
        return col(Finding.rule)
    # Written out: PostgreSQL takes two parameters for two values, and groups by neither.
    return func.coalesce(col(LineHolder.cost_centre), literal_column("''"))


def _held(statement: Select[Any]) -> Select[Any]:
    """Whoever had the line when the invoice was issued bears what it says."""
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
    return statement.outerjoin(Line, line).outerjoin(LineHolder, holder)


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


def _parts() -> tuple[Any, dict[Part | Detail, Any]]:
    """What each finding counts as; in centavos, so that sums stay exact."""
    item, claimed = ContestationItem, col(ContestationItem.claimed)
    is_over = col(Contestation.ended_at).is_not(None)
    is_said = col(Contestation.stage).in_(_SAID)
    back = case((col(item.credited) > claimed, claimed), else_=col(item.credited))
    is_preview, avoided = col(Contestation.is_preview), func.coalesce(col(item.avoided), 0)
    is_replaced = col(CarrierInvoice.replaced_by_id).is_not(None)
    credited = case((or_(claimed.is_(None), is_preview, is_replaced), 0), else_=back)
    came = credited + avoided
    accepted = case((col(item.accepted) > back, col(item.accepted)), else_=back)
    lost = case(
        (or_(claimed.is_(None), is_preview, is_replaced), 0),
        (is_over, claimed - credited),
        (is_said, claimed - accepted),
        else_=0,
    )
    identified = case(
        (or_(is_replaced, and_(is_preview, is_over)), avoided),
        (is_preview, col(Finding.difference)),
        else_=col(Finding.difference) + avoided,
    )
    contested = case(
        (or_(claimed.is_(None), is_over, is_replaced), 0),
        (is_preview, claimed - avoided),
        else_=claimed - credited - lost,
    )
    untouched = identified - contested - came - lost
    return identified, {
        Part.CONTESTED: contested, Part.RECOVERED: came, Part.LOST: lost,
        Part.UNTOUCHED: untouched, Detail.CREDITED: credited, Detail.AVOIDED: avoided,
        Detail.ACCEPTED: case((or_(claimed.is_(None), is_replaced), 0), else_=accepted),
    }  # fmt: skip
