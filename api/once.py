"""A request that comes twice is carried out once: its answer is kept with what it wrote."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any
from uuid import NAMESPACE_URL, uuid5

from fastapi import Depends, Header, Request
from pydantic_core import to_jsonable_python
from sqlalchemy.exc import IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from models import cases
from models.database import Database
from models.people import Deed
from rules.refusals import Refusal

#: What a program calls its request, so that it may ask again when no answer came.
CommandId = Annotated[
    str | None,
    Header(alias="Idempotency-Key", max_length=120, description="the same one: the same answer"),
]
Answer = dict[str, Any]
#: What is to be done inside the transaction; gives the answer, in plain values or as a view.
Work = Callable[[AsyncSession], Awaitable[Any]]


class SecretAlreadyTold(Refusal):
    message = (
        "Este pedido já foi executado (nº %(id)s), e o segredo só é mostrado uma vez. Se a "
        "resposta se perdeu, revogue o que foi criado e peça outro."
    )


@dataclass(frozen=True)
class Once:
    """One request: where it was sent to, and what its sender calls it; None: it has no name."""

    place: str
    key: str | None

    async def do(
        self, database: Database, deed: Deed, work: Work, *, told_once: str = ""
    ) -> Answer:
        """This will do the work in one transaction; the same request again gets its first answer.

        The key means nothing at another address, nor to another caller. Without one each request
        is another. Refuses whatever the work refuses, and then nothing is kept. What of the
        answer is `told_once` is kept nowhere: the same request again is SecretAlreadyTold.
        """
        if not self.key:
            async with database.write() as session:
                return await _plain(work, session)
        number = str(uuid5(NAMESPACE_URL, f"{self.place}/{deed.by}/{self.key}"))
        try:
            return await self._first(database, deed, work, number, told_once)
        except IntegrityError:  # the same request at the same instant
            async with database.read() as session:
                known = await cases.answer_to(session, number)
            if known is None:
                raise
            return _again(known, told_once)

    def apart(self, caller: str) -> Once:
        """The request of one of many callers who all act under the same name, as customers do."""
        return replace(self, place=f"{self.place}/{caller}")

    async def _first(
        self, database: Database, deed: Deed, work: Work, number: str, told_once: str
    ) -> Answer:
        async with database.write() as session:
            known = await cases.answer_to(session, number)
            if known is not None:
                return _again(known, told_once)
            answer = await _plain(work, session)
            kept = {name: value for name, value in answer.items() if name != told_once}
            cases.keep_answer(session, command_id=number, answer=kept, at=deed.at)
            return answer


async def once_of(request: Request, key: CommandId = None) -> Once:
    """What this request is called."""
    return Once(f"{request.method} {request.url.path}", key)


#: A page's request: its form says what is sent twice.
UNNAMED = Once("", None)
#: In a route: `once: NamedRequest`, then `await once.do(database, deed, work)`.
NamedRequest = Annotated[Once, Depends(once_of)]


def _again(known: Answer, told_once: str) -> Answer:
    if told_once:
        raise SecretAlreadyTold(id=known["id"])
    return known


async def _plain(work: Work, session: AsyncSession) -> Answer:
    answer: Answer = to_jsonable_python(await work(session))
    return answer
