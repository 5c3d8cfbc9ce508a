"""Tickets for people: a new one, and the page on which one is treated."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from api import case_head, history
from api.actions import obey
from api.attachments import UploadForm, upload_values
from api.dependencies import Db, Engine, Ip, Now, Principal, ReadSession, Today
from api.forms import Submitted, blank, sent_values, submitted
from api.inbox import colleague_options
from api.inbox_lists import PRIORITY_TONES
from api.language import N_, gettext
from api.rendering import page, redirect
from api.table import Badge
from api.ticket_commands import ACTIONS, BY_PATH, Act, See
from api.ticket_values import NewTicketInput, shown_clocks
from api.tickets import found_ticket, open_asked
from models import colleagues, ticket_lists, tickets, users
from models.attachments import Subject as FilesOf
from models.attachments import select_attachments
from models.cases import processes_of
from models.rows import rows_of
from models.tickets import CannedAnswer, Ticket
from rules import service_words, words
from rules.business_days import local_time
from rules.cases import SYSTEM, Process
from rules.tasks import Priority
from rules.ticket_commands import TicketNotFound
from rules.tickets import WORKED, Channel
from rules.tickets import Subject as AboutCase

router = APIRouter(include_in_schema=False)


@router.get("/chamados/novo")
async def new_page(
    request: Request, by: Act, session: ReadSession, cliente: str = "", contrato: str = ""
) -> Response:
    """The form of a ticket that came by telephone or at the counter."""
    form = blank(NewTicketInput, customer=cliente, contract=contrato)
    return await _new_page(request, session, form)


@router.post("/chamados/novo")
async def open_on_page(request: Request, by: Act, database: Db, now: Now, ip: Ip) -> Response:
    """Open a ticket."""
    form = await submitted(request, NewTicketInput)
    if form.value:
        with form.refusals():
            deed = by.deed(at=now, ip=ip)
            ticket = await open_asked(database, form.value, Channel.PAGE, deed)
            message = N_("Chamado aberto: protocolo %(protocol)s.")
            where = f"/chamados/{ticket.number}"
            return redirect(request, where, message, protocol=ticket.protocol)
    async with database.read() as session:
        return await _new_page(request, session, form)


@router.get("/chamados/{ticket_id:int}")
async def ticket_page(
    request: Request, ticket_id: int, by: See, session: ReadSession, now: Now, today: Today,
    modelo: int | None = None,
) -> Response:  # fmt: skip
    """A ticket: thread, promises with the time left, what comes next, and everything to do."""
    sent = {}
    if modelo is not None:
        answer = await session.get(CannedAnswer, modelo)
        asked = BY_PATH["resposta"].asked
        sent = {"resposta": blank(asked, text=answer.text if answer else "")}
    return await _show(request, session, ticket_id, by=by, now=now, sent=sent)


@router.post("/chamados/{ticket_id:int}/{path}")
async def act_on_page(
    request: Request, ticket_id: int, path: str, by: Act, database: Db, engine: Engine, now: Now
) -> Response:
    """Any command on a ticket; refused, the page says why beside its form."""
    if path not in BY_PATH:
        raise TicketNotFound
    form, done = await obey(
        request, engine, database, Process.TICKETS, ticket_id, BY_PATH[path], by=by,
        back=f"/chamados/{ticket_id}",
    )  # fmt: skip
    if done is not None:
        return done
    async with database.read() as session:
        return await _show(request, session, ticket_id, by=by, now=now, sent={path: form})


async def _show(
    request: Request,
    session: AsyncSession,
    ticket_id: int,
    *,
    by: Principal,
    now: datetime,
    sent: dict[str, Submitted[Any]],
) -> Response:
    names = await colleagues.names_by_login(session)
    ticket, case = await found_ticket(session, ticket_id)
    entries = await tickets.entries_of(session, ticket_id)
    bound = await tickets.links_of(session, ticket_id)
    processes = await processes_of(session, [each.subject_id for each in bound])
    of_ticket = FilesOf(Process.TICKETS, ticket_id)
    files = await rows_of(session, select_attachments(of_ticket).order_by("id"))
    sent_by_client = {SYSTEM, *await users.logins_of_clients(session)}
    return page(
        request,
        "pages/tickets/ticket.html",
        **sent_values(sent, names=names),
        now=now,
        ticket=ticket,
        head=await case_head.head_of(session, case, by=by, now=now, title=ticket.subject),
        clocks=await shown_clocks(session, case, now=now),
        entries=entries,
        newest=entries[-1].id if entries else 0,
        links=[
            _shown_link(link, processes, sees_invoices=by.may("invoices:see")) for link in bound
        ],
        files=files,
        sent_by_client=sent_by_client,
        ours=[
            (each["id"], each["name"]) for each in files if each["added_by"] not in sent_by_client
        ],
        upload=blank(UploadForm),
        history=await history.history_of_cases(request, session, [case.number]),
        people=await colleague_options(
            session, today=local_time(now).date(), process=Process.TICKETS
        ),
        answers=await ticket_lists.answer_choices(session),
        into=await session.get(Ticket, ticket.merged_into_id) if ticket.merged_into_id else None,
        is_worked=ticket.stage in WORKED,
        may_act=by.may("tickets:act") and case.closed_at is None,
        may_contest=by.may("contestations:act"),
        forms=_forms(ticket, sent),
        **_words_of(ticket),
        **upload_values(),
    )


def _forms(ticket: Ticket, sent: dict[str, Submitted[Any]]) -> dict[str, Submitted[Any]]:
    """Every command's form: as it was sent, else blank."""
    return {
        each.path: (sent.get(each.path) or blank(each.asked, priority=ticket.priority)).within(
            each.path
        )
        for each in ACTIONS
    }


def _words_of(ticket: Ticket) -> dict[str, Any]:
    priority = gettext(words.PRIORITIES[ticket.priority])
    return {
        "subjects": [(key, gettext(word)) for key, word in service_words.LINKS.items()],
        "priorities": [(key, gettext(word)) for key, word in words.PRIORITIES.items()],
        "priority": Badge(priority, PRIORITY_TONES[Priority(ticket.priority)]),
        "channel": gettext(service_words.TICKET_CHANNELS[ticket.channel]),
    }


def _shown_link(link: Any, processes: Mapping[int, str], *, sees_invoices: bool) -> dict[str, Any]:
    where = {
        "contract": f"/contratos/{link.subject_id}",
        "case": f"/casos/{link.subject_id}",
        "ticket": f"/chamados/{link.subject_id}",
        "invoice": f"/cobrancas/faturas/{link.subject_id}" if sees_invoices else "",
    }
    word = service_words.LINKS[link.subject]
    if link.subject == AboutCase.CASE:  # a contestation is one, told as people call it
        word = words.PROCESSES.get(processes.get(link.subject_id, ""), word)
    label = gettext(word)
    return {"label": label, "code": link.code, "subject": link.subject,
            "href": where.get(link.subject, "")}  # fmt: skip


async def _new_page(
    request: Request, session: AsyncSession, form: Submitted[NewTicketInput]
) -> Response:
    return page(
        request,
        "pages/tickets/new.html",
        status=form.status,
        form=form,
        categories=await ticket_lists.category_choices(session),
    )
