"""Tickets of a client's own people: any of them opens, reads and answers those of the company.

They read what the house wrote to them, never its notes (models/sight.py).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import UploadFile

from activities.attachments import store_of
from activities.own_tickets import TicketOver, answer_own, attach_own, going_on, open_own
from activities.tickets import NewTicket
from api import language
from api.attachments import new_file, upload_values
from api.dependencies import Config, Db, Ip, Now, PermissionDenied, Principal, ReadSession, need
from api.forms import Submitted, blank, submitted
from api.inbox_lists import PRIORITY_TONES
from api.inputs import Input
from api.language import N_, gettext
from api.rendering import page, redirect
from api.table import Badge, Tone
from api.ticket_list import STAGE_WORDS, TONES
from api.ticket_values import ShownClock, shown_clocks
from api.tickets import found_ticket
from models import tickets
from models.attachments import Subject, select_attachments
from models.cases import Case
from models.people import Deed
from models.rows import rows_of
from models.sight import everything_seen
from models.ticket_lists import category_choices
from models.tickets import Ticket
from models.users import get_user
from rules import words
from rules.cases import Process
from rules.sla import SlaEvent
from rules.tasks import Priority
from rules.tickets import Channel, EntryKind, TicketStage

router = APIRouter(include_in_schema=False)

PATH = "/meus-chamados"
OPENED = N_("Chamado %(protocol)s aberto, prioridade %(priority)s: primeira resposta até %(due)s.")


class OwnTicketInput(Input):
    """What a client's own person asks."""

    subject: str = Field(min_length=1, max_length=200)
    text: str = Field(min_length=1, max_length=20_000)
    category_id: int | None = None


class MessageInput(Input):
    """What they write in a thread."""

    text: str = Field(min_length=1, max_length=20_000)


class OwnTicketForm(OwnTicketInput):
    """The same on a page, with a file if they have one."""

    file: Any = None


class MessageForm(MessageInput):
    """The same on a page, with a file if they have one."""

    file: Any = None


async def own(by: Annotated[Principal, need()]) -> Principal:
    """This will let nobody in but a client's own people: the house has its own pages."""
    if by.is_of_house:
        raise PermissionDenied
    return by


Own = Annotated[Principal, Depends(own)]


@router.get(f"{PATH}/novo")
async def new_page(request: Request, by: Own, session: ReadSession) -> Response:
    """The form of a ticket."""
    return await _form_page(request, session, blank(OwnTicketForm))


@router.post(f"{PATH}/novo")
async def open_on_page(
    request: Request, by: Own, database: Db, config: Config, now: Now, ip: Ip
) -> Response:
    """Open a ticket: protocol, priority and promised first response are told at once."""
    async with request.form():  # closes the file that came with it
        form = await submitted(request, OwnTicketForm)
        if form.value:
            with form.refusals():
                async with database.write() as session:
                    ticket = await open_as_asked(session, form.value, by, now, ip, Channel.PAGE)
                    await _keep_file(
                        session, config, ticket.number, form.value.file, deed=by.deed(at=now, ip=ip)
                    )
                async with database.read() as session:
                    told = await _promise(session, ticket, now)
                return redirect(request, f"{PATH}/{ticket.id}", OPENED, **told)
    async with database.read() as session:
        return await _form_page(request, session, form)


@router.get(f"{PATH}/{{ticket_id:int}}")
async def own_ticket_page(
    request: Request, ticket_id: int, by: Own, session: ReadSession, now: Now
) -> Response:
    """A ticket of the company: the thread, where it stands, and what is promised."""
    return await _show(request, session, ticket_id, blank(MessageForm), now=now)


