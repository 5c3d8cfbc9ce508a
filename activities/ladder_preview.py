"""What a day of the ladder would do, without doing it: of a changed ladder, or of all tomorrow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.ladder_edit import as_saved, rungs_of
from activities.ladder_page import Day, Planned, acts_of, planned
from models import ladder_day
from models.customers import Customer
from models.invoices import Invoice, label_of
from models.ladder_day import Standing, Subject
from models.ladder_tables import Ladder
from models.ladders import LadderPause
from models.policies import load_policy
from rules.ladder import Outcome, PauseReason, pause_on
from rules.ladder_steps import Action, LadderPolicy, Rung

#: Names that a page shows of each step; the numbers are of all.
NAMES = 200


@dataclass(frozen=True)
class Named:
    """An invoice that a step would act on, and whose it is."""

    invoice_id: int
    number: str
    due_date: date
    customer_id: int
    customer: str


@dataclass(frozen=True)
class TakenOut:
    """An invoice that stays out of tomorrow."""

    invoice_id: int
    number: str
    customer_id: int
    customer: str
    by: str


@dataclass(frozen=True)
class Effect:
    """What one step would do: to how many invoices and customers, and the first of them by name."""

    rung: Rung
    invoices: int
    customers: int
    names: tuple[Named, ...]


@dataclass(frozen=True)
class Preview:
    """A day's effects, by step, and in sum: letters, suspensions, forwards."""

    day: date
    effects: tuple[Effect, ...]
    letters: int
    suspensions: int
    forwards: int


async def preview_of_draft(
    session: AsyncSession,
    ladder: Ladder | None,
    rungs: Sequence[Rung],
    *,
    at: datetime,
    today: date,
) -> Preview:
    """What the changed ladder would do tomorrow to the invoices that follow it today."""
    tomorrow = today + timedelta(days=1)
    before = await rungs_of(session, ladder.key) if ladder else ()
    saved = as_saved(rungs, before, today=today)
    standing = Standing(
        ladder.key if ladder else 0, "", 0, bool(ladder and ladder.is_default),
        bool(ladder and ladder.override_reason), saved,
    )  # fmt: skip
    subjects = await ladder_day.subjects_of_ladder(session, standing) if ladder else []
    return await _preview(session, subjects, [standing], tomorrow, at)


async def preview_of_day(session: AsyncSession, *, at: datetime, today: date) -> Preview:
    """What all ladders as they stand would do tomorrow."""
    tomorrow = today + timedelta(days=1)
    standing = await ladder_day.standing_ladders(session)
    subjects = await ladder_day.subjects_on(session, tomorrow, standing)
    return await _preview(session, subjects, standing, tomorrow, at)


async def invoices_on(session: AsyncSession, *, today: date) -> set[int]:
    """Every invoice that a step of tomorrow would act on, the classifier's step left out."""
    tomorrow = today + timedelta(days=1)
    standing = await ladder_day.standing_ladders(session)
    subjects = await ladder_day.subjects_on(session, tomorrow, standing)
    policy = await load_policy(session, LadderPolicy())
    shared = Day(None, tomorrow, {each.id: each for each in standing}, policy)
    return {each.subject.invoice_id for each in planned(subjects, shared) if each.plan.due}


async def take_out(
    session: AsyncSession, invoice_ids: Iterable[int], *, today: date, by: str, at: datetime
) -> int:
    """This will have no step run on these invoices tomorrow; what remains comes a day later.

    Gives of how many that is new: those out already, or unknown, are left as they are.
    """
    tomorrow = today + timedelta(days=1)
    wanted = set(invoice_ids)
    known = set(await session.exec(select(Invoice.id).where(col(Invoice.id).in_(wanted))))
    out = {each.invoice_id for each in await _taken_out(session, tomorrow)}
    for invoice_id in sorted(each for each in known - out if each):
        session.add(
            LadderPause(
                invoice_id=invoice_id, reason=PauseReason.EXCEPTION,
                reference=_reference(tomorrow), since=tomorrow,
                until=tomorrow + timedelta(days=1), at=at, by=by,
            )
        )  # fmt: skip
    return len(known - out)


