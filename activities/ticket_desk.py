"""What every move of a ticket shares: its rows together, letters, tasks, clocks and the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

import settings
from activities.asking import Request, ask_operator, present
from activities.case_promises import ESCALATE
from activities.desk import CaseDesk
from activities.messages import EnclosedFile, write_to_address, write_to_user
from activities.task_letters import tell_of_case
from activities.tasks import withdraw_tasks
from models import cases, service_clocks, tasks, tickets
from models.calendars import load_service_calendar
from models.cases import Case
from models.customers import Customer
from models.policies import load_policy
from models.service_clocks import Timed, clocks_of
from models.sla_targets import promise_of
from models.tickets import Ticket, TicketEntry
from rules import tickets as rules
from rules.documents import hide_documents
from rules.sentences import N_
from rules.service_clock import Allowance
from rules.sla import SlaEvent
from rules.task_lists import ANSWER, RESOLVE
from rules.tasks import Priority
from rules.tickets import EntryKind, TicketFacts, TicketPolicy, TicketStage, TicketStep

#: The tasks that a ticket asks for; it never has two open ones.
LEGAL = "legal_answer"
#: The purpose of letters to colleagues.
TOLD = "ticket_told"
TASKS = (ANSWER, RESOLVE, ESCALATE, LEGAL)
REQUESTS = {
    ANSWER: Request(
        N_("Responder o chamado %(protocol)s: %(subject)s"),
        N_("O cliente espera a primeira resposta."),
        N_("O prazo da primeira resposta estoura e o chamado sobe para a liderança."),
    ),
    RESOLVE: Request(
        N_("Resolver o chamado %(protocol)s: %(subject)s"),
        N_("O cliente espera a solução."),
        N_("O prazo de solução estoura e o chamado sobe para a liderança."),
    ),
    ESCALATE: Request(
        N_("Chamado %(protocol)s com prazo descumprido: %(subject)s"),
        N_("O prazo prometido ao cliente passou e o chamado continua aberto."),
        N_("O cliente continua sem atendimento."),
        priority=1,
    ),
    LEGAL: Request(
        N_("Último dia para responder ao chamado %(protocol)s: %(subject)s"),
        N_("A lei quer a resposta em dias corridos, sem parar (Decreto 11.034/2022, art. 13)."),
        N_("Amanhã a demanda estará fora do prazo legal."),
        priority=1,
    ),
}


@dataclass
class Desk(CaseDesk):
    """A ticket on the desk."""

    ticket: Ticket
    policy: TicketPolicy

    @property
    def stage(self) -> TicketStage:
        """Where the ticket stands."""
        return TicketStage(self.ticket.stage)

    def move_to(self, stage: TicketStage, *, is_final: bool = False) -> None:
        """This will put ticket and case into a stage; the same one: nothing."""
        if self.stage != stage:
            cases.move_to(self.session, self.case, stage, by=self.by, at=self.at, is_final=is_final)
            self.ticket.stage, self.ticket.stage_since = stage, self.at
            self.ticket.nudged_at = None
            self.session.add(self.ticket)

    def say(self, kind: EntryKind, text: str, *, author: str = "") -> TicketEntry:
        """This will add a line to the thread."""
        entry = TicketEntry(
            ticket_id=self.ticket.number, at=self.at, by=self.by, kind=kind, author=author,
            text=text.strip(), heard_at=self.at,
        )  # fmt: skip
        self.session.add(entry)
        return entry


async def desk_of(
    session: AsyncSession, case: Case, ticket: Ticket, *, by: str, at: datetime
) -> Desk:
    """This will put the ticket's rows together."""
    policy = await load_policy(session, TicketPolicy())
    clocks = await clocks_of(session, case.number)
    return Desk(session, case, clocks, by, at, ticket=ticket, policy=policy)


# --- clocks ---------------------------------------------------------------------------------------


async def promise(desk: Desk, event: SlaEvent) -> tuple[Allowance, str]:
    """What is promised, and on which calendar: by the contract's SLA table, else by the house."""
    priority = Priority(desk.ticket.priority)
    table = await tickets.sla_table_of(desk.session, desk.ticket)
    promised = await promise_of(desk.session, table, event, priority=priority)
    return promised or (desk.policy.allowed(event, priority), desk.policy.calendar)


async def start_clock(desk: Desk, event: SlaEvent) -> Timed:
    """This will start one of the ticket's promises; running already: as it is."""
    allowed, calendar = await promise(desk, event)
    timed = await service_clocks.start_clock(
        desk.session, desk.case, event, at=desk.at, allowed=allowed, calendar=calendar
    )
    desk.clocks[event] = timed
    return timed


# --- tasks ----------------------------------------------------------------------------------------


