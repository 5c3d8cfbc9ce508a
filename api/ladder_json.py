"""The ladders as programs read, change and try them; their editor's saving too."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.ladder_edit import Draft, rungs_of, save_ladder
from activities.ladder_preview import Preview, preview_of_draft
from api.dependencies import Db, Ip, Now, Principal, ReadSession, Today, need
from api.ladder_forms import LadderInput
from api.once import NamedRequest
from models.ladder_tables import Ladder
from models.ladders import every_ladder, ladder_of, versions_of
from models.people import Deed
from rules.ladder_edit import check_steps

router = APIRouter(tags=["ladders"])

Edits = Annotated[Principal, need("ladders:edit")]


class SavedLadder(BaseModel):
    """Which version of a ladder was saved."""

    id: int
    version: int


@router.get("/api/ladders", dependencies=[need("ladders:see")])
async def list_ladders(session: ReadSession) -> list[dict[str, Any]]:
    """Every ladder with its steps."""
    return [await _told(session, ladder) for ladder in await every_ladder(session)]


@router.get("/api/ladders/{ladder_id}", dependencies=[need("ladders:see")])
async def show_ladder(ladder_id: int, session: ReadSession) -> dict[str, Any]:
    """A ladder with its steps, and every version that was saved."""
    ladder = await ladder_of(session, ladder_id)
    versions = [
        {"version": each.version, "saved_at": each.saved_at, "saved_by": each.saved_by,
         "override_reason": each.override_reason, **each.steps}
        for each in await versions_of(session, ladder_id)
    ]  # fmt: skip
    return {**await _told(session, ladder), "versions": versions}


@router.post("/api/ladders", status_code=201)
async def add_ladder(
    body: LadderInput, by: Edits, database: Db, now: Now, ip: Ip, once: NamedRequest
) -> SavedLadder:
    """Adds a ladder. Refuses steps that make no sense, and what the regulator forbids."""
    deed = by.deed(at=now, ip=ip)

    async def add(session: AsyncSession) -> SavedLadder:
        return await save_draft(session, None, body.draft(), by, deed)

    return SavedLadder(**await once.do(database, deed, add))


@router.put("/api/ladders/{ladder_id}")
async def change_ladder(
    ladder_id: int, body: LadderInput, by: Edits, database: Db, now: Now, ip: Ip
) -> SavedLadder:
    """Makes this the ladder's next version: all of its steps, as a PUT says."""
    async with database.write() as session:
        return await save_draft(session, ladder_id, body.draft(), by, by.deed(at=now, ip=ip))


@router.post("/api/ladders/{ladder_id}/preview")
async def preview_ladder(
    ladder_id: int, body: LadderInput, by: Edits, session: ReadSession, now: Now, today: Today
) -> dict[str, Any]:
    """What the changed ladder would do tomorrow; nothing is changed."""
    draft = body.draft()
    check_steps(draft.rungs)
    ladder = await ladder_of(session, ladder_id)
    found = await preview_of_draft(session, ladder, draft.rungs, at=now, today=today)
    return preview_json(found)


def preview_json(found: Preview) -> dict[str, Any]:
    """A preview as programs read it."""
    return {
        "day": found.day, "letters": found.letters, "suspensions": found.suspensions,
        "terminations": found.terminations, "forwards": found.forwards,
        "steps": [
            {"name": each.rung.name, "ladder": each.ladder, "action": each.rung.action,
             "invoices": each.invoices, "customers": each.customers,
             "first": [vars(name) for name in each.names]}
            for each in found.effects
        ],
    }  # fmt: skip


async def save_draft(
    session: AsyncSession, ladder_id: int | None, draft: Draft, by: Principal, deed: Deed
) -> SavedLadder:
    """This will save a ladder as its editor has it, for page and program."""
    ladder = await save_ladder(
        session, ladder_id, draft, may_override=by.may("ladders:override"), deed=deed
    )
    return SavedLadder(id=ladder.key, version=ladder.version)


async def _told(session: AsyncSession, ladder: Ladder) -> dict[str, Any]:
    rungs = await rungs_of(session, ladder.key)
    places = {rung.id: place for place, rung in enumerate(rungs, 1)}
    return {
        "id": ladder.key, "code": ladder.code, "name": ladder.name, "version": ladder.version,
        "is_default": ladder.is_default, "for_telecom": ladder.for_telecom,
        "override_reason": ladder.override_reason,
        "steps": [
            {"id": rung.id, "name": rung.name, "action": rung.action,
             "offset_days": rung.offset_days, "after": places.get(rung.after or 0),
             "purpose": rung.purpose, "channels": list(rung.channels),
             "is_legal_notice": rung.is_legal_notice, "since": rung.since}
            for rung in rungs
        ],
    }  # fmt: skip
