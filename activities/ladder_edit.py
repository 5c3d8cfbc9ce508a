"""Editing a ladder: saved as its next version, and before that what it would do tomorrow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from models import ladders
from models.ladder_tables import Ladder, LadderStep
from models.ladders import LadderVersion, ladder_of, rung_of, steps_of
from models.people import Deed, record
from models.policies import load_policy
from rules.business_days import local_date
from rules.ladder_edit import LadderChanged, LadderNameRequired, check_law, check_steps
from rules.ladder_steps import LadderPolicy, Rung


@dataclass(frozen=True)
class Draft:
    """A ladder as somebody wants it. New steps have negative ids of the draft's own.

    `seen` is the version that was on the screen; None for a new ladder.
    """

    name: str
    rungs: tuple[Rung, ...]
    for_telecom: bool = True
    override_reason: str = ""
    seen: int | None = None


async def save_ladder(
    session: AsyncSession, ladder_id: int | None, draft: Draft, *, may_override: bool, deed: Deed
) -> Ladder:
    """This will make the draft the ladder's next version; runs under way keep the one they have.

    Refuses what rules/ladder_edit.py refuses, and a draft of a version that is not the newest any
    more (LadderChanged). Open invoices are given their next day by the next run.
    """
    if not draft.name.strip():
        raise LadderNameRequired
    ladder = await ladder_of(session, ladder_id) if ladder_id else None
    if ladder is not None and draft.seen != ladder.version:
        raise LadderChanged(by=ladder.saved_by or "system")
    check_steps(draft.rungs)
    reason = await _judged(session, draft, may_override=may_override)
    ladder = ladder or await _new(session, draft)
    ladder.name, ladder.for_telecom = draft.name.strip(), draft.for_telecom
    ladder.override_reason, ladder.version = reason, ladder.version + 1
    ladder.saved_at, ladder.saved_by = deed.at, deed.by
    session.add(ladder)
    rungs = await _keep_steps(session, ladder, draft.rungs, today=local_date(deed.at))
    _keep_version(session, ladder, rungs, deed)
    record(
        session, deed, "ladder.save", subject=f"ladder/{ladder.key}", version=ladder.version,
        steps=len(rungs), override_reason=reason,
    )  # fmt: skip
    return ladder


def as_saved(rungs: Sequence[Rung], before: Sequence[Rung], *, today: date) -> tuple[Rung, ...]:
    """This will give the steps as saving would keep them: what is new or moved speaks from today
    on, and each has its place."""
    known = {rung.id: rung for rung in before}
    return tuple(
        replace(rung, position=place, since=_since(rung, known.get(rung.id), today))
        for place, rung in enumerate(rungs, 1)
    )


async def rungs_of(session: AsyncSession, ladder_id: int) -> tuple[Rung, ...]:
    """The steps in use, as the rules see them."""
    return tuple(rung_of(step) for step in await steps_of(session, ladder_id))


def _since(rung: Rung, before: Rung | None, today: date) -> date | None:
    is_moved = before is None or (before.offset_days, before.after) != (
        rung.offset_days, rung.after,
    )  # fmt: skip
    return today if is_moved else before.since if before else None


async def _judged(session: AsyncSession, draft: Draft, *, may_override: bool) -> str:
    """Why the ladder holds in spite of the law; nothing where it does not break it."""
    if not draft.for_telecom:
        return ""
    policy = await load_policy(session, LadderPolicy())
    found = check_law(
        draft.rungs, policy, may_override=may_override, reason=draft.override_reason
    )  # fmt: skip
    return draft.override_reason.strip() if found else ""


async def _new(session: AsyncSession, draft: Draft) -> Ladder:
    ladder = Ladder(code="", name=draft.name, version=0)
    session.add(ladder)
    ladder.code = f"regua-{draft.name.strip().lower().replace(' ', '-')[:24]}"
    known = await ladders.codes(session)
    base, number = ladder.code, 1
    while ladder.code in known:
        number += 1
        ladder.code = f"{base}-{number}"
    await session.flush()
    return ladder


async def _keep_steps(
    session: AsyncSession, ladder: Ladder, rungs: Sequence[Rung], *, today: date
) -> list[Rung]:
    """Steps of the ladder's own are changed, new ones added, the rest taken out of use."""
    rows = {step.id or 0: step for step in await steps_of(session, ladder.key)}
    saved = as_saved(rungs, [rung_of(step) for step in rows.values()], today=today)
    kept: dict[int, LadderStep] = {}
    for rung in saved:
        row = rows.pop(rung.id, None) or LadderStep(
            ladder_id=ladder.key, action=rung.action, offset_days=0
        )
        row.action, row.offset_days, row.name = rung.action, rung.offset_days, rung.name
        row.purpose, row.channels = rung.purpose, ",".join(rung.channels)
        row.position, row.since = rung.position, rung.since
        session.add(row)
        kept[rung.id] = row
    await session.flush()
    for rung in saved:
        kept[rung.id].after_id = kept[rung.after].id if rung.after is not None else None
    for row in rows.values():
        row.is_active = False
        session.add(row)
    await session.flush()
    return [rung_of(row) for row in kept.values()]


def _keep_version(session: AsyncSession, ladder: Ladder, rungs: Sequence[Rung], deed: Deed) -> None:
    session.add(
        LadderVersion(
            ladder_id=ladder.key, version=ladder.version, name=ladder.name,
            steps={"steps": [ladders.as_json(rung) for rung in rungs]},
            override_reason=ladder.override_reason, saved_at=deed.at, saved_by=deed.by,
        )
    )  # fmt: skip
