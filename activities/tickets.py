"""Opening tickets: protocol, priority and promises at once, then a letter, a task and a journey."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.asking import team_id_of
from activities.ticket_desk import (
    Desk,
    ask,
    schedule,
    start_clock,
    tell_colleague,
    tell_customer,
)
from models import cases, outbox, tickets
from models.contracts import Contract
from models.customers import Customer, read_customer
from models.policies import load_policy
from models.protocols import next_protocol
from models.tickets import Ticket, TicketCategory, TicketEntry
from models.webhooks import announce_case
from rules.business_days import local_date
from rules.cases import SYSTEM, Process
from rules.refusals import Refusal
from rules.task_lists import ANSWER
from rules.tasks import Priority
from rules.ticket_priority import TicketWords, priority_of
from rules.tickets import CLOCKS, Channel, EntryKind, Subject, TicketPolicy, TicketStage


class ContractOfAnother(Refusal):
    message = "O contrato é de outro cliente."
    field = "contract_id"


class CategoryNotOffered(Refusal):
    message = "Esta categoria não existe."
    field = "category_id"


@dataclass(frozen=True)
class NewTicket:
    """What is asked; `key` makes asking twice harmless."""

    key: str
    subject: str
    text: str
    channel: Channel
    requester: str = ""
    requester_email: str = ""
    customer_id: int | None = None
    contract_id: int | None = None
    category_id: int | None = None
    mail_id: str | None = None
    inbound_mail_id: int | None = None
    is_told: bool = True


async def open_ticket(session: AsyncSession, new: NewTicket, *, by: str, at: datetime) -> Ticket:
    """This will open a ticket and tell whoever asked; the same key gets the same ticket.

    Refuses CustomerNotFound, CategoryNotOffered, and a contract of somebody else.
    """
    known = await tickets.ticket_with_key(session, new.key)
    if known is not None:
        return known
    customer = await _customer(session, new)
    ticket = await _stored(session, new, customer, by=by, at=at)
    case = await cases.open_case(
        session, process=Process.TICKETS, subject_id=ticket.number,
        customer_id=ticket.customer_id, stage=TicketStage.OPEN, by=by, at=at,
    )  # fmt: skip
    policy = await load_policy(session, TicketPolicy())
    case.team_id = await team_id_of(session, policy.team)
    desk = Desk(session, case, {}, SYSTEM, at, ticket=ticket, policy=policy)
    for event in CLOCKS:
        await start_clock(desk, event)
    await ask(desk, ANSWER)
    if new.is_told:
        await tell_customer(desk, "ticket_opened")
    await tell_colleague(desk, ticket.executive, step="opened")
    await schedule(desk)
    outbox.start_case(session, case, at=at)
    await announce_case(session, case, at=at)
    return ticket


async def _customer(session: AsyncSession, new: NewTicket) -> Customer | None:
    if new.customer_id is None:
        return None
    customer = await read_customer(session, new.customer_id)
    if new.contract_id is not None:
        contract = await session.get(Contract, new.contract_id)
        if contract is None or contract.customer_id != new.customer_id:
            raise ContractOfAnother
    return customer


async def _stored(
    session: AsyncSession, new: NewTicket, customer: Customer | None, *, by: str, at: datetime
) -> Ticket:
    priority, reason = await _priority(session, new, customer)
    ticket = Ticket(
        key=new.key, protocol=await next_protocol(session, local_date(at)),
        customer_id=new.customer_id, contract_id=new.contract_id, category_id=new.category_id,
        subject=" ".join(new.subject.split())[:200] or "—", channel=new.channel,
        requester=(new.requester or (customer.name if customer else ""))[:160],
        requester_email=_address(new, customer), priority=priority, priority_reason=reason,
        executive=customer.executive if customer else None, opened_at=at, opened_by=by,
        stage_since=at,
    )  # fmt: skip
    session.add(ticket)
    await session.flush()
    session.add(
        TicketEntry(
            ticket_id=ticket.number, at=at, by=by, kind=EntryKind.CUSTOMER,
            author=ticket.requester or ticket.requester_email, text=new.text.strip(),
            mail_id=new.mail_id, inbound_mail_id=new.inbound_mail_id, heard_at=at,
        )
    )  # fmt: skip
    if new.contract_id is not None:
        contract = await session.get_one(Contract, new.contract_id)
        await tickets.add_link(
            session, ticket, subject=Subject.CONTRACT, subject_id=new.contract_id,
            code=contract.code,
        )  # fmt: skip
    return ticket


async def _priority(
    session: AsyncSession, new: NewTicket, customer: Customer | None
) -> tuple[Priority, str]:
    category = None
    if new.category_id is not None:
        category = await session.get(TicketCategory, new.category_id)
        if category is None:
            raise CategoryNotOffered
    asked = TicketWords(
        text=f"{new.subject}\n{new.text}",
        category=category.code if category else "",
        customer=customer.code if customer else "",
        usual=Priority(category.priority) if category else Priority.NORMAL,
    )
    return priority_of(asked, await tickets.priority_rules(session))


def _address(new: NewTicket, customer: Customer | None) -> str:
    own = customer.email if customer and customer.email else ""
    return (new.requester_email or own).strip().lower()[:200]
