"""What is written for a cost centre, and the registered one that it means."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class CentreName:
    """A registered cost centre as people write it."""

    code: str
    name: str


def once_each(centres: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Codes with their names, each code once: several names of it are told together."""
    names: dict[str, list[str]] = {}
    for code, name in centres:
        if name not in names.setdefault(code, []):
            names[code].append(name)
    return [(code, " / ".join(told)) for code, told in names.items()]


class KnownCentres:
    """The cost centres of a company; `fold` leaves out accents and case."""

    def __init__(self, centres: Iterable[CentreName], *, fold: Callable[[str], str]) -> None:
        self._fold = fold
        self._codes: dict[str, str] = {}
        self._names: dict[str, str | None] = {}
        for each in centres:
            self._codes[self._plain(each.code)] = each.code
            name = self._plain(each.name)  # of two centres of one name neither is meant
            self._names[name] = None if name in self._names else each.code

    def code_of(self, text: str) -> str:
        """The code of the one that a text means by code or name; another text stays as it is."""
        plain = self._plain(text)
        return self._codes.get(plain) or self._names.get(plain) or " ".join(text.split())

    def _plain(self, text: str) -> str:
        return self._fold(" ".join(text.split()))
