"""Kickoffs for programs: listed, read, and every command on one."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api.actions import add_commands
from api.dependencies import Now, ReadSession
from api.keyset import SortKey, fetch
from api.kickoff_commands import ACTIONS, Act, See
from api.ticket_values import clock_out
from models import kickoff as kickoffs
from models.cases import Case, case_of
from models.kickoff import Kickoff
from models.service_clocks import clocks_of
from rules.cases import Process
from rules.kickoff import KickoffStage
from rules.kickoff_commands import KickoffNotFound

router = APIRouter(prefix="/api/kickoffs", tags=["kickoffs"])


class KickoffQuery(BaseModel):
    """Which kickoffs a program wants; what is left out narrows nothing."""

    stage: KickoffStage | None = None
    contract_id: int | None = None
    is_open: bool = False
    is_breached: bool = False
    text: str | None = None
    cursor: str | None = None
    limit: int = Field(default=50, ge=1, le=200)


@router.get("")
async def list_kickoffs(
    by: See, session: ReadSession, asked: Annotated[KickoffQuery, Query()]
) -> dict[str, Any]:
    """Kickoffs, the newest first; `next` is the cursor of the following page."""
    statement = kickoffs.select_kickoffs(**asked.model_dump(exclude={"cursor", "limit"}))
    found = await fetch(
        session, statement, sort=SortKey("id", is_descending=True), cursor=asked.cursor,
        limit=asked.limit,
    )  # fmt: skip
    return {"items": [dict(row) for row in found.rows], "next": found.next}


@router.get("/{kickoff_id}")
async def read_kickoff(kickoff_id: int, by: See, session: ReadSession, now: Now) -> dict[str, Any]:
    """A kickoff with its dates, check-list and clocks."""
    kickoff, case = await found_kickoff(session, kickoff_id)
    clocks = await clocks_of(session, case.number)
    return {
        **kickoff.model_dump(mode="json"),
        "installation_amount": str(kickoff.installation_amount),
        "version": case.version,
        "next": {"kind": case.next_kind, "at": case.next_at},
        "clocks": [clock_out(kind, timed, now=now) for kind, timed in clocks.items()],
        "dates": [each.at for each in await kickoffs.dates_of(session, kickoff_id)],
        "items": [
            item.model_dump(mode="json", exclude={"kickoff_id", "reopened_at"})
            for item in await kickoffs.items_of(session, kickoff_id)
        ],
    }


add_commands(router, "/{kickoff_id}", Process.KICKOFF, ACTIONS, act=Act)


async def found_kickoff(session: AsyncSession, kickoff_id: int) -> tuple[Kickoff, Case]:
    """A kickoff and its case. Refuses KickoffNotFound."""
    kickoff = await session.get(Kickoff, kickoff_id)
    case = await case_of(session, process=Process.KICKOFF, subject_id=kickoff_id)
    if kickoff is None or case is None:
        raise KickoffNotFound
    return kickoff, case
