"""Protocol numbers: the day and a number of that day, which customers are told and quote back."""

from __future__ import annotations

import re
from datetime import date

WRITTEN = re.compile(r"(?<!\d)(20\d{6}\d{6})(?!\d)")


def protocol(day: date, number: int) -> str:
    """This will write the protocol of the day's so many-th request: 20261122000017."""
    return f"{day:%Y%m%d}{number:06}"


def protocols_in(text: str) -> list[str]:
    """The protocols that a text quotes, in their order, each once."""
    return list(dict.fromkeys(WRITTEN.findall(text)))
