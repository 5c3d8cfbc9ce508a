"""A case on the desk: its row and its clocks, who acts on it and when."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from models import cases, service_clocks
from models.cases import Case
from models.service_clocks import Timed
from rules.cases import Step
from rules.clock_reminders import ClockMark
from rules.reminders import Reminder
from rules.sla import SlaEvent

#: What the steps of each promise are called.
Names = Mapping[SlaEvent, Mapping[ClockMark, str]]


@dataclass
class CaseDesk:
    """What the moves of a case with promises share."""

    session: AsyncSession
    case: Case
    clocks: dict[str, Timed]
    by: str
    at: datetime

    def record(self, kind: str, **parameters: Any) -> None:
        """This will add a line to the case's history."""
        cases.record_event(self.session, self.case, kind=kind, by=self.by, at=self.at, **parameters)

    def told_key(self, login: str, step: str) -> str:
        """By what a letter to a colleague about a step is known again."""
        case = self.case
        return f"{case.process}/{case.subject_id}/told/{login}/{step}/{case.version}"

    def stop_clock(self, event: SlaEvent, *, reason: str) -> None:
        """This will let a promise stand still, and say so; ended or stopped already: nothing."""
        timed = self.clocks.get(event)
        if timed is not None and timed.is_running:
            service_clocks.stop_clock(self.session, timed, reason=reason, by=self.by, at=self.at)
            self.record("clock_stopped", clock=event, reason=reason)

    def resume_clock(self, event: SlaEvent) -> None:
        """This will let a promise go on, and say so; ended or running already: nothing."""
        timed = self.clocks.get(event)
        if timed is not None and timed.row.ended_at is None and not timed.is_running:
            service_clocks.resume_clock(self.session, timed, by=self.by, at=self.at)
            due_at = timed.row.due_at.isoformat() if timed.row.due_at else None
            self.record("clock_resumed", clock=event, due_at=due_at)

    def end_clock(self, event: SlaEvent, *, at: datetime | None = None) -> None:
        """This will end a promise: kept, or breached, which the case remembers."""
        timed = self.clocks.get(event)
        if timed is not None:
            ended_at = max(at or self.at, timed.row.started_at)
            service_clocks.end_clock(self.session, timed, at=ended_at)
            self.remember_breach(timed)

    def remember_breach(self, timed: Timed) -> None:
        """The case's breach is its first one."""
        self.case.breached_at = self.case.breached_at or timed.row.breached_at

    def coming(
        self, reminders: Callable[[SlaEvent], Sequence[Reminder]], names: Names
    ) -> list[Step]:
        """What the clocks bring next, under the names that the process has for it."""
        found = []
        for event, timed in self.clocks.items():
            for each in timed.coming(reminders(SlaEvent(event)))[:1]:
                found.append(Step(names[SlaEvent(event)][each.step.mark], each.at))
        return found

    def first_due(self) -> datetime | None:
        """When the first of the running promises is due."""
        running = (each.row.due_at for each in self.clocks.values() if each.is_running)
        return min((due for due in running if due), default=None)
