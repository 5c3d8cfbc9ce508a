"""Teams: the list and the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api.dependencies import Db, Ip, Now, ReadSession, need
from api.forms import Key, Submitted, blank
from api.language import N_
from api.listing import Column, Listing
from api.named_sets import CODE, NAME, Edit, NamedInput, See, keep
from api.rendering import page
from api.table import Kind
from models import teams, users
from models.teams import TeamDraft

router = APIRouter(prefix="/pessoas/equipes", include_in_schema=False)

PATH = "/pessoas/equipes"
SAVED = N_("Equipe salva.")
TEAMS = Listing(
    columns=(
        NAME,
        CODE,
        Column("lead", N_("Líder"), is_sortable=True, is_nullable=True),
        Column("manager", N_("Gestor"), is_sortable=True, is_nullable=True),
        Column("members", N_("Pessoas"), Kind.NUMBER, is_sortable=True),
    ),
    default_sort="name",
    empty=N_("Nenhuma equipe ainda. Crie a primeira para dividir a caixa de tarefas."),
)


class TeamInput(NamedInput):
    """A team as its form says."""

    lead_id: Key | None = None
    manager_id: Key | None = None
    member_ids: list[Key] = Field(default_factory=list)

    def draft(self) -> TeamDraft:
        """As models take it."""
        return TeamDraft(
            self.code, self.name, self.lead_id, self.manager_id, frozenset(self.member_ids)
        )


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

    async def write(session: AsyncSession, asked: TeamInput) -> None:
        await teams.create_team(session, asked.draft(), deed=by.deed(at=now, ip=ip))

    form, kept = await keep(request, TeamInput, database, write, path=PATH, told=SAVED)
    if kept:
        return kept
    async with database.read() as session:
        return await _form_page(request, session, form)


@router.get("/{team_id:int}")
async def team_page(request: Request, by: See, session: ReadSession, team_id: int) -> Response:
    """The form of a team."""
    team = await teams.get_team(session, team_id)
    members = await teams.member_ids_of(session, team_id)
    form = blank(TeamInput, **team.model_dump(exclude={"id"}), member_ids=sorted(members))
    return await _form_page(request, session, form, may_edit=by.may("people:edit"))


@router.post("/{team_id:int}")
async def change(
    request: Request, by: Edit, database: Db, now: Now, ip: Ip, team_id: int
) -> Response:
    """Change a team."""

    async def write(session: AsyncSession, asked: TeamInput) -> None:
        await teams.change_team(session, team_id, asked.draft(), deed=by.deed(at=now, ip=ip))

    form, kept = await keep(request, TeamInput, database, write, path=PATH, told=SAVED)
    if kept:
        return kept
    async with database.read() as session:
        return await _form_page(request, session, form)


def _shown(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**row, "href": f"/pessoas/equipes/{row['id']}"}


async def _form_page(
    request: Request,
    session: ReadSession,
    form: Submitted[TeamInput],
    *,
    may_edit: bool = True,
) -> Response:
    everyone = [(user.id, user.name) for user in await users.list_active(session)]
    return page(
        request,
        "pages/people/team.html",
        status=form.status,
        form=form,
        may_edit=may_edit,
        everyone=everyone,
    )
