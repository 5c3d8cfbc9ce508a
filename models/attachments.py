"""Attachments: files that belong to a subject of any process, kept by what is in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index, Select
from sqlalchemy import select as sql_select
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import BigId, identity, instant
from models.people import Deed
from rules.attachments import check_reason
from rules.refusals import Refusal


class AttachmentNotFound(Refusal):
    message = "Este anexo não existe ou já foi excluído."


@dataclass(frozen=True)
class Subject:
    """What a file belongs to: a process, and the identity of its subject there."""

    process: str
    id: int

    def __str__(self) -> str:
        return f"{self.process}/{self.id}"


class Attachment(SQLModel, table=True):
    """A file as somebody attached it; the bytes lie in the store under their SHA-256.

    Deleting keeps the row, with who and why: the bytes go once no other row names them.
    """

    __tablename__ = "attachments"
    __table_args__ = (Index("ix_attachments_subject", "process", "subject_id", "id"),)

    id: int | None = identity()
    process: str = Field(max_length=20)
    subject_id: int = Field(sa_type=BigId)
    name: str = Field(max_length=120)
    media_type: str = Field(max_length=120)
    size: int
    sha256: str = Field(max_length=64, index=True)
    description: str = Field(default="", max_length=300)
    is_for_client: bool = Field(
        default=False, description="the house's, and the client's own people find it too"
    )
    added_at: datetime = instant()
    added_by: str = Field(max_length=60)
    deleted_at: datetime | None = instant(None)
    deleted_by: str | None = Field(default=None, max_length=60)
    deleted_reason: str | None = Field(default=None, max_length=300)


def select_attachments(subject: Subject) -> Select[Any]:
    """The files of a subject that were not deleted."""
    shown = (
        *("id", "name", "description", "media_type", "size", "added_at", "added_by", "sha256"),
        "is_for_client",
    )
    return sql_select(*(col(getattr(Attachment, name)) for name in shown)).where(
        col(Attachment.process) == subject.process,
        col(Attachment.subject_id) == subject.id,
        col(Attachment.deleted_at).is_(None),
    )


async def get_attachment(
    session: AsyncSession, subject: Subject, attachment_id: int, *, for_update: bool = False
) -> Attachment:
    """This will load a file's row. Refuses another subject's and a deleted one."""
    statement = select(Attachment).where(
        Attachment.id == attachment_id,
        Attachment.process == subject.process,
        Attachment.subject_id == subject.id,
        col(Attachment.deleted_at).is_(None),
    )
    statement = statement.with_for_update() if for_update else statement
    found = (await session.exec(statement)).one_or_none()
    if found is None:
        raise AttachmentNotFound
    return found


async def lock_content(session: AsyncSession, sha256: str) -> None:
    """This will have everybody who keeps or deletes these bytes go one after the other.

    Rows are never taken away, so whoever is deleting bytes has locked one of theirs.
    """
    statement = (
        select(Attachment.id).where(Attachment.sha256 == sha256).order_by(col(Attachment.id))
    )
    await session.exec(statement.with_for_update())


async def same_file(
    session: AsyncSession, subject: Subject, sha256: str, *, by: str
) -> Attachment | None:
    """The file of a subject with these bytes that somebody attached; None: they have not."""
    statement = select(Attachment).where(
        Attachment.process == subject.process, Attachment.subject_id == subject.id,
        Attachment.sha256 == sha256, Attachment.added_by == by,
        col(Attachment.deleted_at).is_(None),
    )  # fmt: skip
    return (await session.exec(statement.limit(1))).first()


async def copy_attachments(session: AsyncSession, source: Subject, target: Subject) -> None:
    """This will have the files of one subject belong to another one too, as they were attached."""
    statement = select(Attachment).where(
        Attachment.process == source.process, Attachment.subject_id == source.id,
        col(Attachment.deleted_at).is_(None),
    )  # fmt: skip
    for each in await session.exec(statement.order_by(col(Attachment.id))):
        await lock_content(session, each.sha256)
        kept = each.model_dump(exclude={"id", "process", "subject_id"})
        session.add(Attachment(**kept, process=target.process, subject_id=target.id))


async def is_named(session: AsyncSession, sha256: str) -> bool:
    """Whether a file that was not deleted has these bytes."""
    statement = select(Attachment.id).where(
        Attachment.sha256 == sha256, col(Attachment.deleted_at).is_(None)
    )
    return (await session.exec(statement.limit(1))).first() is not None


def mark_deleted(attachment: Attachment, *, reason: str, deed: Deed) -> None:
    """This will mark a file as deleted. Refuses without a reason (AttachmentReasonRequired)."""
    check_reason(reason)
    attachment.deleted_at, attachment.deleted_by = deed.at, deed.by
    attachment.deleted_reason = reason.strip()
