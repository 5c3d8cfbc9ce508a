"""The classifier on demand: starting a run, watching its progress, stopping it."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from activities.classification import KIND, start_classification
from api.language import N_
from api.panels import ROOT
from api.run_routes import RunKind, add_run_routes

router = APIRouter(tags=["collections"])


class RunView(BaseModel):
    """A run of the classifier and how far it is; `done` and `total` are customers."""

    id: int
    status: str
    total: int
    done: int
    invoices: int
    requested_by: str
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    stop_requested: bool


add_run_routes(
    router,
    RunKind(
        kind=KIND, action="classification", path=f"{ROOT}/classificacoes",
        api_path="/api/collections/classifications", see="collections.classified:see",
        act="collections.classified:act", start=start_classification,
        page="pages/collections/panel_run.html", progress="pages/collections/panel_progress.html",
        stopping=N_("A classificação vai parar em instantes."), view=RunView,
        told=lambda run: {"invoices": run.changed},
    ),
)  # fmt: skip