async def put_back(session: AsyncSession, invoice_ids: Iterable[int], *, today: date) -> int:
    """This will let the steps of tomorrow run on these invoices after all; gives of how many."""
    wanted, found = set(invoice_ids), await _taken_out(session, today + timedelta(days=1))
    back = [each for each in found if each.invoice_id in wanted]
    for each in back:
        await session.delete(each)
    return len(back)


async def taken_out(session: AsyncSession, *, today: date) -> list[TakenOut]:
    """What stays out of tomorrow, and who said so."""
    pauses = {each.invoice_id: each for each in await _taken_out(session, today + timedelta(1))}
    rows = (
        select(Invoice, Customer.name)
        .join(Customer, col(Customer.id) == col(Invoice.customer_id))
        .where(col(Invoice.id).in_(pauses))
        .order_by(col(Invoice.id))
    )
    return [
        TakenOut(each.key, label_of(each), each.customer_id, name, pauses[each.key].by)
        for each, name in await session.exec(rows)
    ]


async def _taken_out(session: AsyncSession, day: date) -> Sequence[LadderPause]:
    statement = select(LadderPause).where(
        LadderPause.reason == PauseReason.EXCEPTION, LadderPause.reference == _reference(day)
    )
    return (await session.exec(statement)).all()


def _reference(day: date) -> str:
    return f"taken_out/{day}"


async def _preview(
    session: AsyncSession,
    subjects: Sequence[Subject],
    standing: Sequence[Standing],
    day: date,
    at: datetime,
) -> Preview:
    policy = await load_policy(session, LadderPolicy())
    shared = Day(None, day, {each.id: each for each in standing}, policy)
    plans = planned(subjects, shared)
    acts = acts_of(plans, shared, at=at)
    touched: dict[int, list[Subject]] = defaultdict(list)
    by_id = {each.invoice_id: each for each in subjects}
    for execution in acts.executions:
        if execution["outcome"] == Outcome.DONE:
            touched[execution["step_id"]].append(by_id[execution["invoice_id"]])
    rungs = {rung.id: rung for each in standing for rung in each.rungs}
    for rung in rungs.values():
        if rung.action == Action.FORWARD:
            touched[rung.id] = _forwarded(plans, rung, shared)
    effects = [
        await _effect(session, rung, touched[rung.id]) for rung in rungs.values()
        if touched.get(rung.id)
    ]  # fmt: skip
    forwards = sum(each.invoices for each in effects if each.rung.action == Action.FORWARD)
    return Preview(day, tuple(effects), len(acts.envelopes), len(acts.suspended), forwards)


def _forwarded(plans: Sequence[Planned], rung: Rung, day: Day) -> list[Subject]:
    """The classifier's step: what is open and old enough, and nowhere in collections yet."""
    latest = day.date - timedelta(days=rung.offset_days)
    mine = (each.subject for each in plans if rung in day.ladders[each.subject.ladder_id].rungs)
    return [
        each for each in mine
        if each.stage is None and each.due_date <= latest
        and pause_on(day.date, each.facts.pauses) is None
    ]  # fmt: skip


async def _effect(session: AsyncSession, rung: Rung, subjects: Sequence[Subject]) -> Effect:
    shown = subjects[:NAMES]
    people = {each.customer_id for each in shown}
    rows = select(Customer.id, Customer.name).where(col(Customer.id).in_(people))
    names = dict((await session.exec(rows)).all())
    return Effect(
        rung, len(subjects), len({each.customer_id for each in subjects}),
        tuple(
            Named(each.invoice_id, each.number, each.due_date, each.customer_id,
                  names.get(each.customer_id, ""))
            for each in shown
        ),
    )  # fmt: skip
