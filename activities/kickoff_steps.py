"""What happens to a kickoff when nobody acts: reminders, breaches, escalation, the acceptance."""

from __future__ import annotations

from dataclasses import replace

from activities.asking import ask_manager
from activities.kickoff_desk import ESCALATE, REQUESTS, Desk, soon
from activities.kickoff_letters import tell_client, tell_colleague, tell_house
from models.colleagues import line_of
from models.service_clocks import pass_mark
from rules.kickoff import BREACHES, CLOCK_OF, ESCALATIONS, KickoffStage, KickoffStep


async def take_step(desk: Desk, step: KickoffStep) -> None:
    """This will do what the step says, if it is still what comes next."""
    if step is KickoffStep.ASK_ACCEPTANCE:
        await _ask_acceptance(desk)
        return
    event = CLOCK_OF[step]
    timed = desk.reached(step, event, desk.policy.marks)
    if timed is None:
        return
    pass_mark(desk.session, timed, is_breach=step in BREACHES)
    desk.record(step, clock=event)
    desk.remember_breach(timed)
    await _tell(desk, step)


async def _tell(desk: Desk, step: KickoffStep) -> None:
    """Reminded: who has it. Breached: the lead as well. Escalated: the manager, with a task."""
    line = await line_of(desk.session, team_id=desk.case.team_id, login=desk.case.owner)
    if step in ESCALATIONS:
        request = replace(REQUESTS[ESCALATE], places={"contract": desk.contract.code})
        await ask_manager(
            desk.session, desk.case, ESCALATE, request, team=desk.policy.team,
            due_at=await soon(desk), at=desk.at,
        )  # fmt: skip
        await tell_colleague(desk, line.manager or line.lead, step=step)
        return
    await tell_house(desk, step)
    if step in BREACHES and line.lead not in {desk.case.owner, desk.kickoff.executive}:
        await tell_colleague(desk, line.lead, step=step)


async def _ask_acceptance(desk: Desk) -> None:
    due = desk.case.next_step
    if desk.stage is not KickoffStage.INSTALLED or due is None or due.at > desk.at:
        return
    desk.kickoff.acceptance_asked_at = desk.at
    desk.record(KickoffStep.ASK_ACCEPTANCE)
    await tell_client(desk, "kickoff_step", step="acceptance")
    await tell_house(desk, KickoffStep.ASK_ACCEPTANCE)
