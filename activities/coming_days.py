"""Keeping steps and messages out of tomorrow, approving them, and what a move asks before one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import cases, coming_days, messages, outbox
from models.cases import Case
from models.coming import due_on
from models.coming_days import ComingDay
from models.messages import Message
from models.people import Deed, record
from models.policies import load_policy
from rules.business_days import local_date
from rules.cases import SYSTEM, Step, gathered
from rules.coming import Verdict, check_reason, days_of, reaches_customer
from rules.ladder_steps import LadderPolicy


@dataclass(frozen=True)
class Picked:
    """The cases and messages meant; `processes` are those whose steps this person sees."""

    case_ids: Collection[int] = ()
    message_ids: Collection[int] = ()
    processes: Collection[str] = ()


async def may_run(session: AsyncSession, case: Case, due: Step, *, at: datetime) -> bool:
    """Whether a step may be taken: what reaches customers, where the house wants a word before,
    only if somebody approved it. Otherwise this will keep it out of every day until now.
    """
    if not reaches_customer(case.process, due.kind):
        return True
    if not (await load_policy(session, LadderPolicy())).waits_for_approval:
        return True
    days = days_of(due.at, at)
    if await coming_days.is_approved(session, case, days):
        return True
    session.add_all(
        ComingDay(case_id=case.number, day=day, kind=due.kind, verdict=Verdict.OUT, at=at,
                  by=SYSTEM)
        for day in days
    )  # fmt: skip
    await session.flush()
    return False


async def take_out_steps(
    session: AsyncSession, picked: Picked, *, reason: str, today: date, deed: Deed
) -> int:
    """This will keep steps and messages out of tomorrow; gives how many that is new.

    Only what tomorrow brings and what reaches a customer: anything else is left as it is. The move
    that would take the step asks again. Refuses TakingOutReasonRequired.
    """
    told, tomorrow = check_reason(reason), today + timedelta(days=1)
    taken = await _say(session, picked, Verdict.OUT, reason=told, today=today, deed=deed)
    for case in taken:
        cases.record_event(
            session, case, kind="taken_out", by=deed.by, at=deed.at, step=case.next_kind,
            out_on=tomorrow.isoformat(), note=told,
        )  # fmt: skip
    _tell(session, taken, "out", deed)
    letters = await _take_out_messages(session, picked, reason=told, day=tomorrow, deed=deed)
    record(
        session, deed, "coming.take_out", subject="coming", day=tomorrow.isoformat(), reason=told,
        cases=[each.number for each in taken], messages=letters,
    )  # fmt: skip
    return len(taken) + len(letters)


async def put_back_steps(session: AsyncSession, picked: Picked, *, today: date, deed: Deed) -> int:
    """This will let tomorrow bring what was kept out of it after all; gives how many."""
    tomorrow = today + timedelta(days=1)
    said = await coming_days.said_of_tomorrow(session, today=today, verdict=Verdict.OUT)
    back = [
        each for each in said
        if each.case_id in picked.case_ids or each.message_id in picked.message_ids
    ]  # fmt: skip
    held = await _cases(session, {each.case_id for each in back if each.case_id}, picked.processes)
    known = {case.number for case in held}
    back = [each for each in back if each.case_id is None or each.case_id in known]
    for each in back:
        await session.delete(each)
    for case in held:
        cases.record_event(
            session, case, kind="put_back", by=deed.by, at=deed.at, out_on=tomorrow.isoformat()
        )
    _tell(session, held, "back", deed)
    record(
        session, deed, "coming.put_back", subject="coming", day=tomorrow.isoformat(),
        cases=sorted(known), messages=[each.message_id for each in back if each.message_id],
    )  # fmt: skip
    return len(back)


async def approve_steps(
    session: AsyncSession, picked: Picked | None, processes: Collection[str], *, today: date,
    deed: Deed,
) -> int:  # fmt: skip
    """This will approve tomorrow's steps of these cases, or all of them; gives how many is new."""
    if picked is None:
        due = due_on(processes, today + timedelta(days=1))
        every = (await session.exec(select(Case.id).where(*due))).all()
        picked = Picked(case_ids=[each for each in every if each], processes=processes)
    new = await _say(session, picked, Verdict.APPROVED, reason="", today=today, deed=deed)
    record(
        session, deed, "coming.approve", subject="coming", cases=len(new),
        day=(today + timedelta(days=1)).isoformat(),
    )  # fmt: skip
    return len(new)