@router.post(f"{PATH}/{{ticket_id:int}}")
async def answer_on_page(
    request: Request, ticket_id: int, by: Own, database: Db, config: Config, now: Now, ip: Ip
) -> Response:
    """Write in the thread; a ticket that is resolved is open again."""
    async with request.form():  # closes the file that came with it
        form = await submitted(request, MessageForm)
        if form.value:
            with form.refusals():
                deed = by.deed(at=now, ip=ip)
                async with database.write() as session:
                    await answer_own(session, ticket_id, form.value.text, author=by.name, deed=deed)
                    await _keep_file(session, config, ticket_id, form.value.file, deed=deed)
                return redirect(request, f"{PATH}/{ticket_id}", N_("Mensagem enviada ao suporte."))
    async with database.read() as session:
        return await _show(request, session, ticket_id, form, now=now)


async def open_as_asked(
    session: AsyncSession, asked: OwnTicketInput, by: Principal, now: datetime, ip: str,
    channel: Channel,
) -> Ticket:  # fmt: skip
    """This will open what one of a client's people asks, in their name and for their company."""
    user = await get_user(session, by.user_id)
    new = NewTicket(
        key=f"{channel}/{uuid4()}", channel=channel, customer_id=by.company_id, requester=by.name,
        requester_email=user.email or "", **asked.model_dump(exclude={"file"}),
    )  # fmt: skip
    return await open_own(session, new, by.deed(at=now, ip=ip))


async def _keep_file(
    session: AsyncSession, config: Config, ticket_id: int, file: Any, *, deed: Deed
) -> None:
    """The file that came with a form; none was chosen: nothing."""
    if isinstance(file, UploadFile) and file.filename:
        await attach_own(session, store_of(config), ticket_id, new_file(file, ""), deed=deed)


async def _promise(session: AsyncSession, ticket: Ticket, now: datetime) -> dict[str, str]:
    """What is told at once of a ticket that was just opened."""
    due = await first_due(session, ticket, now)
    return {
        "protocol": ticket.protocol,
        "priority": gettext(words.PRIORITIES[ticket.priority]).lower(),
        "due": language.moment(due) if due else "—",
    }


async def first_due(session: AsyncSession, ticket: Ticket, now: datetime) -> datetime | None:
    """By when the house promised to answer first."""
    _ticket, case = await found_ticket(session, ticket.number)
    clocks = {each.out.kind: each.out for each in await _clocks(session, case, now=now)}
    return clocks[SlaEvent.FIRST_RESPONSE].due_at


async def _clocks(session: AsyncSession, case: Case, *, now: datetime) -> list[ShownClock]:
    """On the calendar of the house, whose registry no client sees."""
    with everything_seen():
        return await shown_clocks(session, case, now=now)


async def _show(
    request: Request,
    session: AsyncSession,
    ticket_id: int,
    form: Submitted[MessageForm],
    *,
    now: datetime,
) -> Response:
    ticket, case = await found_ticket(session, ticket_id)
    priority = Priority(ticket.priority)
    return page(
        request,
        "pages/tickets/own.html",
        status=form.status,
        now=now,
        form=form,
        ticket=ticket,
        entries=await tickets.entries_of(session, ticket_id),
        files=await rows_of(
            session, select_attachments(Subject(Process.TICKETS, ticket_id)).order_by("id")
        ),
        stage=Badge(
            gettext(STAGE_WORDS[ticket.stage]), TONES.get(TicketStage(ticket.stage), Tone.GREY)
        ),
        priority=Badge(gettext(words.PRIORITIES[priority]), PRIORITY_TONES[priority]),
        clocks=await _clocks(session, case, now=now),
        is_over=case.closed_at is not None,
        into=await going_on(session, ticket),
        over=gettext(TicketOver.message),
        ours=EntryKind.REPLY,
        **upload_values(),
    )


async def _form_page(
    request: Request, session: AsyncSession, form: Submitted[OwnTicketForm]
) -> Response:
    return page(
        request, "pages/tickets/own_new.html", status=form.status, form=form,
        categories=await category_choices(session), **upload_values(),
    )  # fmt: skip
