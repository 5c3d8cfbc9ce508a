"""Filters that people keep: under the filter row of every list, and for programs."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api.dependencies import Db, Now, Principal, ReadSession, need
from api.forms import submitted
from api.inputs import Input
from api.language import N_
from api.once import UNNAMED, NamedRequest
from api.rendering import redirect
from models import saved_filters
from models.saved_filters import LONGEST_QUERY, SavedFilter
from rules.refusals import Refusal

router = APIRouter(tags=["filters"])

#: Whoever keeps an address sees behind it what they may, as if they had typed it.
SignedIn = Annotated[Principal, need()]
#: A page of ours, and nobody else's.
OUR_PAGE = re.compile(r"/|(/[A-Za-z0-9_.-]+)+")


class FilterNameRequired(Refusal):
    message = "Dê um nome ao filtro."
    field = "name"


class FilterPlaceNotValid(Refusal):
    message = "O endereço não é de uma página deste sistema."
    field = "path"


class FilterTooLong(Refusal):
    message = "O filtro é longo demais para ser guardado."
    field = "query"


class FilterInput(Input):
    """A filter to keep: its name, and the page and query it stands for."""

    name: str = Field(default="", max_length=60)
    path: str = Field(max_length=120)
    query: str = Field(default="", max_length=LONGEST_QUERY)


class FilterOut(BaseModel):
    """A filter that was kept; `href` is where it leads."""

    id: int
    name: str
    href: str


@router.post("/filtros", include_in_schema=False)
async def keep_on_page(request: Request, by: SignedIn, database: Db, now: Now) -> Response:
    """Keep the filters of the page."""
    form = await submitted(request, FilterInput)
    if form.value is None:
        raise FilterNameRequired
    kept = await keep_filter(form.value, by, database, now, UNNAMED)
    return redirect(request, kept.href, N_("Filtro %(name)s guardado."), name=kept.name)


@router.post("/filtros/{filter_id:int}/remocao", include_in_schema=False)
async def forget_on_page(request: Request, by: SignedIn, database: Db, filter_id: int) -> Response:
    """Remove one of one's own filters."""
    async with database.write() as session:
        gone = await saved_filters.forget(session, filter_id, user_id=by.user_id)
        path = gone.path
    return redirect(request, path, N_("Filtro removido."))


@router.get("/api/saved-filters")
async def list_filters(by: SignedIn, session: ReadSession) -> list[FilterOut]:
    """One's own filters, by name."""
    return [_out(each) for each in await saved_filters.filters_of(session, by.user_id)]


@router.post("/api/saved-filters", status_code=201)
async def keep_filter(
    asked: FilterInput, by: SignedIn, database: Db, now: Now, once: NamedRequest
) -> FilterOut:
    """Keep a list's filter, order and columns under a name; one of that name is replaced."""
    if not asked.name.strip():
        raise FilterNameRequired
    if not OUR_PAGE.fullmatch(asked.path):
        raise FilterPlaceNotValid
    query = urlencode(parse_qsl(asked.query.lstrip("?")))
    if len(query) > LONGEST_QUERY:
        raise FilterTooLong
    new = SavedFilter(
        user_id=by.user_id, path=asked.path, name=asked.name.strip(), query=query, created_at=now
    )

    async def keep(session: AsyncSession) -> FilterOut:
        return _out(await saved_filters.keep(session, new))

    return FilterOut(**await once.do(database, by.deed(at=now, ip=by.ip), keep))


@router.delete("/api/saved-filters/{filter_id}", status_code=204)
async def forget_filter(by: SignedIn, database: Db, filter_id: int) -> None:
    """Remove one of one's own filters."""
    async with database.write() as session:
        await saved_filters.forget(session, filter_id, user_id=by.user_id)


def _out(kept: SavedFilter) -> FilterOut:
    return FilterOut(id=kept.id or 0, name=kept.name, href=kept.href)
