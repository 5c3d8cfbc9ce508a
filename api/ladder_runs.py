"""The ladder's runs: what tomorrow would bring, running it now, watching it, stopping it."""

from __future__ import annotations

from datetime import datetime, timedelta
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
from api.dependencies import Now, Principal, ReadSession, Today, need
from api.forms import Key
from api.inputs import Input
from api.ladder_forms import ACTIONS
from api.ladder_json import preview_json
from api.ladders import PATH
from api.language import N_, gettext
from api.rendering import page
from api.run_routes import RunKind, add_run_routes
from api.tomorrow_tools import LONGEST_REASON, Editing, Tool, add_tools
from models import runs
from models.bulk import BulkRun
from models.colleagues import names_by_login
from models.legal_notices import UNAPPROVED
from models.policies import load_policy
from models.search import customers_called
from rules.ladder_steps import LadderPolicy

router = APIRouter(tags=["ladders"])

Sees = Annotated[Principal, need("ladders:see")]


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


class ApprovedInvoices(Input):
    """The invoices approved, by their numbers in this system; None: all that tomorrow brings."""

    ids: list[Key] | None = Field(default=None, max_length=1000)


class PickedInvoices(Input):
    """The invoices meant, by their numbers in this system."""

    ids: list[Key] = Field(min_length=1, max_length=1000)


class TakenOutInvoices(PickedInvoices):
    """The invoices that stay out of tomorrow, and why."""

    reason: str = Field(default="", max_length=LONGEST_REASON)


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


@router.get("/api/ladder-preview")
async def preview(_by: Sees, session: ReadSession, now: Now, today: Today) -> dict[str, Any]:
    """What all ladders would do tomorrow; nothing is changed."""
    told = preview_json(await preview_of_day(session, at=now, today=today))
    out = await taken_out(session, today=today)
    return {**told, "taken_out": [vars(each) for each in out]}


async def _take_out(day: Editing, asked: TakenOutInvoices) -> int:
    """Keeps invoices out of tomorrow; those out already, or unknown, are not counted.

    What remains of their steps comes a day later.
    """
    return await take_out(
        day.session, asked.ids, reason=asked.reason, today=day.today, deed=day.deed
    )


async def _put_back(day: Editing, asked: PickedInvoices) -> int:
    """Lets tomorrow's steps run on invoices after all."""
    return await put_back(day.session, asked.ids, today=day.today, deed=day.deed)


async def _approve(day: Editing, asked: ApprovedInvoices) -> int:
    """Approves tomorrow's steps on invoices; without any named, all of tomorrow."""
    if asked.ids is None:
        return await approve_all(day.session, today=day.today, deed=day.deed)
    return await approve(day.session, asked.ids, today=day.today, deed=day.deed)


async def _approve_all(day: Editing, _asked: ApprovedInvoices) -> int:
    """Approves all of tomorrow."""
    return await _approve(day, ApprovedInvoices())


async def _disapprove(day: Editing, asked: PickedInvoices) -> int:
    """Takes approvals of tomorrow back."""
    return await disapprove(day.session, asked.ids, today=day.today, deed=day.deed)


APPROVED = N_("%(n)s fatura(s) aprovadas para amanhã.")
TOOLS = (
    Tool("retirada", "taken-out", "taken_out", N_("%(n)s fatura(s) fora de amanhã."),
         TakenOutInvoices, _take_out),
    Tool("volta", "put-back", "put_back", N_("%(n)s fatura(s) de volta em amanhã."),
         PickedInvoices, _put_back),
    Tool("aprovacao", "approvals", "approved", APPROVED, ApprovedInvoices, _approve),
    Tool("aprovacao/tudo", "", "", APPROVED, ApprovedInvoices, _approve_all),
    Tool("desaprovacao", "disapprovals", "disapproved",
         N_("Aprovação retirada de %(n)s fatura(s)."), PickedInvoices, _disapprove),
)  # fmt: skip

add_tools(router, TOOLS, path=TOMORROW, api_path="/api/ladder-preview", back=TOMORROW)


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
