"""Who was reminded of which case, by which e-mail: so that many become one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity, instant, reference
from models.cases import Case
from models.messages import Message
from rules.messages import MessageStatus


class TaskReminder(SQLModel, table=True):
    """A person told of a case, a task's own or another, in an e-mail, alone or with others."""

    __tablename__ = "task_reminders"
    __table_args__ = (
        Index("ix_task_reminders_login", "login", "at"),
        Index("ix_task_reminders_message", "message_id", "id"),
    )

    id: int | None = identity()
    login: str = Field(max_length=60)
    case_id: int = reference("cases.id", index=False)
    message_id: int = reference("messages.id", index=False)
    at: datetime = instant()


async def newest_to(session: AsyncSession, login: str, *, since: datetime) -> Message | None:
    """The newest e-mail of reminders to a person, written since then, locked; None: none was."""
    statement = (
        select(Message)
        .join(TaskReminder, col(TaskReminder.message_id) == Message.id)
        .where(TaskReminder.login == login, col(Message.created_at) >= since)
        .order_by(col(Message.id).desc())
        .limit(1)
        .with_for_update(of=Message)
    )
    return (await session.exec(statement)).first()


def still_waits(message: Message, *, now: datetime) -> bool:
    """Whether something may still be added to an e-mail."""
    return message.status == MessageStatus.QUEUED and message.not_before > now


async def cases_in(session: AsyncSession, message_id: int) -> Sequence[Case]:
    """The cases that an e-mail tells of, the first due first."""
    told = select(TaskReminder.case_id).where(TaskReminder.message_id == message_id)
    statement = select(Case).where(col(Case.id).in_(told))
    return (await session.exec(statement.order_by(col(Case.due_at), col(Case.id)))).all()
