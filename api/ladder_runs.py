"""The ladder's runs: what tomorrow would bring, running it now, watching it, stopping it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from activities.ladder import KIND, start_ladder
from activities.ladder_approvals import approvals_of, approve, approve_all, disapprove
from activities.ladder_days_out import put_back, take_out, taken_out
from activities.ladder_preview import preview_of_day
from api.coming import tomorrow
from api.coming_days import TOMORROW
from api.dependencies import Db, Ip, Now, Principal, ReadSession, Today, need
from api.ladder_forms import ACTIONS
from api.ladder_json import preview_json
from api.ladders import PATH
from api.language import N_, gettext
from api.rendering import page, redirect
from api.run_routes import RunKind, add_run_routes
from models import runs
from models.bulk import BulkRun
from models.colleagues import names_by_login
from models.database import Database
from models.legal_notices import UNAPPROVED
from models.people import Deed
from models.policies import load_policy
from models.search import customers_called
from rules.ladder_steps import LadderPolicy

router = APIRouter(tags=["ladders"])

Sees = Annotated[Principal, need("ladders:see")]
Edits = Annotated[Principal, need("ladders:edit")]


class LadderRunView(BaseModel):
    """A run of the ladder and how far it is; `done` and `total` are customers."""

    id: int
    status: str
    business_date: str
    total: int
    done: int
    steps: int
    summary: dict[str, Any]
    requested_by: str
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    stop_requested: bool


class ApprovalInput(BaseModel):
    """The invoices approved, by their numbers in this system; None: all that tomorrow brings."""

    ids: list[Annotated[int, Field(ge=1, le=10**15)]] | None = Field(default=None, max_length=1000)


class PickedInput(BaseModel):
    """The invoices meant, by their numbers in this system."""

    ids: list[Annotated[int, Field(ge=1, le=10**15)]] = Field(min_length=1, max_length=1000)


class TakenOutInput(PickedInput):
    """The invoices that stay out of tomorrow, and why."""

    reason: str = Field(default="", max_length=1000)


# --- pages ----------------------------------------------------------------------------------------


@router.get(TOMORROW, include_in_schema=False)
async def tomorrow_page(
    request: Request, by: Sees, session: ReadSession, now: Now, today: Today,
    busca: Annotated[str, Query(max_length=100)] = "",
) -> Response:  # fmt: skip
    """The dry run of tomorrow: who would be written to, suspended, forwarded, registered."""
    whose = await customers_called(session, busca.strip()) if busca.strip() else None
    found = await preview_of_day(session, at=now, today=today, whose=whose)
    latest = await runs.latest_run(session, kind=KIND)
    shown = {name.invoice_id for each in found.effects for name in each.names}
    return page(
        request, "pages/ladder/tomorrow.html", now=now, found=found, latest=latest,
        out=await taken_out(session, today=today),
        approved=await approvals_of(session, shown, on=today + timedelta(days=1)),
        coming=await tomorrow(session, today, by=by, whose=whose), search=busca,
        people=await names_by_login(session),
        waits=(await load_policy(session, LadderPolicy())).waits_for_approval,
        action_words=ACTIONS, may_edit=by.may("ladders:edit"),
    )  # fmt: skip


@router.post(f"{TOMORROW}/retirada", include_in_schema=False)
async def take_out_by_page(
    request: Request, by: Edits, database: Db, now: Now, today: Today, ip: Ip
) -> Response:
    """Keeps the picked invoices out of tomorrow; what remains comes a day later."""
    ids, reason = await _picked(request), str((await request.form()).get("reason", ""))[:1000]
    out = await _take_out(database, ids, reason, today, by.deed(at=now, ip=ip))
    return redirect(request, TOMORROW, N_("%(n)s fatura(s) fora de amanhã."), n=out)


@router.post(f"{TOMORROW}/volta", include_in_schema=False)
async def put_back_by_page(
    request: Request, by: Edits, database: Db, now: Now, today: Today, ip: Ip
) -> Response:
    """Lets tomorrow's steps run on the picked invoices after all."""
    ids = await _picked(request)
    back = await _put_back(database, ids, today, by.deed(at=now, ip=ip))
    return redirect(request, TOMORROW, N_("%(n)s fatura(s) de volta em amanhã."), n=back)


@router.post(f"{TOMORROW}/aprovacao", include_in_schema=False)
async def approve_by_page(
    request: Request, by: Edits, database: Db, now: Now, today: Today, ip: Ip
) -> Response:
    """Approves tomorrow's steps on the picked invoices."""
    ids = await _picked(request)
    new = await _approve(database, ids, today, by.deed(at=now, ip=ip))
    return redirect(request, TOMORROW, N_("%(n)s fatura(s) aprovadas para amanhã."), n=new)


