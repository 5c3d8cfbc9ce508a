"""Kickoffs for people: the list, and the page on which one is brought to its end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from api import case_head, history
from api.actions import obey
from api.case_head import Figure
from api.dependencies import Db, Engine, Now, Principal, ReadSession
from api.forms import Submitted, blank, sent_values
from api.inbox import colleague_options
from api.inbox_lists import due_badge
from api.kickoff import found_kickoff
from api.kickoff_commands import ACTIONS, BY_PATH, Act, See
from api.language import N_, gettext
from api.listing import Column, Filter, Listing
from api.rendering import page
from api.stage_chips import chips_of
from api.table import Badge, FilterKind, Kind, Tone
from api.ticket_values import shown_clocks
from models import colleagues
from models import kickoff as kickoffs
from models.cases import Case
from models.contracts import Contract
from models.customers import contacts_of
from models.kickoff import Kickoff
from models.stage_tallies import tally_stages
from models.tasks import open_tasks_for
from rules import words
from rules.business_days import local_time
from rules.cases import Process
from rules.kickoff import KickoffStage
from rules.kickoff_commands import KickoffNotFound
from rules.money import ZERO

router = APIRouter(include_in_schema=False)

STAGE_WORDS = words.STAGES[Process.KICKOFF]
UNDER_WAY = tuple(stage for stage in KickoffStage if not stage.is_over)
TONES = {
    KickoffStage.WAITING_CLIENT: Tone.YELLOW,
    KickoffStage.INSTALLED: Tone.BLUE,
    KickoffStage.IN_SERVICE: Tone.GREEN,
    KickoffStage.CANCELLED: Tone.GREY,
}
KICKOFFS = Listing(
    columns=(
        Column("next_due_at", N_("Prazo"), Kind.BADGE, is_sortable=True, is_nullable=True),
        Column("contract", N_("Contrato"), is_sortable=True),
        Column("customer", N_("Cliente"), is_sortable=True),
        Column("service", N_("Serviço")),
        Column("stage_label", N_("Situação"), Kind.BADGE),
        Column("owner", N_("Responsável"), is_sortable=True, is_nullable=True),
        Column("meeting_at", N_("Reunião"), Kind.MOMENT, is_sortable=True, is_nullable=True),
        Column("late", N_("SLA"), Kind.BADGE),
        Column("signed_at", N_("Assinado em"), Kind.MOMENT, is_sortable=True, is_extra=True),
    ),
    default_sort="next_due_at",
    filters=(
        Filter("busca", N_("Contrato ou cliente")),
        Filter(
            "etapa",
            N_("Situação"),
            FilterKind.CHOICE,
            (*STAGE_WORDS.items(), ("todas", N_("Todas"))),
            blank=N_("Em aberto"),
        ),
        Filter(
            "sla",
            N_("SLA"),
            FilterKind.CHOICE,
            (("estourado", N_("Só com prazo descumprido")),),
            blank=N_("Todos"),
        ),
    ),
    empty=N_(
        "Nenhuma implantação. Nascem com contratos de planos que têm lista de parametrização"
        " (Cadastros, Listas de implantação)."
    ),
)


@router.get("/implantacoes")
async def kickoffs_page(request: Request, by: See, session: ReadSession, now: Now) -> Response:
    """Kickoffs, those due first on top."""
    view = KICKOFFS.view(request)
    names = await colleagues.names_by_login(session)
    stage = view.text("etapa")
    statement = kickoffs.select_kickoffs(
        stage=None if stage == "todas" else stage,
        is_open=stage is None,
        is_breached=view.text("sla") == "estourado",
        text=view.text("busca"),
    )
    return await view.answer(
        session, statement, "pages/kickoff/kickoffs.html",
        present=lambda row: _shown(row, names, now=now),
        chips=chips_of(
            view, await tally_stages(session, Kickoff, UNDER_WAY), labels=STAGE_WORDS,
            is_open=UNDER_WAY,
        ),
    )  # fmt: skip


@router.get("/implantacoes/{kickoff_id:int}")
async def kickoff_page(
    request: Request, kickoff_id: int, by: See, session: ReadSession, now: Now
) -> Response:
    """A kickoff: promises with the time left, meeting, check-list, and everything to do."""
    return await _show(request, session, kickoff_id, by=by, now=now, sent={})


@router.post("/implantacoes/{kickoff_id:int}/{path}")
async def act_on_page(
    request: Request, kickoff_id: int, path: str, by: Act, database: Db, engine: Engine, now: Now
) -> Response:
    """Any command on a kickoff; refused, the page says why beside its form."""
    if path not in BY_PATH:
        raise KickoffNotFound
    form, done = await obey(
        request, engine, database, Process.KICKOFF, kickoff_id, BY_PATH[path], by=by,
        back=f"/implantacoes/{kickoff_id}",
    )  # fmt: skip
    if done is not None:
        return done
    async with database.read() as session:
        return await _show(request, session, kickoff_id, by=by, now=now, sent={path: form})


async def _show(
    request: Request,
    session: AsyncSession,
    kickoff_id: int,
    *,
    by: Principal,
    now: datetime,
    sent: dict[str, Submitted[Any]],
) -> Response:
    names = await colleagues.names_by_login(session)
    kickoff, case = await found_kickoff(session, kickoff_id)
    return page(
        request,
        "pages/kickoff/kickoff.html",
        **sent_values(sent, names=names),
        now=now,
        kickoff=kickoff,
        clocks=await shown_clocks(session, case, now=now),
        history=await history.history_of_cases(request, session, [case.number]),
        people=await colleague_options(
            session, today=local_time(now).date(), process=Process.KICKOFF
        ),
        may_open_tasks=by.may("tasks:see"),
        may_act=by.may("kickoffs:act") and case.closed_at is None,
        forms=_forms(sent),
        **await _headed(session, kickoff, case, by=by, now=now),
        **await _steps_of(session, kickoff, case),
    )


def _forms(sent: dict[str, Submitted[Any]]) -> dict[str, Submitted[Any]]:
    return {
        each.path.replace("-", "_"): (sent.get(each.path) or blank(each.asked)).within(each.path)
        for each in ACTIONS
    }


async def _headed(
    session: AsyncSession, kickoff: Kickoff, case: Case, *, by: Principal, now: datetime
) -> dict[str, Any]:
    """Of which contract it is, and what it costs to install."""
    contract = await session.get_one(Contract, kickoff.contract_id)
    amount = kickoff.installation_amount
    figures = (Figure(gettext(N_("Instalação")), amount),) if amount != ZERO else ()
    head = await case_head.head_of(
        session, case, by=by, now=now, title=contract.description, figures=figures
    )
    return {"contract": contract, "head": head}


async def _steps_of(session: AsyncSession, kickoff: Kickoff, case: Case) -> dict[str, Any]:
    """Its dates and items, who may accept it, and what it waits for in the inbox."""
    dates = await kickoffs.dates_of(session, case.subject_id)
    items = await kickoffs.items_of(session, case.subject_id)
    people = await contacts_of(session, kickoff.customer_id)
    return {
        "dates": dates,
        "proposed": [f"{local_time(each.at):%Y-%m-%dT%H:%M}" for each in dates],
        "items": items,
        "open_items": sum(item.done_at is None for item in items),
        "administrators": [each.name for each in people if each.is_administrator and each.name],
        "tasks": {each.kind: each for each in await open_tasks_for(session, [case.number])},
    }


def _shown(row: Mapping[str, Any], names: Mapping[str, str], *, now: datetime) -> Mapping[str, Any]:
    """A kickoff as a row: words, colours, and its page."""
    stage, due = KickoffStage(row["stage"]), row["next_due_at"]
    return {
        **row,
        "href": f"/implantacoes/{row['id']}",
        "links": {"contract": f"/implantacoes/{row['id']}", "next_due_at": None},
        "label": f"{row['contract']} {row['customer']}",
        "next_due_at": due_badge(due, now=now) if due else None,
        "stage_label": Badge(gettext(STAGE_WORDS[stage]), TONES.get(stage, Tone.BLUE)),
        "owner": names.get(row["owner"] or "", row["owner"]),
        "late": Badge(gettext(N_("prazo descumprido")), Tone.RED) if row["breached_at"] else None,
    }
