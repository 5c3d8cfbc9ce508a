"""Files of a ticket that go with what is written to its customer."""

from __future__ import annotations

from collections.abc import Sequence

from obstore.store import ObjectStore

from activities.attachments import content_of, show_to_client
from activities.messages import EnclosedFile
from activities.ticket_desk import Desk
from models.attachments import Attachment, Subject, get_attachment
from models.people import Deed
from rules import ticket_commands as rules
from rules.cases import Process


class StoreMissing(Exception):  # noqa: N818 - says what happened
    """Files were to go along, and whoever carries the command out has no store to read them from:
    the letter stays unwritten."""


async def enclosed(
    desk: Desk, files: Sequence[int], store: ObjectStore | None
) -> list[EnclosedFile]:
    """This will read files of the ticket to go with a letter; the client's people find them too.

    Refuses one that is not the ticket's (AttachmentNotFound), and more than an e-mail carries.
    Raises StoreMissing.
    """
    if not files:
        return []
    if store is None:
        raise StoreMissing
    subject = Subject(Process.TICKETS, desk.ticket.number)
    found = [
        await get_attachment(desk.session, subject, each, for_update=True)
        for each in sorted(set(files))
    ]
    rules.check_enclosed([each.size for each in found])
    for each in found:
        await show_to_client(
            desk.session, subject, each.id or 0, is_for_client=True, deed=Deed(desk.by, desk.at)
        )
    return [await _read(store, each) for each in found]


async def _read(store: ObjectStore, file: Attachment) -> EnclosedFile:
    chunks = [each async for each in await content_of(store, file)]
    return EnclosedFile(file.name, file.media_type, b"".join(chunks))
