"""Messages for programs: listed, and one of them with all that became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator

from api.dependencies import ReadSession
from api.keyset import SortKey, fetch
from api.messages import See, found_message
from models import message_lists
from models.message_lists import MessageFilter
from rules.customer_links import without_links
from rules.messages import Channel, MessageStatus

router = APIRouter(tags=["messages"])


class MessageQuery(BaseModel):
    """Which messages a program wants; what is left out narrows nothing."""

    model_config = ConfigDict(extra="forbid")

    status: MessageStatus | None = None
    channel: Channel | None = None
    purpose: str | None = None
    customer_id: int | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    cursor: str | None = None
    limit: int = Field(default=50, ge=1, le=200)


class MessageOut(BaseModel):
    """A message as programs read it, with the text as it was sent."""

    id: int
    created_at: datetime
    created_by: str
    channel: str
    purpose: str
    customer_id: int | None
    case_id: int | None
    to_address: str
    subject: str
    text: str
    status: str
    reason: str
    attempts: int
    not_before: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    provider_id: str | None

    @field_validator("text", "html", mode="before", check_fields=False)
    @classmethod
    def _without_links(cls, value: str) -> str:
        """Who reads a message does not get its customer's own link."""
        return without_links(value)


class MessageEventOut(BaseModel):
    """A line of what became of a message; `facts` are those that decided it."""

    at: datetime
    kind: str
    reason: str
    facts: dict[str, Any]


KEYS = {"id", "message_id"}


class MessageDetailOut(MessageOut):
    """A message with all that became of it."""

    html: str
    events: list[MessageEventOut]


class MessagesOut(BaseModel):
    """A page of messages; `next` is the cursor of the following page."""

    items: list[MessageOut]
    next: str | None


@router.get("/api/messages")
async def list_messages(
    _by: See, session: ReadSession, asked: Annotated[MessageQuery, Query()]
) -> MessagesOut:
    """Messages, by identity."""
    wanted = MessageFilter(**asked.model_dump(exclude={"cursor", "limit"}))
    found = await fetch(
        session, message_lists.select_messages(wanted), sort=SortKey("id"),
        cursor=asked.cursor, limit=asked.limit,
    )  # fmt: skip
    items = [MessageOut.model_validate(dict(row)) for row in found.rows]
    return MessagesOut(items=items, next=found.next)


@router.get("/api/messages/{message_id}")
async def read_message(_by: See, session: ReadSession, message_id: int) -> MessageDetailOut:
    """A message with all that became of it."""
    message = await found_message(session, message_id)
    events = await message_lists.events_of(session, message_id)
    return MessageDetailOut(
        **message.model_dump(include=set(MessageOut.model_fields) | {"html"}),
        events=[MessageEventOut(**event.model_dump(exclude=KEYS)) for event in events],
    )