async def ask(desk: Desk, kind: str) -> None:
    """This will ask the owner, or the whole team, for what comes next; only one thing at a time."""
    number = await tasks.count_tasks_of(desk.session, desk.case.number)
    await withdraw(desk, N_("Há um passo novo no chamado."))
    event = SlaEvent.FIRST_RESPONSE if kind == ANSWER else SlaEvent.RESOLUTION
    timed = desk.clocks.get(event)
    due_at = timed.row.due_at if timed and timed.row.due_at else desk.at
    request = request_of(desk, kind)
    await ask_operator(
        desk.session, desk.case, kind, request, team=desk.policy.team, due_at=due_at, at=desk.at,
        key=f"{number + 1}",
    )  # fmt: skip


def request_of(desk: Desk, kind: str) -> Request:
    """What a task says of this ticket; it is as urgent as the ticket."""
    known = REQUESTS[kind]
    places = {"protocol": desk.ticket.protocol, "subject": desk.ticket.subject}
    return replace(known, places=places, priority=min(known.priority, desk.ticket.priority))


async def withdraw(desk: Desk, reason: str) -> None:
    """This will take back what was asked and is no longer needed."""
    await desk.session.flush()
    await withdraw_tasks(
        desk.session, for_case_id=desk.case.number, kinds=TASKS, reason=reason, at=desk.at
    )


# --- letters --------------------------------------------------------------------------------------


async def tell_customer(
    desk: Desk, purpose: str, *, text: str = "", step: str = "", files: Sequence[EnclosedFile] = ()
) -> None:
    """This will write to whoever asked; the letter joins the thread of their mail, and a CPF that
    was typed leaves masked."""
    ticket = desk.ticket
    customer = await desk.session.get(Customer, ticket.customer_id) if ticket.customer_id else None
    newest = await tickets.newest_mail_id(desk.session, ticket.number)
    await write_to_address(
        desk.session, address=ticket.requester_email, case=desk.case, customer=customer,
        purpose=purpose, at=desk.at, by=desk.by, in_reply_to=newest, files=files,
        key=f"tickets/{ticket.number}/{purpose}{step}/{desk.case.version}",
        values={"ticket": ticket_values(desk), "text": hide_documents(text.strip()), "step": step},
    )  # fmt: skip


async def tell_colleague(desk: Desk, login: str | None, *, step: str) -> None:
    """This will e-mail somebody who works here about the ticket; nobody of that name: nothing.

    What is open and runs towards its promise is gathered with what else they hear of; the end of
    it has a letter of its own.
    """
    told = await present(desk.session, login, at=desk.at)
    if told is None:
        return
    values, key = told_values(desk, step), desk.told_key(told, step)
    desk.case.due_at = desk.first_due()
    if desk.case.due_at is None:
        await write_to_user(
            desk.session, login=told, purpose=TOLD, at=desk.at, key=key, values=values
        )
    else:
        await tell_of_case(
            desk.session, desk.case, login=told, purpose=TOLD, at=desk.at, key=key, values=values
        )


def told_values(desk: Desk, step: str) -> dict[str, Any]:
    """What a letter to a colleague may say of a ticket."""
    link = f"{settings.load().base_url()}/chamados/{desk.ticket.number}"
    return {"ticket": {**ticket_values(desk), "link": link}, "step": step}


def ticket_values(desk: Desk) -> dict[str, Any]:
    """What letters may say of a ticket."""
    due = {event: timed.row.due_at for event, timed in desk.clocks.items()}
    return {
        "protocol": desk.ticket.protocol,
        "subject": desk.ticket.subject,
        "requester": desk.ticket.requester or desk.ticket.requester_email,
        "priority": Priority(desk.ticket.priority).name.lower(),
        "opened_at": desk.ticket.opened_at,
        "first_response_due": due.get(SlaEvent.FIRST_RESPONSE),
        "resolution_due": due.get(SlaEvent.RESOLUTION),
        "reopen_days": desk.policy.reopen_business_days,
    }


def legal_at(desk: Desk) -> datetime | None:
    """When the law's last day begins; None without a demand under way, or once it was told."""
    timed = desk.clocks.get(SlaEvent.RESOLUTION)
    if timed is None or timed.row.ended_at or TicketStep.LEGAL_DAY in timed.row.taken:
        return None
    return rules.legal_day(timed.row.started_at, desk.policy)


# --- the plan -------------------------------------------------------------------------------------


async def schedule(desk: Desk) -> None:
    """This will write down what comes next if nobody acts, and by when it is to be done."""
    ticket = desk.ticket
    facts = TicketFacts(
        stage=desk.stage, since=ticket.stage_since, is_nudged=ticket.nudged_at is not None,
        coming=desk.coming(desk.policy.reminders, rules.STEPS_OF),
        calendar=await load_service_calendar(desk.session, desk.policy.calendar),
        legal_at=legal_at(desk),
    )  # fmt: skip
    cases.schedule(desk.case, rules.next_step(facts, desk.policy))
    ticket.next_due_at = desk.first_due()
    ticket.breached_at = desk.case.breached_at
    desk.case.due_at, desk.case.owner = ticket.next_due_at, ticket.owner
    desk.session.add(ticket)
