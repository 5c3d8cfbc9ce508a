"""What collecting brings: counted in the database in a handful of grouped queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.cases import Case
from models.invoices import Invoice
from models.ladder_tables import LadderStep
from models.ladders import LadderExecution
from models.messages import Message
from models.payments import Payment
from models.promises import Promise
from models.rows import read_rows
from models.tasks import Task
from rules import recovery as rules
from rules.business_days import at_local_time
from rules.cases import Process
from rules.ladder import Outcome
from rules.ladder_steps import Action
from rules.money import ZERO
from rules.panels import InvoiceStatus
from rules.recovery import BANDS, AgeBand, Ageing


@dataclass(frozen=True)
class StepCure:
    """How many invoices a message of the ladder reached, and how many of them it cured."""

    step_id: int
    name: str
    offset_days: int
    purpose: str
    channel: str
    reached: int
    cured: int


@dataclass(frozen=True)
class Load:
    """What stands with one person: accounts in collections, tasks, and those that are late."""

    login: str
    accounts: int
    tasks: int
    late_tasks: int


async def cures(session: AsyncSession, *, since: date) -> list[StepCure]:
    """The ladder's messages since a day by step and channel, in the order of the ladder.

    Only what left counts; an invoice that two channels reached counts for both.
    """
    key = (col(LadderExecution.step_id), col(Message.channel))
    reached = {
        (step, channel): n for step, channel, n in await read_rows(session, _sent(since, *key))
    }
    days = (col(LadderExecution.executed_on), col(Invoice.settled_on))
    paid = _sent(since, *key, *days).where(days[1] >= days[0])
    settled: dict[tuple[int, str], list[tuple[date, date, int]]] = defaultdict(list)
    for step_id, channel, taken, paid_on, count in await read_rows(session, paid):
        settled[step_id, channel].append((taken, paid_on, count))
    asked = select(LadderStep).where(col(LadderStep.id).in_({step for step, _ in reached}))
    steps = {each.id: each for (each,) in await read_rows(session, asked)}
    found = [
        _cure(steps[step_id], channel, count, settled[step_id, channel])
        for (step_id, channel), count in reached.items()
    ]
    return sorted(found, key=lambda each: (each.offset_days, each.step_id, each.channel))


def message_steps(statement: Any, since: date) -> Any:
    """A statement of executions and invoices, narrowed to the ladder's messages that left."""
    return statement.join(Message, col(Message.contact) == col(LadderExecution.contact)).where(
        col(LadderExecution.action) == Action.MESSAGE,
        col(LadderExecution.outcome) == Outcome.DONE,
        col(LadderExecution.executed_on) >= since,
        col(LadderExecution.contact) != "",
        col(Message.sent_at) >= at_local_time(since, at=time.min),
    )


def _sent(since: date, *columns: Any) -> Any:
    counted = select(*columns, func.count()).select_from(LadderExecution)
    every = counted.join(Invoice, col(Invoice.id) == col(LadderExecution.invoice_id))
    return message_steps(every, since).group_by(*columns)


def _cure(
    step: LadderStep, channel: str, reached: int, settled: list[tuple[date, date, int]]
) -> StepCure:
    return StepCure(
        step.id or 0, step.name, step.offset_days, step.purpose, channel, reached,
        rules.cured(settled),
    )  # fmt: skip


