"""Protocol numbers: each given once, whoever asks at the same time."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Date, bindparam, text
from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.protocols import protocol

#: One statement, so that two processes get two numbers; on both databases the same.
COUNT_UP = text(
    "INSERT INTO protocol_days (day, given) VALUES (:day, 1)"
    " ON CONFLICT (day) DO UPDATE SET given = protocol_days.given + 1 RETURNING given"
)


class ProtocolDay(SQLModel, table=True):
    """How many protocols of a day were given; rows are never taken back, so neither are numbers."""

    __tablename__ = "protocol_days"

    day: date = Field(primary_key=True)
    given: int


async def next_protocol(session: AsyncSession, day: date) -> str:
    """This will give a protocol that nobody had before, within the caller's transaction."""
    statement: Any = COUNT_UP.bindparams(bindparam("day", day, Date))
    return protocol(day, (await session.exec(statement)).one()[0])
