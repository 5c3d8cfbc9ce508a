"""What roles and teams have in common: a code and a name, a list, a form that is kept at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

from fastapi import Request, Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api.dependencies import Db, Principal, need
from api.forms import Submitted, submitted
from api.inputs import Input
from api.language import N_
from api.listing import Column
from api.rendering import redirect

See = Annotated[Principal, need("people:see")]
Edit = Annotated[Principal, need("people:edit")]

NAME = Column("name", N_("Nome"), is_sortable=True)
CODE = Column("code", N_("Código"), is_sortable=True)


class NamedInput(Input):
    """The code, which never changes, and the name."""

    code: str = Field(min_length=1, max_length=40, pattern=r"^[a-z0-9_-]+$")
    name: str = Field(min_length=1, max_length=120)


InputT = TypeVar("InputT", bound=NamedInput)


async def keep(
    request: Request,
    model: type[InputT],
    database: Db,
    write: Callable[[AsyncSession, InputT], Awaitable[Any]],
    *,
    path: str,
    told: str,
) -> tuple[Submitted[InputT], Response | None]:
    """This will write what the form says and lead to the list; no answer when refused."""
    form = await submitted(request, model)
    if form.value:
        with form.refusals():
            async with database.write() as session:
                await write(session, form.value)
            return form, redirect(request, path, told)
    return form, None
