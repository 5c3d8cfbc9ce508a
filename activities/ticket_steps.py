"""What happens to a ticket when nobody acts: warnings, breaches, escalation, silence, the end."""

from __future__ import annotations

from activities.asking import ask_manager
from activities.ticket_desk import (
    ESCALATE,
    Desk,
    request_of,
    tell_colleague,
    tell_customer,
    withdraw,
)
from models.calendars import load_service_calendar
from models.colleagues import line_of
from models.service_clocks import pass_mark
from rules.business_days import deadline
from rules.sentences import N_
from rules.sla import SlaEvent
from rules.tickets import BREACHES, CLOCK_OF, TicketStage, TicketStep

ESCALATIONS = (TicketStep.ESCALATE_RESPONSE, TicketStep.ESCALATE_RESOLUTION)


async def take_step(desk: Desk, step: TicketStep) -> None:
    """This will do what the step says, if it is still what comes next."""
    if step in CLOCK_OF:
        await _pass_mark(desk, step)
        return
    due = desk.case.next_step
    if due is None or due.kind != step or due.at > desk.at:
        return
    match step:
        case TicketStep.NUDGE if desk.stage is TicketStage.WAITING_CUSTOMER:
            await _nudge(desk)
        case TicketStep.GIVE_UP if desk.stage is TicketStage.WAITING_CUSTOMER:
            await _give_up(desk)
        case TicketStep.CLOSE if desk.stage is TicketStage.RESOLVED:
            await _close(desk)


async def _pass_mark(desk: Desk, step: TicketStep) -> None:
    """A warning, a breach or an escalation: only if the clock really ran so far."""
    event = CLOCK_OF[step]
    timed = desk.reached(step, event, desk.policy.marks)
    if timed is None:
        return
    pass_mark(desk.session, timed, is_breach=step in BREACHES)
    desk.record(step, clock=event)
    desk.remember_breach(timed)
    await _tell(desk, step)


async def _tell(desk: Desk, step: TicketStep) -> None:
    """Warned: the owner, or the lead while there is none. Breached: both, and the executive."""
    line = await line_of(desk.session, team_id=desk.case.team_id, login=desk.ticket.owner)
    hears = {desk.ticket.owner or line.lead}
    if step in BREACHES:
        hears |= {line.lead, desk.ticket.executive}
    if step in ESCALATIONS:
        hears = {line.manager or line.lead}
        await _ask_manager(desk)
    for login in sorted(each for each in hears if each):
        await tell_colleague(desk, login, step=step)


async def _ask_manager(desk: Desk) -> None:
    calendar = await load_service_calendar(desk.session, desk.policy.calendar)
    await ask_manager(
        desk.session, desk.case, ESCALATE, request_of(desk, ESCALATE), team=desk.policy.team,
        due_at=deadline(desk.at, business_days=1, calendar=calendar), at=desk.at,
    )  # fmt: skip


async def _nudge(desk: Desk) -> None:
    desk.ticket.nudged_at = desk.at
    desk.session.add(desk.ticket)
    desk.record(TicketStep.NUDGE)
    await tell_customer(desk, "ticket_step", step="nudge")


async def _give_up(desk: Desk) -> None:
    """Without an answer there is nothing left to do; an answer still reopens it."""
    desk.record(TicketStep.GIVE_UP)
    desk.ticket.resolved_at = desk.at
    desk.move_to(TicketStage.RESOLVED)
    await withdraw(desk, N_("O cliente não respondeu."))
    await tell_customer(desk, "ticket_step", step="unanswered")


async def _close(desk: Desk) -> None:
    desk.end_clock(SlaEvent.RESOLUTION)
    desk.record(TicketStep.CLOSE)
    desk.ticket.closed_at = desk.at
    desk.move_to(TicketStage.CLOSED, is_final=True)
    await withdraw(desk, N_("O chamado foi encerrado."))
    await tell_customer(desk, "ticket_step", step="closed")
