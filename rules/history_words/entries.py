"""How the sentences of a kind of event are written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """The parts into which a history can be narrowed."""

    PEOPLE = "people"
    SYSTEM = "system"
    MESSAGES = "messages"
    MONEY = "money"


@dataclass(frozen=True)
class Told:
    """The sentences of a kind; without a part, whoever acted decides it."""

    sentences: tuple[str, ...]
    part: Part | None = None


def told(*sentences: str) -> Told:
    """What a person or the system did."""
    return Told(sentences)


def message(*sentences: str) -> Told:
    """What was said to the customer, or to a carrier."""
    return Told(sentences, Part.MESSAGES)


def money(*sentences: str) -> Told:
    """What was paid, owed or forgiven."""
    return Told(sentences, Part.MONEY)
