"""The pages and the JSON of every registry declared in api/registry_shelves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ValidationError
from sqlmodel.ext.asyncio.session import AsyncSession

from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.forms import Submitted, blank, submitted
from api.language import N_, gettext
from api.listing import Listing
from api.once import NamedRequest
from api.registry import FieldKind, Registry
from api.registry_shelves import ELSEWHERE, EVERY
from api.rendering import page, redirect
from models import registry_rows
from models.people import Deed
from models.rows import rows_of
from rules.refusals import Refusal

router = APIRouter(tags=["registries"])

See = Annotated[Principal, need("registries:see")]
Edit = Annotated[Principal, need("registries:edit")]

BY_SLUG: Mapping[str, Registry] = {each.slug: each for each in EVERY}
LISTINGS: Mapping[str, Listing] = {each.slug: each.listing() for each in EVERY}
ACTIVE_BY_CHOICE = {"ativos": True, "inativos": False}


class RegistryUnknown(Refusal):
    message = "Este tipo de cadastro não existe."


@dataclass(frozen=True)
class Shelf:
    """A registry on the page of all registries; `count` is None where it stands elsewhere."""

    path: str
    title: str
    note: str
    count: int | None


async def registry_of(slug: str) -> Registry:
    """The registry of an address. Refuses any other (RegistryUnknown)."""
    if slug not in BY_SLUG:
        raise RegistryUnknown
    return BY_SLUG[slug]


Declared = Annotated[Registry, Depends(registry_of)]


@router.get("/cadastros", include_in_schema=False, dependencies=[need("registries:see")])
async def shelves_page(request: Request, session: ReadSession) -> Response:
    """All registries."""
    own = [
        Shelf(
            f"/cadastros/{each.slug}",
            gettext(each.title),
            gettext(each.note),
            await registry_rows.count_rows(session, each.model),
        )
        for each in EVERY
    ]
    served = request.app.state.paths
    others = [Shelf(to, gettext(t), gettext(n), None) for to, t, n in ELSEWHERE if to in served]
    return page(request, "pages/registries/shelves.html", shelves=own + others)


@router.get("/cadastros/{slug}", include_in_schema=False)
async def rows_page(
    request: Request, by: See, session: ReadSession, registry: Declared
) -> Response:
    """The list of a registry."""
    view = LISTINGS[registry.slug].view(request)
    labels = await _labels(session, registry)
    statement = registry_rows.select_rows(
        registry.model,
        search=view.text("busca"),
        searched=registry.searched(),
        is_active=ACTIVE_BY_CHOICE.get(view.text("situacao") or ""),
    )
    return await view.answer(
        session,
        statement,
        "pages/registries/rows.html",
        present=lambda row: {
            **row,
            **{name: known.get(str(row[name]), row[name]) for name, known in labels.items()},
            "href": f"/cadastros/{registry.slug}/{row['id']}",
        },
        registry=registry,
        may_edit=by.may("registries:edit"),
    )


@router.get(
    "/cadastros/{slug}/novo", include_in_schema=False, dependencies=[need("registries:edit")]
)
async def new_row_page(request: Request, session: ReadSession, registry: Declared) -> Response:
    """The form of a new row, with what the address says of it already."""
    choices = await _choices(session, registry)
    known = {key: value for key, value in request.query_params.items()
             if key in registry.asked.model_fields}  # fmt: skip
    return _form_page(request, registry, blank(registry.asked, **known), choices=choices)


@router.post("/cadastros/{slug}/novo", include_in_schema=False)
async def add_on_page(
    request: Request, by: Edit, registry: Declared, database: Db, now: Now, ip: Ip
) -> Response:
    """Add a row."""
    form = await submitted(request, registry.asked)
    if form.value:
        with form.refusals():
            async with database.write() as session:
                await _add(registry, form.value, session, by.deed(at=now, ip=ip))
            return redirect(request, f"/cadastros/{registry.slug}", N_("Cadastro salvo."))
    async with database.read() as session:
        choices = await _choices(session, registry)
    return _form_page(request, registry, form, choices=choices)


@router.get("/cadastros/{slug}/{row_id:int}", include_in_schema=False)
async def row_page(
    request: Request, by: See, session: ReadSession, registry: Declared, row_id: int
) -> Response:
    """The form of a row, and where it is used."""
    row = await registry_rows.get_row(session, registry.model, row_id)
    uses = await registry_rows.count_uses(session, registry.model, row_id)
    form = blank(registry.asked, **row.model_dump(include=set(registry.asked.model_fields)))
    return _form_page(
        request, registry, form, choices=await _choices(session, registry), uses=uses,
        may_edit=by.may("registries:edit"), is_new=False, row_id=row_id,
    )  # fmt: skip


@router.post("/cadastros/{slug}/{row_id:int}", include_in_schema=False)
async def change_on_page(
    request: Request, by: Edit, registry: Declared, database: Db, now: Now, ip: Ip, row_id: int
) -> Response:
    """Change a row."""
    form = await submitted(request, registry.asked)
    if form.value:
        with form.refusals():
            await _change(registry, row_id, form.value, database, by.deed(at=now, ip=ip))
            return redirect(request, f"/cadastros/{registry.slug}", N_("Cadastro salvo."))
    async with database.read() as session:
        choices = await _choices(session, registry)
    return _form_page(request, registry, form, choices=choices, is_new=False)


@router.get("/api/registries/{slug}", dependencies=[need("registries:see")])
async def list_rows(session: ReadSession, registry: Declared) -> JSONResponse:
    """Every row of a registry, with amounts and percentages as text."""
    found = await rows_of(session, registry_rows.select_rows(registry.model).order_by("id"))
    rows = [registry.model.model_validate(dict(row)) for row in found]
    return JSONResponse([row.model_dump(mode="json") for row in rows])


@router.post("/api/registries/{slug}", status_code=201)
async def add_row(
    asked: dict[str, Any], by: Edit, registry: Declared, database: Db, now: Now, ip: Ip,
    once: NamedRequest,
) -> dict[str, int]:  # fmt: skip
    """Add a row."""
    value, deed = _read(registry, asked), by.deed(at=now, ip=ip)

    async def add(session: AsyncSession) -> dict[str, int]:
        return {"id": await _add(registry, value, session, deed)}

    return await once.do(database, deed, add)


@router.put("/api/registries/{slug}/{row_id}")
async def change_row(
    asked: dict[str, Any],
    by: Edit,
    registry: Declared,
    database: Db,
    now: Now,
    ip: Ip,
    row_id: int,
) -> dict[str, int]:
    """Change a row: all of its fields, as a PUT says."""
    value = _read(registry, asked)
    return {"id": await _change(registry, row_id, value, database, by.deed(at=now, ip=ip))}


def _read(registry: Registry, asked: dict[str, Any]) -> BaseModel:
    try:
        return registry.asked.model_validate(asked)
    except ValidationError as invalid:
        raise RequestValidationError(invalid.errors()) from invalid


async def _add(registry: Registry, asked: BaseModel, session: AsyncSession, deed: Deed) -> int:
    row = registry.model.model_validate(asked.model_dump())
    await registry.check(session, row)
    made = await registry_rows.add_row(session, row, deed=deed)
    await registry.follow(session, row, was={}, at=deed.at)
    return made


async def _change(
    registry: Registry, row_id: int, asked: BaseModel, database: Db, deed: Deed
) -> int:
    async with database.write() as session:
        row = await registry_rows.get_row(session, registry.model, row_id)
        changed, was = asked.model_dump(), row.model_dump()
        await registry.check(session, registry.model.model_validate({**changed, "id": row_id}))
        same = await registry_rows.change_row(session, row, changed, deed=deed)
        await registry.follow(session, row, was=was, at=deed.at)
        return same


Choices = Mapping[str, list[tuple[str, str]]]


async def _choices(session: AsyncSession, registry: Registry) -> Choices:
    """What each field of the registry offers, if it does: stored value and label."""
    found: dict[str, list[tuple[str, str]]] = {}
    for field in registry.fields:
        if field.kind is FieldKind.CHOICE:
            found[field.name] = [(value, gettext(label)) for value, label in field.options]
        elif field.of is not None:
            rows = await registry_rows.choices_of(session, field.of)
            found[field.name] = [(str(key), name) for key, name in rows]
        elif field.offered is not None:
            found[field.name] = await field.offered(session)
    return found


async def _labels(session: AsyncSession, registry: Registry) -> dict[str, dict[str, str]]:
    """What the list calls the values of choices and references."""
    found = await _choices(session, registry)
    return {
        field.name: dict(found[field.name])
        for field in registry.fields
        if field.name in found and field.offered is None
    }


def _form_page(
    request: Request,
    registry: Registry,
    form: Submitted[BaseModel],
    *,
    choices: Choices,
    uses: int = 0,
    may_edit: bool = True,
    is_new: bool = True,
    row_id: int | None = None,
) -> Response:
    return page(
        request,
        "pages/registries/row.html",
        status=form.status,
        form=form,
        registry=registry,
        choices=choices,
        uses=uses,
        may_edit=may_edit,
        is_new=is_new,
        row_id=row_id,
    )
