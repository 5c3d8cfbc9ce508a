"""Roles: the list, and the matrix of what each permits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api.dependencies import Db, Ip, Now, Principal, ReadSession
from api.forms import Submitted, blank
from api.language import N_, gettext
from api.listing import Column, Listing
from api.named_sets import CODE, NAME, Edit, NamedInput, See, keep
from api.permission_matrix import matrix
from api.rendering import page
from api.table import Kind
from models import roles
from models.roles import RoleDraft

router = APIRouter(prefix="/pessoas/perfis", include_in_schema=False)

PATH = "/pessoas/perfis"
SAVED = N_("Perfil salvo.")
ROLES = Listing(
    columns=(
        NAME,
        CODE,
        Column("permissions", N_("Permissões"), Kind.NUMBER, is_sortable=True),
        Column("people", N_("Pessoas"), Kind.NUMBER, is_sortable=True),
    ),
    default_sort="name",
    empty=N_("Nenhum perfil ainda. Crie o primeiro."),
)


class RoleInput(NamedInput):
    """A role as its form says."""

    permissions: list[str] = Field(default_factory=list)

    def draft(self) -> RoleDraft:
        """As models take it."""
        return RoleDraft(self.code, self.name, frozenset(self.permissions))


@router.get("")
async def roles_page(request: Request, by: See, session: ReadSession) -> Response:
    """The list of roles."""
    view = ROLES.view(request)
    return await view.answer(
        session,
        roles.select_roles(),
        "pages/people/roles.html",
        present=_shown,
        may_edit=by.may("people:edit"),
    )


@router.get("/novo")
async def new_role_page(request: Request, by: Edit) -> Response:
    """The form of a new role."""
    return _form_page(request, by, blank(RoleInput))


@router.post("/novo")
async def create(request: Request, by: Edit, database: Db, now: Now, ip: Ip) -> Response:
    """Make a role."""

    async def write(session: AsyncSession, asked: RoleInput) -> None:
        await roles.create_role(session, asked.draft(), deed=by.deed(at=now, ip=ip))

    form, kept = await keep(request, RoleInput, database, write, path=PATH, told=SAVED)
    return kept or _form_page(request, by, form)


@router.get("/{role_id:int}")
async def role_page(request: Request, by: See, session: ReadSession, role_id: int) -> Response:
    """The form of a role."""
    role = await roles.get_role(session, role_id)
    permits = await roles.permissions_of_role(session, role_id)
    form = blank(RoleInput, code=role.code, name=role.name, permissions=sorted(permits))
    return _form_page(request, by, form, is_new=False)


@router.post("/{role_id:int}")
async def change(
    request: Request, by: Edit, database: Db, now: Now, ip: Ip, role_id: int
) -> Response:
    """Change what a role is called and permits."""

    async def write(session: AsyncSession, asked: RoleInput) -> None:
        await roles.change_role(session, role_id, asked.draft(), deed=by.deed(at=now, ip=ip))

    form, kept = await keep(request, RoleInput, database, write, path=PATH, told=SAVED)
    return kept or _form_page(request, by, form, is_new=False)


def _shown(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**row, "name": gettext(row["name"]), "href": f"/pessoas/perfis/{row['id']}"}


def _form_page(
    request: Request, by: Principal, form: Submitted[RoleInput], *, is_new: bool = True
) -> Response:
    return page(
        request,
        "pages/people/role.html",
        status=form.status,
        form=form,
        is_new=is_new,
        may_edit=by.may("people:edit"),
        may_grant_everything=by.may("*"),
        matrix=matrix(by),
    )
