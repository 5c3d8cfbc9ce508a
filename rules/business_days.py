"""Business days and hours of Brazil: the one place that knows holidays, time zones and deadlines.

Days are dates of the calendar's time zone, instants are aware and leave here in UTC. Everything is
computed from the calendar given, so a stored deadline is explained by the calendar's version.
"""

import calendar as gregorian
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from holidays.countries.brazil import Brazil
from holidays.version import __version__ as holidays_version

from rules.refusals import Refusal

BRASILIA = "America/Sao_Paulo"
HOLIDAY_LIST = f"holidays {holidays_version}"  # belongs in the version of every calendar
ONE_DAY = timedelta(days=1)
# Days on which banks close although no law makes them holidays (Febraban). With them the national
# list equals Anbima's on every day from 2000 to 2079; Ash Wednesday and 24 December stay open.
BANK_CLOSURES = frozenset({"Carnaval", "Corpus Christi"})


class UnknownState(Refusal):
    message = "A UF %(uf)s não existe. Informe a sigla de um estado ou DF."
    field = "uf"


class InvalidWindow(Refusal):
    message = (
        "O expediente %(window)s termina antes de começar ou cruza outro. Corrija os horários."
    )
    field = "windows"


class NoWorkingHours(Refusal):
    message = "O calendário não tem horário de expediente. Cadastre ao menos um horário por semana."
    field = "windows"


class CalendarKind(StrEnum):
    """Which holidays count: the law's, those of banks, which also close at Carnival, or none."""

    NATIONAL = "national"
    BANK = "bank"
    NONE = "none"


@dataclass
class House:
    """Where the company's own clocks stand; activities/house.py tells each process."""

    zone: str = BRASILIA


#: One company a deployment, so one a process: whatever names no zone of its own is told in this.
HOUSE = House()


@dataclass(frozen=True, order=True)
class Window:
    """Working hours of one weekday (Monday is 0); closes is exclusive, and 00:00 is midnight."""

    weekday: int
    opens: time
    closes: time


def weekday_windows(*hours: tuple[time, time]) -> tuple[Window, ...]:
    """This will give Monday to Friday the same hours, one pair per stretch of the day."""
    return tuple(Window(day, opens, closes) for day in range(5) for opens, closes in hours)


OFFICE_HOURS = weekday_windows((time(9), time(18)))
AROUND_THE_CLOCK = tuple(Window(day, time(0), time(0)) for day in range(7))


@dataclass(frozen=True)
class Calendar:
    """Which days and hours count. `closures` are the company's and the city's own days off.

    `version` changes with whatever it counts by; `code` names it where it is kept.

    Hours may stand on a Saturday or Sunday: they count as working time, but never make the day a
    business day. Refuses unknown states and windows that are empty or cross (InvalidWindow).
    """

    kind: CalendarKind = CalendarKind.NATIONAL
    uf: str | None = None
    closures: frozenset[date] = frozenset()
    time_zone: str = field(default_factory=lambda: HOUSE.zone)
    windows: tuple[Window, ...] = OFFICE_HOURS
    version: str = HOLIDAY_LIST
    code: str = ""

    def __post_init__(self) -> None:
        if self.uf is not None and self.uf not in Brazil.subdivisions:
            raise UnknownState(uf=self.uf)
        _check_windows(self.windows)


def is_business_day(day: date, *, calendar: Calendar) -> bool:
    """This will be true from Monday to Friday, but on holidays and closures."""
    return day.weekday() < 5 and not _is_day_off(day, calendar)


def next_business_day(day: date, *, calendar: Calendar) -> date:
    """This will give the day itself when it is a business day, else the first one after it."""
    while not is_business_day(day, calendar=calendar):
        day += ONE_DAY
    return day


def add_business_days(day: date, *, days: int, calendar: Calendar) -> date:
    """This will count so many business days on, or back when negative; the day itself is not one.

    Zero leaves the day as it is, be it a business day or not. The first day is excluded and the
    last included (Código Civil, art. 132).
    """
    step = ONE_DAY if days > 0 else -ONE_DAY
    for _ in range(abs(days)):
        day += step
        while not is_business_day(day, calendar=calendar):
            day += step
    return day


def add_months(day: date, *, months: int, on_day: int | None = None) -> date:
    """This will give the same day of a later month, or the last day of a shorter one.

    `on_day` is the day first agreed (None: that of the date given), so that a series from the 31st
    comes back to the 31st after a short month.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    last = gregorian.monthrange(year, month)[1]
    return date(year, month, min(on_day or day.day, last))


def months_end(day: date, *, months: int) -> date:
    """This will give the day on which a term of so many months is over.

    It is the day of the same number, or the one right after where the month has none: a year from
    29 February is over on 1 March (Código Civil, art. 132 § 3).
    """
    end = add_months(day, months=months)
    return end if end.day == day.day else end + ONE_DAY


def at_local_time(day: date, *, at: time, zone: str = "") -> datetime:
    """This will give the UTC instant at which clocks in the zone show that day and time.

    Here and below, without a zone it is the house's.
    """
    return datetime.combine(day, at, tzinfo=ZoneInfo(zone or HOUSE.zone)).astimezone(UTC)


def local_time(instant: datetime, *, zone: str = "") -> datetime:
    """This will show an instant as the zone's clocks do. A naive instant is a ValueError."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant} has no time zone")
    return instant.astimezone(ZoneInfo(zone or HOUSE.zone))


def local_date(instant: datetime, *, zone: str = "") -> date:
    """This will give the date on the zone's calendars at that instant."""
    return local_time(instant, zone=zone).date()


