"""Legal notices that do not leave: their templates are switched off, or nobody approved the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from models import runs
from models.message_templates import newest_of_all
from rules.message_purposes.entries import Purpose
from rules.message_templates import PURPOSES

#: The kind of the run that says what was not approved, and of its summary the two counts.
LADDER = "ladder"
UNAPPROVED, NOTICES = "unapproved", "unapproved_notices"


@dataclass(frozen=True)
class Unapproved:
    """A day of the ladder: on how many invoices it waits, and how many legal notices among it."""

    day: date
    invoices: int
    notices: int


async def switched_off(session: AsyncSession) -> list[Purpose]:
    """The legal notices that leave on no channel, because every template of theirs is off."""
    found = await newest_of_all(session)
    off = {(each.code, each.channel) for each in found if not each.is_active}
    return [
        purpose
        for purpose in PURPOSES
        if purpose.is_legal_notice
        and all((purpose.code, str(channel)) in off for channel in purpose.channels)
    ]


async def unapproved(session: AsyncSession) -> Unapproved | None:
    """What the ladder's newest day left undone because nobody approved it; None: nothing."""
    run = await runs.latest_run(session, kind=LADDER)
    if run is None or not run.summary.get(UNAPPROVED):
        return None
    summary = run.summary
    return Unapproved(run.business_date, summary[UNAPPROVED], summary.get(NOTICES, 0))