async def disapprove_steps(
    session: AsyncSession, picked: Picked, *, today: date, deed: Deed
) -> int:
    """This will take approvals of tomorrow back; gives of how many."""
    said = await coming_days.said_of_tomorrow(session, today=today, verdict=Verdict.APPROVED)
    mine = await _cases(session, set(picked.case_ids), picked.processes)
    known = {case.number for case in mine}
    found = [each for each in said if each.case_id in known]
    for each in found:
        await session.delete(each)
    record(session, deed, "coming.disapprove", subject="coming", cases=len(found))
    return len(found)


async def _say(
    session: AsyncSession, picked: Picked, verdict: Verdict, *, reason: str, today: date,
    deed: Deed,
) -> list[Case]:  # fmt: skip
    """What is said of cases that tomorrow brings; those of which it was said already stay out."""
    found = await _cases(session, set(picked.case_ids), picked.processes)
    tomorrow = today + timedelta(days=1)
    coming = [
        case for case in found
        if case.next_kind is not None and case.next_at is not None
        and reaches_customer(case.process, case.next_kind) and local_date(case.next_at) == tomorrow
    ]  # fmt: skip
    said = {each.case_id: each for each in await coming_days.said_of_tomorrow(session, today=today)}
    new = []
    for case in coming:
        kept = said.get(case.number)
        if kept is not None and kept.verdict == verdict:
            continue
        kept = kept or ComingDay(case_id=case.number, day=_day(case), kind="", verdict="",
                                 at=deed.at, by="")  # fmt: skip
        kept.kind, kept.verdict, kept.reason = case.next_kind or "", verdict, reason
        kept.at, kept.by = deed.at, deed.by
        session.add(kept)
        new.append(case)
    await session.flush()
    return new


def _day(case: Case) -> date:
    """The day on which the rules have the step, which spreading may have moved past midnight."""
    assert case.next_at is not None  # noqa: S101 - for the type: only steps that come are said of
    return local_date(gathered(case.next_at, case.number))


async def _cases(
    session: AsyncSession, case_ids: Collection[int], processes: Collection[str]
) -> list[Case]:
    """These cases, locked in one order; of other processes than these: none."""
    statement = (
        select(Case)
        .where(col(Case.id).in_(case_ids), col(Case.process).in_(processes))
        .where(col(Case.closed_at).is_(None))
        .order_by(col(Case.id))
        .with_for_update()
    )
    return list((await session.exec(statement)).all()) if case_ids else []


def _tell(session: AsyncSession, told: Sequence[Case], word: str, deed: Deed) -> None:
    """Each journey looks again, so that what comes next is shown as it will be."""
    for case in told:
        news_id = f"coming/{word}/{case.number}/{deed.at.isoformat()}"
        outbox.tell_case(session, case, news_id=news_id, at=deed.at)


async def _take_out_messages(
    session: AsyncSession, picked: Picked, *, reason: str, day: date, deed: Deed
) -> list[int]:
    waiting = select(Message).where(
        col(Message.id).in_(picked.message_ids), *messages.waiting_on(day),
        col(Message.id).not_in(coming_days.messages_out(day)),
    )  # fmt: skip
    found = (await session.exec(waiting)).all() if picked.message_ids else ()
    session.add_all(
        ComingDay(message_id=each.number, day=day, kind=each.purpose, verdict=Verdict.OUT,
                  reason=reason, at=deed.at, by=deed.by)
        for each in found
    )  # fmt: skip
    return [each.number for each in found]
