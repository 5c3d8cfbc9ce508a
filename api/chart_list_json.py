"""What the figures of charts 1, 6 and 7 count, for programs: row by row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.chart_lists import Sees
from api.dependencies import ReadSession
from api.keyset import SortKey, fetch
from models import chart_lists as rows
from models.chart_lists import InteractionFilter
from models.recovery_lists import Days

router = APIRouter(tags=["collections"])
NEWEST = SortKey("at", is_descending=True)


class RowsQuery(BaseModel):
    """From a day to a day, both included; what is left out narrows nothing."""

    since: date | None = None
    until: date | None = None
    cursor: str | None = None
    limit: int = Field(default=50, ge=1, le=200)

    @property
    def days(self) -> Days:
        """The days that are asked for."""
        return Days(self.since, self.until)


class InteractionQuery(RowsQuery):
    """Which interactions a program wants; `is_collecting` leaves other desks' letters out."""

    channel: Literal["email", "sms", "app", "contact"] | None = None
    by: str | None = None
    is_collecting: bool = False


class EventQuery(RowsQuery):
    """Whose deeds a program wants."""

    by: str | None = None


class MovementQuery(RowsQuery):
    """Which movements at the bureau a program wants."""

    kind: Literal["registered", "removed"] | None = None


@router.get("/api/collections/interactions")
async def list_interactions(
    _by: Sees, session: ReadSession, asked: Annotated[InteractionQuery, Query()]
) -> dict[str, Any]:
    """Messages that left for customers and contacts, the newest first; `kind` says which."""
    wanted = InteractionFilter(asked.days, asked.channel, asked.by, asked.is_collecting)
    return await _page(session, rows.select_interactions(wanted), asked)


@router.get("/api/collections/events")
async def list_events(
    _by: Sees, session: ReadSession, asked: Annotated[EventQuery, Query()]
) -> dict[str, Any]:
    """What people did in cases of collections, agreements and the bureau, the newest first."""
    return await _page(session, rows.select_events(asked.days, by=asked.by), asked)


@router.get("/api/bureau/movements")
async def list_movements(
    _by: Sees, session: ReadSession, asked: Annotated[MovementQuery, Query()]
) -> dict[str, Any]:
    """Invoices registered at the bureau and removed from it, the newest first."""
    return await _page(session, rows.select_movements(asked.days, kind=asked.kind), asked)


async def _page(session: ReadSession, statement: Any, asked: RowsQuery) -> dict[str, Any]:
    found = await fetch(
        session, statement, sort=NEWEST, cursor=asked.cursor, limit=asked.limit
    )  # fmt: skip
    items: list[Mapping[str, Any]] = [dict(row) for row in found.rows]
    return {"items": items, "next": found.next}
