"""What a day of the ladder would do, without doing it: of a changed ladder, or of all tomorrow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.ladder_edit import as_saved, rungs_of
from activities.ladder_page import Day, Planned, acts_of, planned
from models import ladder_day
from models.customers import Customer
from models.ladder_day import Standing, Subject
from models.ladder_tables import Ladder
from models.policies import load_policy
from rules.ladder import Outcome, pause_on
from rules.ladder_dates import shifted
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
class Effect:
    """What one step would do: to how many invoices and customers, and the first of them by name.

    `ladder` names whose step it is, where there are several ladders.
    """

    rung: Rung
    ladder: str
    invoices: int
    customers: int
    names: tuple[Named, ...]


@dataclass(frozen=True)
class Preview:
    """A day's effects, by step, and in sum: letters, suspensions, terminations, forwards."""

    day: date
    effects: tuple[Effect, ...]
    letters: int
    suspensions: int
    terminations: int
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


async def preview_of_day(
    session: AsyncSession, *, at: datetime, today: date, whose: Collection[int] | None = None
) -> Preview:
    """What all ladders as they stand would do tomorrow; named are only these customers, if any."""
    tomorrow = today + timedelta(days=1)
    standing = await ladder_day.standing_ladders(session)
    subjects = [
        *await ladder_day.subjects_on(session, tomorrow, standing),
        *await ladder_day.subjects_forwarded(session, tomorrow, standing),
    ]
    return await _preview(session, subjects, standing, tomorrow, at, whose=whose)


async def invoices_on(session: AsyncSession, *, today: date) -> set[int]:
    """Every invoice that a step of tomorrow would act on, the classifier's step left out."""
    tomorrow = today + timedelta(days=1)
    standing = await ladder_day.standing_ladders(session)
    subjects = await ladder_day.subjects_on(session, tomorrow, standing)
    policy = await load_policy(session, LadderPolicy())
    shared = Day(None, tomorrow, {each.id: each for each in standing}, policy)
    return {each.subject.invoice_id for each in planned(subjects, shared) if each.plan.due}


async def _preview(
    session: AsyncSession,
    subjects: Sequence[Subject],
    standing: Sequence[Standing],
    day: date,
    at: datetime,
    *,
    whose: Collection[int] | None = None,
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
    rungs = {rung.id: (rung, each.name) for each in standing for rung in each.rungs}
    for rung, _ in rungs.values():
        if rung.action == Action.FORWARD:
            touched[rung.id] = _forwarded(plans, rung, shared)
    effects = [
        await _effect(session, rung, name if len(standing) > 1 else "", touched[rung.id], whose)
        for rung, name in rungs.values()
        if touched.get(rung.id)
    ]
    forwards = sum(each.invoices for each in effects if each.rung.action == Action.FORWARD)
    ended = {
        contract_id for rung, _ in rungs.values() if rung.action == Action.TERMINATE
        for each in touched.get(rung.id, ()) for contract_id in each.reached_by(rung.action)
    }  # fmt: skip
    return Preview(
        day, tuple(effects), letters=len(acts.envelopes), suspensions=len(acts.suspended),
        terminations=len(ended), forwards=forwards,
    )  # fmt: skip


def _forwarded(plans: Sequence[Planned], rung: Rung, day: Day) -> list[Subject]:
    """The classifier's step: what is open and old enough, days on which the ladder stood still left
    out, and nowhere in collections yet."""
    mine = (each.subject for each in plans if rung in day.ladders[each.subject.ladder_id].rungs)
    return [
        each for each in mine
        if each.stage is None and pause_on(day.date, each.facts.pauses) is None
        and (on := shifted(each.due_date, rung.offset_days, each.facts.pauses)) and on <= day.date
    ]  # fmt: skip


async def _effect(
    session: AsyncSession,
    rung: Rung,
    ladder: str,
    subjects: Sequence[Subject],
    whose: Collection[int] | None,
) -> Effect:
    shown = [each for each in subjects if whose is None or each.customer_id in whose][:NAMES]
    people = {each.customer_id for each in shown}
    rows = select(Customer.id, Customer.name).where(col(Customer.id).in_(people))
    names = dict((await session.exec(rows)).all())
    return Effect(
        rung, ladder, len(subjects), len({each.customer_id for each in subjects}),
        tuple(
            Named(each.invoice_id, each.number, each.due_date, each.customer_id,
                  names.get(each.customer_id, ""))
            for each in shown
        ),
    )  # fmt: skip
