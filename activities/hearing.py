"""Who hears of what is due: whoever a step names, or stands in for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from models import colleagues
from rules.business_days import local_date
from rules.reminders import PERSON, ROLE, post_hears
from rules.tasks import Colleague, stand_in


async def who_hears(
    session: AsyncSession,
    to: str,
    *,
    assignee: str | None,
    team_id: int | None,
    at: datetime,
    executive: str | None = None,
) -> list[str]:
    """The people of a step to a post, role or person, or their substitutes; nobody who left."""
    present = await colleagues.colleagues_by_login(session)
    if to.startswith(PERSON):
        meant = [to.removeprefix(PERSON)]
    elif to.startswith(ROLE):
        meant = await colleagues.logins_with_role(session, to.removeprefix(ROLE))
    else:
        line = await colleagues.line_of(session, team_id=team_id, login=assignee)
        hears = post_hears(
            to, assignee=_here(assignee, present), lead=line.lead, manager=line.manager,
            executive=_here(executive, present),
        )  # fmt: skip
        meant = [hears] if hears else []
    today = local_date(at)
    known = (stand_in(each, colleagues=present, today=today) for each in meant if each in present)
    return list(dict.fromkeys(known))


def _here(login: str | None, present: Mapping[str, Colleague]) -> str | None:
    return login if login in present else None
