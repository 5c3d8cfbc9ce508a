"""Mail that came in, for people: what became of each, and the mail itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from activities import inbound_mail
from api.case_head import visible_processes
from api.cases import visible_case
from api.dependencies import Config, Db, Now, Principal, ReadSession
from api.files import saved_as
from api.language import N_, gettext
from api.listing import Column, Filter, Listing
from api.rendering import page, redirect
from api.table import Badge, FilterKind, Kind, Tone
from api.ticket_commands import Act, See
from models import inbound_mails
from models.inbound_mails import InboundMail, Outcome
from rules.inbound_mail import AsideReason

router = APIRouter(include_in_schema=False)

OUTCOMES: Mapping[str, str] = {
    Outcome.PENDING: N_("A tratar"),
    Outcome.OPENED: N_("Abriu chamado"),
    Outcome.JOINED: N_("Entrou na conversa"),
    Outcome.IN_CASE: N_("Entrou no caso"),
    Outcome.BOUNCED: N_("Mensagem nossa devolvida"),
    Outcome.REPEATED: N_("Repetido"),
    Outcome.SET_ASIDE: N_("Para conferir"),
}
TONES = {Outcome.SET_ASIDE: Tone.YELLOW, Outcome.OPENED: Tone.GREEN, Outcome.PENDING: Tone.RED}
REASONS: Mapping[str, str] = {
    AsideReason.LOOP: N_("automático"),
    AsideReason.BROKEN: N_("com defeito"),
    AsideReason.TOO_MANY: N_("e-mails demais"),
    AsideReason.NO_SENDER: N_("sem remetente"),
}
MAILS = Listing(
    columns=(
        Column("received_at", N_("Recebido em"), Kind.MOMENT, is_sortable=True),
        Column("sender", N_("Remetente"), is_sortable=True),
        Column("subject", N_("Assunto")),
        Column("state", N_("O que aconteceu"), Kind.BADGE),
        Column("about", N_("Onde está")),
        Column("why", N_("Motivo")),
    ),
    default_sort="-received_at",
    filters=(
        Filter("busca", N_("Remetente ou assunto")),
        Filter(
            "situacao",
            N_("O que aconteceu"),
            FilterKind.CHOICE,
            tuple(OUTCOMES.items()),
            blank=N_("Todos"),
        ),
    ),
    empty=N_("Nenhum e-mail recebido ainda."),
)


@router.get("/chamados/emails")
async def mails_page(request: Request, by: See, session: ReadSession, config: Config) -> Response:
    """Every mail to the support address."""
    view = MAILS.view(request)
    statement = inbound_mails.select_mails(
        outcome=view.text("situacao"), search=view.text("busca"), processes=visible_processes(by)
    )
    return await view.answer(
        session, statement, "pages/tickets/mails.html", present=_shown,
        address=config.support.address, port=config.support_port(),
    )  # fmt: skip


@router.get("/chamados/emails/{mail_id:int}")
async def mail_page(
    request: Request, mail_id: int, by: See, session: ReadSession, now: Now
) -> Response:
    """One mail: what it says, what became of it, and for one set aside what to do with it."""
    mail, raw = await _seen_mail(session, mail_id, by)
    return page(
        request, "pages/tickets/mail.html", now=now, mail=mail, row=_shown(mail.model_dump()),
        read=await inbound_mail.understood(raw, mail.envelope), may_act=by.may("tickets:act"),
        is_aside=mail.outcome == Outcome.SET_ASIDE,
    )  # fmt: skip


@router.get("/chamados/emails/{mail_id:int}/original")
async def original(by: See, session: ReadSession, mail_id: int) -> Response:
    """The mail as it came; downloaded, never shown in the browser's window."""
    _mail, raw = await _seen_mail(session, mail_id, by)
    return Response(
        raw,
        media_type="message/rfc822",
        headers={
            **saved_as(f"{mail_id}.eml"),
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


@router.post("/chamados/emails/{mail_id:int}/chamado")
async def open_anyway(
    request: Request, mail_id: int, by: Act, database: Db, config: Config, now: Now
) -> Response:
    """Open a ticket of a mail that was set aside, because a person says so."""
    ticket_id = await inbound_mail.open_anyway(database, config, mail_id, by=by.login, at=now)
    return redirect(request, f"/chamados/{ticket_id}", N_("Chamado aberto."))


async def _seen_mail(
    session: AsyncSession, mail_id: int, by: Principal
) -> tuple[InboundMail, bytes]:
    """A mail and its bytes. Refuses one of a case whose process this person may not see."""
    mail, raw = await inbound_mails.find_mail(session, mail_id)
    if mail.case_id is not None:
        await visible_case(session, mail.case_id, by=by)
    return mail, raw


def _place(row: Mapping[str, Any]) -> tuple[str, str]:
    """The ticket or case that a mail opened or joined, as people call it, and its address."""
    if row["ticket_id"]:
        named = gettext("Chamado %(protocol)s", protocol=row.get("protocol") or row["ticket_id"])
        return named, f"/chamados/{row['ticket_id']}"
    if row["case_id"]:
        return gettext("Caso %(number)s", number=row["case_id"]), f"/casos/{row['case_id']}"
    return "", ""


def _shown(row: Mapping[str, Any]) -> Mapping[str, Any]:
    outcome = Outcome(row["outcome"])
    about, place = _place(row)
    return {
        **row,
        "about": about,
        "links": {"about": place} if place else {},
        "href": f"/chamados/emails/{row['id']}",
        "label": row["subject"] or row["sender"],
        "state": Badge(gettext(OUTCOMES[outcome]), TONES.get(outcome, Tone.GREY)),
        "why": gettext(REASONS[row["reason"]]) if row["reason"] else "",
    }
