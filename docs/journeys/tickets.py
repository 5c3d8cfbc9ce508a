"""A support ticket."""

from __future__ import annotations

from docs.journeys.arrows import Arrow, Journey
from rules.cases import Process
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
from rules.tickets import TicketStage, TicketStep

S = TicketStage

JOURNEY = Journey(
    title="A support ticket",
    words=(
        "Two promises run beside each other, first response and resolution; waiting for the"
        " customer stops the second. A mail of the customer is news: it joins the thread, lets the"
        " clock go on, and reopens what was resolved."
    ),
    stages=TicketStage,
    arrows=(
        Arrow(None, S.OPEN, "mail, page or API"),
        Arrow(S.OPEN, S.IN_PROGRESS, TakeTicket),
        Arrow(S.OPEN, S.IN_PROGRESS, ReplyTicket),
        *(
            Arrow(S.IN_PROGRESS, S.IN_PROGRESS, command)
            for command in (NoteTicket, ChangePriority, SplitTicket, LinkTicket, IdentifyRequester)
        ),
        Arrow(S.IN_PROGRESS, S.WAITING_CUSTOMER, WaitForCustomer),
        Arrow(S.WAITING_CUSTOMER, S.IN_PROGRESS, CustomerAnswered),
        Arrow(S.WAITING_CUSTOMER, S.IN_PROGRESS, "mail of the customer"),
        Arrow(S.WAITING_CUSTOMER, S.WAITING_CUSTOMER, TicketStep.NUDGE),
        *(
            Arrow(stage, stage, TicketStep.LEGAL_DAY)
            for stage in (S.OPEN, S.IN_PROGRESS, S.WAITING_CUSTOMER)
        ),
        Arrow(S.WAITING_CUSTOMER, S.RESOLVED, TicketStep.GIVE_UP),
        *(
            Arrow(S.OPEN, S.OPEN, step)
            for step in (
                TicketStep.WARN_RESPONSE,
                TicketStep.BREACH_RESPONSE,
                TicketStep.ESCALATE_RESPONSE,
            )
        ),
        *(
            Arrow(S.IN_PROGRESS, S.IN_PROGRESS, step)
            for step in (
                TicketStep.WARN_RESOLUTION,
                TicketStep.BREACH_RESOLUTION,
                TicketStep.ESCALATE_RESOLUTION,
            )
        ),
        Arrow(S.IN_PROGRESS, S.RESOLVED, ResolveTicket),
        Arrow(S.RESOLVED, S.IN_PROGRESS, ReopenTicket),
        Arrow(S.RESOLVED, S.IN_PROGRESS, "mail of the customer"),
        Arrow(S.RESOLVED, S.CLOSED, TicketStep.CLOSE),
        Arrow(S.IN_PROGRESS, S.MERGED, MergeTicket),
    ),
    final=(S.CLOSED, S.MERGED),
    process=Process.TICKETS,
    steps=TicketStep,
)
