"""What the journeys of collections do by themselves on a day, if nobody acts before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter
from sqlmodel.ext.asyncio.session import AsyncSession

from api import message_values
from api.case_head import place_of, visible_processes
from api.dependencies import Principal, ReadSession, Today, need
from api.language import gettext
from models import coming
from models.coming import Coming, KeptOut
from models.coming_days import said_of_tomorrow
from rules.cases import Process
from rules.coming import Verdict
from rules.words import PROCESSES, next_step_words

router = APIRouter(tags=["collections"])

#: Whose steps reach customers: messages, registrations, breaches, and tasks on the way to them.
JOURNEYS = (Process.COLLECTIONS, Process.AGREEMENTS, Process.BUREAU)
MESSAGES = "messages:see"


@dataclass(frozen=True)
class Tomorrow:
    """What tomorrow brings beside the ladder, and what was kept out of it or approved."""

    steps: list[dict[str, Any]]
    messages: list[dict[str, Any]] = field(default_factory=list)
    message_count: int = 0
    out: list[dict[str, Any]] = field(default_factory=list)
    approved: frozenset[int] = frozenset()


@router.get("/api/collections/tomorrow")
async def list_tomorrow(
    by: Annotated[Principal, need("ladders:see")], session: ReadSession, today: Today
) -> list[dict[str, Any]]:
    """What happens tomorrow by itself beside the ladder, by step, with the first cases of each."""
    return (await tomorrow(session, today, by=by)).steps


@router.get("/api/collections/tomorrow/messages")
async def list_messages(
    by: Annotated[Principal, need("ladders:see", MESSAGES)], session: ReadSession, today: Today
) -> list[dict[str, Any]]:
    """The messages that wait for tomorrow, the first of them."""
    return (await tomorrow(session, today, by=by)).messages


@router.get("/api/collections/tomorrow/taken-out")
async def list_taken_out(
    by: Annotated[Principal, need("ladders:see")], session: ReadSession, today: Today
) -> list[dict[str, Any]]:
    """What people keep out of tomorrow, and why."""
    return (await tomorrow(session, today, by=by)).out


def seen_by(by: Principal) -> list[str]:
    """The processes of this page that a person may see."""
    return [each for each in JOURNEYS if each in visible_processes(by)]


async def tomorrow(
    session: AsyncSession, today: date, *, by: Principal, whose: Collection[int] | None = None
) -> Tomorrow:
    """What tomorrow brings, of what this person may see; named are only these customers, if any."""
    seen, day = seen_by(by), today + timedelta(days=1)
    said = await said_of_tomorrow(session, today=today)
    steps = await coming.coming_on(session, seen, day, whose=whose)
    kept = [each for each in said if each.verdict == Verdict.OUT]
    count, messages = (
        await coming.messages_on(session, day, whose=whose) if by.may(MESSAGES) else (0, [])
    )
    return Tomorrow(
        [_step(each) for each in steps],
        [
            {**vars(each), "purpose": message_values.purpose(each.purpose),
             "channel_label": message_values.channel(each.channel)}
            for each in messages
        ],
        count,
        [
            _out(each) for each in await coming.kept_out(session, seen, kept)
            if each.case_id or by.may(MESSAGES)
        ],
        frozenset(
            each.case_id for each in said if each.case_id and each.verdict == Verdict.APPROVED
        ),
    )  # fmt: skip


def _step(each: Coming) -> dict[str, Any]:
    label, consequence = next_step_words(each.process, each.kind)
    return {
        "process": each.process, "kind": each.kind, "count": each.count,
        "process_label": gettext(PROCESSES[each.process]),
        "label": gettext(label), "consequence": gettext(consequence), "may_wait": each.may_wait,
        "cases": [
            {
                "case_id": one.case_id, "customer": one.customer, "at": one.at,
                "href": place_of(one.process, one.case_id, subject_id=one.subject_id),
            }
            for one in each.cases
        ],
    }  # fmt: skip


def _out(each: KeptOut) -> dict[str, Any]:
    if each.case_id is None or each.process is None or each.subject_id is None:
        label, href = message_values.purpose(each.kind), f"/mensagens/{each.message_id}"
    else:
        label = gettext(next_step_words(each.process, each.kind)[0])
        href = place_of(each.process, each.case_id, subject_id=each.subject_id)
    return {
        "case_id": each.case_id, "message_id": each.message_id, "label": label, "href": href,
        "customer": each.customer, "reason": each.reason, "by": each.by,
    }  # fmt: skip
