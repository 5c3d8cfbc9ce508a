"""Marking customers who are not to be chased by routine, and taking a mark back."""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from models import cases, outbox
from models.bureau import tell_records_of_customer
from models.customer_marks import CustomerMark, lock_mark, look_again_at, marks_of
from models.customers import lock_customer
from models.people import Deed, record
from models.worklist_kept import refresh_worklist
from rules.business_days import local_date
from rules.cases import Process
from rules.customer_marks import (
    CustomerMarkAlreadyDone,
    CustomerMarkNotFound,
    MarkKind,
    check_mark,
)


async def mark_customer(
    session: AsyncSession, customer_id: int, kind: MarkKind, *, reason: str, deed: Deed
) -> CustomerMark:
    """This will mark a customer: ladder and cadence stand still where the mark says so.

    Refuses CustomerNotFound, MarkReasonRequired, CustomerAlreadyMarked.
    """
    await lock_customer(session, customer_id)
    present = {each.kind for each in await marks_of(session, customer_id)}
    check_mark(kind, reason=reason, present=present)
    mark = CustomerMark(
        customer_id=customer_id, kind=kind, since=local_date(deed.at), reason=reason.strip(),
        at=deed.at, by=deed.by,
    )  # fmt: skip
    session.add(mark)
    await session.flush()
    await _tell(session, mark, "customer_marked", deed)
    record(session, deed, "customer.mark", subject=f"customer/{customer_id}", kind=kind,
           reason=mark.reason)  # fmt: skip
    return mark


async def unmark_customer(
    session: AsyncSession, mark_id: int, *, deed: Deed, customer_id: int | None = None
) -> CustomerMark:
    """This will take a mark back: what stood still goes on, later by the days between.

    Refuses CustomerMarkNotFound, also if it is not of the customer who was named, and
    CustomerMarkAlreadyDone.
    """
    mark = await lock_mark(session, mark_id)
    if customer_id is not None and mark.customer_id != customer_id:
        raise CustomerMarkNotFound
    if mark.until is not None:
        raise CustomerMarkAlreadyDone
    mark.until, mark.ended_at, mark.ended_by = local_date(deed.at), deed.at, deed.by
    session.add(mark)
    await session.flush()
    await _tell(session, mark, "customer_unmarked", deed)
    record(session, deed, "customer.unmark", subject=f"customer/{mark.customer_id}",
           kind=mark.kind)  # fmt: skip
    return mark


async def _tell(session: AsyncSession, mark: CustomerMark, kind: str, deed: Deed) -> None:
    """The ladder and the bureau's records look again, and the account's history tells it."""
    news_id = f"{kind}/{mark.id}"
    await look_again_at(session, mark.customer_id)
    await tell_records_of_customer(session, mark.customer_id, news_id=news_id, at=deed.at)
    await refresh_worklist(session, [mark.customer_id])
    case = await cases.case_of(session, process=Process.COLLECTIONS, subject_id=mark.customer_id)
    if case is None:
        return
    cases.record_event(
        session, case, kind=kind, by=deed.by, at=deed.at, mark=mark.kind, note=mark.reason
    )
    outbox.tell_case(session, case, news_id=news_id, at=deed.at)
