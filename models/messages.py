"""Messages: templates, every message as a row, opt-outs, and what the embedded sink caught."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import facts, identity, instant, reference


class MessageTemplate(SQLModel, table=True):
    """A version of a template; saving makes the next version, the newest active one is used."""

    __tablename__ = "message_templates"
    __table_args__ = (UniqueConstraint("code", "channel", "version"),)

    id: int | None = identity()
    code: str = Field(max_length=40)
    channel: str = Field(max_length=10)
    version: int = 1
    name: str = Field(max_length=120)
    subject: str = Field(default="", max_length=300)
    text: str
    html: str = ""
    is_active: bool = True
    saved_at: datetime = instant()
    saved_by: str = Field(max_length=60)


class Message(SQLModel, table=True):
    """One message to one address, and all that became of it. `key` keeps it from being made twice."""

    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_customer", "customer_id", "sent_at"),
        Index("ix_messages_case", "case_id", "id"),
        Index("ix_messages_status", "status", "id"),
    )

    id: int | None = identity()
    key: str = Field(unique=True, max_length=160)
    case_id: int | None = reference("cases.id", nullable=True, index=False)
    customer_id: int | None = reference("customers.id", nullable=True, index=False)
    invoice_id: int | None = reference("invoices.id", nullable=True, index=False)
    channel: str = Field(max_length=10)
    purpose: str = Field(max_length=40, description="which step of which process it serves")
    template_id: int | None = reference("message_templates.id", nullable=True, index=False)
    to_address: str = Field(max_length=300)
    cc_address: str = Field(default="", max_length=300)
    subject: str = Field(default="", max_length=300)
    text: str = ""
    html: str = ""
    note: str = Field(default="", max_length=300)
    respects_window: bool = True
    requires_open_invoice: bool = False
    status: str = Field(default="queued", max_length=12)
    reason: str = Field(default="", max_length=300, description="why suppressed or failed")
    not_before: datetime = instant()
    attempts: int = 0
    provider_id: str | None = Field(default=None, max_length=80, index=True)
    created_at: datetime = instant()
    created_by: str = Field(max_length=60)
    sent_at: datetime | None = instant(None)
    delivered_at: datetime | None = instant(None)


class OptOut(SQLModel, table=True):
    """A channel on which a customer does not want to be reached."""

    __tablename__ = "opt_outs"
    __table_args__ = (UniqueConstraint("customer_id", "channel"),)

    id: int | None = identity()
    customer_id: int = reference("customers.id", index=False)
    channel: str = Field(max_length=10)
    at: datetime = instant()
    by: str = Field(max_length=60)


class SinkMessage(SQLModel, table=True):
    """What the embedded mail and SMS sink received; the same Message-ID again raises `deliveries`."""

    __tablename__ = "sink_messages"

    id: int | None = identity()
    provider_id: str = Field(unique=True, max_length=200)
    channel: str = Field(max_length=10)
    at: datetime = instant(index=True)
    sender: str = Field(default="", max_length=300)
    recipient: str = Field(max_length=300)
    subject: str = Field(default="", max_length=300)
    text: str = ""
    raw: str = ""
    deliveries: int = 1
    callback_url: str = Field(default="", max_length=500)
    callback_status: str = Field(default="", max_length=12)
    attachments: dict[str, Any] = facts()
