"""What one customer is written on one day: of many steps as few letters as may be.

Several invoices go in one letter, e-mail and SMS of one step are one contact, of missed messages
only the last is sent. Legal notices are never dropped nor put in with anything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from rules.ladder_steps import Rung


@dataclass(frozen=True)
class Word:
    """A message step that is due for an invoice; `on` is the day on which it fell."""

    invoice_id: int
    rung: Rung
    on: date
    days_late: int


@dataclass(frozen=True)
class Letter:
    """One contact: the step whose template it uses, and all the invoices it speaks of."""

    rung: Rung
    words: tuple[Word, ...]

    @property
    def invoice_ids(self) -> tuple[int, ...]:
        """The invoices it speaks of, in order."""
        return tuple(sorted({word.invoice_id for word in self.words}))


@dataclass(frozen=True)
class Post:
    """A customer's letters of a day, and the steps that another letter made needless."""

    letters: tuple[Letter, ...]
    superseded: tuple[Word, ...]


def post(words: Iterable[Word]) -> Post:
    """This will put what a customer is to hear on one day into letters."""
    ordered = sorted(words, key=_order)
    last = {word.invoice_id: word for word in ordered}
    notices = [word for word in ordered if word.rung.is_legal_notice]
    plain = [word for word in ordered if not word.rung.is_legal_notice]
    said = [word for word in plain if last[word.invoice_id] is word]
    superseded = [word for word in plain if last[word.invoice_id] is not word]
    return Post((*_notices(notices), *_plain(said)), tuple(superseded))


#: What every letter's key begins with.
PREFIX = "ladder/"


def letter_key(*, customer_id: int, rung_id: int, day: date) -> str:
    """By what a letter is known again: its messages add their channel."""
    return f"{PREFIX}{customer_id}/{rung_id}/{day.isoformat()}"


def _order(word: Word) -> tuple[int, date, int, int]:
    return (word.invoice_id, word.on, word.rung.position, word.rung.id)


def _notices(words: Sequence[Word]) -> list[Letter]:
    by_rung = sorted(words, key=lambda word: (word.rung.position, word.rung.id))
    groups = groupby(by_rung, key=lambda word: word.rung.id)
    found = [tuple(group) for _, group in groups]
    return [Letter(group[0].rung, group) for group in found]


def _plain(words: Sequence[Word]) -> list[Letter]:
    """One letter, in the words of the step that is furthest along: it lists them all."""
    if not words:
        return []
    furthest = max(words, key=lambda word: (word.days_late, word.rung.position, word.invoice_id))
    return [Letter(furthest.rung, tuple(words))]
