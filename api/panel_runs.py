"""The panels' tools on more rows than one page carries out: begun, watched, stopped."""

# Annotations are evaluated while routes are made in a loop: no deferring of them here.
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.panel_commands import PanelWork, work_of
from activities.panel_runs import KIND, start_panel_run
from api.bureau_verdicts import badge_of
from api.collection_commands import OVERRIDE
from api.dependencies import Db, Ip, Now, PermissionDenied, Principal, ReadSession, Today, need
from api.forms import Key, Submitted, blank, submitted
from api.inputs import Input
from api.language import N_, gettext
from api.listing import Column, Listing
from api.panel_rows import wanted_of
from api.panels import PAGE_OF, PAGES, ROOT, PanelPage
from api.rendering import page, redirect
from api.runs import progress_of, progress_part, run_of, stop_run
from api.tool_words import WORDS
from models.bulk import BulkRun
from models.colleagues import names_by_login
from models.import_list import select_import_errors
from models.policies import load_policy
from rules.bureau_entry import Verdict
from rules.debts import DebtPolicy
from rules.panels import Tool
from rules.refusals import Refusal

router = APIRouter(include_in_schema=False)

RUNS = f"{ROOT}/lotes"
SignedIn = Annotated[Principal, need()]
REFUSED = Listing(
    columns=(Column("row", N_("Linha")), Column("why", N_("Por que não"))),
    default_sort="id", empty=N_("Nenhuma recusa."),
)  # fmt: skip


class RunNotConfirmed(Refusal):
    message = "Marque a confirmação para continuar."
    field = "confirmed"


class ManyInput(Input):
    """A tool on all of a filter, as it is sent from its page."""

    filtro: str = Field("", max_length=2000)
    details: str = Field("", max_length=2000)
    override: bool = False
    reason: str = Field("", max_length=500)
    confirmed: bool = False
    simulate: bool = False


def many_page(
    request: Request,
    shown: PanelPage,
    tool: Tool,
    *,
    by: Principal,
    filtered: str,
    totals: Mapping[str, Any],
    form: Submitted[ManyInput],
) -> Response:
    """What a tool will do to how many rows; nothing has happened yet."""
    return page(
        request, "pages/collections/panel_many.html", status=form.status, panel=shown,
        words=WORDS[tool], form=form, filtered=filtered, totals=totals,
        may_simulate=tool is Tool.REGISTER,
        may_override=tool is Tool.REGISTER and by.may(OVERRIDE),
    )  # fmt: skip


def _many_route(shown: PanelPage, tool: Tool) -> Any:
    async def use_on_many(
        request: Request,
        by: Annotated[Principal, need(shown.see, shown.act)],
        database: Db,
        now: Now,
        today: Today,
        ip: Ip,
    ) -> Response:
        """Begins it for every row of the filter, and leads to where it is watched."""
        form = await submitted(request, ManyInput)
        view = shown.listing(request).view(request)
        asked = replace(view, query=dict(parse_qsl(form.raw.get("filtro", ""))))
        asked.check()
        if said := form.value:
            with form.refusals():
                if not (said.simulate and tool is Tool.REGISTER):
                    check_said(tool, said.details, is_confirmed=said.confirmed)
                async with database.read() as session:
                    debts = await load_policy(session, DebtPolicy())
                wanted = wanted_of(asked, today=today, debts=debts)
                work = PanelWork(
                    tool, shown.panel, wanted, by.login, said.details, said.override,
                    said.reason, ip,
                )  # fmt: skip
                async with database.write() as session:
                    run = await begin_run(session, work, by, now, is_dry_run=said.simulate)
                return redirect(request, f"{RUNS}/{run.id}")
        totals = {"count": None, "amount": None}
        return many_page(request, shown, tool, by=by, filtered=form.raw.get("filtro", ""),
                         totals=totals, form=form)  # fmt: skip

    return use_on_many


for each in PAGES:
    for tool in each.tools:
        path = f"{each.path}/{tool}/lote"
        router.add_api_route(path, _many_route(each, tool), methods=["POST"])


