"""The panels' tools on all rows of a filter, for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.panel_commands import PanelWork, work_of
from activities.panel_runs import KIND
from api.dependencies import Db, Ip, Now, PermissionDenied, ReadSession, Today
from api.forms import Key
from api.inputs import Input
from api.once import NamedRequest
from api.panel_json import PanelQuery
from api.panel_runs import SignedIn, begin_run, check_act, check_said, seen_run
from api.panels import PAGE_OF
from api.runs import stop_run
from models.bulk import BulkRun
from rules.panels import Panel, Tool
from rules.refusals import Refusal

router = APIRouter(tags=["collections"])

API = "/api/collections/tool-runs"


class ToolNotOfPanel(Refusal):
    message = "Esta ferramenta não é deste painel."
    field = "tool"


class ToolRunInput(Input):
    """A tool on all of a filter; a dry run only tells what would become of each row."""

    panel: Panel
    tool: Tool
    filter: PanelQuery = PanelQuery()
    details: str = Field("", max_length=2000)
    override: bool = False
    reason: str = Field("", max_length=500)
    dry_run: bool = False


class ToolRunView(BaseModel):
    """A run and how far it is; `done` and `total` are rows of the panel."""

    id: int
    status: str
    tool: Tool
    panel: Panel
    is_dry_run: bool
    total: int
    done: int
    changed: int
    errors: int
    verdicts: dict[str, Any]
    requested_by: str
    requested_at: datetime
    finished_at: datetime | None
    stop_requested: bool


@router.post(API, status_code=202)
async def create_run(
    asked: ToolRunInput, by: SignedIn, database: Db, now: Now, today: Today, ip: Ip,
    once: NamedRequest,
) -> ToolRunView:  # fmt: skip
    """Uses a tool on every row of a filter, or tells what would become of each."""
    shown = PAGE_OF[asked.panel]
    if not (by.may(shown.see) and by.may(shown.act)):
        raise PermissionDenied
    if asked.tool not in shown.tools:
        raise ToolNotOfPanel
    if not asked.dry_run:
        check_said(asked.tool, asked.details, is_confirmed=True)
    work = PanelWork(
        asked.tool, asked.panel, asked.filter.wanted(today), by.login, asked.details,
        asked.override, asked.reason, ip,
    )  # fmt: skip

    async def begin(session: AsyncSession) -> ToolRunView:
        return _view(await begin_run(session, work, by, now, is_dry_run=asked.dry_run))

    return ToolRunView.model_validate(await once.do(database, by.deed(at=now, ip=ip), begin))


@router.get(API + "/{run_id}")
async def show_run(run_id: Key, by: SignedIn, session: ReadSession) -> ToolRunView:
    """How far a run is, and what it did."""
    return _view(await seen_run(session, run_id, by))


@router.post(API + "/{run_id}/stop")
async def stop_run_by_program(
    run_id: Key, by: SignedIn, database: Db, now: Now, ip: Ip
) -> ToolRunView:
    """Has a run end after the rows it is at; one that ended stays as it is."""
    async with database.read() as session:
        check_act(await seen_run(session, run_id, by), by)
    deed = by.deed(at=now, ip=ip)
    return _view(await stop_run(database, run_id, deed, kind=KIND, action="collections.stop"))


def _view(run: BulkRun) -> ToolRunView:
    work = work_of(run)
    told = {"tool": work.tool, "panel": work.panel, "verdicts": run.summary}
    return ToolRunView.model_validate({**run.model_dump(), **told})
