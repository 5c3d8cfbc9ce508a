"""Filters that people keep: under the inbox's filter row, and for programs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from api.dependencies import Db, Now, Principal, ReadSession, need
from api.forms import submitted
from api.inbox_lists import VIEWS
from api.language import N_
from api.rendering import redirect
from models import saved_filters
from models.saved_filters import SavedFilter
from rules.refusals import Refusal

router = APIRouter(tags=["tasks"])

See = Annotated[Principal, need("tasks:see")]


class FilterNameRequired(Refusal):
    message = "Dê um nome ao filtro."
    field = "name"


class FilterInput(BaseModel):
    """A filter to keep: its name, and the page and query it stands for."""

    name: str = Field(default="", max_length=60)
    path: str = Field(max_length=120)
    query: str = Field(default="", max_length=1000)


class FilterOut(BaseModel):
    """A filter that was kept; `href` is where it leads."""

    id: int
    name: str
    href: str


@router.post("/tarefas/filtros", include_in_schema=False)
async def keep_on_page(request: Request, by: See, database: Db, now: Now) -> Response:
    """Keep the filters of the page."""
    form = await submitted(request, FilterInput)
    if form.value is None:
        raise FilterNameRequired
    kept = await keep_filter(form.value, by, database, now)
    return redirect(request, kept.href, N_("Filtro %(name)s guardado."), name=kept.name)


@router.post("/tarefas/filtros/{filter_id:int}/remocao", include_in_schema=False)
async def forget_on_page(request: Request, by: See, database: Db, filter_id: int) -> Response:
    """Remove one of one's own filters."""
    async with database.write() as session:
        gone = await saved_filters.forget(session, filter_id, user_id=by.user_id)
        path = gone.path
    return redirect(request, path, N_("Filtro removido."))


@router.get("/api/saved-filters")
async def list_filters(by: See, session: ReadSession) -> list[FilterOut]:
    """One's own filters, by name."""
    return [_out(each) for each in await saved_filters.filters_of(session, by.user_id)]


@router.post("/api/saved-filters", status_code=201)
async def keep_filter(asked: FilterInput, by: See, database: Db, now: Now) -> FilterOut:
    """Keep a filter of the inbox; one of that name is replaced."""
    if not asked.name.strip():
        raise FilterNameRequired
    path = asked.path if asked.path in VIEWS else "/tarefas"
    new = SavedFilter(
        user_id=by.user_id, path=path, name=asked.name.strip(), query=asked.query.lstrip("?"),
        created_at=now,
    )  # fmt: skip
    async with database.write() as session:
        return _out(await saved_filters.keep(session, new))


@router.delete("/api/saved-filters/{filter_id}", status_code=204)
async def forget_filter(by: See, database: Db, filter_id: int) -> None:
    """Remove one of one's own filters."""
    async with database.write() as session:
        await saved_filters.forget(session, filter_id, user_id=by.user_id)


def _out(kept: SavedFilter) -> FilterOut:
    return FilterOut(id=kept.id or 0, name=kept.name, href=kept.href)
