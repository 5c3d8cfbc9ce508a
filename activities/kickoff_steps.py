"""What happens to a kickoff when nobody acts: reminders, breaches, escalation, the acceptance."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from activities.asking import ask_manager
from activities.clock_reminders import Promises, keep_promises
from activities.kickoff_desk import ESCALATE, REQUESTS, Desk, soon
from activities.kickoff_letters import TOLD, tell_client, tell_house, told_key, told_values
from activities.task_letters import tell_of_case
from rules.kickoff import STEPS_OF, KickoffStage, KickoffStep


async def take_step(desk: Desk, step: str) -> None:
    """This will do what the step says, if it is still what comes next.

    Any other than the acceptance is of a promise, also under a name of an earlier version.
    """
    if step == KickoffStep.ASK_ACCEPTANCE:
        await _ask_acceptance(desk)
    else:
        await keep_promises(desk, _promises(desk))


def _promises(desk: Desk) -> Promises:
    return Promises(
        STEPS_OF, desk.policy.reminders,
        ask_manager=partial(_ask_manager, desk), tell=partial(_tell, desk),
        assignee=desk.case.owner, executive=desk.kickoff.executive,
    )  # fmt: skip


async def _tell(desk: Desk, login: str, step: str) -> None:
    await tell_of_case(
        desk.session, desk.case, login=login, purpose=TOLD, at=desk.at,
        values=await told_values(desk, step), key=told_key(desk, login, step),
    )  # fmt: skip


async def _ask_manager(desk: Desk) -> None:
    request = replace(REQUESTS[ESCALATE], places={"contract": desk.contract.code})
    await ask_manager(
        desk.session, desk.case, ESCALATE, request, team=desk.policy.team,
        due_at=await soon(desk), at=desk.at,
    )  # fmt: skip


async def _ask_acceptance(desk: Desk) -> None:
    due = desk.case.next_step
    if desk.stage is not KickoffStage.INSTALLED or due is None or due.at > desk.at:
        return
    desk.kickoff.acceptance_asked_at = desk.at
    desk.record(KickoffStep.ASK_ACCEPTANCE)
    await tell_client(desk, "kickoff_step", step="acceptance")
    await tell_house(desk, KickoffStep.ASK_ACCEPTANCE)
