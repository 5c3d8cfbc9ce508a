"""Where a delivery to the outside stands, as the workflow that waits for it hears."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Outcome:
    """What an attempt came to; with `wait_until` the next one is made then."""

    status: str
    wait_until: datetime | None = None
