"""All agreements as they are listed: by what became of them, whose they are, and their days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, Select, or_
from sqlmodel import col

from models.agreements import Agreement
from models.customers import Customer
from models.folding import holds
from rules.agreement_outcomes import OUTCOMES


@dataclass(frozen=True)
class AgreementFilter:
    """Which agreements are wanted; what is None narrows nothing. `…_until` is exclusive.

    `outcome` is one of rules.agreement_outcomes; `city` is the customer's, as it is written.
    """

    text: str | None = None
    outcome: str | None = None
    made_by: str | None = None
    city: str | None = None
    made_since: datetime | None = None
    made_until: datetime | None = None
    ended_since: datetime | None = None
    ended_until: datetime | None = None
    tolerance_since: date | None = None
    tolerance_until: date | None = None


def select_agreements(wanted: AgreementFilter) -> Select[Any]:
    """The agreements of a filter, with their customer."""
    columns: tuple[Any, ...] = (
        col(Agreement.id).label("id"),
        col(Agreement.customer_id).label("customer_id"),
        col(Customer.name).label("customer"),
        col(Customer.city).label("city"),
        col(Agreement.status).label("status"),
        col(Agreement.principal).label("principal"),
        col(Agreement.total).label("total"),
        col(Agreement.tolerance_date).label("tolerance_date"),
        col(Agreement.made_at).label("made_at"),
        col(Agreement.made_by).label("made_by"),
        col(Agreement.ended_at).label("ended_at"),
    )
    return (
        sqlalchemy.select(*columns)
        .join(Customer, col(Customer.id) == col(Agreement.customer_id))
        .where(*_conditions(wanted))
    )


def _conditions(wanted: AgreementFilter) -> list[ColumnElement[bool]]:
    found = [
        column == value
        for column, value in (
            (col(Agreement.made_by), wanted.made_by),
            (col(Customer.city), wanted.city),
        )
        if value is not None
    ]
    if wanted.outcome is not None:
        found.append(col(Agreement.status).in_(OUTCOMES[wanted.outcome]))
    if wanted.text:
        places: tuple[Any, ...] = (Customer.name, Customer.code, Customer.document)
        found.append(or_(*(holds(place, wanted.text) for place in places)))
    return [*found, *_within(wanted)]


def _within(wanted: AgreementFilter) -> list[ColumnElement[bool]]:
    spans: tuple[tuple[Any, Any, Any], ...] = (
        (Agreement.made_at, wanted.made_since, wanted.made_until),
        (Agreement.ended_at, wanted.ended_since, wanted.ended_until),
        (Agreement.tolerance_date, wanted.tolerance_since, wanted.tolerance_until),
    )
    after = [col(column) >= since for column, since, _ in spans if since is not None]
    return after + [col(column) < until for column, _, until in spans if until is not None]
