"""What a diagram of stages is made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rules.cases import Process


@dataclass(frozen=True)
class Arrow:
    """From a stage (None: from nowhere) to another: by a command, a step, or news in words."""

    source: StrEnum | None
    target: StrEnum
    why: type | StrEnum | str


@dataclass(frozen=True)
class Journey:
    """What one diagram shows."""

    title: str
    words: str
    stages: Iterable[StrEnum]
    arrows: tuple[Arrow, ...]
    final: Sequence[StrEnum]
    process: Process | None = None
    steps: type[StrEnum] | None = None
