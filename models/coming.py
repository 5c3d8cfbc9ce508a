"""What a day brings by itself: steps of journeys, and messages that wait for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.cases import Case
from models.coming_days import ComingDay, cases_out, messages_out
from models.contact_hours import openings
from models.customers import Customer
from models.messages import Message, waiting_on
from models.rows import read_rows
from rules.business_days import ONE_DAY, at_local_time
from rules.coming import REACHING, WRITING

#: Names that a page shows of each step; the numbers are of all.
NAMES = 200

#: The customers whose names are shown; None: of everybody.
Whose = Collection[int] | None


@dataclass(frozen=True)
class ComingCase:
    """A case that acts, and whose it is; `at` is when what it writes leaves."""

    case_id: int
    process: str
    subject_id: int
    customer: str
    at: datetime


@dataclass(frozen=True)
class Coming:
    """What one step does: to how many cases, and the first of them in their order.

    `may_wait`: it reaches the customer, and each case may be kept out of the day.
    """

    process: str
    kind: str
    count: int
    cases: tuple[ComingCase, ...]

    @property
    def may_wait(self) -> bool:
        """Whether this step may be kept out of its day."""
        return REACHING.get(self.process) == self.kind


@dataclass(frozen=True)
class ComingMessage:
    """A message that leaves on the day, and to whom."""

    message_id: int
    purpose: str
    channel: str
    customer_id: int
    customer: str
    at: datetime


@dataclass(frozen=True)
class KeptOut:
    """A step or a message that somebody keeps out of the day, and why."""

    case_id: int | None
    message_id: int | None
    process: str | None
    subject_id: int | None
    kind: str
    customer: str
    reason: str
    by: str


def due_on(processes: Collection[str], day: date) -> tuple[Any, ...]:
    """The cases that act on a day: conditions of a statement; those kept out of it do not."""
    midnight, next_midnight = (at_local_time(each, at=time.min) for each in (day, day + ONE_DAY))
    return (
        col(Case.process).in_(processes), col(Case.closed_at).is_(None),
        col(Case.next_at) >= midnight, col(Case.next_at) < next_midnight,
        ~(_reaches() & col(Case.id).in_(cases_out(day))),
    )  # fmt: skip


async def coming_on(
    session: AsyncSession, processes: Collection[str], day: date, *, whose: Whose = None
) -> list[Coming]:
    """What happens on a day if nobody acts, by process and step."""
    steps, due = (col(Case.process), col(Case.next_kind)), due_on(processes, day)
    counted: Any = select(*steps, func.count()).where(*due).group_by(*steps).order_by(*steps)
    found = await read_rows(session, counted)
    shown = due if whose is None else (*due, col(Case.customer_id).in_(whose))
    named = await _named(session, steps, shown) if found else {}
    return [
        Coming(process, kind, count, tuple(named.get((process, kind), ())))
        for process, kind, count in found
    ]


async def messages_on(
    session: AsyncSession, day: date, *, whose: Whose = None
) -> tuple[int, list[ComingMessage]]:
    """How many messages wait for a day, and the first of them in their order."""
    waiting = (*waiting_on(day), col(Message.id).not_in(messages_out(day)))
    [(count,)] = await read_rows(session, select(func.count()).where(*waiting))
    if whose is not None:
        waiting = (*waiting, col(Message.customer_id).in_(whose))
    first = (
        select(
            col(Message.id), col(Message.purpose), col(Message.channel), col(Customer.id),
            col(Customer.name), col(Message.not_before),
        )
        .join(Customer, col(Customer.id) == col(Message.customer_id))
        .where(*waiting)
        .order_by(col(Message.not_before), col(Message.id))
        .limit(NAMES)
    )  # fmt: skip
    return count, [ComingMessage(*row) for row in await read_rows(session, first)]


async def kept_out(
    session: AsyncSession, processes: Collection[str], said: Collection[ComingDay]
) -> list[KeptOut]:
    """These words with their customers, of the processes that may be seen."""
    customer = func.coalesce(col(Case.customer_id), col(Message.customer_id))
    statement = (
        select(
            col(ComingDay.case_id), col(ComingDay.message_id), col(Case.process),
            func.coalesce(col(Case.subject_id), customer), col(ComingDay.kind),
            func.coalesce(col(Customer.name), ""), col(ComingDay.reason), col(ComingDay.by),
        )
        .outerjoin(Case, col(Case.id) == col(ComingDay.case_id))
        .outerjoin(Message, col(Message.id) == col(ComingDay.message_id))
        .outerjoin(Customer, col(Customer.id) == customer)
        .where(col(ComingDay.id).in_([each.id for each in said]))
        .where(col(Case.id).is_(None) | col(Case.process).in_(processes))
        .order_by(col(ComingDay.id))
    )  # fmt: skip
    return [KeptOut(*row) for row in await read_rows(session, statement)] if said else []


def _reaches() -> Any:
    """rules.coming.reaches_customer, as a condition."""
    either: Any = None
    for process, kind in REACHING.items():
        one = (col(Case.process) == str(process)) & (col(Case.next_kind) == str(kind))
        either = one if either is None else either | one
    return either


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
            func.coalesce(col(Customer.uf), "").label("uf"),
            func.coalesce(col(Customer.city), "").label("city"),
            col(Case.next_at).label("at"), place.label("place"),
        )
        .outerjoin(Customer, col(Customer.id) == col(Case.customer_id))
        .where(*due)
        .subquery()
    )  # fmt: skip
    first = select(ranked).where(ranked.c.place <= NAMES).order_by(ranked.c.place)
    named: dict[tuple[str, str], list[ComingCase]] = {}
    rows = await read_rows(session, first)
    opens = await openings(
        session, {(row.uf, row.city) for row in rows if WRITING.get(row.process) == row.kind}
    )
    for row in rows:
        is_letter = WRITING.get(row.process) == row.kind
        at = opens[row.uf, row.city](row.at) if is_letter else row.at
        told = ComingCase(row.id, row.process, row.subject_id, row.customer or "", at)
        named.setdefault((row.process, row.kind), []).append(told)
    return named
