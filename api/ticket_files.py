"""Files of a ticket: what the customer sent and what the house adds."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from activities.attachments import show_to_client
from api.attachment_routes import TAGS, add_attachment_routes
from api.attachments import Place, UploadForm, keep_sent
from api.dependencies import Config, Db, Ip, Now, ReadSession
from api.forms import submitted
from api.inputs import Input
from api.language import N_
from api.rendering import redirect
from api.ticket_commands import Act, See
from api.tickets import found_ticket
from models.database import Database
from models.people import Deed
from rules.attachments import AttachmentEmpty
from rules.cases import Process

router = APIRouter()


class SightInput(Input):
    """Whether the client's own people find a file."""

    is_for_client: bool = False


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


@router.post("/chamados/{ticket_id:int}/anexos/{attachment_id:int}/visao", include_in_schema=False)
async def show_on_page(
    request: Request, ticket_id: int, attachment_id: int, by: Act, database: Db, now: Now, ip: Ip
) -> Response:
    """Shows a file to the client's own people, or no longer."""
    form = await submitted(request, SightInput)
    asked = form.value or SightInput()
    await _show(database, ticket_id, attachment_id, asked, by.deed(at=now, ip=ip))
    said = (
        N_("O cliente vê o arquivo.") if asked.is_for_client else N_("O cliente não vê o arquivo.")
    )
    return redirect(request, f"/chamados/{ticket_id}#files", said)


@router.put(
    "/api/tickets/{ticket_id}/attachments/{attachment_id}/sight", status_code=204, tags=TAGS
)
async def show_file(
    ticket_id: int, attachment_id: int, asked: SightInput, by: Act, database: Db, now: Now, ip: Ip
) -> None:
    """Show a file of the house's to the client's own people, or no longer."""
    await _show(database, ticket_id, attachment_id, asked, by.deed(at=now, ip=ip))


async def _show(
    database: Database, ticket_id: int, attachment_id: int, asked: SightInput, deed: Deed
) -> None:
    async with database.write() as session:
        await show_to_client(
            session, PLACE.subject(ticket_id), attachment_id, is_for_client=asked.is_for_client,
            deed=deed,
        )  # fmt: skip


add_attachment_routes(router, PLACE)
