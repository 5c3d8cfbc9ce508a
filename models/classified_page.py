"""A page of a classification: whom it covers, and how its rows are known afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_
from sqlmodel import col

from models.cases import Case
from models.invoices import Invoice
from rules.cases import Process, Step
from rules.collections import AccountStage


@dataclass(frozen=True)
class Page:
    """Customers from `first` to `last`, both included, classified at one instant in one run.

    `step` is what comes next to an account that begins; `team_id` whose inbox it is for. The rows
    that a page wrote are known by its instant: no other transaction writes the same one.
    """

    first: int
    last: int
    at: datetime
    by: str
    run_id: int
    step: Step
    team_id: int | None = None

    @property
    def fresh(self) -> ColumnElement[bool]:
        """The invoices that this page classified.

        Their stage is not asked for: SQLite would read all that were ever classified.
        """
        return and_(
            col(Invoice.customer_id).between(self.first, self.last),
            col(Invoice.stage_since) == self.at,
        )

    @property
    def begun(self) -> ColumnElement[bool]:
        """The accounts that this page opened, or opened again."""
        return and_(
            col(Case.process) == Process.COLLECTIONS,
            col(Case.stage) == AccountStage.CLASSIFIED,
            col(Case.stage_since) == self.at,
            col(Case.subject_id).between(self.first, self.last),
        )
