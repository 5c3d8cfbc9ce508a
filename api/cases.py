"""Cases of every process for programs: lists, any single one, and its history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api import history_lines
from api.case_filters import processes_for
from api.dependencies import PermissionDenied, Principal, ReadSession, need
from api.documents import shown_document
from api.keyset import SortKey, fetch
from models import case_list, colleagues
from models import history as stored
from models.case_filter import CaseFilter
from models.cases import Case
from rules import words
from rules.case_sight import SEE
from rules.cases import Process
from rules.history import part_of

router = APIRouter(tags=["cases"])

SignedIn = Annotated[Principal, need()]


class CaseQuery(BaseModel):
    """Which cases a program wants; what is left out narrows nothing."""

    model_config = ConfigDict(extra="forbid")

    process: Process | None = None
    stage: str | None = None
    owner: str | None = None
    customer_id: int | None = None
    is_closed: bool | None = None
    is_breached: bool = False
    next_before: AwareDatetime | None = None
    cursor: str | None = None
    limit: int = Field(default=50, ge=1, le=200)


class NextOut(BaseModel):
    """What happens next to a case if nobody acts."""

    kind: str | None
    at: datetime | None
    label: str
    consequence: str


class CaseOut(BaseModel):
    """A case as programs read it."""

    id: int
    process: str
    subject_id: int
    customer_id: int | None
    customer: str | None
    document: str | None
    stage: str
    stage_since: datetime
    owner: str | None
    team_id: int | None
    next: NextOut
    due_at: datetime | None
    breached_at: datetime | None
    opened_at: datetime
    closed_at: datetime | None
    version: int


class CasesOut(BaseModel):
    """A page of cases; `next` is the cursor of the following page."""

    items: list[CaseOut]
    next: str | None


class EventOut(BaseModel):
    """A line of a case's history, as stored and in words."""

    id: int
    at: datetime
    by: str
    kind: str
    part: str
    sentence: str
    parameters: dict[str, Any]


class EventsOut(BaseModel):
    """A stretch of history, the newest first; `next` goes into `before`."""

    items: list[EventOut]
    next: int | None


@router.get("/api/cases")
async def list_cases(
    by: SignedIn, session: ReadSession, asked: Annotated[CaseQuery, Query()]
) -> CasesOut:
    """Cases of the processes that the caller may see, by identity."""
    wanted = CaseFilter(
        processes=processes_for(by, asked.process),
        **asked.model_dump(exclude={"process", "cursor", "limit"}),
    )
    found = await fetch(
        session,
        case_list.select_cases(wanted),
        sort=SortKey("id"),
        cursor=asked.cursor,
        limit=asked.limit,
    )
    return CasesOut(items=[_out(dict(row), by=by) for row in found.rows], next=found.next)


@router.get("/api/cases/{case_id}")
async def read_case(by: SignedIn, session: ReadSession, case_id: int) -> CaseOut:
    """A case, and what happens next if nobody acts."""
    case = await visible_case(session, case_id, by=by)
    statement = case_list.select_cases(CaseFilter((case.process,), case_id=case_id))
    found = await fetch(session, statement, sort=SortKey("id"), cursor=None, limit=1)
    return _out(dict(found.rows[0]), by=by)


@router.get("/api/cases/{case_id}/events")
async def list_events(
    by: SignedIn,
    session: ReadSession,
    case_id: int,
    before: int | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> EventsOut:
    """The history of a case, the newest first."""
    await visible_case(session, case_id, by=by)
    names = await colleagues.names_by_login(session)
    found = await stored.case_events(session, [case_id], before=before, limit=limit)
    items = [
        EventOut(
            id=event.id or 0, at=event.at, by=event.by, kind=event.kind,
            part=part_of(case.process, event.kind, by=event.by),
            sentence=history_lines.tell(case.process, event, names).sentence,
            parameters=event.parameters,
        )
        for event, case in found
    ]  # fmt: skip
    return EventsOut(items=items, next=items[-1].id if len(items) == limit else None)


async def visible_case(session: AsyncSession, case_id: int, *, by: Principal) -> Case:
    """The case. Refuses an unknown one, and one whose process this person may not see."""
    case = await stored.get_case(session, case_id)
    if not by.may(SEE[Process(case.process)]):
        raise PermissionDenied
    return case


def next_words(row: Mapping[str, Any]) -> tuple[str, str]:
    """What comes next to a listed case, and what that means."""
    return words.next_step_words(
        row["process"], row["next_kind"], is_closed=row["closed_at"] is not None
    )


def _out(row: Mapping[str, Any], *, by: Principal) -> CaseOut:
    label, consequence = next_words(row)
    coming = NextOut(kind=row["next_kind"], at=row["next_at"], label=label, consequence=consequence)
    document = shown_document(row["document"], by=by) if row["document"] else None
    return CaseOut.model_validate({**row, "next": coming, "document": document})
