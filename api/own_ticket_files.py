"""Files of a client's own tickets: what their side sent, and nothing that the house keeps there.

Which of a ticket's files are theirs is said once, in models/sight.py.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, File, Response
from fastapi import UploadFile as SentFile
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.attachments import store_of
from activities.own_tickets import attach_own
from api.attachment_routes import TAGS, sent_file
from api.attachments import new_file
from api.dependencies import Config, Db, Ip, Now, ReadSession
from api.once import NamedRequest
from api.own_ticket_json import API
from api.own_tickets import PATH, Own
from api.tickets import found_ticket
from models.attachments import Subject, get_attachment, select_attachments
from models.rows import rows_of
from rules.cases import Process

router = APIRouter()


@router.get(f"{PATH}/{{ticket_id:int}}/anexos/{{attachment_id:int}}", include_in_schema=False)
async def download_on_page(
    ticket_id: int, attachment_id: int, by: Own, session: ReadSession, config: Config
) -> Response:
    """The file itself, never shown in the browser's window."""
    return await _file(ticket_id, attachment_id, session, config)


@router.get(f"{API}/{{ticket_id}}/attachments", tags=TAGS)
async def list_own_files(ticket_id: int, by: Own, session: ReadSession) -> list[dict[str, Any]]:
    """The files that the company's side sent to a ticket, the oldest first."""
    await found_ticket(session, ticket_id)
    statement = select_attachments(Subject(Process.TICKETS, ticket_id)).order_by("id")
    return [dict(row) for row in await rows_of(session, statement)]


@router.get(f"{API}/{{ticket_id}}/attachments/{{attachment_id}}", tags=TAGS)
async def download_own_file(
    ticket_id: int, attachment_id: int, by: Own, session: ReadSession, config: Config
) -> Response:
    """The file itself."""
    return await _file(ticket_id, attachment_id, session, config)


@router.post(f"{API}/{{ticket_id}}/attachments", status_code=201, tags=TAGS)
async def attach_own_file(
    *, ticket_id: int, file: Annotated[SentFile, File()], by: Own, database: Db, config: Config,
    now: Now, ip: Ip, description: str = "", once: NamedRequest,
) -> dict[str, Any]:  # fmt: skip
    """Attach a file to a ticket of the company (multipart, field `file`)."""
    deed, new = by.deed(at=now, ip=ip), new_file(file, description[:300])

    async def keep(session: AsyncSession) -> dict[str, Any]:
        kept = await attach_own(session, store_of(config), ticket_id, new, deed=deed)
        return {"id": kept.id, "name": kept.name, "sha256": kept.sha256}

    return await once.do(database, deed, keep)


async def _file(
    ticket_id: int, attachment_id: int, session: ReadSession, config: Config
) -> Response:
    found = await get_attachment(session, Subject(Process.TICKETS, ticket_id), attachment_id)
    return await sent_file(found, config)
