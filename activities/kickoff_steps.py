"""What happens to a kickoff when nobody acts: reminders, breaches, escalation, the acceptance."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from activities.case_promises import ESCALATE, CasePromises, keep
from activities.kickoff_desk import REQUESTS, Desk
from activities.kickoff_letters import TOLD, tell_client, tell_house, told_values
from rules.kickoff import STEPS_OF, ClientStep, KickoffStage, KickoffStep


async def take_step(desk: Desk, step: str) -> None:
    """This will do what the step says, if it is still what comes next.

    Any other than the acceptance is of a promise, also under a name of an earlier version.
    """
    if step == KickoffStep.ASK_ACCEPTANCE:
        await _ask_acceptance(desk)
    else:
        await _keep_promises(desk)


async def _keep_promises(desk: Desk) -> None:
    escalation = replace(REQUESTS[ESCALATE], places={"contract": desk.contract.code})
    promised = CasePromises(
        STEPS_OF, TOLD, partial(told_values, desk), escalation, executive=desk.kickoff.executive
    )
    await keep(desk, desk.policy, promised)


async def _ask_acceptance(desk: Desk) -> None:
    due = desk.case.next_step
    if desk.stage is not KickoffStage.INSTALLED or due is None or due.at > desk.at:
        return
    desk.kickoff.acceptance_asked_at = desk.at
    desk.record(KickoffStep.ASK_ACCEPTANCE)
    await tell_client(desk, "kickoff_step", step=ClientStep.ACCEPTANCE)
    await tell_house(desk, KickoffStep.ASK_ACCEPTANCE)
