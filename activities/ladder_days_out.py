"""Invoices that people keep out of tomorrow's ladder: what remains of it comes a day later."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.customers import Customer
from models.invoices import Invoice, invoices_by_id, label_of, record_invoice_event
from models.ladders import LadderPause
from models.people import Deed, record
from rules.coming import check_reason
from rules.ladder import PauseReason


@dataclass(frozen=True)
class TakenOut:
    """An invoice that stays out of tomorrow."""

    invoice_id: int
    number: str
    customer_id: int
    customer: str
    by: str
    reason: str = ""


async def take_out(
    session: AsyncSession, invoice_ids: Iterable[int], *, reason: str, today: date, deed: Deed
) -> int:
    """This will have no step run on these invoices tomorrow; what remains comes a day later.

    Gives of how many that is new: those out already, or unknown, are left as they are. Each
    invoice's history tells why. Refuses TakingOutReasonRequired.
    """
    told, tomorrow = check_reason(reason), today + timedelta(days=1)
    known = await invoices_by_id(session, sorted(set(invoice_ids)))
    out = {each.invoice_id for each in await _taken_out(session, tomorrow)}
    new = [invoice for key, invoice in sorted(known.items()) if key not in out]
    for invoice in new:
        session.add(
            LadderPause(
                invoice_id=invoice.key, reason=PauseReason.EXCEPTION, note=told,
                reference=_reference(tomorrow), since=tomorrow,
                until=tomorrow + timedelta(days=1), at=deed.at, by=deed.by,
            )
        )  # fmt: skip
        record_invoice_event(
            session, invoice, kind="taken_out", by=deed.by, at=deed.at, note=told,
            out_on=tomorrow.isoformat(),
        )  # fmt: skip
    record(
        session, deed, "ladder.take_out", subject="ladder", reason=told, day=tomorrow.isoformat(),
        invoices=[each.key for each in new],
    )  # fmt: skip
    return len(new)


async def put_back(
    session: AsyncSession, invoice_ids: Iterable[int], *, today: date, deed: Deed
) -> int:
    """This will let the steps of tomorrow run on these invoices after all; gives of how many."""
    tomorrow, wanted = today + timedelta(days=1), set(invoice_ids)
    back = [each for each in await _taken_out(session, tomorrow) if each.invoice_id in wanted]
    known = await invoices_by_id(session, [each.invoice_id for each in back])
    for each in back:
        await session.delete(each)
        record_invoice_event(
            session, known[each.invoice_id], kind="put_back", by=deed.by, at=deed.at,
            out_on=tomorrow.isoformat(),
        )  # fmt: skip
    record(session, deed, "ladder.put_back", subject="ladder", invoices=sorted(known))
    return len(back)


async def taken_out(session: AsyncSession, *, today: date) -> list[TakenOut]:
    """What stays out of tomorrow, and who said so."""
    pauses = {each.invoice_id: each for each in await _taken_out(session, today + timedelta(1))}
    rows = (
        select(Invoice, Customer.name)
        .join(Customer, col(Customer.id) == col(Invoice.customer_id))
        .where(col(Invoice.id).in_(pauses))
        .order_by(col(Invoice.id))
    )
    return [
        TakenOut(
            each.key,
            label_of(each),
            each.customer_id,
            name,
            pauses[each.key].by,
            pauses[each.key].note,
        )
        for each, name in await session.exec(rows)
    ]


async def _taken_out(session: AsyncSession, day: date) -> Sequence[LadderPause]:
    statement = select(LadderPause).where(
        LadderPause.reason == PauseReason.EXCEPTION, LadderPause.reference == _reference(day)
    )
    return (await session.exec(statement)).all()


def _reference(day: date) -> str:
    return f"taken_out/{day}"
