"""What the journeys do by themselves on a day: whom they write to, register, break, ask."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.cases import Case
from models.customers import Customer
from models.rows import read_rows

#: Names that a page shows of each step; the numbers are of all.
NAMES = 200


@dataclass(frozen=True)
class ComingCase:
    """A case that acts, and whose it is."""

    case_id: int
    process: str
    subject_id: int
    customer: str
    at: datetime


@dataclass(frozen=True)
class Coming:
    """What one step does: to how many cases, and the first of them in their order."""

    process: str
    kind: str
    count: int
    cases: tuple[ComingCase, ...]


async def coming_between(
    session: AsyncSession, processes: Collection[str], *, since: datetime, until: datetime
) -> list[Coming]:
    """What happens from an instant until before another if nobody acts, by process and step."""
    steps = (col(Case.process), col(Case.next_kind))
    due = (
        col(Case.process).in_(processes), col(Case.closed_at).is_(None),
        col(Case.next_at) >= since, col(Case.next_at) < until,
    )  # fmt: skip
    counted: Any = select(*steps, func.count()).where(*due).group_by(*steps).order_by(*steps)
    found = await read_rows(session, counted)
    named = await _named(session, steps, due) if found else {}
    return [
        Coming(process, kind, count, tuple(named.get((process, kind), ())))
        for process, kind, count in found
    ]


async def _named(
    session: AsyncSession, steps: tuple[Any, Any], due: tuple[Any, ...]
) -> dict[tuple[str, str], list[ComingCase]]:
    """The first of each step, in one statement."""
    place = func.row_number().over(
        partition_by=list(steps), order_by=(col(Case.next_at), col(Case.id))
    )
    ranked = (
        select(
            col(Case.id).label("id"), steps[0].label("process"), steps[1].label("kind"),
            col(Case.subject_id).label("subject_id"), col(Customer.name).label("customer"),
            col(Case.next_at).label("at"), place.label("place"),
        )
        .outerjoin(Customer, col(Customer.id) == col(Case.customer_id))
        .where(*due)
        .subquery()
    )  # fmt: skip
    first = select(ranked).where(ranked.c.place <= NAMES).order_by(ranked.c.place)
    named: dict[tuple[str, str], list[ComingCase]] = {}
    for row in await read_rows(session, first):
        told = ComingCase(row.id, row.process, row.subject_id, row.customer or "", row.at)
        named.setdefault((row.process, row.kind), []).append(told)
    return named
