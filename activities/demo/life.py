"""Lives of the demonstration: moves of the past by the rules, with the news that they make."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities import kickoff_moves, renewals, task_moves, ticket_moves
from models import cases, outbox
from models.cases import Case
from models.messages import Message
from models.outbox import OutboxEntry, Verb
from rules.cases import Elapsed, News, Process

DECIDE: dict[str, Callable[..., Awaitable[Any]]] = {
    Process.TICKETS: ticket_moves.decide,
    Process.KICKOFF: kickoff_moves.decide,
    Process.TASKS: task_moves.decide,
    Process.RENEWALS: renewals.decide,
}


class Clocks:
    """When each case last moved: what was due before is late, and happens then, not in the past.

    A reminder of a task that was due on the day it was made comes with the task, never before it.
    """

    def __init__(self) -> None:
        self._last: dict[int, datetime] = {}

    def read(self, case: Case, at: datetime) -> datetime:
        """This will give the instant at which something due at `at` happens to the case."""
        happens = max(at, self._last.get(case.number, case.opened_at))
        self._last[case.number] = happens
        return happens


class Life:
    """Moves of the past, each with the news that it makes; what others left to tell stays."""

    def __init__(self, session: AsyncSession, now: datetime) -> None:
        self.session, self.now = session, now
        self.mine: set[int] = set()
        self.clocks = Clocks()
        self.mark = 0

    async def begin(self) -> None:
        """What stands in the outbox now is not ours."""
        newest = select(OutboxEntry.id).order_by(col(OutboxEntry.id).desc()).limit(1)
        self.mark = (await self.session.exec(newest)).first() or 0

    async def end(self) -> None:
        """What would have happened by itself; then what is open is left to the engine."""
        await self.settle(self.now)
        await self.pass_time(self.now)
        for case_id in sorted(self.mine):
            case = await self.session.get_one(Case, case_id)
            if case.closed_at is None:
                outbox.start_case(self.session, case, at=self.now)

    async def move(self, process: Process, subject_id: int, command: Any, at: datetime) -> None:
        """A person's command, after what happened by itself until then."""
        at = min(at, self.now)
        await self.pass_time(at)
        case = await cases.case_of(self.session, process=process, subject_id=subject_id)
        if case is not None and case.closed_at is None:
            await self._transition(case, command, at)
            await self.settle(at)

    async def pass_time(self, until: datetime) -> None:
        """What happens by itself to our cases, each at its own instant."""
        while due := await self._due(until):
            for case in due:
                due_at = case.next_at
                if case.closed_at is None and case.next_kind and due_at and due_at <= until:
                    at = await self._transition(case, Elapsed(step=case.next_kind), due_at)
                    await self.settle(at)

    async def settle(self, at: datetime) -> None:
        """What the relay would do: letters arrive, journeys hear what concerns them."""
        while told := await self._told():
            for entry in told:
                await self._hear(entry, at)

    async def _hear(self, entry: OutboxEntry, at: datetime) -> None:
        if "message_id" in entry.argument:
            message = await self.session.get_one(Message, entry.argument["message_id"])
            message.status, message.attempts = "delivered", 1
            message.sent_at = message.delivered_at = at
            return
        case = await self.session.get_one(Case, entry.argument["case_id"])
        self.mine.add(case.number)
        if entry.verb == Verb.SIGNAL and case.closed_at is None and case.process in DECIDE:
            await self._transition(case, News(), at)

    async def _told(self) -> Sequence[OutboxEntry]:
        """What is for letters and cases is taken out; what is for others is left to the relay."""
        await self.session.flush()
        statement = select(OutboxEntry).where(col(OutboxEntry.id) > self.mark)
        entries = (await self.session.exec(statement.order_by(col(OutboxEntry.id)))).all()
        ours = [entry for entry in entries if entry.argument.keys() & {"message_id", "case_id"}]
        for entry in ours:
            self.session.expunge(entry)
        ids = [entry.id for entry in ours]
        await self.session.exec(delete(OutboxEntry).where(col(OutboxEntry.id).in_(ids)))
        return ours

    async def _due(self, until: datetime) -> Sequence[Case]:
        statement = select(Case).where(
            col(Case.id).in_(self.mine), col(Case.next_at) <= until, col(Case.closed_at).is_(None)
        )
        order = (col(Case.next_at), col(Case.id))
        return (await self.session.exec(statement.order_by(*order))).all()

    async def _transition(self, case: Case, command: Any, at: datetime) -> datetime:
        at = self.clocks.read(case, at)
        answer = await DECIDE[case.process](self.session, case, command, at)
        command_id = f"demo/{case.id}/{case.version}"
        cases.remember(self.session, case, command_id=command_id, answer=answer, at=at)
        await self.session.flush()
        return at
