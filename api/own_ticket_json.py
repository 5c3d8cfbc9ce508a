"""Tickets of a client's own people for their programs: the same as on their page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.own_tickets import answer_own
from api.dependencies import Db, Ip, Now, ReadSession
from api.keyset import SortKey, fetch
from api.once import NamedRequest
from api.own_tickets import MessageInput, Own, OwnTicketInput, first_due, open_as_asked
from api.tickets import found_ticket
from models import tickets
from models.ticket_lists import TicketFilter, select_tickets
from rules.tickets import Channel, TicketStage

router = APIRouter(tags=["own tickets"])

API = "/api/own-tickets"
PLAIN = ("id", "protocol", "subject", "stage", "priority", "requester", "opened_at", "resolved_at")


class OwnTicketQuery(BaseModel):
    """Which of the company's tickets a program wants."""

    stage: TicketStage | None = None
    text: str | None = None
    cursor: str | None = None
    limit: int = Field(default=50, ge=1, le=200)


@router.get(API)
async def list_own(
    by: Own, session: ReadSession, now: Now, asked: Annotated[OwnTicketQuery, Query()]
) -> dict[str, Any]:
    """The company's tickets, the newest first; `next` is the cursor of the following page."""
    wanted = TicketFilter(now=now, stage=asked.stage, customer_id=by.company_id, text=asked.text)
    found = await fetch(
        session, select_tickets(wanted), sort=SortKey("id", is_descending=True),
        cursor=asked.cursor, limit=asked.limit,
    )  # fmt: skip
    return {"items": [_plain(dict(row)) for row in found.rows], "next": found.next}


@router.post(API, status_code=201)
async def open_by_program(
    asked: OwnTicketInput, by: Own, database: Db, now: Now, ip: Ip, once: NamedRequest
) -> dict[str, Any]:
    """Open a ticket of the company: protocol, priority and promised first response at once."""

    async def work(session: AsyncSession) -> dict[str, Any]:
        ticket = await open_as_asked(session, asked, by, now, ip, Channel.API)
        return {"id": ticket.id, "protocol": ticket.protocol, "priority": ticket.priority,
                "first_response_due": await first_due(session, ticket, now)}  # fmt: skip

    return await once.do(database, by.deed(at=now, ip=ip), work)


@router.get(f"{API}/{{ticket_id}}")
async def read_own(ticket_id: int, by: Own, session: ReadSession) -> dict[str, Any]:
    """A ticket of the company with its thread."""
    ticket, _case = await found_ticket(session, ticket_id)
    lines = await tickets.entries_of(session, ticket_id)
    return {
        **_plain(ticket.model_dump()),
        "merged_into_id": ticket.merged_into_id,
        "entries": [each.model_dump(include={"id", "at", "kind", "text"}) for each in lines],
    }


@router.post(f"{API}/{{ticket_id}}/messages", status_code=201)
async def answer_by_program(
    ticket_id: int, asked: MessageInput, by: Own, database: Db, now: Now, ip: Ip,
    once: NamedRequest,
) -> dict[str, Any]:  # fmt: skip
    """Write in the thread of a ticket of the company."""
    deed = by.deed(at=now, ip=ip)

    async def work(session: AsyncSession) -> dict[str, Any]:
        entry = await answer_own(session, ticket_id, asked.text, author=by.name, deed=deed)
        return {"id": entry.id}

    return await once.do(database, deed, work)


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a client's program reads of a ticket."""
    return {name: row[name] for name in PLAIN}
