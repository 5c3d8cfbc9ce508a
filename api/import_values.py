"""Imports as pages and programs see them: words, progress, counts of each file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from activities.import_requests import can_be_applied
from api.language import N_, gettext, ngettext, told
from api.table import Badge, Tone
from models.bulk import BulkRun
from rules.import_columns import ImportKind
from rules.import_progress import progress
from rules.runs import UNDER_WAY, RunStatus

KIND_LABELS = {
    ImportKind.CUSTOMERS: N_("Clientes"),
    ImportKind.CONTRACTS: N_("Contratos"),
    ImportKind.INVOICES: N_("Faturas"),
    ImportKind.AGREEMENTS: N_("Acordos"),
    ImportKind.PAYMENTS: N_("Pagamentos"),
}
STATUS_BADGES = {
    RunStatus.WAITING: (N_("Na fila"), Tone.GREY),
    RunStatus.RUNNING: (N_("Importando"), Tone.BLUE),
    RunStatus.STOPPED: (N_("Parada"), Tone.YELLOW),
    RunStatus.FAILED: (N_("Recusada"), Tone.RED),
    RunStatus.DONE: (N_("Concluída"), Tone.GREEN),
}
#: Nothing is imported by a dry run.
TRIED_BADGES = {
    **STATUS_BADGES,
    RunStatus.RUNNING: (N_("Simulando"), Tone.BLUE),
    RunStatus.DONE: (N_("Simulada"), Tone.GREEN),
}


class FileView(BaseModel):
    """One file of an import, and what became of its rows so far."""

    name: str
    kind: str
    size: int
    sha256: str
    encoding: str | None = None
    separator: str | None = None
    rows: int | None = None
    ignored_columns: list[str] = []
    done: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0


class ImportView(BaseModel):
    """An import as programs read it."""

    id: int
    status: RunStatus
    is_dry_run: bool
    is_stopping: bool
    total: int
    done: int
    changed: int = Field(description="rows written, or that a dry run's import would write")
    unchanged: int
    errors: int
    percent: int
    rows_per_second: int | None
    seconds_left: int | None
    requested_by: str
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    files: list[FileView]

    @property
    def is_under_way(self) -> bool:
        """Whether it works, or is about to."""
        return self.status in UNDER_WAY


def view_of(run: BulkRun, *, now: datetime) -> ImportView:
    """An import as it stands."""
    pace = progress(
        done=run.done, total=run.total, started_at=run.started_at, now=run.finished_at or now
    )
    return ImportView(
        **run.model_dump(include=set(ImportView.model_fields)),
        is_stopping=run.stop_requested and run.status in UNDER_WAY,
        percent=pace.percent,
        rows_per_second=pace.per_second,
        seconds_left=pace.seconds_left if run.status in UNDER_WAY else None,
        files=_files(run),
    )


def shown(run: BulkRun, *, now: datetime) -> dict[str, Any]:
    """What the page of an import shows, beside the import itself."""
    view = view_of(run, now=now)
    return {
        "run": view,
        "badge_of": badge_of(view.status, is_dry_run=view.is_dry_run),
        "kinds": {str(kind): gettext(label) for kind, label in KIND_LABELS.items()},
        "left": duration(view.seconds_left),
        "can_be_applied": can_be_applied(run),
    }


def badge_of(status: str, *, is_dry_run: bool) -> Badge:
    """Where an import stands, or a dry run of one."""
    text, tone = (TRIED_BADGES if is_dry_run else STATUS_BADGES)[RunStatus(status)]
    return Badge(gettext(text), tone)


def shown_error(row: Mapping[str, Any]) -> dict[str, Any]:
    """What was wrong with a row, in the language of the request."""
    places = dict(row["places"])
    if places.get("kind") in KIND_LABELS:
        places["kind"] = gettext(KIND_LABELS[places["kind"]]).lower()
    return {**row, "message": told(row["message"], places), "line": row["line"] or None}


def _files(run: BulkRun) -> list[FileView]:
    uploaded = {each["path"]: each for each in run.parameters["files"]}
    if "files" not in run.summary:
        return [FileView(**each) for each in uploaded.values()]
    return [
        _looked_through(uploaded[facts["path"]], facts, counts)
        for facts, counts in zip(run.summary["files"], run.summary["counts"], strict=True)
    ]


def _looked_through(
    uploaded: dict[str, Any], facts: dict[str, Any], counts: dict[str, int]
) -> FileView:
    header = facts["header"]
    pairs = zip(header["titles"], header["fields"], strict=True)
    return FileView(
        **{
            **uploaded,
            "kind": header["kind"],
            "encoding": facts["encoding"],
            "separator": header["separator"],
            "rows": facts["rows"],
            "ignored_columns": [title for title, field in pairs if field is None and title],
            "done": counts["rows"],
            "new": counts["new"],
            "changed": counts["changed"],
            "unchanged": counts["unchanged"],
            "refused": counts["refused"],
        }
    )


def duration(seconds: int | None) -> str:
    """How long something takes, in words; empty while nobody can tell."""
    if seconds is None:
        return ""
    if seconds < 90:
        return ngettext("%(num)s segundo", "%(num)s segundos", seconds)
    return ngettext("%(num)s minuto", "%(num)s minutos", round(seconds / 60))
