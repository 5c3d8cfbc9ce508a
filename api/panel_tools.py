"""The tools of the panels: what is picked is shown again, confirmed, and done row by row."""

# Annotations are evaluated while routes are made in a loop: no deferring of them here.
import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any
from urllib.parse import parse_qsl
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio.exceptions import TemporalError

from activities.bureau_simulation import Simulated, simulate, totals_of
from api import collection_commands as commands
from api.bureau_verdicts import badge_of, told_of
from api.collection_commands import OVERRIDE, Sender
from api.dependencies import Db, Engine, PermissionDenied, Principal, ReadSession, Today, need
from api.documents import shown_document
from api.forms import Submitted, blank, submitted
from api.inputs import Input
from api.language import ngettext
from api.panel_rows import wanted_of
from api.panel_runs import ManyInput, many_page
from api.panels import PAGES, PanelPage
from api.problems import problem_of
from api.rendering import page, redirect
from api.tool_words import WORDS
from models import panel_picks, panel_totals
from models.colleagues import names_by_login
from models.database import Database
from models.panel_picks import MOST_PICKED, invoices_in, names_of, picked_rows
from models.panel_search import look_up
from models.policies import load_policy
from rules.collection_stages import CollectionStage
from rules.debts import DebtPolicy
from rules.panels import Tool
from rules.refusals import Refusal

router = APIRouter(include_in_schema=False)

#: Commands of one request that wait for the engine at the same time.
AT_ONCE = 8


class NotConfirmed(Refusal):
    message = "Marque a confirmação para continuar."
    field = "confirmed"


class ToolInput(Input):
    """What is sent to use a tool; a row is "id:version", the version being what was seen.

    `lista` is the query of the list that it was begun from.
    """

    rows: list[str] = Field(default=[], max_length=MOST_PICKED)
    command_id: str = Field("", max_length=60)
    details: str = Field("", max_length=2000)
    override: bool = False
    reason: str = Field("", max_length=500)
    confirmed: bool = False
    lista: str = Field("", max_length=2000)


@dataclass(frozen=True)
class Outcome:
    """What became of one row; `refusal` is the sentence that stands beside it, None: done."""

    row: str
    name: str
    refusal: str | None = None
    status: int = 200


def _asking_route(shown: PanelPage, tool: Tool) -> Any:
    async def ask(
        request: Request,
        session: ReadSession,
        today: Today,
        by: Annotated[Principal, need(shown.see, shown.act)],
    ) -> Response:
        """What will happen to which rows; nothing has happened yet."""
        asked = request.query_params
        ids = {number for number, _ in _read(asked.getlist("ids"))}
        view = replace(
            shown.listing(request).view(request), query=dict(parse_qsl(asked.get("filtro", "")))
        )
        whole = None
        if "filtro" in asked:
            view.check()
            asked_for = wanted_of(view, today=today, debts=await load_policy(session, DebtPolicy()))
            whole = await look_up(session, shown.panel, asked_for)
            totals = await panel_totals.totals_of(session, shown.panel, whole)
            if totals["count"] > panel_picks.MOST_PICKED:
                return many_page(request, shown, tool, by=by, filtered=asked.get("filtro", ""),
                                 totals=totals, form=blank(ManyInput))  # fmt: skip
        rows = await picked_rows(session, shown.panel, ids=ids, whole=whole)
        left = 0 if whole else len(ids) - len(rows)
        form = blank(ToolInput, command_id=str(uuid4()), lista=asked.get("lista", ""))
        found = await _simulated(session, tool, rows, today)
        return _page(request, shown, tool, by=by, form=form, rows=rows, left=left, simulated=found)

    return ask


def _using_route(shown: PanelPage, tool: Tool) -> Any:
    async def use(
        request: Request,
        by: Annotated[Principal, need(shown.see, shown.act)],
        database: Db,
        engine: Engine,
        today: Today,
    ) -> Response:
        """Does it, row by row; what is refused says so beside its row and can be sent again."""
        form = await submitted(request, ToolInput)
        if form.value is None or not _is_complete(form, tool, by):
            return await _again(request, shown, tool, form, by=by, database=database, today=today)
        sender = Sender(engine, database, by.login, ip=by.ip)
        outcomes = await _use(sender, shown, tool, form.value)
        refused = [each for each in outcomes if each.refusal]
        done = len(outcomes) - len(refused)
        if not refused:
            return redirect(request, shown.listed(form.value.lista), *_told(tool, done))
        form.status = refused[0].status
        form.raw = {**form.raw, "command_id": str(uuid4()), "rows": [each.row for each in refused]}
        return _page(request, shown, tool, by=by, form=form, outcomes=outcomes, done=done)

    return use


