"""The details of an entry of the audit trail as people read them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from api import language
from api.language import gettext
from api.registry_shelves import EVERY
from models.registry_rows import table_of
from rules.trail_details import DETAILS

#: What fields of registries are called on their own forms, by the table's name.
FIELDS: Mapping[str, Mapping[str, str]] = {
    str(table_of(each.model).name): {field.name: field.label for field in each.fields}
    for each in EVERY
}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d[\d:.]*(Z|[+-]\d\d:?\d\d)")
_DECIMAL = re.compile(r"-?\d{1,13}\.\d{1,4}")
_AMOUNT = re.compile(r"-?\d+\.\d\d")
_CHANGE = {"before", "after"}


def told_details(details: Mapping[str, Any], *, kind: str) -> str:
    """This will tell the details of an entry about a `kind` of thing: what changed, or what was."""
    labels = {**DETAILS, **FIELDS.get(kind, {})}
    if details.keys() >= _CHANGE:
        rest = {name: value for name, value in details.items() if name not in _CHANGE}
        parts = [*_changes(details["before"], details["after"], labels), *_parts(rest, labels)]
    else:
        parts = list(_parts(details, labels))
    return " · ".join(parts)


def _changes(before: Any, after: Any, labels: Mapping[str, str]) -> Iterator[str]:
    if not isinstance(before, dict) or not isinstance(after, dict):
        if isinstance(after, dict):
            yield from _parts(after, labels)
        else:
            yield gettext("de %(was)s para %(now)s", was=_value(before), now=_value(after))
        return
    for name in sorted({*before, *after}):
        was, now = before.get(name), after.get(name)
        if was != now:
            label = gettext(labels.get(name, name))
            yield gettext("%(name)s: de %(was)s para %(now)s", name=label, was=_value(was),
                          now=_value(now))  # fmt: skip


def _parts(details: Mapping[str, Any], labels: Mapping[str, str]) -> Iterator[str]:
    for name, value in details.items():
        if value in (None, "", [], {}):
            continue
        label = gettext(labels.get(name, name))
        yield f"{label}: {_value(value, labels)}"


def _value(value: Any, labels: Mapping[str, str] = DETAILS) -> str:
    match value:
        case None | "":
            return "—"
        case bool():
            return gettext("sim") if value else gettext("não")
        case dict():
            return "; ".join(_parts(value, labels)) or "—"
        case list():
            return ", ".join(_value(each, labels) for each in value) or "—"
        case str():
            return _text(value)
    return str(value)


def _text(value: str) -> str:
    try:
        return _told(value)
    except ValueError:  # it has the shape of a day, and is none
        return value


def _told(value: str) -> str:
    if _DAY.fullmatch(value):
        return language.day(date.fromisoformat(value))
    if _INSTANT.fullmatch(value):
        return language.moment(datetime.fromisoformat(value))
    if _DECIMAL.fullmatch(value):
        amount = Decimal(value)
        return (
            language.plain_amount(amount) if _AMOUNT.fullmatch(value) else language.number(amount)
        )
    return value