async def promises_by_month(
    session: AsyncSession, *, since: date
) -> dict[tuple[int, int], dict[str, int]]:
    """Promises by the month (year, month) that they were for, and what became of them."""
    statement = (
        select(col(Promise.promised_on), col(Promise.status), func.count())
        .where(col(Promise.promised_on) >= since)
        .group_by(col(Promise.promised_on), col(Promise.status))
    )
    found: dict[tuple[int, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for day, status, count in await read_rows(session, statement):
        found[day.year, day.month][status] += count
    return found


async def recovered_by_month(
    session: AsyncSession, *, since: date
) -> dict[tuple[int, int], Decimal]:
    """What was paid of invoices in collections, by month (year, month) of payment."""
    statement = (
        select(col(Payment.paid_on), func.sum(col(Payment.applied)))
        .join(Invoice, col(Invoice.id) == col(Payment.invoice_id))
        .where(
            col(Payment.paid_on) >= since, col(Payment.reversed_at).is_(None),
            col(Invoice.collection_stage).is_not(None),
        )
        .group_by(col(Payment.paid_on))
    )  # fmt: skip
    found: dict[tuple[int, int], Decimal] = defaultdict(lambda: ZERO)
    for day, amount in await read_rows(session, statement):
        found[day.year, day.month] += amount
    return found


async def loads(session: AsyncSession, *, now: datetime) -> list[Load]:
    """What stands with whom, those with most first."""
    owned = (
        select(col(Case.owner), func.count())
        .where(
            col(Case.process) == Process.COLLECTIONS, col(Case.closed_at).is_(None),
            col(Case.owner).is_not(None),
        )
        .group_by(col(Case.owner))
    )  # fmt: skip
    late = func.sum(case((col(Task.due_at) < now, 1), else_=0))
    tasks = (
        select(col(Task.assignee), func.count(), late)
        .where(col(Task.finished_at).is_(None), col(Task.assignee).is_not(None))
        .group_by(col(Task.assignee))
    )
    accounts = dict(tuple(row) for row in await read_rows(session, owned))
    asked = {login: (count, over) for login, count, over in await read_rows(session, tasks)}
    found = [
        Load(login, accounts.get(login, 0), *asked.get(login, (0, 0)))
        for login in {*accounts, *asked}
    ]
    return sorted(found, key=lambda each: (-each.accounts - each.tasks, each.login))


async def ageing(session: AsyncSession, *, today: date, before: date) -> list[Ageing]:
    """What is open in each band, beside what was paid since `before` of what then stood in it."""
    now = await _by_band(session, _open(today, func.sum(col(Invoice.open_amount))))
    left = await _by_band(session, _open(before, func.sum(col(Invoice.open_amount))))
    paid = await _by_band(session, _paid_since(before))
    return [
        Ageing(now.get(n, ZERO), left.get(n, ZERO), paid.get(n, ZERO)) for n in range(len(BANDS))
    ]


async def ageing_by_stage(
    session: AsyncSession, *, today: date
) -> dict[tuple[int, str | None], Decimal]:
    """What is open in each band and stage of collections; None: in none."""
    stage = col(Invoice.collection_stage)
    statement = _open(today, stage, func.sum(col(Invoice.open_amount))).group_by(stage)
    return {(band, name): amount for band, name, amount in await read_rows(session, statement)}


def _open(day: date, *columns: Any) -> Any:
    band = band_on(day)
    return (
        select(band, *columns)
        .where(col(Invoice.status) == InvoiceStatus.OPEN, col(Invoice.due_date) < day)
        .group_by(band)
    )


def _paid_since(before: date) -> Any:
    band = band_on(before)
    return (
        select(band, func.sum(col(Payment.applied)))
        .join(Invoice, col(Invoice.id) == col(Payment.invoice_id))
        .where(
            col(Invoice.due_date) < before, col(Payment.paid_on) >= before,
            col(Payment.reversed_at).is_(None),
        )
        .group_by(band)
    )  # fmt: skip


def band_on(day: date) -> Any:
    """The number of the band that a debt stood in on a day: a column of a statement."""
    return case(*((_within(band, day), number) for number, band in enumerate(BANDS)))


def _within(band: AgeBand, day: date) -> Any:
    oldest, newest = band.bounds(day)
    due = col(Invoice.due_date)
    return due <= newest if oldest is None else and_(due >= oldest, due <= newest)


async def _by_band(session: AsyncSession, statement: Any) -> dict[int, Decimal]:
    rows: Sequence[Any] = await read_rows(session, statement)
    return {band: amount or ZERO for band, amount in rows}
