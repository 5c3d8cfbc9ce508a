"""The inventory: lines, SIMs, devices and circuits of companies, and who holds each since when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Index, Select, UniqueConstraint, and_, func
from sqlalchemy import select as select_columns
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity, reference
from models.customers import Customer
from models.folding import holds
from models.rows import rows_of
from rules.carrier_terms import InventoryLine
from rules.lines import LineKind, LineStatus, check_number
from rules.refusals import Refusal, written_date


class LineNotFound(Refusal):
    message = "Esta linha não existe."


class LineTaken(Refusal):
    message = "A linha %(number)s desta empresa já está cadastrada."
    field = "number"


class LineEndsBeforeItBegins(Refusal):
    message = "O fim da linha vem antes do seu início."
    field = "active_until"


class LineEndMissing(Refusal):
    message = "Informe desde quando a linha está cancelada."
    field = "active_until"


class HolderTooEarly(Refusal):
    message = "A linha %(number)s é de quem a usa desde %(since)s: informe este dia ou um depois."
    field = "holder_since"


class HolderInFuture(Refusal):
    message = "Quem passa a usar a linha %(number)s não pode começar no futuro."
    field = "holder_since"


class Line(SQLModel, table=True):
    """A line of a company. `active_until` is the first day on which it is no longer there."""

    __tablename__ = "lines"
    __table_args__ = (UniqueConstraint("customer_id", "number"),)

    id: int | None = identity()
    customer_id: int = reference("customers.id", index=False)
    number: str = Field(max_length=25, index=True)
    kind: str = Field(default=LineKind.MOBILE, max_length=10)
    status: str = Field(default=LineStatus.ACTIVE, max_length=10)
    plan_code: str = Field(default="", max_length=60)
    active_from: date | None = None
    active_until: date | None = None


class LineHolder(SQLModel, table=True):
    """Who holds a line, for which cost centre, from a day on; `until` None: still."""

    __tablename__ = "line_holders"
    __table_args__ = (Index("ix_line_holders_line", "line_id", "since"),)

    id: int | None = identity()
    line_id: int = reference("lines.id", index=False)
    owner: str = Field(default="", max_length=120)
    cost_centre: str = Field(default="", max_length=60, index=True)
    since: date
    until: date | None = None


@dataclass(frozen=True)
class LineChange:
    """All that is said of a line at once, by a form or by a row of a file."""

    number: str
    kind: LineKind = LineKind.MOBILE
    status: LineStatus = LineStatus.ACTIVE
    plan_code: str = ""
    active_from: date | None = None
    active_until: date | None = None
    owner: str = ""
    cost_centre: str = ""
    holder_since: date | None = None


async def line_of(session: AsyncSession, line_id: int) -> Line:
    """This will read a line. Refuses LineNotFound."""
    line = await session.get(Line, line_id)
    if line is None:
        raise LineNotFound
    return line


async def holder_of(session: AsyncSession, line_id: int) -> LineHolder | None:
    """Who holds a line now."""
    statement = select(LineHolder).where(
        LineHolder.line_id == line_id, col(LineHolder.until).is_(None)
    )
    return (await session.exec(statement)).first()


async def holders_of(session: AsyncSession, line_id: int) -> list[LineHolder]:
    """Everybody who held a line, the last one first."""
    statement = select(LineHolder).where(LineHolder.line_id == line_id)
    return list(await session.exec(statement.order_by(col(LineHolder.since).desc())))


async def known_lines(session: AsyncSession, customer_id: int) -> dict[str, Line]:
    """The lines of a company by number."""
    found = await session.exec(select(Line).where(Line.customer_id == customer_id))
    return {line.number: line for line in found}


async def current_holders(session: AsyncSession, customer_id: int) -> dict[int, LineHolder]:
    """Who holds each line of a company now, by the line's identity."""
    statement = (
        select(LineHolder)
        .join(Line, col(Line.id) == col(LineHolder.line_id))
        .where(Line.customer_id == customer_id, col(LineHolder.until).is_(None))
    )
    return {holder.line_id: holder for holder in await session.exec(statement)}


def check_line(change: LineChange) -> None:
    """Refuses what is no line's number, and dates that contradict each other or the status."""
    check_number(change.number, kind=change.kind)
    if change.status is LineStatus.CANCELLED and change.active_until is None:
        raise LineEndMissing
    if change.active_from and change.active_until and change.active_until < change.active_from:
        raise LineEndsBeforeItBegins


def apply_change(line: Line, change: LineChange) -> None:
    """This will put on the line what is said of it, holder aside."""
    line.number, line.kind, line.status = change.number, change.kind, change.status
    line.plan_code = change.plan_code
    line.active_from, line.active_until = change.active_from, change.active_until


def hand_over(
    line: Line, holder: LineHolder | None, change: LineChange, *, today: date
) -> list[LineHolder]:
    """This will give the rows to write when a line goes to another holder, from today or as told.

    Refuses a day before the present holder's first (HolderTooEarly), and one yet to come.
    """
    told = (change.owner, change.cost_centre)
    if holder is not None and (holder.owner, holder.cost_centre) == told:
        return []
    assert line.id is not None  # noqa: S101 - for the type: a stored row has one
    since = change.holder_since or (today if holder is not None else line.active_from or today)
    if change.holder_since and since > today:
        raise HolderInFuture(number=line.number)
    if holder is not None and since < holder.since:
        raise HolderTooEarly(number=line.number, since=written_date(holder.since))
    if holder is not None and holder.since == since:
        holder.owner, holder.cost_centre = told
        return [holder]
    new = LineHolder(line_id=line.id, owner=told[0], cost_centre=told[1], since=since)
    if holder is None:
        return [new]
    holder.until = since
    return [holder, new]


async def inventory_of(session: AsyncSession, customer_id: int) -> Mapping[str, InventoryLine]:
    """The lines of a company as the audit asks for them."""
    columns: tuple[Any, ...] = (col(Line.number), col(Line.active_from), col(Line.active_until))
    statement = select_columns(*columns).where(col(Line.customer_id) == customer_id)
    rows = await rows_of(session, statement)
    return {row["number"]: InventoryLine(**row) for row in rows}


def select_lines(
    *,
    search: str | None = None,
    status: str | None = None,
    company: str | None = None,
    cost_centre: str | None = None,
) -> Select[Any]:
    """Every line with its company and present holder; an empty centre: of none."""
    columns: tuple[Any, ...] = (
        col(Line.id).label("id"),
        col(Line.number).label("number"),
        col(Line.kind).label("kind"),
        col(Line.status).label("status"),
        col(Line.plan_code).label("plan_code"),
        col(Line.active_from).label("active_from"),
        col(Line.active_until).label("active_until"),
        col(Customer.name).label("company"),
        col(Customer.code).label("company_code"),
        col(LineHolder.owner).label("owner"),
        col(LineHolder.cost_centre).label("cost_centre"),
    )
    present = and_(col(LineHolder.line_id) == col(Line.id), col(LineHolder.until).is_(None))
    statement = (
        select_columns(*columns)
        .join(Customer, col(Customer.id) == col(Line.customer_id))
        .outerjoin(LineHolder, present)
    )
    if search:
        owner = holds(LineHolder.owner, search)
        statement = statement.where(col(Line.number).contains(search, autoescape=True) | owner)
    if status:
        statement = statement.where(col(Line.status) == status)
    if company:
        statement = statement.where(col(Customer.code) == company)
    if cost_centre is not None:
        statement = statement.where(func.coalesce(col(LineHolder.cost_centre), "") == cost_centre)
    return statement
