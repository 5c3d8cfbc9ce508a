"""Promises that a case of the house gives its customer: tickets and kickoffs keep them alike."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from activities.asking import Request, ask_manager
from activities.clock_reminders import Promises, keep_promises
from activities.desk import CaseDesk, Names
from activities.task_letters import tell_of_case
from models.calendars import load_service_calendar
from rules.due import due_after
from rules.reminders import Reminder
from rules.sla import SlaEvent

#: The kind of the management's task.
ESCALATE = "escalate"


class PromisePolicy(Protocol):
    """What the house sets of such a process: whose tasks they are, and on which calendar."""

    @property
    def team(self) -> str: ...

    @property
    def calendar(self) -> str: ...

    def reminders(self, event: SlaEvent) -> tuple[Reminder, ...]: ...


@dataclass(frozen=True)
class CasePromises:
    """What differs: the steps' names, the letter to colleagues, and what the management is asked.

    `values` gives what the letter of a step may say.
    """

    names: Names
    purpose: str
    values: Callable[[str], Awaitable[Mapping[str, Any]]]
    escalation: Request
    executive: str | None


async def keep(desk: CaseDesk, policy: PromisePolicy, promised: CasePromises) -> None:
    """This will take every step of the case's promises that is due."""

    async def tell(login: str, step: str) -> None:
        await tell_of_case(
            desk.session, desk.case, login=login, purpose=promised.purpose, at=desk.at,
            values=await promised.values(step), key=desk.told_key(login, step),
        )  # fmt: skip

    async def ask() -> None:
        calendar = await load_service_calendar(desk.session, policy.calendar)
        await ask_manager(
            desk.session, desk.case, ESCALATE, promised.escalation, team=policy.team,
            due_at=due_after(desk.at, business_days=1, calendar=calendar), at=desk.at,
        )  # fmt: skip

    promises = Promises(
        promised.names, policy.reminders, ask_manager=ask, tell=tell,
        assignee=desk.case.owner, executive=promised.executive,
    )  # fmt: skip
    await keep_promises(desk, promises)