@router.get(RUNS + "/{run_id}")
async def watch(
    request: Request, run_id: Key, by: SignedIn, session: ReadSession, now: Now
) -> Response:
    """A run, how far it is, and what was refused."""
    run = await seen_run(session, run_id, by)
    view = REFUSED.view(request)
    return await view.answer(
        session, select_import_errors(run_id), "pages/collections/tool_run.html",
        present=_refusal, **await _values(session, run, by, now),
    )  # fmt: skip


@router.get(RUNS + "/{run_id}/andamento")
async def watch_part(run_id: Key, by: SignedIn, session: ReadSession, now: Now) -> HTMLResponse:
    """The progress alone, as the page asks for it again and again."""
    run = await seen_run(session, run_id, by)
    return progress_part(
        "pages/collections/tool_progress.html", **await _values(session, run, by, now)
    )


@router.post(RUNS + "/{run_id}/parada")
async def stop_by_page(
    request: Request, run_id: Key, by: SignedIn, database: Db, now: Now, ip: Ip
) -> Response:
    """Has the run end after the rows it is at; what it did stays done."""
    async with database.read() as session:
        check_act(await seen_run(session, run_id, by), by)
    deed = by.deed(at=now, ip=ip)
    await stop_run(database, run_id, deed, kind=KIND, action="collections.stop")
    return redirect(request, f"{RUNS}/{run_id}", N_("O lote vai parar em instantes."))


@router.post(RUNS + "/{run_id}/execucao")
async def execute_by_page(
    request: Request, run_id: Key, by: SignedIn, database: Db, now: Now, ip: Ip
) -> Response:
    """Does what a dry run told."""
    form = await submitted(request, ManyInput)
    async with database.write() as session:
        run = await seen_run(session, run_id, by)
        check_act(run, by)
        said = form.value or ManyInput()
        work = replace(
            work_of(run), by=by.login, ip=ip, details=said.details, override=said.override,
            reason=said.reason,
        )  # fmt: skip
        check_said(work.tool, work.details, is_confirmed=said.confirmed)
        made = await begin_run(session, work, by, now, is_dry_run=False)
    return redirect(request, f"{RUNS}/{made.id}")


async def begin_run(
    session: AsyncSession, work: PanelWork, by: Principal, now: datetime, *, is_dry_run: bool
) -> BulkRun:
    """This will begin a run. Refuses an override by who may not (PermissionDenied)."""
    if work.override and not by.may(OVERRIDE):
        raise PermissionDenied
    deed = by.deed(at=now, ip=work.ip)
    return await start_panel_run(
        session, work, is_dry_run=is_dry_run and work.tool is Tool.REGISTER, deed=deed
    )


async def seen_run(session: AsyncSession, run_id: int, by: Principal) -> BulkRun:
    """The run, for whoever sees its panel. Refuses others, and an unknown one."""
    run = await run_of(session, run_id, kind=KIND)
    if not by.may(PAGE_OF[work_of(run).panel].see):
        raise PermissionDenied
    return run


def check_act(run: BulkRun, by: Principal) -> None:
    """This will refuse who may not act on the run's panel."""
    if not by.may(PAGE_OF[work_of(run).panel].act):
        raise PermissionDenied


def check_said(tool: Tool, details: str, *, is_confirmed: bool) -> None:
    """This will refuse a run without what its tool wants to be told, or unconfirmed."""
    if WORDS[tool].needs_details:
        WORDS[tool].check_details(details)
    if not is_confirmed:
        raise RunNotConfirmed


def _refusal(row: Mapping[str, Any]) -> dict[str, Any]:
    why = gettext(row["message"], **(row["places"] or {}))
    return {**row, "row": row["value"], "label": row["value"], "why": why}


async def _values(
    session: AsyncSession, run: BulkRun, by: Principal, now: datetime
) -> dict[str, Any]:
    work = work_of(run)
    shown = PAGE_OF[work.panel]
    return {
        "now": now, "progress": progress_of(run, now=now), "path": RUNS, "panel": shown,
        "words": WORDS[work.tool], "may_act": by.may(shown.act), "form": blank(ManyInput),
        "may_override": by.may(OVERRIDE), "people": await names_by_login(session),
        "verdicts": [
            (badge_of(verdict), run.summary[verdict]) for verdict in Verdict
            if verdict in run.summary
        ],
    }  # fmt: skip
