"""A request that comes twice is carried out once: its answer is kept with what it wrote."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import NAMESPACE_URL, uuid5

from fastapi import Depends, Header, Request
from pydantic_core import to_jsonable_python
from sqlalchemy.exc import IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from models import cases
from models.database import Database
from models.people import Deed

#: What a program calls its request, so that it may ask again when no answer came.
CommandId = Annotated[
    str | None,
    Header(alias="Idempotency-Key", max_length=120, description="the same one: the same answer"),
]
Answer = dict[str, Any]
#: What is to be done inside the transaction; gives the answer, in plain values.
Work = Callable[[AsyncSession], Awaitable[Answer]]


@dataclass(frozen=True)
class Once:
    """One request: where it was sent to, and what its sender calls it; None: it has no name."""

    place: str
    key: str | None

    async def do(self, database: Database, deed: Deed, work: Work) -> Answer:
        """This will do the work in one transaction; the same request again gets its first answer.

        The key means nothing at another address, nor to another caller. Without one each request
        is another. Refuses whatever the work refuses, and then nothing is kept.
        """
        if not self.key:
            async with database.write() as session:
                return await _plain(work, session)
        number = str(uuid5(NAMESPACE_URL, f"{self.place}/{deed.by}/{self.key}"))
        try:
            return await self._first(database, deed, work, number)
        except IntegrityError:  # the same request at the same instant
            async with database.read() as session:
                known = await cases.answer_to(session, number)
            if known is None:
                raise
            return known

    async def _first(self, database: Database, deed: Deed, work: Work, number: str) -> Answer:
        async with database.write() as session:
            known = await cases.answer_to(session, number)
            if known is not None:
                return known
            answer = await _plain(work, session)
            cases.keep_answer(session, command_id=number, answer=answer, at=deed.at)
            return answer


async def once_of(request: Request, key: CommandId = None) -> Once:
    """What this request is called."""
    return Once(f"{request.method} {request.url.path}", key)


#: In a route: `once: NamedRequest`, then `await once.do(database, deed, work)`.
NamedRequest = Annotated[Once, Depends(once_of)]


async def _plain(work: Work, session: AsyncSession) -> Answer:
    answer: Answer = to_jsonable_python(await work(session))
    return answer
