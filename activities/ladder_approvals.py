"""Approving a day of the ladder before it comes, all of it or row by row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.ladder_page import Day, Planned
from activities.ladder_preview import invoices_on
from models.invoices import Invoice
from models.ladders import LadderApproval
from models.people import Deed, record
from models.rows import in_parts


async def approved_plans(
    session: AsyncSession, plans: Sequence[Planned], day: Day
) -> list[Planned]:
    """This will leave out what nobody approved for the day, where the house wants that.

    What is left out stays due, so that it runs on the first day for which it is approved. An
    invoice of which the day asks nothing needs nobody's word.
    """
    if not day.policy.waits_for_approval:
        return list(plans)
    asked = [each.subject.invoice_id for each in plans if each.plan.due]
    approved = await approvals_of(session, asked, on=day.date)
    return [each for each in plans if not each.plan.due or each.subject.invoice_id in approved]


async def approvals_of(
    session: AsyncSession, invoice_ids: Collection[int], *, on: date
) -> frozenset[int]:
    """Those of these invoices that were approved for a day."""
    columns = (col(LadderApproval.invoice_id), col(LadderApproval.day))
    found = await in_parts(session, columns, columns[0], sorted(invoice_ids))
    return frozenset(invoice_id for invoice_id, day in found if day == on)


async def approve(
    session: AsyncSession, invoice_ids: Iterable[int], *, today: date, deed: Deed
) -> int:
    """This will approve tomorrow's steps on these invoices; gives of how many that is new.

    Those approved already, or unknown, are left as they are.
    """
    tomorrow, wanted = today + timedelta(days=1), sorted(set(invoice_ids))
    known = {
        each for (each,) in await in_parts(session, (col(Invoice.id),), col(Invoice.id), wanted)
    }
    new = known - await approvals_of(session, known, on=tomorrow)
    session.add_all(
        LadderApproval(invoice_id=each, day=tomorrow, at=deed.at, by=deed.by)
        for each in sorted(new)
    )
    record(session, deed, "ladder.approve", subject="ladder", day=str(tomorrow), invoices=len(new))
    return len(new)


async def approve_all(session: AsyncSession, *, today: date, deed: Deed) -> int:
    """This will approve all that tomorrow's preview shows, beyond its first names too."""
    return await approve(session, await invoices_on(session, today=today), today=today, deed=deed)


async def disapprove(
    session: AsyncSession, invoice_ids: Iterable[int], *, today: date, deed: Deed
) -> int:
    """This will take approvals of tomorrow back; gives of how many."""
    statement = select(LadderApproval).where(
        LadderApproval.day == today + timedelta(days=1),
        col(LadderApproval.invoice_id).in_(set(invoice_ids)),
    )
    found = (await session.exec(statement)).all()
    for each in found:
        await session.delete(each)
    record(session, deed, "ladder.disapprove", subject="ladder", invoices=len(found))
    return len(found)
