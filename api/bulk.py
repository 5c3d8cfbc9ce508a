"""One thing done to several subjects: each by itself, each with its own answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from pydantic import BaseModel
from temporalio.exceptions import TemporalError

from api.problems import Problem, problem_of
from rules.refusals import Refusal

#: More than this is no selection any more.
MOST = 500
AT_ONCE = 10


class Refused(BaseModel):
    """What stayed as it was, and why."""

    id: int
    detail: str


class BulkOut(BaseModel):
    """How many were done, and those that were not."""

    done: int
    refused: list[Refused]


async def attempt_each(
    ids: Sequence[int], do: Callable[[int], Awaitable[Any]]
) -> list[tuple[int, Problem]]:
    """This will try every one, a few at a time; what is refused does not hold up the rest."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def attempt(subject_id: int) -> tuple[int, Problem] | None:
        async with gate:
            try:
                await do(subject_id)
            except (Refusal, TemporalError, TimeoutError) as refused:
                return subject_id, problem_of(refused)
        return None

    return [each for each in await asyncio.gather(*map(attempt, ids)) if each is not None]


def bulk_out(ids: Sequence[int], refused: Sequence[tuple[int, Problem]]) -> BulkOut:
    """What a program is told."""
    told = [Refused(id=number, detail=problem.sentence()) for number, problem in refused]
    return BulkOut(done=len(ids) - len(told), refused=told)
