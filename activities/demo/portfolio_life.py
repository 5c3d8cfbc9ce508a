"""Time that passes over a whole portfolio's collections, and the news that each move makes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities import agreement_moves, bureau_moves, collections, task_moves
from activities.demo.life import Clocks
from models import cases
from models.cases import Case
from models.messages import Message
from models.outbox import OutboxEntry, Verb
from rules.cases import Elapsed, News, Process

DECIDE: dict[str, Callable[..., Awaitable[Any]]] = {
    Process.COLLECTIONS: collections.decide,
    Process.AGREEMENTS: agreement_moves.decide,
    Process.BUREAU: bureau_moves.decide,
    Process.TASKS: task_moves.decide,
}


class PortfolioLife:
    """Moves of the past, customer by customer; the outbox is ours alone, and is emptied.

    Letters are marked as delivered all at once: there are thousands.
    """

    def __init__(self, session: AsyncSession, now: datetime) -> None:
        self.session, self.now = session, now
        self.letters = False
        self.clocks = Clocks()

    async def let_time_pass(self, *, until: datetime | None = None, of: int | None = None) -> None:
        """What would have happened by itself until then, each thing at its own instant.

        `of` is the customer whose cases live so long; None: everybody's.
        """
        until = until or self.now
        while due := await self._due(until, of):
            for case in due:
                if case.next_kind and case.next_at and case.next_at <= until:
                    await self._happen(case, Elapsed(step=case.next_kind), case.next_at)

    async def _due(self, until: datetime, of: int | None) -> list[Case]:
        statement = (
            select(Case)
            .where(col(Case.next_at) <= until, col(Case.closed_at).is_(None))
            .order_by(col(Case.next_at), col(Case.id))
            .limit(500)
        )
        if of is not None:
            statement = statement.where(Case.customer_id == of)
        return list((await self.session.exec(statement)).all())

    async def move(self, case: Case, command: Any, at: datetime) -> dict[str, Any]:
        """A person's command, after what happened to the customer by itself until then."""
        await self.let_time_pass(until=at, of=case.customer_id)
        return await self._happen(case, command, at)

    async def _happen(self, case: Case, command: Any, at: datetime) -> dict[str, Any]:
        """One transition, as its activity would make it, and the news that it makes."""
        at = self.clocks.read(case, at)
        answer = await self._transition(case, command, at)
        await self.bring_news(at)
        return answer

    async def _transition(self, case: Case, command: Any, at: datetime) -> dict[str, Any]:
        answer: dict[str, Any] = await DECIDE[case.process](self.session, case, command, at)
        command_id = f"demo/{case.id}/{case.version}"
        cases.remember(self.session, case, command_id=command_id, answer=answer, at=at)
        await self.session.flush()
        return answer

    async def bring_news(self, at: datetime) -> None:
        """What the relay would do: letters arrive, and journeys hear what concerns them."""
        told = await self._told()
        if self.letters:
            await self._deliver_letters(at)
        while told:
            for case_id in told:
                case = await self.session.get_one(Case, case_id)
                if case.closed_at is None:
                    await self._transition(case, News(), self.clocks.read(case, at))
            told = await self._told()

    async def _deliver_letters(self, at: datetime) -> None:
        self.letters = False
        await self.session.exec(
            update(Message)
            .where(col(Message.status) == "queued")
            .values(status="delivered", sent_at=at, delivered_at=at, attempts=1)
        )

    async def _told(self) -> list[int]:
        """The cases that were told something; all of the outbox is taken out."""
        await self.session.flush()
        taken: Any = delete(OutboxEntry).returning(
            col(OutboxEntry.id), col(OutboxEntry.verb), col(OutboxEntry.argument)
        )
        entries = sorted(await self.session.exec(taken), key=itemgetter(0))
        self.letters = self.letters or any("message_id" in told for _, _, told in entries)
        return list(
            dict.fromkeys(told["case_id"] for _, verb, told in entries if verb == Verb.SIGNAL)
        )