for each in PAGES:
    for tool in each.tools:
        path = f"{each.path}/{tool}"
        router.add_api_route(path, _asking_route(each, tool), methods=["GET"])
        router.add_api_route(path, _using_route(each, tool), methods=["POST"])


def _page(
    request: Request,
    shown: PanelPage,
    tool: Tool,
    *,
    by: Principal,
    form: Submitted[ToolInput],
    rows: Sequence[dict[str, Any]] = (),
    outcomes: Sequence[Outcome] = (),
    simulated: Sequence[Simulated] = (),
    **told: int,
) -> Response:
    return page(
        request,
        "pages/collections/panel_tool.html",
        status=form.status,
        panel=shown,
        words=WORDS[tool],
        form=form,
        listed=form.raw.get("lista", ""),
        rows=[{**row, "document": shown_document(row["document"], by=by)} for row in rows],
        outcomes=outcomes,
        verdicts={each.invoice_id: told_of(each.judgement) for each in simulated},
        verdict_totals=[(badge_of(each.verdict), each) for each in totals_of(simulated)],
        left=told.get("left", 0),
        done=told.get("done", 0),
        may_override=tool is Tool.REGISTER and by.may(OVERRIDE),
    )


def _is_complete(form: Submitted[ToolInput], tool: Tool, by: Principal) -> bool:
    """Whether nothing is missing that holds for every row; else it says so beside the field."""
    asked = form.value
    assert asked is not None  # noqa: S101 - for the type: the caller has looked
    if asked.override and not by.may(OVERRIDE):
        raise PermissionDenied
    with form.refusals():
        if WORDS[tool].needs_details:
            WORDS[tool].check_details(asked.details)
            if not asked.confirmed:
                raise NotConfirmed
    return not form.errors


async def _again(
    request: Request,
    shown: PanelPage,
    tool: Tool,
    form: Submitted[ToolInput],
    *,
    by: Principal,
    database: Database,
    today: date,
) -> Response:
    ids = {number for number, _ in _read(form.raw["rows"])}
    async with database.read() as session:
        rows = await picked_rows(session, shown.panel, ids=ids)
        found = await _simulated(session, tool, rows, today)
    return _page(request, shown, tool, by=by, form=form, rows=rows, simulated=found)


async def _simulated(
    session: AsyncSession, tool: Tool, rows: Sequence[dict[str, Any]], today: date
) -> Sequence[Simulated]:
    """What would become of each row; only the bureau judges before it is asked."""
    if tool is not Tool.REGISTER:
        return ()
    return await simulate(session, [row["id"] for row in rows], today=today)


async def _use(sender: Sender, shown: PanelPage, tool: Tool, asked: ToolInput) -> list[Outcome]:
    picked = _read(asked.rows)
    async with sender.database.read() as session:
        names = await names_of(session, shown.panel, [number for number, _ in picked])
        people = await names_by_login(session)
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(number: int, seen: int | None) -> Outcome:
        row, name = f"{number}:{seen or ''}", names.get(number, f"nº {number}")
        mine = replace(sender, command_id=f"{asked.command_id or uuid4()}/{number}")
        try:
            async with turns:
                await _use_on(mine, tool, number, seen=seen, asked=asked)
        except (Refusal, TemporalError, TimeoutError) as error:
            problem = problem_of(error)
            return Outcome(row, name, problem.sentence(people), problem.status)
        return Outcome(row, name)

    return await asyncio.gather(*(one(number, seen) for number, seen in picked))


async def _use_on(
    sender: Sender, tool: Tool, number: int, *, seen: int | None, asked: ToolInput
) -> None:
    match tool:
        case Tool.START:
            async with sender.database.read() as session:
                found = await invoices_in(session, number, stage=CollectionStage.CLASSIFIED)
            ids = [invoice.key for invoice in found]
            mine = replace(sender, seen_version=seen)
            await commands.start(mine, customer_id=number, invoice_ids=ids)
        case Tool.CONFIRM:
            await commands.confirm(replace(sender, seen_version=seen), customer_id=number)
        case Tool.REGISTER:
            await commands.add_to_bureau(
                sender,
                invoice_id=number,
                details=asked.details,
                override=asked.override,
                reason=asked.reason,
            )
        case Tool.REMOVE:
            await commands.remove_from_bureau(sender, invoice_id=number, details=asked.details)


def _read(rows: Iterable[str]) -> list[tuple[int, int | None]]:
    """Ids with the versions seen, each id once; what is not one of ours is left out."""
    parts = [row.partition(":") for row in rows]
    found = {int(key): seen for key, _, seen in parts if key.isdecimal() and len(key) < 19}
    return [(key, int(seen) if seen.isdecimal() else None) for key, seen in found.items()]


def _told(tool: Tool, count: int) -> tuple[str]:
    one, many = WORDS[tool].done
    return (ngettext(one, many, count),)
