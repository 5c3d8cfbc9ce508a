"""Bank return files as pages and programs see them: words, progress, what the lines come to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from api.language import gettext, told
from api.payment_words import FILE_PROBLEMS, OUTCOMES, RUN_STATUSES, badge, bank_name
from api.table import Chip
from models.bank_returns import BankReturnFile
from models.bulk import BulkRun
from rules.bank_returns import PAID, TO_BE_SEEN, LineOutcome
from rules.cnab_240 import LAYOUTS as LAYOUTS_240
from rules.cnab_400 import LAYOUTS as LAYOUTS_400
from rules.cnab_titles import FileProblem
from rules.import_progress import progress
from rules.money import ZERO
from rules.return_files import is_sample
from rules.runs import UNDER_WAY, RunStatus

FORMS: Mapping[str, Mapping[str, Any]] = {"240": LAYOUTS_240, "400": LAYOUTS_400}
#: The banks whose files are read, each with the forms.
BANKS_READ = [
    (bank_name(code), ", ".join(form for form, known in FORMS.items() if code in known))
    for code in sorted({*LAYOUTS_240, *LAYOUTS_400})
]


class OutcomeView(BaseModel):
    """How many lines of one kind a file has, and what was paid by them."""

    outcome: LineOutcome
    lines: int
    amount: Decimal


class BankReturnView(BaseModel):
    """A bank's return file as programs read it.

    `lines` are those of the file, of which `total` are reported: titles, and what was not read.
    """

    id: int
    status: RunStatus
    is_stopping: bool
    name: str
    bank: str
    columns: int
    sequence: str
    digest: str
    lines: int
    total: int
    done: int
    percent: int
    payments: int
    to_be_seen: int
    paid: Decimal
    fees: Decimal
    problems: list[FileProblem]
    outcomes: list[OutcomeView]
    requested_by: str
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def is_under_way(self) -> bool:
        """Whether it works, or is about to."""
        return self.status in UNDER_WAY


class BankReturnLineView(BaseModel):
    """A reported line as programs read it; `why` says why nothing was done."""

    id: int
    line: int
    outcome: LineOutcome
    why: str
    our_number: str
    your_number: str
    movement: str
    occurred_on: date | None
    credited_on: date | None
    face_amount: Decimal
    paid_amount: Decimal
    charges: Decimal
    fee: Decimal
    excess: Decimal
    left: Decimal
    invoice_id: int | None
    invoice_code: str | None


def view_of(run: BulkRun, file: BankReturnFile, *, now: datetime) -> BankReturnView:
    """A file as it stands."""
    pace = progress(
        done=run.done, total=run.total, started_at=run.started_at, now=run.finished_at or now
    )
    outcomes = _outcomes(run.summary)
    return BankReturnView(
        **run.model_dump(include={*BankReturnView.model_fields} - {"name"}),
        **file.model_dump(include={"name", "bank", "columns", "sequence", "digest"}),
        is_stopping=run.stop_requested and run.status in UNDER_WAY,
        lines=run.summary.get("lines", 0),
        percent=100 if run.status == RunStatus.DONE else pace.percent,
        payments=run.changed,
        to_be_seen=run.errors,
        paid=paid_by(run.summary),
        fees=Decimal(run.summary.get("fees", "0.00")),
        problems=run.summary.get("problems", []),
        outcomes=outcomes,
    )


def paid_by(summary: Mapping[str, Any]) -> Decimal:
    """What the payments of a file come to."""
    return sum((each.amount for each in _outcomes(summary) if each.outcome in PAID), ZERO)


def shown(
    run: BulkRun, file: BankReturnFile, *, now: datetime, chosen: str | None
) -> dict[str, Any]:
    """What the page of a file shows beside its lines."""
    view = view_of(run, file, now=now)
    path = f"/pagamentos/retornos/{run.id}"
    chips = [
        Chip(
            badge(OUTCOMES[each.outcome]).text, each.lines,
            f"{path}?situacao={each.outcome}", amount=each.amount if each.amount else None,
            is_current=chosen == each.outcome,
            icon="alert-triangle" if each.outcome in TO_BE_SEEN else "",
        )
        for each in view.outcomes
    ]  # fmt: skip
    return {
        "run": view,
        "state": badge(RUN_STATUSES[view.status]),
        "bank": bank_name(view.bank),
        "is_sample": is_sample(file.company),
        "problems": [gettext(FILE_PROBLEMS[problem]) for problem in view.problems],
        "chips": chips,
    }


def shown_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A file in the list of files."""
    number = f" nº {row['sequence']}" if row["sequence"] else ""
    return {
        **row,
        "label": row["name"],
        "bank": bank_name(row["bank"]),
        "layout": f"CNAB {row['columns']}{number}",
        "amount": paid_by(row["summary"]),
        "state": badge(RUN_STATUSES[RunStatus(row["status"])]),
    }


def shown_line(row: Mapping[str, Any]) -> dict[str, Any]:
    """A line of the report."""
    links = {}
    if row["invoice_id"]:
        links["invoice"] = f"/cobrancas/faturas/{row['invoice_id']}/pagamento"
    return {
        **row,
        **{name: row[name] or None for name in ("charges", "excess", "fee", "left")},
        "label": str(row["line"]),
        "state": badge(OUTCOMES[LineOutcome(row["outcome"])]),
        "why": told(row["message"], row["places"]) if row["message"] else "",
        "invoice": row["invoice_number"] or row["invoice_code"] or "",
        "links": links,
    }


def line_view(row: Mapping[str, Any]) -> BankReturnLineView:
    """A line for programs, its reason in the language of the request."""
    why = told(row["message"], row["places"]) if row["message"] else ""
    return BankReturnLineView(**row, why=why)


def _outcomes(summary: Mapping[str, Any]) -> list[OutcomeView]:
    kept = summary.get("outcomes", {})
    return [OutcomeView(outcome=each, **kept[each]) for each in LineOutcome if each in kept]