@router.post(f"{TOMORROW}/aprovacao/tudo", include_in_schema=False)
async def approve_all_by_page(
    request: Request, by: Edits, database: Db, now: Now, today: Today, ip: Ip
) -> Response:
    """Approves all of tomorrow."""
    new = await _approve(database, None, today, by.deed(at=now, ip=ip))
    return redirect(request, TOMORROW, N_("%(n)s fatura(s) aprovadas para amanhã."), n=new)


@router.post(f"{TOMORROW}/desaprovacao", include_in_schema=False)
async def disapprove_by_page(
    request: Request, by: Edits, database: Db, now: Now, today: Today, ip: Ip
) -> Response:
    """Takes approvals of tomorrow back."""
    ids = await _picked(request)
    async with database.write() as session:
        back = await disapprove(session, ids, today=today, deed=by.deed(at=now, ip=ip))
    return redirect(request, TOMORROW, N_("Aprovação retirada de %(n)s fatura(s)."), n=back)


async def _approve(database: Database, ids: list[int] | None, today: date, deed: Deed) -> int:
    async with database.write() as session:
        if ids is None:
            return await approve_all(session, today=today, deed=deed)
        return await approve(session, ids, today=today, deed=deed)


async def _picked(request: Request) -> list[int]:
    sent = (await request.form()).getlist("ids")
    short = (each for each in sent if isinstance(each, str) and each.isdecimal() and len(each) < 16)
    return sorted({int(each) for each in short})


async def _take_out(
    database: Database, ids: list[int], reason: str, today: date, deed: Deed
) -> int:
    async with database.write() as session:
        return await take_out(session, ids, reason=reason, today=today, deed=deed)


async def _put_back(database: Database, ids: list[int], today: date, deed: Deed) -> int:
    async with database.write() as session:
        return await put_back(session, ids, today=today, deed=deed)


# --- JSON -----------------------------------------------------------------------------------------


@router.get("/api/ladder-preview")
async def preview(_by: Sees, session: ReadSession, now: Now, today: Today) -> dict[str, Any]:
    """What all ladders would do tomorrow; nothing is changed."""
    told = preview_json(await preview_of_day(session, at=now, today=today))
    out = await taken_out(session, today=today)
    return {**told, "taken_out": [vars(each) for each in out]}


@router.post("/api/ladder-preview/taken-out")
async def take_out_by_program(
    body: TakenOutInput, by: Edits, database: Db, now: Now, today: Today, ip: Ip
) -> dict[str, int]:
    """Keeps invoices out of tomorrow; those out already, or unknown, are not counted."""
    deed = by.deed(at=now, ip=ip)
    return {"taken_out": await _take_out(database, body.ids, body.reason, today, deed)}


@router.post("/api/ladder-preview/put-back")
async def put_back_by_program(
    body: PickedInput, by: Edits, database: Db, now: Now, today: Today, ip: Ip
) -> dict[str, int]:
    """Lets tomorrow's steps run on invoices after all."""
    return {"put_back": await _put_back(database, body.ids, today, by.deed(at=now, ip=ip))}


@router.post("/api/ladder-preview/approvals")
async def approve_by_program(
    body: ApprovalInput, by: Edits, database: Db, now: Now, today: Today, ip: Ip
) -> dict[str, int]:
    """Approves tomorrow's steps on invoices; without any named, all of tomorrow."""
    return {"approved": await _approve(database, body.ids, today, by.deed(at=now, ip=ip))}


@router.post("/api/ladder-preview/disapprovals")
async def disapprove_by_program(
    body: PickedInput, by: Edits, database: Db, now: Now, today: Today, ip: Ip
) -> dict[str, int]:
    """Takes approvals of tomorrow back."""
    async with database.write() as session:
        deed = by.deed(at=now, ip=ip)
        return {"disapproved": await disapprove(session, body.ids, today=today, deed=deed)}


def _shown(run: BulkRun) -> dict[str, Any]:
    done = [
        (gettext(label), run.summary[action])
        for action, (label, _, _) in ACTIONS.items()
        if run.summary.get(action)
    ]
    if run.summary.get(UNAPPROVED):
        done.append((gettext("Faturas à espera de aprovação"), run.summary[UNAPPROVED]))
    return {"done": done}


add_run_routes(
    router,
    RunKind(
        kind=KIND, action="ladder", path=f"{PATH}/execucoes", api_path="/api/ladder-runs",
        see="ladders:see", act="ladders:edit", start=start_ladder,
        page="pages/ladder/run.html", progress="pages/ladder/progress.html",
        stopping=N_("A régua vai parar em instantes."), view=LadderRunView,
        told=lambda run: {"business_date": run.business_date.isoformat(), "steps": run.changed},
        shown=_shown,
    ),
)  # fmt: skip
