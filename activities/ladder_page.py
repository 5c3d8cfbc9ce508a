"""A page of the ladder's day: plans of its customers' invoices, carried out in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from activities import ladder_acts, ladder_letters
from activities.ladder_letters import Envelope
from activities.provisioning import reconcile
from models.imports import insert_rows, update_rows
from models.invoices import Invoice
from models.ladder_day import Standing, Subject
from models.ladders import LadderExecution, LadderReach
from rules.ladder import DueStep, LadderFacts, Outcome, Plan, plan
from rules.ladder_debtors import ON_CONTRACTS
from rules.ladder_letters import Word, post
from rules.ladder_steps import SUSPENSIONS, LadderPolicy


@dataclass(frozen=True)
class Day:
    """What every page of a run shares: its business date, the ladders as they stood, the limits."""

    run_id: int | None
    date: date
    ladders: Mapping[int, Standing]
    policy: LadderPolicy


@dataclass(frozen=True)
class Planned:
    """An invoice and what the day asks of it."""

    subject: Subject
    plan: Plan


@dataclass
class Acts:
    """All that a page does, decided before anything is written."""

    envelopes: list[Envelope] = field(default_factory=list)
    executions: list[dict[str, Any]] = field(default_factory=list)
    reaches: list[dict[str, Any]] = field(default_factory=list)
    suspended: set[int] = field(default_factory=set)
    single: list[tuple[Subject, DueStep]] = field(default_factory=list)
    held: list[Subject] = field(default_factory=list)

    def counts(self) -> Counter[str]:
        """How many steps of each kind were done."""
        done = (each for each in self.executions if each["outcome"] == Outcome.DONE)
        return Counter(each["action"] for each in done)


def planned(subjects: Iterable[Subject], day: Day) -> list[Planned]:
    """This will ask the rules what the day wants of each invoice.

    Invoices are many, due dates and what was done since are few: each pair is asked of once.
    """
    known: dict[tuple[int, LadderFacts], Plan] = {}
    every = []
    for each in subjects:
        key = each.ladder_id, each.facts
        if key not in known:
            rungs = day.ladders[each.ladder_id].rungs
            known[key] = plan(rungs, each.facts, day.policy, today=day.date)
        every.append(Planned(each, known[key]))
    return every


def acts_of(plans: Sequence[Planned], day: Day, *, at: datetime) -> Acts:
    """This will turn the plans of whole customers into letters, suspensions and single acts."""
    acts = Acts()
    for customer_id, group in groupby(plans, key=lambda each: each.subject.customer_id):
        mine = list(group)
        _put_letters(acts, customer_id, mine, day, at)
        for each in mine:
            _put_others(acts, each, day, at)
    return acts


async def carry_out(
    session: AsyncSession, plans: Sequence[Planned], day: Day, *, at: datetime
) -> Acts:
    """This will do what the plans say, write why, and note when each invoice is looked at again.

    In the transaction that holds the invoices; executed steps are in no later plan.
    """
    acts = acts_of(plans, day, at=at)
    desk = await ladder_letters.desk(
        session, acts.envelopes, rungs={each.id: each.rungs for each in day.ladders.values()},
        policy=day.policy, day=day.date, at=at,
    )  # fmt: skip
    await ladder_letters.write(session, acts.envelopes, desk)
    await insert_rows(session, LadderExecution, acts.executions)
    await insert_rows(session, LadderReach, acts.reaches)
    looks = {each.subject.invoice_id: {"ladder_next_on": each.plan.next_on} for each in plans}
    await update_rows(session, Invoice, looks)
    for subject, step in acts.single:
        await ladder_acts.do(session, subject, step, policy=day.policy, at=at)
    for subject in acts.held:
        await ladder_acts.ask_for_proof(session, subject, policy=day.policy, at=at)
    await reconcile(session, acts.suspended, today=day.date, by="system", at=at)
    return acts


def _put_letters(
    acts: Acts, customer_id: int, mine: Sequence[Planned], day: Day, at: datetime
) -> None:
    subjects = {each.subject.invoice_id: each.subject for each in mine}
    posted = post(_words(mine, day.date))
    for letter in posted.letters:
        about = tuple(subjects[invoice_id] for invoice_id in letter.invoice_ids)
        envelope = Envelope(customer_id, letter, about)
        acts.envelopes.append(envelope)
        contact = envelope.key(day.date)
        acts.executions += [
            _execution(subjects[word.invoice_id], DueStep(word.rung, word.on), day, at,
                       contact=contact)
            for word in letter.words
        ]  # fmt: skip
    acts.executions += [
        _execution(subjects[word.invoice_id], DueStep(word.rung, word.on), day, at,
                   outcome=Outcome.SUPERSEDED)
        for word in posted.superseded
    ]  # fmt: skip


def _words(mine: Sequence[Planned], today: date) -> list[Word]:
    return [
        Word(each.subject.invoice_id, step.rung, step.on, (today - each.subject.due_date).days)
        for each in mine
        for step in each.plan.due
        if step.rung.is_message
    ]


def _put_others(acts: Acts, each: Planned, day: Day, at: datetime) -> None:
    subject = each.subject
    for step in each.plan.lapsed:
        acts.executions.append(_execution(subject, step, day, at, outcome=Outcome.LAPSED))
    for step in (due for due in each.plan.due if not due.rung.is_message):
        is_done = _put_reached(acts, subject, step)
        outcome = Outcome.DONE if is_done else Outcome.NOT_APPLICABLE
        acts.executions.append(_execution(subject, step, day, at, outcome=outcome))
        if is_done and step.rung.action not in SUSPENSIONS:
            acts.single.append((subject, step))
    if each.plan.waits_for_law:
        acts.held.append(subject)


def _put_reached(acts: Acts, subject: Subject, step: DueStep) -> bool:
    """Whether the step has anything to be done to; a suspension has all that owe the invoice."""
    action = step.rung.action
    if action not in ON_CONTRACTS:
        return True
    reached = subject.reached_by(action)
    acts.reaches += [
        {"invoice_id": subject.invoice_id, "step_id": step.rung.id, "contract_id": contract_id,
         "action": done}
        for contract_id, done in reached.items()
        if contract_id != subject.contract_id
    ]  # fmt: skip
    if action in SUSPENSIONS:
        acts.suspended |= reached.keys()
    return bool(reached)


def _execution(
    subject: Subject,
    step: DueStep,
    day: Day,
    at: datetime,
    *,
    outcome: Outcome = Outcome.DONE,
    contact: str = "",
) -> dict[str, Any]:
    ladder = day.ladders[subject.ladder_id]
    return {
        "invoice_id": subject.invoice_id, "step_id": step.rung.id, "ladder_id": ladder.id,
        "version": ladder.version, "run_id": day.run_id, "customer_id": subject.customer_id,
        "contract_id": subject.contract_id, "action": step.rung.action, "outcome": outcome,
        "fell_on": step.on, "executed_on": day.date, "at": at, "contact": contact,
        "is_legal_notice": step.rung.is_legal_notice, "proof": "", "facts": _facts(subject, step),
    }  # fmt: skip


def _facts(subject: Subject, step: DueStep) -> dict[str, Any]:
    """What was known on that day, as the page of the why shows it."""
    law = subject.facts.law
    return {
        "due_date": subject.due_date.isoformat(),
        "open_amount": str(subject.open_amount),
        "stage": subject.stage,
        "contract_stage": subject.contract_stage,
        "offset_days": step.rung.offset_days,
        "after": step.rung.after,
        "paused": [
            [pause.reason, pause.since.isoformat(), pause.until and pause.until.isoformat()]
            for pause in subject.facts.pauses
        ],
        "noticed_on": law.noticed_on.isoformat() if law and law.noticed_on else None,
    }
