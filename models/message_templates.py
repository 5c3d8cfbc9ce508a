"""The versions of message templates: the newest active one is used, older ones stay readable."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import UniqueConstraint, func, update
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity, instant
from rules.message_templates import is_own


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


async def newest(session: AsyncSession, *, code: str, channel: str) -> MessageTemplate | None:
    """The newest version of a template, active or not; None when there never was one."""
    versions = await versions_of(session, code=code, channel=channel)
    return versions[0] if versions else None


async def versions_of(
    session: AsyncSession, *, code: str, channel: str
) -> Sequence[MessageTemplate]:
    """All versions of a template, the newest first."""
    statement = (
        select(MessageTemplate)
        .where(MessageTemplate.code == code, MessageTemplate.channel == channel)
        .order_by(col(MessageTemplate.version).desc())
    )
    return (await session.exec(statement)).all()


async def newest_of_all(session: AsyncSession) -> Sequence[MessageTemplate]:
    """The newest version of every template."""
    latest = (
        select(
            MessageTemplate.code,
            MessageTemplate.channel,
            func.max(MessageTemplate.version).label("version"),
        )
        .group_by(col(MessageTemplate.code), col(MessageTemplate.channel))
        .subquery()
    )
    statement = select(MessageTemplate).join(
        latest,
        (col(MessageTemplate.code) == latest.c.code)
        & (col(MessageTemplate.channel) == latest.c.channel)
        & (col(MessageTemplate.version) == latest.c.version),
    )
    return (await session.exec(statement)).all()


async def own_templates(session: AsyncSession, *, channel: str) -> list[MessageTemplate]:
    """The templates that the house made for a channel and has in use, by name."""
    found = await newest_of_all(session)
    own = [each for each in found if is_own(each.code) and each.channel == channel]
    return sorted((each for each in own if each.is_active), key=lambda each: each.name.casefold())


async def add_version(
    session: AsyncSession, template: MessageTemplate, *, by: str, at: datetime
) -> MessageTemplate:
    """This will store a template as the next version, which is used from now on."""
    before = await newest(session, code=template.code, channel=template.channel)
    template.version = before.version + 1 if before else 1
    template.saved_by, template.saved_at = by, at
    session.add(template)
    await session.flush()
    return template


async def switch(session: AsyncSession, *, code: str, channel: str, is_active: bool) -> None:
    """This will have messages of this kind made or not: all versions are switched alike."""
    await session.exec(
        update(MessageTemplate)
        .where(col(MessageTemplate.code) == code, col(MessageTemplate.channel) == channel)
        .values(is_active=is_active)
    )
