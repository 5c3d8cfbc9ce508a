"""Contestations: the board by stage, making them from findings, the five numbers, corrections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contestation_invoices import file_drafts
from activities.contestations import contest_findings, contest_invoice
from api.carrier_filters import (
    CARRIER,
    CITY,
    COMPANY,
    OWNER,
    PLAN,
    SINCE,
    TEAM,
    UNTIL,
    scope_of,
    with_choices,
)
from api.contestation_inputs import APPROVE, MakeInput
from api.dependencies import Db, Ip, Now, Principal, ReadSession, Today, need
from api.findings import meant
from api.forms import Amount, submitted
from api.language import N_, gettext
from api.listing import Column, Filter, Listing, View
from api.rendering import redirect
from api.table import Badge, Chip, FilterKind, Kind, Tone
from models.contestation_lists import (
    ContestationFilter,
    count_by_stage,
    select_contestations,
)
from models.contestations import Contestation
from models.people import record
from models.rows import rows_of
from rules import words
from rules.cases import Process
from rules.contestation import ContestationStage, Direction
from rules.contestation_numbers import Age, AnswerTime
from rules.contestation_words import AGES, ANSWER_TIMES, DIRECTIONS, LEVELS

router = APIRouter(include_in_schema=False)

See = Annotated[Principal, need("contestations:see")]
Act = Annotated[Principal, need("contestations:act")]

STAGES = words.STAGES[Process.CONTESTATION]
TONES: Mapping[str, Tone] = {
    ContestationStage.DRAFT: Tone.GREY,
    ContestationStage.NO_ANSWER: Tone.RED,
    ContestationStage.ESCALATED: Tone.YELLOW,
    ContestationStage.REFUSED: Tone.RED,
    ContestationStage.PARTLY_ACCEPTED: Tone.YELLOW,
    ContestationStage.ACCEPTED: Tone.GREEN,
    ContestationStage.VERIFIED: Tone.GREEN,
    ContestationStage.CLOSED: Tone.GREY,
    ContestationStage.WITHDRAWN: Tone.GREY,
}
TITLES = {
    (Direction.MADE, False): N_("Contestação %(n)s"),
    (Direction.MADE, True): N_("Prévia %(n)s"),
    (Direction.RECEIVED, False): N_("Recebida %(n)s"),
}
BOARD = Listing(
    columns=(
        Column("title", N_("Contestação")),
        Column("carrier", N_("Operadora")),
        Column("company", N_("Empresa")),
        Column("invoice", N_("Fatura")),
        Column("state", N_("Situação"), Kind.BADGE),
        Column("claimed", N_("Contestado"), Kind.MONEY, is_sortable=True, is_totalled=True),
        Column("accepted", N_("Aceito"), Kind.MONEY, is_totalled=True),
        Column("credited", N_("Recebido"), Kind.MONEY, is_totalled=True),
        Column("next_label", N_("Próximo passo")),
        Column("next_at", N_("Quando"), Kind.MOMENT, is_sortable=True, is_nullable=True),
        Column("late", N_("Prazo"), Kind.BADGE),
        Column("avoided", N_("Evitado"), Kind.MONEY, is_totalled=True, is_extra=True),
        Column("side", N_("Direção"), is_extra=True),
        Column("level_name", N_("Instância"), is_extra=True),
        Column("filed_on", N_("Enviada em"), Kind.DAY, is_extra=True),
    ),
    default_sort="next_at",
    filters=(
        Filter("busca", N_("Operadora, empresa, fatura ou protocolo")),
        Filter("etapa", N_("Etapa"), FilterKind.CHOICE, tuple(STAGES.items()), N_("Todas")),
        Filter("direcao", N_("Direção"), FilterKind.CHOICE, tuple(DIRECTIONS.items()), N_("Todas")),
        CARRIER,
        COMPANY,
        Filter("prazo", N_("Prazo"), FilterKind.CHOICE, (("estourado", N_("Prazo descumprido")),)),
        Filter("idade", N_("Aberta há"), FilterKind.CHOICE, tuple(AGES.items()), N_("Todas")),
        Filter(
            "resposta",
            N_("Respondida em"),
            FilterKind.CHOICE,
            tuple(ANSWER_TIMES.items()),
            N_("Todas"),
        ),
        SINCE,
        UNTIL,
        TEAM,
        OWNER,
        CITY,
        PLAN,
    ),
    empty=N_("Nenhuma contestação. Escolha divergências e conteste-as."),
)


class PickedForm(BaseModel):
    """Findings that were ticked, or the filter whose findings are all meant, or an invoice."""

    ids: list[int] = []
    filtro: str = ""
    invoice_id: int | None = None
    minimum: Amount | None = None
    envia: bool = False


async def make(
    session: AsyncSession, asked: MakeInput, *, by: Principal, at: Now
) -> list[Contestation]:
    """This will make drafts of what was asked for, and file them if that was; page and JSON too."""
    made = await _drafts(session, asked, by=by.login, at=at)
    if asked.is_filed:
        await file_drafts(session, made, by=by.login, approves=by.may(APPROVE), at=at)
    return made


async def _drafts(
    session: AsyncSession, asked: MakeInput, *, by: str, at: Now
) -> list[Contestation]:
    if asked.invoice_id is not None:
        minimum = asked.minimum
        return [await contest_invoice(session, asked.invoice_id, minimum=minimum, by=by, at=at)]
    return await contest_findings(session, asked.finding_ids, by=by, at=at)


@router.get("/contestacoes")
async def board(request: Request, by: See, session: ReadSession, today: Today) -> Response:
    """Every contestation, by stage, with what it is about and what comes next."""
    view = (await with_choices(BOARD, session, request)).view(request)
    wanted = ContestationFilter(
        search=view.text("busca"),
        stage=view.text("etapa"),
        carrier=view.text("operadora"),
        company=view.text("empresa"),
        direction=view.text("direcao"),
        is_breached=view.text("prazo") == "estourado",
        age=Age(view.text("idade") or "") if view.text("idade") in AGES else None,
        today=today,
        answer=_answer(view),
        since=view.day("de"),
        until=view.day("ate"),
        scope=scope_of(view.query),
    )
    return await view.answer(
        session,
        select_contestations(wanted),
        "pages/contestation/board.html",
        present=shown,
        chips=[] if view.problems else await _chips(session, view, wanted),
        may_pick=by.may("contestations:act") and by.may("findings:see"),
        may_receive=by.may("contestations:act") and by.is_of_house,
    )


def _answer(view: View) -> AnswerTime | None:
    told = view.text("resposta") or ""
    return AnswerTime(told) if told in ANSWER_TIMES else None


@router.post("/contestacoes")
async def make_on_page(request: Request, by: Act, database: Db, now: Now, ip: Ip) -> Response:
    """Makes a draft for each invoice of the findings that were picked."""
    form = await submitted(request, PickedForm)
    picked = form.value or PickedForm()
    async with database.write() as session:
        asked = MakeInput(
            finding_ids=await _meant(request, session, picked), invoice_id=picked.invoice_id,
            is_filed=picked.envia,
        )  # fmt: skip
        if picked.minimum is not None:
            asked.minimum = picked.minimum
        made = await make(session, asked, by=by, at=now)
        numbers = [each.number for each in made]
        record(session, by.deed(at=now, ip=ip), "contestation.make", contestations=numbers)
    if len(numbers) == 1:
        told = N_("Contestação enviada.") if picked.envia else N_("Contestação montada.")
        return redirect(request, f"/contestacoes/{numbers[0]}", told)
    told = N_("%(n)s contestações montadas.")
    told = N_("%(n)s contestações enviadas.") if picked.envia else told
    return redirect(request, "/contestacoes", told, n=len(numbers))


async def _meant(request: Request, session: AsyncSession, picked: PickedForm) -> list[int]:
    """The findings that were ticked, or all of the filter of their list."""
    if not picked.filtro:
        return picked.ids
    chosen = await meant(request, session, ids=picked.ids, asked=picked.filtro)
    return [row["id"] for row in await rows_of(session, chosen)]


async def _chips(session: AsyncSession, view: View, wanted: ContestationFilter) -> list[Chip]:
    """How many contestations of the filter stand where, whatever stage it asks for."""
    counts = await count_by_stage(session, wanted)
    current = view.text("etapa")
    return [
        Chip(
            gettext(label), counts[stage][0], view.url(etapa=stage, cursor=None),
            amount=counts[stage][1], is_current=stage == current,
        )
        for stage, label in STAGES.items()
        if stage in counts
    ]  # fmt: skip


def shown(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A contestation as a row of the board."""
    is_closed = row["closed_at"] is not None
    next_label, _ = words.next_step_words(
        Process.CONTESTATION, row["next_kind"], is_closed=is_closed
    )
    is_late = row["breached_at"] is not None and not is_closed
    title = gettext(TITLES[row["direction"], row["is_preview"]])
    return {
        **row,
        "title": title % {"n": row["id"]},
        "label": title % {"n": row["id"]},
        "invoice": row["invoice_number"] or row["own_invoice"] or str(row["invoice_id"] or "—"),
        "carrier": row["carrier"] or "—",
        "side": gettext(DIRECTIONS[row["direction"]]),
        "state": Badge(gettext(STAGES[row["stage"]]), TONES.get(row["stage"], Tone.BLUE)),
        "next_label": gettext(next_label),
        "late": Badge(gettext("prazo descumprido"), Tone.RED) if is_late else None,
        "level_name": gettext(LEVELS[row["level"]]),
        "href": f"/contestacoes/{row['id']}",
    }
