"""Files of a ticket: what the customer sent and what the house adds."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.attachment_routes import add_attachment_routes
from api.attachments import Place, UploadForm, keep_sent
from api.dependencies import Config, Db, Ip, Now, ReadSession
from api.forms import submitted
from api.language import N_
from api.rendering import redirect
from api.ticket_commands import Act, See
from api.tickets import found_ticket
from rules.attachments import AttachmentEmpty
from rules.cases import Process

router = APIRouter()

PLACE = Place(
    Process.TICKETS,
    "/chamados/{subject_id}/anexos",
    "/api/tickets/{subject_id}/attachments",
    "tickets:see",
    "tickets:act",
    found_ticket,
)


@router.get("/chamados/{ticket_id:int}/anexos", include_in_schema=False)
async def files(request: Request, ticket_id: int, by: See, session: ReadSession) -> Response:
    """The files stand on the ticket's own page."""
    await found_ticket(session, ticket_id)
    return redirect(request, f"/chamados/{ticket_id}#files")


@router.post("/chamados/{ticket_id:int}/anexos", include_in_schema=False)
async def attach(
    request: Request, ticket_id: int, by: Act, database: Db, config: Config, now: Now, ip: Ip
) -> Response:
    """Attaches a file, with what it is."""
    async with request.form():  # closes the file that came with it
        form = await submitted(request, UploadForm)
        if form.value is None:
            raise AttachmentEmpty
        deed = by.deed(at=now, ip=ip)
        await keep_sent(form.value, PLACE, ticket_id, database, config, deed=deed)
    return redirect(request, f"/chamados/{ticket_id}#files", N_("Arquivo anexado."))


add_attachment_routes(router, PLACE)
