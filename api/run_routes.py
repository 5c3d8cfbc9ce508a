"""The routes that every kind of bulk run has: started, watched and stopped, as pages and JSON.

    RUNS = RunKind(kind=KIND, action="billing", path="/contratos/faturamento", …)
    add_run_routes(router, RUNS)

The list of a kind's runs, and what a run made, are the process's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession

from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.forms import Key
from api.once import NamedRequest
from api.rendering import page, redirect
from api.runs import Start, progress_of, progress_part, run_of, start_run, stop_run
from models.bulk import BulkRun
from models.colleagues import names_by_login


@dataclass(frozen=True)
class RunKind:
    """A kind of run: who may see and act, where it is, what its page and its JSON tell.

    `action` names it in the audit trail; `told` and `shown` give what `view` and the page have
    beside the run's own fields; `stopping` is what is said when somebody asked it to stop.
    """

    kind: str
    action: str
    path: str
    api_path: str
    see: str
    act: str
    start: Start
    page: str
    progress: str
    stopping: str
    view: type[BaseModel]
    told: Callable[[BulkRun], Mapping[str, Any]]
    shown: Callable[[BulkRun], Mapping[str, Any]] = lambda _run: {}

    def viewed(self, run: BulkRun) -> BaseModel:
        """The run as programs read it."""
        return self.view.model_validate({**run.model_dump(), **self.told(run)})

    def values(self, run: BulkRun, by: Principal, now: datetime) -> dict[str, Any]:
        """The run as its page shows it."""
        return {
            "now": now, "progress": progress_of(run, now=now), "path": self.path,
            "may_act": by.may(self.act), **self.shown(run),
        }  # fmt: skip


def add_run_routes(router: APIRouter, kind: RunKind) -> None:
    """This will add the routes of a kind of run."""
    _add_deeds(router, kind)
    _add_pages(router, kind)
    _add_json(router, kind)


def _add_deeds(router: APIRouter, kind: RunKind) -> None:
    act = need(kind.act)

    @router.post(kind.path, include_in_schema=False)
    async def run_now(
        *, request: Request, by: Principal = act, database: Db, now: Now, ip: Ip
    ) -> Response:
        """Runs now, or leads to the run that is under way."""
        deed = by.deed(at=now, ip=ip)
        async with database.write() as session:
            run = await start_run(session, kind.start, deed, action=f"{kind.action}.start")
        return redirect(request, f"{kind.path}/{run.id}")

    @router.post(f"{kind.path}/{{run_id}}/parada", include_in_schema=False)
    async def stop_by_page(
        *, request: Request, run_id: Key, by: Principal = act, database: Db, now: Now, ip: Ip
    ) -> Response:
        """Has the run end after the page it is at; what it did stays done."""
        deed, action = by.deed(at=now, ip=ip), f"{kind.action}.stop"
        await stop_run(database, run_id, deed, kind=kind.kind, action=action)
        return redirect(request, f"{kind.path}/{run_id}", kind.stopping)


def _add_pages(router: APIRouter, kind: RunKind) -> None:
    see = need(kind.see)

    @router.get(f"{kind.path}/{{run_id}}", include_in_schema=False)
    async def watch(
        *, request: Request, run_id: Key, by: Principal = see, session: ReadSession, now: Now
    ) -> Response:
        """A run, and how far it is."""
        run = await run_of(session, run_id, kind=kind.kind)
        people = await names_by_login(session)
        return page(request, kind.page, people=people, **kind.values(run, by, now))

    @router.get(f"{kind.path}/{{run_id}}/andamento", include_in_schema=False)
    async def watch_part(
        *, run_id: Key, by: Principal = see, session: ReadSession, now: Now
    ) -> HTMLResponse:
        """The progress alone, as the page asks for it again and again."""
        run = await run_of(session, run_id, kind=kind.kind)
        people = await names_by_login(session)
        return progress_part(kind.progress, people=people, **kind.values(run, by, now))


def _add_json(router: APIRouter, kind: RunKind) -> None:
    see, act = need(kind.see), need(kind.act)

    @router.post(kind.api_path, status_code=202, response_model=kind.view)
    async def start(
        *, by: Principal = act, database: Db, now: Now, ip: Ip, once: NamedRequest
    ) -> BaseModel:
        """Runs now; a run that is under way is given instead of a second one."""
        deed = by.deed(at=now, ip=ip)

        async def begin(session: AsyncSession) -> BaseModel:
            run = await start_run(session, kind.start, deed, action=f"{kind.action}.start")
            return kind.viewed(run)

        return kind.view.model_validate(await once.do(database, deed, begin))

    @router.get(f"{kind.api_path}/{{run_id}}", dependencies=[see], response_model=kind.view)
    async def show(run_id: Key, session: ReadSession) -> BaseModel:
        """How far a run is, and what it did."""
        return kind.viewed(await run_of(session, run_id, kind=kind.kind))

    @router.post(f"{kind.api_path}/{{run_id}}/stop", response_model=kind.view)
    async def stop(
        *, run_id: Key, by: Principal = act, database: Db, now: Now, ip: Ip
    ) -> BaseModel:
        """Has a run end after the page it is at; one that ended stays as it is."""
        deed, action = by.deed(at=now, ip=ip), f"{kind.action}.stop"
        run = await stop_run(database, run_id, deed, kind=kind.kind, action=action)
        return kind.viewed(run)
