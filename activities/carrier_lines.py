"""The inventory of lines as it is changed: one line, or a company's spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.client_services import check_area
from models.cost_centres import known_centres_of
from models.lines import (
    Line,
    LineChange,
    LineTaken,
    apply_change,
    check_line,
    current_holders,
    hand_over,
    holder_of,
    known_lines,
)
from rules.cost_centres import KnownCentres
from rules.service_models import Area


async def save_line(
    session: AsyncSession,
    change: LineChange,
    *,
    customer_id: int,
    line: Line | None = None,
    today: date,
) -> Line:
    """This will make a line, or change it; a new holder begins today.

    A cost centre may be told by its code or name, whatever the case. Refuses LineTaken, and
    ResourcesNotIncluded in the company's model of service.
    """
    await check_area(session, customer_id, Area.RESOURCES)
    check_line(change)
    change = _matched(change, await known_centres_of(session, customer_id))
    statement = select(Line.id).where(Line.customer_id == customer_id, Line.number == change.number)
    taken = (await session.exec(statement)).first()
    if taken is not None and (line is None or line.id != taken):
        raise LineTaken(number=change.number)
    line = line or Line(customer_id=customer_id, number=change.number)
    apply_change(line, change)
    session.add(line)
    await session.flush()
    holder = await holder_of(session, line.id or 0)
    session.add_all(hand_over(line, holder, change, today=today))
    return line


async def save_lines(
    session: AsyncSession, changes: Sequence[LineChange], *, customer_id: int, today: date
) -> tuple[int, int]:
    """This will make and change a company's lines; gives how many are new, and how many are not.

    Refuses ResourcesNotIncluded.
    """
    await check_area(session, customer_id, Area.RESOURCES)
    centres = await known_centres_of(session, customer_id)
    changes = [_matched(change, centres) for change in changes]
    known = await known_lines(session, customer_id)
    holders = await current_holders(session, customer_id)
    lines = []
    for change in changes:
        line = known.get(change.number) or Line(customer_id=customer_id, number=change.number)
        apply_change(line, change)
        lines.append(line)
    session.add_all(lines)
    await session.flush()
    for line, change in zip(lines, changes, strict=True):
        session.add_all(hand_over(line, holders.get(line.id or 0), change, today=today))
    new = sum(change.number not in known for change in changes)
    return new, len(changes) - new


def _matched(change: LineChange, centres: KnownCentres) -> LineChange:
    return replace(change, cost_centre=centres.code_of(change.cost_centre))
