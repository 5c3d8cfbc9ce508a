"""What every journey does: wait for news or the case's next instant, then move the case once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeKey
from temporalio.exceptions import ActivityError, ApplicationError

from activities.cases import Answer, Move, Moved
from rules.cases import (
    CaseClosed,
    CasePlan,
    CaseRef,
    Elapsed,
    News,
    SupersededEpoch,
    news_command_id,
)
from rules.refusals import Refusal
from workflows.options import TRANSACTION

STAGE = SearchAttributeKey.for_keyword("AcertoStage")

#: So many steps may be overdue and taken one after another, as after a standstill of days.
MOST_AT_ONCE = 10
#: More than that is a rule that leaves its step in the past: it is asked again at this pace, which
#: hurts nobody, until it is mended. The case is not failed, because people's commands and payments
#: must still reach it; repair tells of it as overdue.
REST = timedelta(minutes=1)


class NotLoadedError(RuntimeError):
    """A fault of ours: the plan was asked for before the case was loaded."""


class Journey:
    """A case that waits: for people's commands (updates), for news (signals), for its next instant.

    The database owns the stage and what comes next; the workflow remembers the plan it was last
    told and sleeps until something happens. Every move goes through one lock and one activity.
    """

    def __init__(self, case: CaseRef, *, moves_by: str) -> None:
        self.case = case
        self.moves_by = moves_by
        self.plan: CasePlan | None = None
        self.news_ids: list[str] = []
        self.lock = asyncio.Lock()
        self.at_once = 0
        self.is_superseded = False

    async def live(self) -> str:
        """This will wait and move until the case is closed; returns its last stage."""
        try:
            await self._load()
            while not self.current.is_closed:
                await self._next()
        except ApplicationError as refusal:
            if refusal.type != SupersededEpoch.code:
                raise
            self.is_superseded = workflow.patched("superseded")
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self.current.stage if self.plan else "superseded"

    @property
    def current(self) -> CasePlan:
        """The plan as last told."""
        if self.plan is None:
            raise NotLoadedError
        return self.plan

    async def obey(self, command: Any) -> Answer:
        """This will carry out a person's command; raises its refusal to the caller."""
        await workflow.wait_condition(lambda: self.plan is not None or self.is_superseded)
        if self.plan is None:  # nothing will be loaded any more
            raise _refused(SupersededEpoch)
        update = workflow.current_update_info()
        command_id = update.id if update else str(workflow.uuid4())
        async with self.lock:
            return await self._move(command, command_id=command_id)

    def refuse_if_closed(self) -> None:
        """For validators: a closed case takes no command. Not loaded yet: let it pass."""
        if self.plan is not None and self.plan.is_closed:
            raise _refused(CaseClosed)

    @workflow.signal(description="Something happened in the rows this case leans on")
    def news(self, news_id: str) -> None:
        """Look again; the transition remembers the id, so hearing it twice is harmless."""
        self.news_ids.append(news_id)

    async def _load(self) -> None:
        plan: CasePlan = await self._activity("load_case", self.case, CasePlan)
        self._adopt(plan)

    async def _next(self) -> None:
        """One wait, and the one move that ends it."""
        seen = self.current.version
        if not await self._woken():
            await self._elapse(seen)
        elif self.news_ids:
            await self._hear()
        elif not self.current.is_closed and self._is_long():
            await workflow.wait_condition(workflow.all_handlers_finished)
            if not self.news_ids:  # what came meanwhile would be forgotten
                workflow.continue_as_new(self.case)

    async def _woken(self) -> bool:
        """False when the case's next instant came first."""
        plan = self.current
        left = self._left(plan)
        if left is not None and left <= timedelta(0):
            return bool(self.news_ids)
        try:
            await workflow.wait_condition(
                lambda: bool(self.news_ids) or self.plan is not plan or self._is_long(),
                timeout=left,
                timeout_summary=plan.next_kind,
            )
        except TimeoutError:
            return False
        return True

    def _left(self, plan: CasePlan) -> timedelta | None:
        """How long to wait: not at all for what is overdue, unless that leads nowhere."""
        if plan.next_kind is None or plan.next_at is None:
            return None
        left = plan.next_at - workflow.now()
        if left > timedelta(0):
            self.at_once = 0
        elif self.at_once >= MOST_AT_ONCE and workflow.patched("rest"):
            workflow.logger.error("%s leaves %s in the past", self.case, plan.next_kind)
            return REST
        return left

    async def _elapse(self, seen: int) -> None:
        self.at_once += 1
        async with self.lock:
            plan = self.current
            if plan.version != seen or plan.next_kind is None:
                return  # a command moved the case while this waited for the lock
            command_id = f"elapsed/{self.case.case_id}/{self.case.epoch}/{plan.version}"
            await self._move(Elapsed(step=plan.next_kind), command_id=command_id)

    async def _hear(self) -> None:
        async with self.lock:
            heard, self.news_ids = self.news_ids, []
            await self._move(News(), command_id=news_command_id(self.case.case_id, heard))

    async def _move(self, command: Any, *, command_id: str) -> Answer:
        move = Move(case=self.case, command_id=command_id, command=command)
        moved: Moved = await self._activity(self.moves_by, move, Moved)
        self._adopt(moved.plan)
        return moved.answer

    async def _activity(self, name: str, argument: Any, result: type) -> Any:
        try:
            return await workflow.execute_activity(
                name, argument, result_type=result, **TRANSACTION
            )
        except ActivityError as failure:
            if isinstance(failure.cause, ApplicationError):
                raise failure.cause from failure
            raise

    def _adopt(self, plan: CasePlan) -> None:
        if self.plan is None or self.plan.stage != plan.stage:
            workflow.upsert_search_attributes([STAGE.value_set(plan.stage)])
        self.plan = plan

    @staticmethod
    def _is_long() -> bool:
        return workflow.info().is_continue_as_new_suggested()


def _refused(refusal: type[Refusal]) -> ApplicationError:
    """A refusal of the journey's own, as those of activities reach the caller."""
    return ApplicationError(
        refusal.message, {"message": refusal.message, "params": {}}, type=refusal.code
    )
