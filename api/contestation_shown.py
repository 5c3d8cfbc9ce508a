"""What the page of a contestation is made of, whichever way round the roles are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from api.case_head import Figure
from api.forms import Submitted


@dataclass(frozen=True)
class StepMark:
    """One step of the way; `at` None: not yet."""

    label: str
    at: Any
    note: str = ""


@dataclass(frozen=True)
class Shown:
    """A template and its values, the forms of the commands as they are first shown, and which of
    them the stage allows to this person."""

    template: str
    figures: list[Figure]
    forms: dict[str, Submitted[Any]]
    may: Mapping[str, bool]
    values: Mapping[str, Any] = field(default_factory=dict)
