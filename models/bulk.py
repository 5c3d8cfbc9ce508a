"""Bulk runs: long work over many rows, its progress, its errors, and the wish to stop it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.base import facts, identity, instant, reference


class BulkRun(SQLModel, table=True):
    """One run of a bulk work: classification, import. `key` keeps a day from being run twice."""

    __tablename__ = "bulk_runs"
    __table_args__ = (Index("ix_bulk_runs_kind", "kind", "id"),)

    id: int | None = identity()
    key: str = Field(unique=True, max_length=120)
    kind: str = Field(max_length=30)
    business_date: date
    status: str = Field(
        default="waiting", max_length=12, description="waiting, running, stopped, failed, done"
    )
    is_dry_run: bool = False
    total: int = 0
    done: int = 0
    changed: int = 0
    unchanged: int = 0
    errors: int = 0
    position: dict[str, Any] = facts()
    parameters: dict[str, Any] = facts()
    summary: dict[str, Any] = facts()
    stop_requested: bool = False
    requested_by: str = Field(max_length=60)
    requested_at: datetime = instant()
    started_at: datetime | None = instant(None)
    finished_at: datetime | None = instant(None)

    @property
    def number(self) -> int:
        """The run's identity once it is stored."""
        assert self.id is not None  # noqa: S101 - for the type: a stored row has one
        return self.id


class BulkError(SQLModel, table=True):
    """A row that a bulk run refused, and why."""

    __tablename__ = "bulk_errors"
    __table_args__ = (Index("ix_bulk_errors_run", "run_id", "id"),)

    id: int | None = identity()
    run_id: int = reference("bulk_runs.id", index=False)
    file: str = Field(default="", max_length=40)
    line: int = 0
    field: str = Field(default="", max_length=60)
    code: str = Field(max_length=60)
    message: str = Field(max_length=500)
    value: str = Field(default="", max_length=200)
    #: What fills the places of the message (rules/sentences.py).
    places: dict[str, Any] = facts()
