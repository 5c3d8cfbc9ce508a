"""The transitions of tickets: taken, answered, waited for, resolved, reopened, merged, split."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated

from obstore.store import ObjectStore
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities import ticket_answers as answers
from activities import ticket_links
from activities.attachments import store_of
from activities.cases import Answer, Move, Moved, transition
from activities.tasks import check_giving
from activities.ticket_desk import (
    Desk,
    ask,
    desk_of,
    schedule,
    tell_customer,
)
from activities.ticket_files import enclosed
from activities.ticket_promises import ask_anew, promise_anew
from activities.ticket_steps import take_step
from models import colleagues, tickets
from models.cases import Case
from models.database import Database
from rules import ticket_commands as rules
from rules.cases import SYSTEM, Elapsed, News, Process
from rules.task_lists import ANSWER, RESOLVE
from rules.tasks import Priority, check_reason
from rules.ticket_commands import (
    ChangePriority,
    CustomerAnswered,
    IdentifyRequester,
    LinkTicket,
    MergeTicket,
    NoteTicket,
    ReopenTicket,
    ReplyTicket,
    ResolveTicket,
    SplitTicket,
    TakeTicket,
    WaitForCustomer,
)
from rules.tickets import EntryKind, TicketStage
from settings import Settings

TicketCommand = Annotated[
    TakeTicket
    | ReplyTicket
    | NoteTicket
    | WaitForCustomer
    | CustomerAnswered
    | ChangePriority
    | ResolveTicket
    | ReopenTicket
    | MergeTicket
    | SplitTicket
    | LinkTicket
    | IdentifyRequester
    | Elapsed
    | News,
    Field(discriminator="kind"),
]


class TicketActivities:
    """The transitions of tickets."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database, self.store = database, store_of(settings)

    @activity.defn
    async def move_ticket(self, move: Move[TicketCommand]) -> Moved:
        """One transition of one ticket."""
        return await transition(self.database, move, partial(decide, store=self.store))


async def decide(
    session: AsyncSession,
    case: Case,
    command: TicketCommand,
    at: datetime,
    *,
    store: ObjectStore | None = None,
) -> Answer:
    """What a command does to a ticket; everything inside the caller's transaction.

    `store` has the files that go with a letter; without one none can, and StoreMissing is raised.
    """
    ticket = await tickets.ticket_of(session, case.subject_id)
    await answers.hear(await desk_of(session, case, ticket, by=SYSTEM, at=at))
    desk = await desk_of(session, case, ticket, by=command.by, at=at)
    match command:
        case Elapsed(step=step):
            await take_step(desk, step)
        case News():
            pass
        case _:
            await _obey(desk, command, store)
    await schedule(desk)
    return {"ticket_id": ticket.number, "protocol": ticket.protocol, "stage": ticket.stage}


async def _obey(desk: Desk, command: TicketCommand, store: ObjectStore | None) -> None:
    match command:
        case ReplyTicket() | WaitForCustomer() | ResolveTicket():
            await _write(desk, command, store)
        case TakeTicket():
            await _take(desk, command)
        case ChangePriority():
            await _change_priority(desk, command)
        case NoteTicket() | CustomerAnswered() | ReopenTicket():
            await _write_down(desk, command)
        case _:
            await ticket_links.obey(desk, command)


async def _write(
    desk: Desk, command: ReplyTicket | WaitForCustomer | ResolveTicket, store: ObjectStore | None
) -> None:
    """To the customer, with the files that are to go along."""
    newest = await tickets.newest_entry_of(desk.session, desk.ticket.number)
    rules.check_thread(seen=command.seen_entry, newest=newest)
    files = await enclosed(desk, command.files, store)
    match command:
        case ReplyTicket():
            await answers.reply(desk, command.text, files)
        case WaitForCustomer():
            await answers.wait(desk, command.text, files)
        case ResolveTicket():
            await answers.resolve(desk, command.text, files)


async def _write_down(desk: Desk, command: NoteTicket | CustomerAnswered | ReopenTicket) -> None:
    match command:
        case NoteTicket():
            rules.check_text(command.text)
            desk.say(EntryKind.NOTE, command.text)
            desk.record("noted")
        case CustomerAnswered():
            rules.check_answer(desk.stage)
            rules.check_text(command.text)
            desk.say(EntryKind.CUSTOMER, command.text, author=desk.ticket.requester)
            await answers.go_on(desk)
        case ReopenTicket():
            rules.check_reopen(desk.stage)
            check_reason(command.reason)
            desk.say(EntryKind.NOTE, command.reason)
            await answers.reopen(desk, reason=command.reason)


async def _take(desk: Desk, command: TakeTicket) -> None:
    rules.check_worked(desk.stage)
    rules.check_take(owner=desk.ticket.owner, command=command)
    owner = command.to or command.by
    await colleagues.check_colleague(desk.session, owner)
    is_first = desk.ticket.owner is None
    if desk.ticket.owner == owner:
        return
    if command.to:
        await check_giving(desk.session, owner, Process.TICKETS, field="to")
    desk.ticket.owner = desk.case.owner = owner
    desk.record("taken", to=owner)
    if desk.stage is TicketStage.OPEN:
        desk.move_to(TicketStage.IN_PROGRESS)
    if desk.stage is not TicketStage.WAITING_CUSTOMER:
        await ask(desk, RESOLVE if desk.ticket.first_response_at else ANSWER)
    if is_first:
        await tell_customer(desk, "ticket_step", step="taken")


async def _change_priority(desk: Desk, command: ChangePriority) -> None:
    rules.check_worked(desk.stage)
    check_reason(command.reason)
    if command.priority not in set(Priority):
        raise rules.PriorityUnfit
    if command.priority == desk.ticket.priority:
        raise rules.SamePriority
    was, desk.ticket.priority = desk.ticket.priority, command.priority
    desk.ticket.priority_reason = command.reason.strip()[:300]
    desk.record("priority_changed", was=was, now=command.priority, reason=command.reason.strip())
    await promise_anew(desk)
    await ask_anew(desk)
    await tell_customer(desk, "ticket_step", step="priority")
