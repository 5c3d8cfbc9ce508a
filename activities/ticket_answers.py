"""Words between customer and house: heard, answered, waited for, resolved, reopened."""

from __future__ import annotations

from collections.abc import Sequence

from activities.messages import EnclosedFile
from activities.ticket_desk import (
    Desk,
    ask,
    tell_colleague,
    tell_customer,
    withdraw,
)
from models import tickets
from models.cases import record_event
from rules import ticket_commands as rules
from rules.cases import CUSTOMER
from rules.sentences import N_
from rules.sla import SlaEvent
from rules.task_lists import RESOLVE
from rules.tickets import EntryKind, TicketStage

WAITING = N_("aguardando o cliente")
CONFIRMING = N_("resolvido, à espera de confirmação")
ANSWERED = N_("o cliente respondeu")


async def hear(desk: Desk) -> None:
    """What the customer wrote since: the clock goes on, or a resolved ticket is open again."""
    unheard = await tickets.unheard_of(desk.session, desk.ticket.number)
    if not unheard:
        return
    for entry in unheard:
        entry.heard_at = desk.at
        desk.session.add(entry)
        record_event(
            desk.session, desk.case, kind="customer_wrote", by=CUSTOMER, at=desk.at,
            author=entry.author,
        )  # fmt: skip
    if desk.stage is TicketStage.RESOLVED:
        await reopen(desk, reason=ANSWERED)
    elif desk.stage is TicketStage.WAITING_CUSTOMER:
        await go_on(desk)
    elif desk.ticket.first_response_at is not None:
        await ask(desk, RESOLVE)
    await tell_colleague(desk, desk.ticket.owner, step="customer_wrote")
    await desk.session.flush()


async def reply(desk: Desk, text: str, files: Sequence[EnclosedFile]) -> None:
    """Written to the customer; a ticket that is done can be written to as well."""
    rules.check_text(text)
    desk.say(EntryKind.REPLY, text)
    desk.record("replied")
    was_first = _respond(desk)
    if desk.stage is TicketStage.OPEN:
        desk.move_to(TicketStage.IN_PROGRESS)
    if was_first and desk.stage is TicketStage.IN_PROGRESS:
        await ask(desk, RESOLVE)
    await tell_customer(desk, "ticket_reply", text=text, files=files)


async def wait(desk: Desk, text: str, files: Sequence[EnclosedFile]) -> None:
    """The customer is asked for something: the resolution clock stands until the answer."""
    rules.check_wait(desk.stage)
    rules.check_text(text)
    desk.say(EntryKind.REPLY, text)
    _respond(desk)
    desk.stop_clock(SlaEvent.RESOLUTION, reason=WAITING)
    desk.move_to(TicketStage.WAITING_CUSTOMER)
    await withdraw(desk, N_("O chamado espera pelo cliente."))
    await tell_customer(desk, "ticket_waiting", text=text, files=files)


async def go_on(desk: Desk) -> None:
    """The customer answered: ours again."""
    desk.resume_clock(SlaEvent.RESOLUTION)
    desk.move_to(TicketStage.IN_PROGRESS)
    await ask(desk, RESOLVE)


async def resolve(desk: Desk, text: str, files: Sequence[EnclosedFile]) -> None:
    """Done, and how; the clock stands while the customer may still reopen it."""
    rules.check_worked(desk.stage)
    rules.check_text(text)
    desk.say(EntryKind.REPLY, text)
    _respond(desk)
    desk.resume_clock(SlaEvent.RESOLUTION)
    desk.stop_clock(SlaEvent.RESOLUTION, reason=CONFIRMING)
    desk.ticket.resolved_at = desk.at
    desk.move_to(TicketStage.RESOLVED)
    await withdraw(desk, N_("O chamado foi resolvido."))
    await tell_customer(desk, "ticket_resolved", text=text, files=files)
    await tell_colleague(desk, desk.ticket.executive, step="resolved")


async def reopen(desk: Desk, *, reason: str) -> None:
    """This will put a resolved ticket back to work; its clock goes on where it stopped."""
    desk.ticket.resolved_at = None
    desk.ticket.reopened += 1
    desk.resume_clock(SlaEvent.RESOLUTION)
    desk.move_to(TicketStage.IN_PROGRESS)
    desk.record("reopened_because", reason=reason)
    await ask(desk, RESOLVE)
    await tell_customer(desk, "ticket_step", step="reopened")
    await tell_colleague(desk, desk.ticket.executive, step="reopened")


def _respond(desk: Desk) -> bool:
    """Whether this was the first response, which keeps its promise."""
    if desk.ticket.first_response_at is not None:
        return False
    desk.ticket.first_response_at = desk.at
    desk.end_clock(SlaEvent.FIRST_RESPONSE)
    if desk.ticket.owner is None:
        desk.ticket.owner = desk.case.owner = desk.by
    return True
