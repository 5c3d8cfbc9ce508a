"""The embedded sink: what left this deployment when no mail server and no SMS account is set."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from models.base import facts, identity, instant


class SinkMessage(SQLModel, table=True):
    """What the embedded sink received; the same Message-ID again raises `deliveries`."""

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
