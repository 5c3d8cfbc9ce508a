"""The details of an entry of the audit trail as people read them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from api import language
from api.language import gettext
from api.policy_forms import told
from api.registry_shelves import EVERY
from models.registry_rows import table_of
from rules.policy_values import Setting
from rules.trail_details import DETAILS
from rules.trail_values import CHANGED, PEOPLE, word_of

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


@dataclass(frozen=True)
class Reader:
    """What tells the details of an entry about a kind of thing: labels, words, names by login."""

    kind: str
    people: Mapping[str, str]

    @property
    def labels(self) -> Mapping[str, str]:
        """What details are called."""
        return {**DETAILS, **FIELDS.get(self.kind, {})}

    def label(self, name: str) -> str:
        """What a detail is called."""
        return gettext(self.labels.get(name, name))

    def value(self, name: str, value: Any) -> str:
        """A detail as people read it."""
        match value:
            case None | "":
                return "—"
            case bool():
                return gettext("sim") if value else gettext("não")
            case dict():
                return "; ".join(self.parts(value)) or "—"
            case list():
                return ", ".join(self.value(name, each) for each in value) or "—"
            case str() | int():
                return self._word(name, str(value))
        return str(value)

    def parts(self, details: Mapping[str, Any]) -> Iterator[str]:
        """Each detail that says something, by its name."""
        for name, value in details.items():
            if value not in (None, "", [], {}):
                yield f"{self.label(name)}: {self.value(name, value)}"

    def changes(self, before: Any, after: Any) -> Iterator[str]:
        """What became of what."""
        if not isinstance(before, dict) or not isinstance(after, dict):
            if isinstance(after, dict):
                yield from self.parts(after)
            else:
                ends = {"was": self.value("", before), "now": self.value("", after)}
                yield gettext("de %(was)s para %(now)s", **ends)
            return
        for name in sorted({*before, *after}):
            was, now = before.get(name), after.get(name)
            if was != now:
                yield gettext(
                    "%(name)s: de %(was)s para %(now)s", name=self.label(name),
                    was=self.value(name, was), now=self.value(name, now),
                )  # fmt: skip

    def _word(self, name: str, value: str) -> str:
        if name in PEOPLE | CHANGED and value in self.people:
            return self.people[value]
        word = word_of(name, value, area=self.kind)
        return _text(value) if word == value else gettext(word)


def told_details(details: Mapping[str, Any], *, kind: str, people: Mapping[str, str]) -> str:
    """This will tell the details of an entry about a `kind` of thing: what changed, or what was."""
    reader = Reader(kind, people)
    if details.keys() >= _CHANGE:
        rest = {name: value for name, value in details.items() if name not in _CHANGE}
        changes = reader.changes(details["before"], details["after"])
        return " · ".join([*changes, *reader.parts(rest)])
    return " · ".join(reader.parts(details))


def told_policy(setting: Setting, details: Mapping[str, Any], *, people: Mapping[str, str]) -> str:
    """This will tell a change of a policy as its own page does."""
    was, now = (told(setting, details[end], people=people) for end in ("before", "after"))
    return gettext("de %(was)s para %(now)s", was=was, now=now)


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
