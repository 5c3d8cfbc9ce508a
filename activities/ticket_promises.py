"""What a ticket promises, judged anew: another priority, its customer found, its contract named."""

from __future__ import annotations

from activities.ticket_desk import Desk, ask, promise, tell_customer
from models import service_clocks, tickets
from models.customers import Customer
from models.tickets import TicketCategory
from rules.task_lists import ANSWER, RESOLVE
from rules.ticket_priority import TicketWords, priority_of
from rules.tickets import CLOCKS, EntryKind, TicketStage


async def promise_anew(desk: Desk) -> bool:
    """This will count the promises that run by what holds now; the first promise stays on record.

    True when that moved the one that is due first.
    """
    was = desk.first_due()
    for event in CLOCKS:
        timed = desk.clocks.get(event)
        if timed is not None and timed.row.ended_at is None:
            service_clocks.allow(
                desk.session, timed, (await promise(desk, event))[0],
                reminders=desk.policy.reminders(event), at=desk.at,
            )  # fmt: skip
    return desk.first_due() != was


async def ask_anew(desk: Desk) -> None:
    """This will ask again for what is asked, as urgent and as soon as the ticket is by now."""
    if desk.stage is not TicketStage.WAITING_CUSTOMER:
        await ask(desk, RESOLVE if desk.ticket.first_response_at else ANSWER)


async def judge_anew(desk: Desk, customer: Customer) -> bool:
    """This will let the rules of urgency judge a ticket again, now that its customer is known.

    Only ever more urgent, and true then: whatever a person said of it before stands.
    """
    category = await desk.session.get(TicketCategory, desk.ticket.category_id or 0)
    said = [
        entry.text
        for entry in await tickets.entries_of(desk.session, desk.ticket.number)
        if entry.kind == EntryKind.CUSTOMER
    ]
    asked = TicketWords(
        "\n".join([desk.ticket.subject, *said[:1]]),
        category.code if category else "",
        customer.code,
    )
    priority, rule = priority_of(asked, await tickets.priority_rules(desk.session))
    if not rule or priority >= desk.ticket.priority:
        return False
    was, desk.ticket.priority = desk.ticket.priority, priority
    desk.ticket.priority_reason = rule
    desk.record("priority_changed", was=was, now=priority, reason=rule)
    await tell_customer(desk, "ticket_step", step="priority")
    return True
