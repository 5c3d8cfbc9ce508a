"""Calendars of service: hours by weekday, holidays, and the company's own closures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, time
from hashlib import sha256
from typing import Any

from sqlalchemy import Index, Select, delete
from sqlalchemy import select as sql_select
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity, reference
from models.folding import fold
from models.memory import forget_when_written, kept_by
from models.people import Deed, record
from rules.business_days import (
    AROUND_THE_CLOCK,
    BRASILIA,
    HOLIDAY_LIST,
    HOUSE,
    Calendar,
    CalendarKind,
    NoWorkingHours,
    Window,
)
from rules.refusals import Refusal

#: Clock hours, day and night; a calendar of every day of the year.
ALWAYS = "always"
#: The house's own office hours, with the holidays of the law or of banks.
HOUSE_CODES = (CalendarKind.NATIONAL, CalendarKind.BANK)


class CalendarNotFound(Refusal):
    message = "Este calendário não existe."


class CalendarCodeTaken(Refusal):
    message = "Já existe um calendário com o código %(code)s. Escolha outro."
    field = "code"


class Closure(SQLModel, table=True):
    """A day on which the house does not work. Without a state or a calendar it holds everywhere."""

    __tablename__ = "closures"

    id: int | None = identity()
    day: date = Field(index=True)
    name: str = Field(min_length=1, max_length=120)
    uf: str = Field(default="", max_length=2)
    calendar: str = Field(default="", max_length=12, description="code; a city's own holidays")
    is_active: bool = True


forget_when_written(Closure)


class ServiceCalendar(SQLModel, table=True):
    """Hours in which promises are counted; every change raises `version`."""

    __tablename__ = "service_calendars"

    id: int | None = identity()
    code: str = Field(unique=True, max_length=12, description="SLA tables name it")
    name: str = Field(max_length=120)
    kind: str = Field(default=CalendarKind.NATIONAL, max_length=10)
    uf: str = Field(default="", max_length=2)
    time_zone: str = Field(default=BRASILIA, max_length=40)
    version: int = 1
    is_active: bool = True


forget_when_written(ServiceCalendar)


class CalendarWindow(SQLModel, table=True):
    """Working hours of one weekday of a calendar, Monday being 0; several make a break."""

    __tablename__ = "calendar_windows"
    __table_args__ = (Index("ix_calendar_windows_calendar", "calendar_id", "weekday", "opens"),)

    id: int | None = identity()
    calendar_id: int = reference("service_calendars.id", index=False)
    weekday: int = Field(ge=0, le=6)
    opens: time
    closes: time = Field(description="exclusive; 00:00 is midnight")


async def load_calendar(
    session: AsyncSession, *, kind: CalendarKind = CalendarKind.BANK, uf: str = ""
) -> Calendar:
    """The calendar of a state (none: national law), with the company's own closures in it."""
    days = await _closures(session, uf=uf)
    code = kind if not uf else ""
    zone = "" if HOUSE.zone == BRASILIA else f" {HOUSE.zone}"
    return Calendar(
        kind=kind, uf=uf or None, closures=days, version=_version(f"{kind}{zone}", days), code=code
    )


async def contact_closures(session: AsyncSession, *, uf: str, city: str) -> frozenset[date]:
    """The days off on which nobody of a city is to be collected from: the house's own, and the
    city's, as the calendar that bears its name and its state has them."""
    days = await _closures(session, uf=uf)
    for code in (await _cities(session)).get((uf, fold(city) or ""), ()):
        days |= await _closures(session, uf=uf, code=code)
    return days


async def load_service_calendar(session: AsyncSession, code: str) -> Calendar:
    """The calendar of that code as it stands: one of the registry's, or one that always is there.

    Those are "national" and "bank", with office hours, and "always". A version names the holiday
    list, the calendar with its own version, and the closures. Refuses CalendarNotFound.
    """
    if code == ALWAYS:
        return Calendar(
            kind=CalendarKind.NONE, windows=AROUND_THE_CLOCK, version=ALWAYS, code=ALWAYS
        )
    if code in HOUSE_CODES:
        return await load_calendar(session, kind=CalendarKind(code))
    statement = select(ServiceCalendar).where(ServiceCalendar.code == code)
    row = (await session.exec(statement)).one_or_none()
    if row is None:
        raise CalendarNotFound
    days = await _closures(session, uf=row.uf, code=row.code)
    return Calendar(
        kind=CalendarKind(row.kind),
        uf=row.uf or None,
        closures=days,
        time_zone=row.time_zone,
        windows=tuple(await windows_of(session, row.id or 0)),
        version=_version(f"{row.code} {row.version}", days),
        code=row.code,
    )


