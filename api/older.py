"""How programs page through what comes newest first: what is older than the last one read."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

Before = Annotated[
    int | None, Query(ge=1, le=10**15, description="the id of the last one read; none: the newest")
]
AtOnce = Annotated[int, Query(ge=1, le=500)]
