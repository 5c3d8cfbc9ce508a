"""What the journeys of collections do by themselves on a day, if nobody acts before."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter
from sqlmodel.ext.asyncio.session import AsyncSession

from api.case_filters import day_ends
from api.case_head import place_of, visible_processes
from api.dependencies import Principal, ReadSession, Today, need
from api.language import gettext
from models.coming import coming_between
from rules.cases import Process
from rules.words import PROCESSES, next_step_words

router = APIRouter(tags=["collections"])

#: Whose steps reach customers: messages, registrations, breaches, and tasks on the way to them.
JOURNEYS = (Process.COLLECTIONS, Process.AGREEMENTS, Process.BUREAU)


@router.get("/api/collections/tomorrow")
async def list_tomorrow(
    by: Annotated[Principal, need("ladders:see")], session: ReadSession, today: Today
) -> list[dict[str, Any]]:
    """What happens tomorrow by itself beside the ladder, by step, with the first cases of each."""
    return await coming_on(session, today + timedelta(days=1), by=by)


async def coming_on(session: AsyncSession, day: date, *, by: Principal) -> list[dict[str, Any]]:
    """The steps of a day, of the processes that this person may see."""
    seen = [each for each in JOURNEYS if each in visible_processes(by)]
    since, until = day_ends(day, days=0), day_ends(day)
    return [
        {
            "process": each.process, "kind": each.kind, "count": each.count,
            "process_label": gettext(PROCESSES[each.process]),
            "label": gettext(next_step_words(each.process, each.kind)[0]),
            "consequence": gettext(next_step_words(each.process, each.kind)[1]),
            "cases": [
                {
                    "case_id": one.case_id, "customer": one.customer, "at": one.at,
                    "href": place_of(one.process, one.case_id, subject_id=one.subject_id),
                }
                for one in each.cases
            ],
        }
        for each in await coming_between(session, seen, since=since, until=until)
    ]  # fmt: skip