async def get_calendar(session: AsyncSession, calendar_id: int) -> ServiceCalendar:
    """A calendar's row. Refuses CalendarNotFound."""
    row = await session.get(ServiceCalendar, calendar_id)
    if row is None:
        raise CalendarNotFound
    return row


async def windows_of(session: AsyncSession, calendar_id: int) -> list[Window]:
    """The hours of a calendar, by weekday and opening."""
    statement = (
        select(CalendarWindow)
        .where(CalendarWindow.calendar_id == calendar_id)
        .order_by(col(CalendarWindow.weekday), col(CalendarWindow.opens))
    )
    return [Window(row.weekday, row.opens, row.closes) for row in await session.exec(statement)]


def select_calendars() -> Select[Any]:
    """All calendars."""
    shown = ("id", "code", "name", "kind", "uf", "time_zone", "version", "is_active")
    return sql_select(*(col(getattr(ServiceCalendar, name)) for name in shown))


async def closures_of(session: AsyncSession, row: ServiceCalendar) -> Sequence[Closure]:
    """The days off that count for a calendar beside the law's holidays, the latest first."""
    statement = select(Closure).where(*_counting(uf=row.uf, code=row.code))
    return (await session.exec(statement.order_by(col(Closure.day).desc()))).all()


async def save_calendar(
    session: AsyncSession, row: ServiceCalendar, windows: Sequence[Window], *, deed: Deed
) -> int:
    """This will store a calendar with its hours, as a new version; clocks that run keep theirs.

    Refuses hours that cross, no hours at all, an unknown state and a taken code.
    """
    if not windows:
        raise NoWorkingHours
    Calendar(kind=CalendarKind(row.kind), uf=row.uf or None, windows=tuple(windows))
    await _check_code(session, row)
    row.version = row.version + 1 if row.id else 1
    session.add(row)
    await session.flush()
    await session.exec(delete(CalendarWindow).where(col(CalendarWindow.calendar_id) == row.id))
    session.add_all(
        CalendarWindow(calendar_id=row.id or 0, weekday=w.weekday, opens=w.opens, closes=w.closes)
        for w in windows
    )
    hours = [f"{w.weekday} {w.opens:%H:%M}-{w.closes:%H:%M}" for w in windows]
    record(
        session, deed, "calendar.save", subject=f"calendar/{row.id}",
        after={**row.model_dump(mode="json"), "windows": hours},
    )  # fmt: skip
    return row.id or 0


async def _check_code(session: AsyncSession, row: ServiceCalendar) -> None:
    statement = select(ServiceCalendar.id).where(
        ServiceCalendar.code == row.code, ServiceCalendar.id != (row.id or 0)
    )
    with session.no_autoflush:
        known = (await session.exec(statement)).first()
    if known is not None or row.code in {ALWAYS, *HOUSE_CODES}:
        raise CalendarCodeTaken(code=row.code)


async def _closures(session: AsyncSession, *, uf: str, code: str = "") -> frozenset[date]:
    kept, asked = kept_by(session), ("closures", uf, code)
    if asked not in kept:
        statement: Any = select(col(Closure.day)).where(*_counting(uf=uf, code=code))
        kept[asked] = frozenset(await session.exec(statement))
    days: frozenset[date] = kept[asked]
    return days


async def _cities(session: AsyncSession) -> dict[tuple[str, str], list[str]]:
    """The codes of calendars in use, by their state and name."""
    kept = kept_by(session)
    if "cities" not in kept:
        statement = select(ServiceCalendar.uf, ServiceCalendar.name, ServiceCalendar.code).where(
            col(ServiceCalendar.is_active), ServiceCalendar.uf != ""
        )
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for uf, name, code in await session.exec(statement.order_by(ServiceCalendar.code)):
            found[uf, fold(name) or ""].append(code)
        kept["cities"] = dict(found)
    cities: dict[tuple[str, str], list[str]] = kept["cities"]
    return cities


def _counting(*, uf: str, code: str) -> tuple[Any, ...]:
    return (
        col(Closure.is_active),
        col(Closure.uf).in_(("", uf)),
        col(Closure.calendar).in_(("", code)),
    )


def _version(name: str, days: frozenset[date]) -> str:
    digest = sha256(" ".join(sorted(map(str, days))).encode()).hexdigest()[:8]
    return f"{HOLIDAY_LIST}; {name}; {digest}"
