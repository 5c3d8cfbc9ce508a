"""What people may do to tomorrow before it comes, each said once: its page, its JSON, its words."""

# No postponed annotations here: FastAPI reads those of the routes that are made in a loop.
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from inspect import getdoc
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import FormData

from api.dependencies import Db, Ip, Now, Principal, Today, need
from api.rendering import redirect
from models.people import Deed

Edits = Annotated[Principal, need("ladders:edit")]
LONGEST_REASON = 1000


@dataclass(frozen=True)
class Editing:
    """Who changes tomorrow, today, in one transaction."""

    session: AsyncSession
    by: Principal
    today: date
    deed: Deed


@dataclass(frozen=True)
class Tool:
    """A tool: `path` ends its page's address, `name` its own in the API; without one, no API.

    `use` gives of how many rows it was done: `counted` calls that number in JSON, `done` tells it
    on the page. `asked` are the rows meant, lists of numbers, and a `reason` where one is given.
    """

    path: str
    name: str
    counted: str
    done: str
    asked: type[BaseModel]
    use: Callable[[Editing, Any], Awaitable[int]]


def add_tools(
    router: APIRouter, tools: Sequence[Tool], *, path: str, api_path: str, back: str
) -> None:
    """This will add each tool's routes; its page leads `back`."""
    for tool in tools:
        _add_page(router, tool, path, back)
        if tool.name:
            _add_json(router, tool, api_path)


def _add_page(router: APIRouter, tool: Tool, path: str, back: str) -> None:
    async def by_page(
        request: Request, by: Edits, database: Db, now: Now, today: Today, ip: Ip
    ) -> Response:
        asked = _ticked(await request.form(), tool.asked)
        async with database.write() as session:
            editing = Editing(session, by, today, by.deed(at=now, ip=ip))
            count = await tool.use(editing, asked)
        return redirect(request, back, tool.done, n=count)

    router.post(f"{path}/{tool.path}", include_in_schema=False)(by_page)


def _add_json(router: APIRouter, tool: Tool, api_path: str) -> None:
    asked_as = tool.asked

    async def by_program(
        body: asked_as,  # type: ignore[valid-type]
        by: Edits,
        database: Db,
        now: Now,
        today: Today,
        ip: Ip,
    ) -> dict[str, int]:
        async with database.write() as session:
            editing = Editing(session, by, today, by.deed(at=now, ip=ip))
            return {tool.counted: await tool.use(editing, body)}

    router.post(f"{api_path}/{tool.name}", name=tool.name, description=getdoc(tool.use))(by_program)


def _ticked(sent: FormData, asked: type[BaseModel]) -> BaseModel:
    """What was ticked; what is not a number of ours is left out."""
    said: dict[str, Any] = {name: _numbers(sent.getlist(name)) for name in asked.model_fields}
    said["reason"] = str(sent.get("reason", ""))[:LONGEST_REASON]
    return asked.model_construct(**said)


def _numbers(ticked: Sequence[Any]) -> list[int]:
    short = (each for each in ticked if isinstance(each, str) and each.isdecimal())
    return sorted({int(each) for each in short if len(each) < 16})
