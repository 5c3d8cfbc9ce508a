"""Tickets for programs: opened, read, listed, and every command on one."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.tickets import NewTicket, open_ticket
from api.actions import add_commands
from api.dependencies import Db, Ip, Now, ReadSession
from api.keyset import SortKey, fetch
from api.once import CommandId
from api.ticket_commands import ACTIONS, Act, See
from api.ticket_values import NewTicketInput, ticket_out
from models.cases import Case, case_of
from models.contracts import ContractNotFound, contract_with_code
from models.customers import contacts_of, customer_with_code
from models.database import Database
from models.people import Deed, record
from models.ticket_lists import TicketFilter, select_tickets
from models.tickets import Ticket
from rules.cases import Process
from rules.ticket_commands import CustomerNotKnown, TicketNotFound
from rules.tickets import Channel, TicketStage

tickets_router = APIRouter(prefix="/api/tickets", tags=["tickets"])
contacts = APIRouter(prefix="/api/customers", tags=["tickets"])


class TicketQuery(BaseModel):
    """Which tickets a program wants; what is left out narrows nothing."""

    stage: TicketStage | None = None
    priority: int | None = None
    owner: str | None = None
    customer_id: int | None = None
    is_worked: bool = False
    is_breached: bool = False
    text: str | None = None
    cursor: str | None = None
    limit: int = Field(default=50, ge=1, le=200)


@tickets_router.get("")
async def list_tickets(
    by: See, session: ReadSession, now: Now, asked: Annotated[TicketQuery, Query()]
) -> dict[str, Any]:
    """Tickets, the newest first; `next` is the cursor of the following page."""
    wanted = TicketFilter(now=now, **asked.model_dump(exclude={"cursor", "limit"}))
    found = await fetch(
        session, select_tickets(wanted), sort=SortKey("id", is_descending=True),
        cursor=asked.cursor, limit=asked.limit,
    )  # fmt: skip
    return {"items": [dict(row) for row in found.rows], "next": found.next}


@tickets_router.post("", status_code=201)
async def open_by_program(
    asked: NewTicketInput, by: Act, database: Db, now: Now, ip: Ip, name: CommandId = None
) -> dict[str, Any]:
    """Open a ticket: protocol, priority and promised first response at once."""
    if name and not asked.key:
        asked = asked.model_copy(update={"key": str(uuid5(NAMESPACE_URL, f"{by.login}/{name}"))})
    ticket = await open_asked(database, asked, Channel.API, by.deed(at=now, ip=ip))
    async with database.read() as session:
        ticket, case = await found_ticket(session, ticket.number)
        return await ticket_out(session, ticket, case, now=now)


@tickets_router.get("/{ticket_id}")
async def read_ticket(ticket_id: int, by: See, session: ReadSession, now: Now) -> dict[str, Any]:
    """A ticket with its thread, clocks and links."""
    ticket, case = await found_ticket(session, ticket_id)
    return await ticket_out(session, ticket, case, now=now)


add_commands(tickets_router, "/{ticket_id}", Process.TICKETS, ACTIONS, act=Act)


@contacts.get("/{customer_id}/contacts")
async def list_contacts(customer_id: int, by: See, session: ReadSession) -> list[dict[str, Any]]:
    """The people of a customer whose mail is known as the customer's."""
    found = await contacts_of(session, customer_id)
    return [row.model_dump(include={"id", "name", "email", "is_administrator"}) for row in found]


async def open_asked(
    database: Database, asked: NewTicketInput, channel: Channel, deed: Deed
) -> Ticket:
    """This will open the ticket that was asked for; the same key again gets the first one.

    Refuses CustomerNotKnown and ContractNotFound.
    """
    async with database.write() as session:
        new = await _new(session, asked, channel)
        ticket = await open_ticket(session, new, by=deed.by, at=deed.at)
        record(session, deed, "ticket.opened", subject=f"ticket/{ticket.number}")
        return ticket


async def _new(session: AsyncSession, asked: NewTicketInput, channel: Channel) -> NewTicket:
    said = asked.model_dump(include={"subject", "text", "category_id", "requester"})
    customer_id = contract_id = None
    if asked.customer:
        customer = await customer_with_code(session, asked.customer.strip())
        if customer is None:
            raise CustomerNotKnown(code=asked.customer)
        customer_id = customer.id
    if asked.contract:
        code = asked.contract.strip()
        contract_id = await contract_with_code(session, code, customer_id=customer_id)
        if contract_id is None:
            raise ContractNotFound(field="contract")
    return NewTicket(
        key=f"{channel}/{asked.key or uuid4()}", channel=channel, customer_id=customer_id,
        contract_id=contract_id, requester_email=asked.requester_email, **said,
    )  # fmt: skip


async def found_ticket(session: AsyncSession, ticket_id: int) -> tuple[Ticket, Case]:
    """A ticket and its case. Refuses TicketNotFound."""
    ticket = await session.get(Ticket, ticket_id)
    case = await case_of(session, process=Process.TICKETS, subject_id=ticket_id)
    if ticket is None or case is None:
        raise TicketNotFound
    return ticket, case


router = APIRouter()
router.include_router(tickets_router)
router.include_router(contacts)
