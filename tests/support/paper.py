"""The engine on paper: journeys without one, for diaries that take every branch in a moment.

It does what workflows/journey.py does: news first, then the case whose instant comes next, one
move at a time, through the same activities. Messages stay where they are queued.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlmodel import col, select, update
from temporalio.testing import ActivityEnvironment

from activities.cases import Move, Moved
from docs.journeys.arrows import Arrow, Journey
from models.cases import Case, CaseEvent, case_of
from models.database import Database
from models.outbox import JOURNEYS, OutboxEntry, Verb
from rules.cases import CaseRef, Elapsed, News
from settings import Settings
from tests.builders import AT
from workflows.worker import WORKFLOWS, journey_activities

#: A journey that moves so often without getting on has a step that leads nowhere.
MOST_AT_ONCE = 50


@dataclass(frozen=True)
class Taken:
    """From a stage to a stage, by a command, a step or news; `by` empty: in the same breath."""

    process: str
    source: str
    target: str
    by: str


class Paper:
    """Cases and their clock; `taken` holds every arrow that was followed."""

    def __init__(self, database: Database, settings: Settings, *, now: datetime = AT) -> None:
        self.database, self.now = database, now
        self.taken: set[Taken] = set()
        self.moves = _moves(journey_activities(database, settings))
        self.count = self.seen = 0

    async def give(self, process: str, subject_id: int, command: Any) -> dict[str, Any]:
        """This will have a case carry out a person's command, and everybody hear of it."""
        answer = await self._move(await self._case(process, subject_id), command)
        await self.settle()
        return answer

    async def settle(self) -> None:
        """This will deliver all news."""
        while told := await self._deliver():
            for process, case_id in told:
                async with self.database.read() as session:
                    case = await session.get_one(Case, case_id)
                if case.closed_at is None:
                    await self._move(case, News())
                assert case.process == process
        await self._note_reopened()

    async def forward(self, **duration: float) -> None:
        """This will let so much time pass, taking whatever falls due on the way, in order."""
        until = self.now + timedelta(**duration)
        stood = 0
        await self.settle()
        while (case := await self._next(until)) and case.next_kind and case.next_at:
            stood = stood + 1 if case.next_at <= self.now else 0
            assert stood < MOST_AT_ONCE, f"{case.process}: {case.next_kind} leads nowhere"
            self.now = max(self.now, case.next_at)
            await self._move(case, Elapsed(step=case.next_kind))
            await self.settle()
        self.now = until

    def left_out(self, journey: Journey) -> list[str]:
        """The arrows that no diary took, as they would be told."""
        return [
            f"{arrow.source} -> {arrow.target}: {_named(arrow) or arrow.why}"
            for arrow in journey.arrows
            if not any(_is(arrow, move, journey) for move in self.taken)
        ]

    async def _case(self, process: str, subject_id: int) -> Case:
        async with self.database.read() as session:
            case = await case_of(session, process=process, subject_id=subject_id)
        assert case is not None
        return case

    async def _next(self, until: datetime) -> Case | None:
        """The open case whose instant comes first."""
        due = select(Case).where(col(Case.closed_at).is_(None), col(Case.next_at) <= until)
        async with self.database.read() as session:
            return (await session.exec(due.order_by(col(Case.next_at), col(Case.id)))).first()

    async def _deliver(self) -> list[tuple[str, int]]:
        async with self.database.write() as session:
            waiting = select(OutboxEntry).where(col(OutboxEntry.delivered_at).is_(None))
            entries = (await session.exec(waiting.order_by(col(OutboxEntry.id)))).all()
            await session.exec(update(OutboxEntry).values(delivered_at=self.now))
        return [
            (entry.workflow_id.partition("/")[0], entry.argument["case_id"])
            for entry in entries
            if entry.verb == Verb.SIGNAL and entry.workflow in JOURNEYS.values()
        ]

    async def _move(self, case: Case, command: Any) -> dict[str, Any]:
        self.count += 1
        environment = ActivityEnvironment()
        environment.info = replace(environment.info, started_time=self.now)
        move = Move(CaseRef(case.number, case.epoch), f"paper/{self.count}", command)
        before = await self._newest_event(case)
        moved: Moved = await environment.run(self.moves[case.process], move)
        await self._note(case, command, before, moved.plan.stage)
        return moved.answer

    async def _newest_event(self, case: Case) -> int:
        async with self.database.read() as session:
            newest = select(CaseEvent.id).where(CaseEvent.case_id == case.id)
            return (await session.exec(newest.order_by(col(CaseEvent.id).desc()))).first() or 0

    async def _note(self, case: Case, command: Any, after: int, stage: str) -> None:
        """Stage by stage, as the history tells it; a move that stays is an arrow to itself."""
        async with self.database.read() as session:
            told = select(CaseEvent.parameters).where(
                CaseEvent.case_id == case.id, CaseEvent.kind == "stage",
                col(CaseEvent.id) > after,
            )  # fmt: skip
            passed = [(each["was"], each["now"]) for each in await session.exec(told)]
        by = command.step if isinstance(command, Elapsed) else command.kind
        for source, target in passed or [(case.stage, stage)]:
            self.taken.add(Taken(case.process, source, target, by))
            by = ""

    async def _note_reopened(self) -> None:
        """A closed case is opened again by whoever found out, without a move of its own."""
        async with self.database.read() as session:
            told = select(Case.process, CaseEvent.id, CaseEvent.case_id, CaseEvent.parameters)
            told = told.join(Case, col(Case.id) == col(CaseEvent.case_id))
            reopened = told.where(CaseEvent.kind == "reopened", col(CaseEvent.id) > self.seen)
            for process, number, case_id, parameters in await session.exec(reopened):
                stages = select(CaseEvent.parameters).where(
                    CaseEvent.case_id == case_id, CaseEvent.kind == "stage",
                    col(CaseEvent.id) < number,
                )  # fmt: skip
                *_, last = await session.exec(stages.order_by(col(CaseEvent.id)))
                self.taken.add(Taken(process, last["now"], parameters["stage"], ""))
                self.seen = max(self.seen, number or 0)


def _is(arrow: Arrow, move: Taken, journey: Journey) -> bool:
    """Whether a move took an arrow; one told in words is taken by any move between its stages."""
    if move.process != journey.process:
        return False
    if arrow.source is None:
        return move.source == arrow.target
    return (move.source, move.target) == (arrow.source, arrow.target) and (
        _named(arrow) in {None, move.by}
    )


def _named(arrow: Arrow) -> str | None:
    """A command's or step's name; None for what is told in words."""
    if isinstance(arrow.why, type):
        return next(str(each.default) for each in fields(arrow.why) if each.name == "kind")
    return arrow.why.value if isinstance(arrow.why, StrEnum) else None


def _moves(activities: Iterable[Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    """What moves the cases of each process, as its workflow says."""
    by_name = {each.__name__: each for each in activities}
    by_workflow = {each.__name__: each for each in WORKFLOWS}
    return {
        process: by_name[by_workflow[workflow](CaseRef(1, 1)).moves_by]
        for process, workflow in JOURNEYS.items()
    }
