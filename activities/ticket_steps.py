"""What happens to a ticket when nobody acts: warnings, breaches, escalation, silence, the end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

from activities.asking import ask_manager
from activities.case_promises import ESCALATE, CasePromises, keep
from activities.ticket_desk import (
    LEGAL,
    TOLD,
    Desk,
    request_of,
    tell_customer,
    told_values,
    withdraw,
)
from rules.bureau import CLOSING
from rules.business_days import at_local_time, local_date
from rules.sentences import N_
from rules.sla import SlaEvent
from rules.tickets import STEPS_OF, WORKED, TicketStage, TicketStep


async def take_step(desk: Desk, step: str) -> None:
    """This will do what the step says, if it is still what comes next.

    Any other than these is of a promise, also under a name of an earlier version.
    """
    alone = ALONE.get(step)
    if alone is None:
        await _keep_promises(desk)
        return
    stages, act = alone
    due = desk.case.next_step
    if due is not None and due.kind == step and due.at <= desk.at and desk.stage in stages:
        await act(desk)


async def _keep_promises(desk: Desk) -> None:
    async def values(step: str) -> dict[str, Any]:
        return told_values(desk, step)

    promised = CasePromises(
        STEPS_OF, TOLD, values, request_of(desk, ESCALATE), executive=desk.ticket.executive
    )
    await keep(desk, desk.policy, promised)


async def _tell_legal_day(desk: Desk) -> None:
    """A manager hears on the last day of the law; once a demand, whatever stops its promises."""
    timed = desk.clocks[SlaEvent.RESOLUTION]
    timed.row.taken = [*timed.row.taken, str(TicketStep.LEGAL_DAY)]
    desk.session.add(timed.row)
    desk.record(TicketStep.LEGAL_DAY)
    await ask_manager(
        desk.session, desk.case, LEGAL, request_of(desk, LEGAL), team=desk.policy.team,
        due_at=max(at_local_time(local_date(desk.at), at=CLOSING), desk.at), at=desk.at,
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


#: What is of no promise, in which stages it happens, and what it does.
ALONE: Mapping[str, tuple[Collection[TicketStage], Callable[[Desk], Awaitable[None]]]] = {
    TicketStep.LEGAL_DAY: (WORKED, _tell_legal_day),
    TicketStep.NUDGE: ((TicketStage.WAITING_CUSTOMER,), _nudge),
    TicketStep.GIVE_UP: ((TicketStage.WAITING_CUSTOMER,), _give_up),
    TicketStep.CLOSE: ((TicketStage.RESOLVED,), _close),
}
