"""Working hours as people type them: “08:00-12:00, 13:00-18:00”, one line a weekday."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import time

from rules.business_days import Window
from rules.refusals import Refusal

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
STRETCH = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")
BETWEEN = re.compile(r"[\s,;]*")
MIDNIGHT = "24:00"


class HoursNotRead(Refusal):
    message = "Escreva os horários como 08:00-12:00, 13:00-18:00."


def read_week(lines: Mapping[str, str]) -> tuple[Window, ...]:
    """This will read a week, by the names of its days. Refuses HoursNotRead beside its day."""
    return tuple(
        window
        for weekday, name in enumerate(WEEKDAYS)
        for window in _read_day(weekday, lines.get(name, ""), field=name)
    )


def written_week(windows: Iterable[Window]) -> dict[str, str]:
    """This will write a week as it would be typed."""
    lines: dict[str, list[str]] = {name: [] for name in WEEKDAYS}
    for each in sorted(windows):
        closes = MIDNIGHT if each.closes == time.min else f"{each.closes:%H:%M}"
        lines[WEEKDAYS[each.weekday]].append(f"{each.opens:%H:%M}-{closes}")
    return {name: ", ".join(stretches) for name, stretches in lines.items()}


def _read_day(weekday: int, line: str, *, field: str) -> list[Window]:
    windows, end = [], 0
    for found in STRETCH.finditer(line):
        if not BETWEEN.fullmatch(line[end : found.start()]):
            raise HoursNotRead(field=field)
        windows.append(_window(weekday, found, field=field))
        end = found.end()
    if not BETWEEN.fullmatch(line[end:]):
        raise HoursNotRead(field=field)
    return windows


def _window(weekday: int, found: re.Match[str], *, field: str) -> Window:
    opens_hour, opens_minute, closes_hour, closes_minute = map(int, found.groups())
    try:
        opens = time(opens_hour, opens_minute)
        closes = time(closes_hour % 24, closes_minute) if closes_hour <= 24 else None
    except ValueError:
        closes = None
    if closes is None or (closes_hour == 24 and closes_minute):
        raise HoursNotRead(field=field)
    return Window(weekday, opens, closes)
