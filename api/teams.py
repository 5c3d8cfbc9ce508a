"""Teams: the list and the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.forms import Submitted, blank, submitted
from api.language import N_
from api.listing import Column, Listing
from api.rendering import page, redirect
from api.table import Kind
from models import teams, users
from models.teams import TeamDraft

router = APIRouter(prefix="/pessoas/equipes", include_in_schema=False)

See = Annotated[Principal, need("people:see")]
Edit = Annotated[Principal, need("people:edit")]

TEAMS = Listing(
    columns=(
        Column("name", N_("Nome"), is_sortable=True),
        Column("code", N_("Código"), is_sortable=True),
        Column("lead", N_("Líder"), is_sortable=True, is_nullable=True),
        Column("manager", N_("Gestor"), is_sortable=True, is_nullable=True),
        Column("members", N_("Pessoas"), Kind.NUMBER, is_sortable=True),
    ),
    default_sort="name",
    empty=N_("Nenhuma equipe ainda. Crie a primeira para dividir a caixa de tarefas."),
)


class TeamInput(BaseModel):
    """A team as its form says."""

    code: str = Field(min_length=1, max_length=40, pattern=r"^[a-z0-9_-]+$")
    name: str = Field(min_length=1, max_length=120)
    lead_id: int | None = None
    manager_id: int | None = None
    member_ids: list[int] = []


@router.get("")
async def teams_page(request: Request, by: See, session: ReadSession) -> Response:
    """The list of teams."""
    view = TEAMS.view(request)
    return await view.answer(
        session,
        teams.select_teams(),
        "pages/people/teams.html",
        present=_shown,
        may_edit=by.may("people:edit"),
    )


@router.get("/nova", dependencies=[need("people:edit")])
async def new_team_page(request: Request, session: ReadSession) -> Response:
    """The form of a new team."""
    return await _form_page(request, session, blank(TeamInput))


@router.post("/nova")
async def create(request: Request, by: Edit, database: Db, now: Now, ip: Ip) -> Response:
    """Make a team."""
    form = await submitted(request, TeamInput)
    if form.value:
        with form.refusals():
            async with database.write() as session:
                deed = by.deed(at=now, ip=ip)
                await teams.create_team(session, _draft(form.value), deed=deed)
            return redirect(request, "/pessoas/equipes", N_("Equipe salva."))
    async with database.read() as session:
        return await _form_page(request, session, form)


@router.get("/{team_id:int}")
async def team_page(request: Request, by: See, session: ReadSession, team_id: int) -> Response:
    """The form of a team."""
    team = await teams.get_team(session, team_id)
    members = await teams.member_ids_of(session, team_id)
    form = blank(TeamInput, **team.model_dump(exclude={"id"}), member_ids=sorted(members))
    return await _form_page(request, session, form, is_new=False, may_edit=by.may("people:edit"))


@router.post("/{team_id:int}")
async def change(
    request: Request, by: Edit, database: Db, now: Now, ip: Ip, team_id: int
) -> Response:
    """Change a team."""
    form = await submitted(request, TeamInput)
    if form.value:
        with form.refusals():
            async with database.write() as session:
                deed = by.deed(at=now, ip=ip)
                await teams.change_team(session, team_id, _draft(form.value), deed=deed)
            return redirect(request, "/pessoas/equipes", N_("Equipe salva."))
    async with database.read() as session:
        return await _form_page(request, session, form, is_new=False)


def _shown(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**row, "href": f"/pessoas/equipes/{row['id']}"}


def _draft(asked: TeamInput) -> TeamDraft:
    return TeamDraft(
        asked.code, asked.name, asked.lead_id, asked.manager_id, frozenset(asked.member_ids)
    )


async def _form_page(
    request: Request,
    session: ReadSession,
    form: Submitted[TeamInput],
    *,
    is_new: bool = True,
    may_edit: bool = True,
) -> Response:
    everyone = [(user.id, user.name) for user in await users.list_active(session)]
    return page(
        request,
        "pages/people/team.html",
        status=form.status,
        form=form,
        is_new=is_new,
        may_edit=may_edit,
        everyone=everyone,
    )
