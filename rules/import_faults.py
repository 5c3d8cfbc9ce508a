"""Everything that stands against a row of a file, not only what was met first.

A check is one rule that refuses; it is asked only where every field that it reads could be read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from rules.refusals import Refusal


@dataclass(frozen=True)
class Check:
    """A rule that refuses a row, and the fields of the row that it reads."""

    reads: frozenset[str]
    refuse: Callable[[], object]


def check(reads: str, refuse: Callable[[], object]) -> Check:
    """This will make a check of a rule; `reads` names the fields, with blanks between."""
    return Check(frozenset(reads.split()), refuse)


def faults_of(checks: Iterable[Check], *, unread: frozenset[str]) -> Iterator[Refusal]:
    """Each refusal once, in the order of the checks, of the rules that could be asked."""
    told: set[str] = set()
    for each in checks:
        if each.reads & unread:
            continue
        try:
            each.refuse()
        except Refusal as refusal:
            if refusal.code not in told:
                told.add(refusal.code)
                yield refusal