def first_free(instant: datetime, out: Collection[date]) -> datetime:
    """This will give the instant, moved by whole days to the first one that is not among `out`."""
    while local_date(instant) in out:
        instant += ONE_DAY
    return instant


def deadline(instant: datetime, *, business_days: int, calendar: Calendar) -> datetime:
    """This will give the instant so many business days after the local date of the start, or
    before it when negative.

    It falls at the start's own local time, moved into the working hours of the last day: to the
    opening when earlier, to the next opening when in a break, to the last closing when later. With
    zero days it is the next working instant. Refuses a calendar without hours (NoWorkingHours).
    """
    if business_days == 0:
        return next_working_instant(instant, calendar=calendar)
    start = local_time(instant, zone=calendar.time_zone)
    day = add_business_days(start.date(), days=business_days, calendar=calendar)
    due = at_local_time(day, at=start.time(), zone=calendar.time_zone)
    stretches = working_stretches(day, calendar)
    if not stretches:  # a business day on which this calendar has no hours, Fridays off for one
        return next_working_instant(due, calendar=calendar)
    opening = (max(due, opens) for opens, closes in stretches if due <= closes)
    return next(opening, stretches[-1][1])


def closing(instant: datetime, *, business_days: int, calendar: Calendar) -> datetime:
    """This will give the last closing of the day so many business days after the local date.

    Until then holds what is promised in days: the first is not counted and the last is whole
    (Código Civil, art. 132), whatever the hour of the start. Zero days end with the working day of
    the start, or of the next opening; a day on which this calendar has no hours, with the next one
    that has. Refuses a calendar without hours (NoWorkingHours).
    """
    within = deadline(instant, business_days=business_days, calendar=calendar)
    return working_stretches(local_date(within, zone=calendar.time_zone), calendar)[-1][1]


def next_working_instant(instant: datetime, *, calendar: Calendar) -> datetime:
    """This will give the instant itself within working hours, else the next opening.

    A closing instant is already outside. Refuses a calendar without hours (NoWorkingHours).
    """
    return next(_stretches_from(instant, calendar))[0]


def add_business_seconds(instant: datetime, *, seconds: int, calendar: Calendar) -> datetime:
    """This will give the instant at which so many seconds of working time have passed.

    Time that runs out exactly at a closing is due then, not at the next opening; zero seconds give
    the next working instant. Fractions of a second are dropped, negative seconds are a ValueError,
    a calendar without hours is refused (NoWorkingHours).
    """
    if seconds < 0:
        raise ValueError("working time is only counted forwards")
    left = timedelta(seconds=seconds)
    stretches = _stretches_from(instant.replace(microsecond=0), calendar)
    opens, closes = next(stretches)
    while left > closes - opens:
        left -= closes - opens
        opens, closes = next(stretches)
    return opens + left


def business_seconds_between(start: datetime, *, end: datetime, calendar: Calendar) -> int:
    """This will count the whole seconds of working time from start until end; none when reversed.

    Additive: a stretch cut anywhere in two counts the same. Refuses NoWorkingHours.
    """
    end = end.replace(microsecond=0)
    worked = timedelta()
    for opens, closes in _stretches_from(start.replace(microsecond=0), calendar):
        if opens >= end:
            break
        worked += min(closes, end) - opens
    return int(worked.total_seconds())


def working_stretches(day: date, calendar: Calendar) -> list[tuple[datetime, datetime]]:
    """This will give the hours of a day in order, opening and closing; none on a day off."""
    if _is_day_off(day, calendar):
        return []
    windows = sorted(window for window in calendar.windows if window.weekday == day.weekday())
    return [_stretch(day, window, calendar.time_zone) for window in windows]


def _check_windows(windows: tuple[Window, ...]) -> None:
    previous: Window | None = None
    for window in sorted(windows):
        empty = time.min < window.closes <= window.opens
        if window.weekday not in range(7) or empty or (previous and _crosses(previous, window)):
            raise InvalidWindow(window=f"{window.opens:%H:%M}-{window.closes:%H:%M}")
        previous = window


def _crosses(earlier: Window, later: Window) -> bool:
    to_midnight = earlier.closes == time.min
    return earlier.weekday == later.weekday and (to_midnight or later.opens < earlier.closes)


def _is_day_off(day: date, calendar: Calendar) -> bool:
    return day in calendar.closures or day in _holidays(day.year, calendar.kind, calendar.uf)


@lru_cache(maxsize=1024)
def _holidays(year: int, kind: CalendarKind, uf: str | None) -> frozenset[date]:
    if kind == CalendarKind.NONE:
        return frozenset()
    lawful = frozenset(Brazil(years=year, subdiv=uf, language="pt_BR"))
    if kind != CalendarKind.BANK:
        return lawful
    optional = Brazil(years=year, categories=("optional",), language="pt_BR")
    return lawful | {day for day, name in optional.items() if name in BANK_CLOSURES}


def _stretches_from(instant: datetime, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    if not calendar.windows:
        raise NoWorkingHours
    now = local_time(instant, zone=calendar.time_zone)
    day, start = now.date(), now.astimezone(UTC)
    while True:
        for opens, closes in working_stretches(day, calendar):
            if closes > start:
                yield max(opens, start), closes
        day += ONE_DAY


def _stretch(day: date, window: Window, zone: str) -> tuple[datetime, datetime]:
    closing_day = day + ONE_DAY if window.closes == time.min else day
    opens = at_local_time(day, at=window.opens, zone=zone)
    return opens, at_local_time(closing_day, at=window.closes, zone=zone)
