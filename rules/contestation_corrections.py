"""Root-cause corrections: closed only by evidence, opened again by the same error."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from enum import StrEnum


class CorrectionStatus(StrEnum):
    """Where a correction of the carrier's records stands."""

    OPEN = "open"
    CLOSED = "closed"
    RETURNED = "returned"


@dataclass(frozen=True)
class Cause:
    """What is to be mended: one rule on one line and charge."""

    rule: str
    number: str
    code: str
    description: str


def judge(status: CorrectionStatus, cause: Cause, found: Set[Cause]) -> CorrectionStatus:
    """What an audit of a later invoice makes of a correction.

    Nothing found closes it; found again, a closed one has returned, and an open one stays open.
    """
    if cause not in found:
        return CorrectionStatus.CLOSED
    if status is CorrectionStatus.CLOSED:
        return CorrectionStatus.RETURNED
    return status
