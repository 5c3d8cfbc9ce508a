"""A program that asks again until it is answered, whatever dies meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2

PATIENCE_SECONDS = 180
#: What is answered while something is away: ask again.
LATER = frozenset({503})


async def insist(
    http: httpx2.AsyncClient, method: str, path: str, *, key: str, **content: Any
) -> httpx2.Response:
    """The same request, by the same name, until it is answered: nothing may be done twice."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            answer = await http.request(
                method, path, headers={"Idempotency-Key": key}, timeout=20, **content
            )
        except httpx2.HTTPError:
            await asyncio.sleep(0.2)
            continue
        if answer.status_code < 300:
            return answer
        assert answer.status_code in LATER, f"{method} {path}: {answer.text}"
        await asyncio.sleep(0.2)
    raise AssertionError(f"{method} {path} was never answered")


async def until(
    holds: Callable[[], Awaitable[object]], *, what: str, seconds: float = PATIENCE_SECONDS
) -> None:
    """Waits until it holds: `holds` gives what is still missing, or nothing."""
    deadline = time.monotonic() + seconds
    while left := await holds():
        assert time.monotonic() < deadline, f"{what}: {left}"
        await asyncio.sleep(0.4)
