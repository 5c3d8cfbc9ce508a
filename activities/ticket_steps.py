"""What happens to a ticket when nobody acts: warnings, breaches, escalation, silence, the end."""

from __future__ import annotations

from activities.asking import ask_manager
from activities.clock_reminders import letters_of, take_due
from activities.task_letters import tell_of_case
from activities.ticket_desk import (
    ESCALATE,
    TOLD,
    Desk,
    request_of,
    tell_customer,
    told_key,
    told_values,
    withdraw,
)
from models.calendars import load_service_calendar
from rules.due import due_after
from rules.sentences import N_
from rules.sla import SlaEvent
from rules.tickets import STEPS_OF, TicketStage, TicketStep


async def take_step(desk: Desk, step: str) -> None:
    """This will do what the step says, if it is still what comes next.

    Any other than these three is of a promise, also under a name of an earlier version.
    """
    due = desk.case.next_step
    is_due = due is not None and due.kind == step and due.at <= desk.at
    match step:
        case TicketStep.NUDGE:
            if is_due and desk.stage is TicketStage.WAITING_CUSTOMER:
                await _nudge(desk)
        case TicketStep.GIVE_UP:
            if is_due and desk.stage is TicketStage.WAITING_CUSTOMER:
                await _give_up(desk)
        case TicketStep.CLOSE:
            if is_due and desk.stage is TicketStage.RESOLVED:
                await _close(desk)
        case _:
            await _keep_promises(desk)


async def _keep_promises(desk: Desk) -> None:
    """Whoever is to hear of a promise is told, once; the management has a task as well."""
    for event, names in STEPS_OF.items():
        taken = await take_due(
            desk, event, desk.policy.reminders(event), names,
            assignee=desk.ticket.owner, executive=desk.ticket.executive,
        )  # fmt: skip
        if any(each.asks_manager for each in taken):
            await _ask_manager(desk)
        for login, mark in letters_of(taken).items():
            await tell_of_case(
                desk.session, desk.case, login=login, purpose=TOLD, at=desk.at,
                values=told_values(desk, names[mark]), key=told_key(desk, login, names[mark]),
            )  # fmt: skip


async def _ask_manager(desk: Desk) -> None:
    calendar = await load_service_calendar(desk.session, desk.policy.calendar)
    await ask_manager(
        desk.session, desk.case, ESCALATE, request_of(desk, ESCALATE), team=desk.policy.team,
        due_at=due_after(desk.at, business_days=1, calendar=calendar), at=desk.at,
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
