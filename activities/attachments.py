"""Keeping attached files: bytes in the store under their SHA-256, a row, a line of history."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any

import obstore
from obstore.store import LocalStore, ObjectStore, from_url
from sqlmodel.ext.asyncio.session import AsyncSession

from models.attachments import (
    Attachment,
    Subject,
    get_attachment,
    is_named,
    lock_content,
    mark_deleted,
)
from models.cases import case_of, record_event
from models.database import Database
from models.people import Deed, record
from models.sight import everything_seen
from rules.attachments import (
    HEAD_BYTES,
    StorageFull,
    check_size,
    clean_name,
    media_type_of,
)
from settings import Settings

CHUNK = 1 << 20
#: How the store tells ENOSPC: it has no error of its own for a disk that is full.
NO_SPACE = "os error 28"


@dataclass(frozen=True)
class NewFile:
    """A file as it was sent."""

    name: str
    content: IO[bytes]
    size: int
    description: str = ""
    is_for_client: bool = False


def store_of(settings: Settings) -> ObjectStore:
    """The store of the deployment: the URL given, else a folder beside the other data."""
    if settings.attachments_url:
        return from_url(settings.attachments_url)
    return LocalStore(settings.data.absolute() / "attachments", mkdir=True)


async def attach(
    database: Database, store: ObjectStore, subject: Subject, file: NewFile, *, deed: Deed
) -> Attachment:
    """This will keep a file in a transaction of its own, as attach_within does."""
    async with database.write() as session:
        return await attach_within(session, store, subject, file, deed=deed)


async def attach_within(
    session: AsyncSession, store: ObjectStore, subject: Subject, file: NewFile, *, deed: Deed
) -> Attachment:
    """This will keep a file; the same bytes are stored once however often they are attached.

    Refuses what rules/attachments.py does not take in, and StorageFull.
    """
    attachment = _read(subject, file, deed)
    with everything_seen():  # the same bytes may be of anybody's files
        await lock_content(session, attachment.sha256)
    file.content.seek(0)
    await _put(store, key_of(attachment.sha256), file.content)
    session.add(attachment)
    await session.flush()
    await _tell(session, subject, "attachment_added", deed, attachment)
    return attachment


async def _put(store: ObjectStore, key: str, content: IO[bytes]) -> None:
    try:
        await obstore.put_async(store, key, content)
    except obstore.exceptions.GenericError as error:
        if NO_SPACE in str(error):
            raise StorageFull from error
        raise


async def describe(
    database: Database, subject: Subject, attachment_id: int, description: str, *, deed: Deed
) -> None:
    """This will say anew what a file is. Refuses AttachmentNotFound."""
    async with database.write() as session:
        attachment = await get_attachment(session, subject, attachment_id, for_update=True)
        before, attachment.description = attachment.description, description
        record(
            session, deed, "attachment.describe", subject=f"attachment/{attachment.id}",
            before=before, after=description,
        )  # fmt: skip


async def show_to_client(
    session: AsyncSession, subject: Subject, attachment_id: int, *, is_for_client: bool, deed: Deed
) -> None:
    """This will have a client's own people find a file of the house's, or no longer find it.

    As it is already: nothing. Refuses AttachmentNotFound.
    """
    attachment = await get_attachment(session, subject, attachment_id, for_update=True)
    if attachment.is_for_client != is_for_client:
        attachment.is_for_client = is_for_client
        kind = "attachment_shown" if is_for_client else "attachment_hidden"
        await _tell(session, subject, kind, deed, attachment)


async def remove(
    database: Database, store: ObjectStore, subject: Subject, attachment_id: int,
    *, reason: str, deed: Deed,
) -> None:  # fmt: skip
    """This will delete a file, and its bytes once nothing else names them.

    Refuses AttachmentNotFound, and to delete without a reason. The bytes go within the
    transaction: should it fail after that, the row still asks to be deleted once more.
    """
    async with database.write() as session:
        attachment = await get_attachment(session, subject, attachment_id, for_update=True)
        with everything_seen():  # the same bytes may be of anybody's files
            await lock_content(session, attachment.sha256)
        mark_deleted(attachment, reason=reason, deed=deed)
        await session.flush()
        await _tell(session, subject, "attachment_removed", deed, attachment, reason=reason.strip())
        with everything_seen():
            is_kept = await is_named(session, attachment.sha256)
        if not is_kept:
            with suppress(FileNotFoundError):
                await obstore.delete_async(store, key_of(attachment.sha256))


async def content_of(store: ObjectStore, attachment: Attachment) -> AsyncIterator[bytes]:
    """The bytes of a file, as they come from the store."""
    found = await obstore.get_async(store, key_of(attachment.sha256))
    return _chunks(found)


async def _chunks(found: obstore.GetResult) -> AsyncIterator[bytes]:
    async for chunk in found.stream(min_chunk_size=CHUNK):
        yield bytes(chunk)


def key_of(sha256: str) -> str:
    """Where bytes lie in the store."""
    return f"{sha256[:2]}/{sha256}"


def file_digest(file: NewFile) -> str:
    """By what its bytes are known."""
    file.content.seek(0)
    return hashlib.file_digest(file.content, "sha256").hexdigest()  # type: ignore[arg-type]


def _read(subject: Subject, file: NewFile, deed: Deed) -> Attachment:
    check_size(file.size)
    name = clean_name(file.name)
    file.content.seek(0)
    media_type = media_type_of(name, file.content.read(HEAD_BYTES))
    return Attachment(
        process=subject.process,
        subject_id=subject.id,
        name=name,
        media_type=media_type,
        size=file.size,
        sha256=file_digest(file),
        description=file.description,
        is_for_client=file.is_for_client,
        added_at=deed.at,
        added_by=deed.by,
    )


async def _tell(
    session: AsyncSession,
    subject: Subject,
    kind: str,
    deed: Deed,
    attachment: Attachment,
    **more: Any,
) -> None:
    facts = {"name": attachment.name, "sha256": attachment.sha256, **more}
    record(session, deed, kind.replace("_", "."), subject=str(subject), **facts)
    case = await case_of(session, process=subject.process, subject_id=subject.id)
    if case is not None:
        record_event(session, case, kind=kind, by=deed.by, at=deed.at, **facts)
