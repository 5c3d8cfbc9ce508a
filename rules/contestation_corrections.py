"""Root-cause corrections: closed only by evidence, opened again by the same error."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass, field
from enum import StrEnum

_COUNTED = re.compile(r"\b\d{1,4}\s*(?:/|de)\s*\d{1,4}\b")


class CorrectionStatus(StrEnum):
    """Where a correction of the carrier's records stands."""

    OPEN = "open"
    CLOSED = "closed"
    RETURNED = "returned"


@dataclass(frozen=True)
class Cause:
    """What is to be mended: one rule on one line and charge.

    A description that counts on from month to month (an instalment's 13/12, a month's 11/2026) is
    the same charge's: else the error would seem mended by the next figure.
    """

    rule: str
    number: str
    code: str
    description: str = field(compare=False)
    charge: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "charge", _COUNTED.sub("#", self.description.casefold()))


def judge(status: CorrectionStatus, cause: Cause, found: Set[Cause]) -> CorrectionStatus:
    """What an audit of a later invoice makes of a correction.

    Nothing found closes it; found again, a closed one has returned, and an open one stays open.
    """
    if cause not in found:
        return CorrectionStatus.CLOSED
    if status is CorrectionStatus.CLOSED:
        return CorrectionStatus.RETURNED
    return status
