"""How urgent a ticket is, by rule: of what category, from whom, and with which words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from rules.tasks import Priority


@dataclass(frozen=True)
class PriorityRule:
    """Holds where category, customer and one of the words fit; what is blank fits everything."""

    name: str
    priority: Priority
    category: str = ""
    customer: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class TicketWords:
    """What is known of a ticket when it comes in; codes of category and customer."""

    text: str
    category: str = ""
    customer: str = ""
    usual: Priority = Priority.NORMAL


def priority_of(ticket: TicketWords, rules: Sequence[PriorityRule]) -> tuple[Priority, str]:
    """The most urgent priority of the rules that hold, and the rule's name.

    Where none holds, the category's usual one, and no name.
    """
    text = folded(ticket.text)
    holding = [rule for rule in rules if _holds(rule, ticket, text)]
    if not holding:
        return ticket.usual, ""
    first = min(holding, key=lambda rule: rule.priority)
    return first.priority, first.name


def words_of(typed: str) -> tuple[str, ...]:
    """The words of a field in which they stand behind commas."""
    return tuple(word.strip() for word in typed.split(",") if word.strip())


def folded(text: str) -> str:
    """Without accents and capitals, as words are compared."""
    bare = unicodedata.normalize("NFD", text)
    return "".join(char for char in bare if not unicodedata.combining(char)).casefold()


def _holds(rule: PriorityRule, ticket: TicketWords, text: str) -> bool:
    fits = rule.category in {"", ticket.category} and rule.customer in {"", ticket.customer}
    return fits and (not rule.words or any(_says(text, word) for word in rule.words))


def _says(text: str, word: str) -> bool:
    """Whole words only: “fora” is not in “foram”."""
    return re.search(rf"(?<!\w){re.escape(folded(word))}(?!\w)", text) is not None
