"""The run of a carrier's file: how far it is, stopping it, what is wrong by line and position."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from activities.carrier_requests import (
    carrier_run,
    is_read,
    may_be_resumed,
    resume_carrier_import,
    stop_carrier_import,
)
from api.carrier_words import RUN_STATUSES, badge, layout_name
from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.import_values import duration, shown_error
from api.language import N_
from api.listing import Column, Listing
from api.rendering import redirect
from api.table import Kind
from models.bulk import BulkRun
from models.carrier_invoices import select_unread
from models.carriers import normalise_account
from models.colleagues import names_by_login
from models.database import Database
from models.import_list import select_import_errors
from models.people import Deed, record
from models.rows import rows_of
from rules.carrier_reading import LISTED
from rules.import_progress import progress
from rules.runs import UNDER_WAY, RunStatus

router = APIRouter(include_in_schema=False)

Act = Annotated[Principal, need("carriers:act")]

PROBLEMS = Listing(
    columns=(
        Column("line", N_("Linha"), Kind.NUMBER),
        Column("field", N_("Posição")),
        Column("message", N_("O que há de errado")),
        Column("value", N_("Valor")),
        Column("code", N_("Código"), is_extra=True),
    ),
    default_sort="id",
    empty=N_("Nenhum problema."),
)


UNREAD = Listing(
    columns=(
        Column("line", N_("Linha"), Kind.NUMBER),
        Column("record", N_("Registro")),
        Column("text", N_("Como veio no arquivo")),
    ),
    default_sort="id",
    empty=N_("Todas as linhas foram lidas."),
)


class CarrierRunView(BaseModel):
    """The run of a carrier's file as programs read it; `invoice_id` once there is an invoice.

    `replaces_id` is the invoice whose place it is to take, `known_invoice_id` the one that it is
    another file of, and was refused for. `total` and `done` are bytes; `errors` are those found so
    far.
    """

    id: int
    status: RunStatus
    is_stopping: bool
    may_stop: bool
    may_resume: bool
    total: int
    done: int
    percent: int
    bytes_per_second: int | None
    seconds_left: int | None
    errors: int
    findings: int
    file: str
    layout: str | None
    lines: int | None
    invoice_id: int | None
    replaces_id: int | None
    known_invoice_id: int | None
    requested_by: str
    requested_at: datetime
    finished_at: datetime | None

    @property
    def is_under_way(self) -> bool:
        """Whether it works, or is about to."""
        return self.status in UNDER_WAY


def view_of(run: BulkRun, *, now: datetime) -> CarrierRunView:
    """A run as it stands."""
    pace = progress(
        done=run.done, total=run.total, started_at=run.started_at, now=run.finished_at or now
    )
    return CarrierRunView(
        **run.model_dump(include=set(CarrierRunView.model_fields)),
        is_stopping=run.stop_requested and run.status in UNDER_WAY,
        may_stop=run.status in UNDER_WAY and not run.stop_requested and not is_read(run),
        may_resume=may_be_resumed(run),
        bytes_per_second=pace.per_second,
        seconds_left=pace.seconds_left if run.status in UNDER_WAY and not is_read(run) else None,
        percent=100 if run.status == RunStatus.DONE else pace.percent,
        findings=run.summary.get("findings", 0),
        file=run.parameters["file"]["name"],
        layout=run.summary.get("layout"),
        lines=run.summary.get("lines"),
        invoice_id=run.parameters.get("invoice_id") or run.summary.get("invoice_id"),
        replaces_id=run.parameters.get("replaces_id"),
        known_invoice_id=run.summary.get("known_invoice_id"),
    )


def shown(run: BulkRun, *, now: datetime) -> dict[str, Any]:
    """What the page of a run shows."""
    view = view_of(run, now=now)
    counts: dict[str, int] = run.summary.get("faults", {})
    return {
        "run": view,
        "state": badge(RUN_STATUSES[view.status]),
        "left": duration(view.seconds_left),
        "layout_told": layout_name(view.layout or ""),
        "unlisted": sum(max(0, count - LISTED) for count in counts.values()),
    }


async def stop(database: Database, run_id: int, *, deed: Deed) -> BulkRun:
    """This will stop the reading of a file; nothing of it is written."""
    async with database.write() as session:
        run = await stop_carrier_import(session, run_id)
        record(session, deed, "carrier_file.stop", subject=f"run/{run_id}")
        return run


async def resume(database: Database, run_id: int, *, deed: Deed) -> BulkRun:
    """This will have a stopped file read again."""
    async with database.write() as session:
        run = await resume_carrier_import(session, run_id, at=deed.at)
        record(session, deed, "carrier_file.resume", subject=f"run/{run_id}")
        return run


@router.get("/operadoras/importacoes/{run_id:int}")
async def run_page(
    request: Request,
    by: Annotated[Principal, need("carriers:see")],
    session: ReadSession,
    now: Now,
    run_id: int,
) -> Response:
    """How far a file is, and what is wrong in it."""
    run = await carrier_run(session, run_id)
    unread = await rows_of(session, select_unread(run_id).limit(1))
    return await PROBLEMS.view(request).answer(
        session,
        select_import_errors(run_id),
        "pages/carriers/run.html",
        present=_problem,
        may_act=by.may("carriers:act"),
        unknown_account=_unknown_account(run) if by.is_of_house else "",
        has_unread=bool(unread),
        people=await names_by_login(session),
        **shown(run, now=now),
    )


def _unknown_account(run: BulkRun) -> str:
    """The account that nobody registered, for whose file this was refused."""
    return normalise_account(run.summary.get("unknown_account", ""))


def _problem(row: Mapping[str, Any]) -> dict[str, Any]:
    """A problem of the file as a whole has no position."""
    shown = shown_error(row)
    return shown if shown["line"] else {**shown, "field": ""}


@router.get("/operadoras/importacoes/{run_id:int}/nao-lidas", dependencies=[need("carriers:see")])
async def unread_page(request: Request, session: ReadSession, run_id: int) -> Response:
    """The lines of a file that nobody could read, as they came."""
    run = await carrier_run(session, run_id)
    return await UNREAD.view(request).answer(
        session, select_unread(run_id), "pages/carriers/unread.html",
        present=dict, run_id=run_id, file=run.parameters["file"]["name"],
    )  # fmt: skip


@router.post("/operadoras/importacoes/{run_id:int}/parar")
async def stop_on_page(
    request: Request, by: Act, database: Db, now: Now, ip: Ip, run_id: int
) -> Response:
    """Stop reading; nothing of the file is written."""
    await stop(database, run_id, deed=by.deed(at=now, ip=ip))
    return redirect(request, f"/operadoras/importacoes/{run_id}")


@router.post("/operadoras/importacoes/{run_id:int}/retomar")
async def resume_on_page(
    request: Request, by: Act, database: Db, now: Now, ip: Ip, run_id: int
) -> Response:
    """Read a stopped file again."""
    await resume(database, run_id, deed=by.deed(at=now, ip=ip))
    return redirect(request, f"/operadoras/importacoes/{run_id}")
