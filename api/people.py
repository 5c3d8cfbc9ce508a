"""Users: the list, the form, one-time passwords. The pattern that other lists and forms copy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.forms import Email, Submitted, blank, submitted
from api.language import N_, gettext
from api.listing import Column, Filter, Listing
from api.once import UNNAMED, NamedRequest, Once
from api.rendering import page, redirect
from api.table import Badge, FilterKind, Kind, Tone
from models import roles, users
from models.carriers import company_called
from models.passwords import hash_password, new_password
from models.people import Deed
from models.rows import rows_of
from models.users import UserDraft
from rules import words
from rules.cases import Process

router = APIRouter(tags=["people"])

See = Annotated[Principal, need("people:see")]
Edit = Annotated[Principal, need("people:edit")]

USERS = Listing(
    columns=(
        Column("name", N_("Nome"), is_sortable=True),
        Column("login", N_("Login"), is_sortable=True),
        Column("email", N_("E-mail"), is_sortable=True, is_nullable=True),
        Column("roles", N_("Perfis")),
        Column("company", N_("Empresa"), is_extra=True),
        Column("state", N_("Situação"), Kind.BADGE),
        Column("absent_until", N_("Ausente até"), Kind.DAY, is_sortable=True, is_nullable=True),
        Column("created_at", N_("Criado em"), Kind.MOMENT, is_sortable=True, is_extra=True),
    ),
    default_sort="name",
    filters=(
        Filter("busca", N_("Buscar")),
        Filter(
            "situacao",
            N_("Situação"),
            FilterKind.CHOICE,
            (("ativos", N_("Ativos")), ("inativos", N_("Inativos"))),
        ),
    ),
    empty=N_("Nenhum usuário ainda. Crie o primeiro."),
)
ACTIVE_BY_CHOICE = {"ativos": True, "inativos": False}


class UserInput(BaseModel):
    """A user as the form and programs say; `company` is the code of a client's own user's."""

    login: str = Field(min_length=2, max_length=60, pattern=r"^[a-zA-Z0-9._@-]+$")
    name: str = Field(min_length=1, max_length=120)
    email: Email | None = None
    role_ids: list[int] = []
    is_active: bool = True
    skills: list[Process] = []
    task_limit: int | None = Field(default=None, ge=1, le=10_000)
    company: str = Field(default="", max_length=40)


class UserView(BaseModel):
    """A user as programs read them."""

    id: int
    login: str
    name: str
    email: str | None
    is_active: bool
    roles: str | None
    company: str | None


class NewUser(BaseModel):
    """A user who was just made, with the one-time password."""

    id: int
    login: str
    one_time_password: str


@router.get("/pessoas", include_in_schema=False)
async def users_page(request: Request, by: See, session: ReadSession) -> Response:
    """The list of users."""
    view = USERS.view(request)
    statement = users.select_users(
        search=view.text("busca"), is_active=ACTIVE_BY_CHOICE.get(view.text("situacao") or "")
    )
    return await view.answer(
        session,
        statement,
        "pages/people/users.html",
        present=_shown,
        may_edit=by.may("people:edit"),
    )


@router.get("/pessoas/novo", include_in_schema=False, dependencies=[need("people:edit")])
async def new_user_page(request: Request, session: ReadSession) -> Response:
    """The form of a new user."""
    return await _form_page(request, session, blank(UserInput, is_active=True))


@router.post("/pessoas/novo", include_in_schema=False)
async def create_on_page(request: Request, by: Edit, database: Db, now: Now, ip: Ip) -> Response:
    """Make a user, and show the one-time password once."""
    form = await submitted(request, UserInput)
    if form.value:
        with form.refusals():
            made = await _create(form.value, database, by.deed(at=now, ip=ip))
            return _password_page(request, made)
    async with database.read() as session:
        return await _form_page(request, session, form)


@router.get("/pessoas/{user_id:int}", include_in_schema=False)
async def user_page(request: Request, by: See, session: ReadSession, user_id: int) -> Response:
    """The form of a user; only to be read without the permission to edit."""
    user = await users.get_user(session, user_id)
    held = await users.role_ids_of(session, user_id)
    form = blank(
        UserInput, **user.model_dump(include=SHOWN_FIELDS), role_ids=sorted(held),
        skills=[name for name in user.skills.split(",") if name],
        company=await users.company_code_of(session, user),
    )  # fmt: skip
    return await _form_page(request, session, form, user_id=user_id, may_edit=by.may("people:edit"))


@router.post("/pessoas/{user_id:int}", include_in_schema=False)
async def change_on_page(
    request: Request, by: Edit, database: Db, now: Now, ip: Ip, user_id: int
) -> Response:
    """Change a user."""
    form = await submitted(request, UserInput)
    if form.value:
        with form.refusals():
            await _change(user_id, form.value, database, by.deed(at=now, ip=ip))
            return redirect(
                request, "/pessoas", N_("Usuário %(name)s salvo."), name=form.value.name
            )
    async with database.read() as session:
        return await _form_page(request, session, form, user_id=user_id)


@router.post("/pessoas/{user_id:int}/senha", include_in_schema=False)
async def reset_password(
    request: Request, by: Edit, database: Db, now: Now, ip: Ip, user_id: int
) -> Response:
    """Give a user a new one-time password; every log-in of theirs ends."""
    password = new_password()
    hashed = await hash_password(password)
    async with database.write() as session:
        await users.reset_password(
            session, user_id, password_hash=hashed, deed=by.deed(at=now, ip=ip)
        )
        user = await users.get_user(session, user_id)
    return _password_page(
        request, NewUser(id=user_id, login=user.login, one_time_password=password)
    )


@router.get("/api/users", dependencies=[need("people:see")])
async def list_users(session: ReadSession, search: str | None = None) -> list[UserView]:
    """Users by name."""
    found = await rows_of(session, users.select_users(search=search).order_by("name"))
    return [UserView.model_validate(dict(row)) for row in found]


@router.post("/api/users", status_code=201)
async def create_user(
    asked: UserInput, by: Edit, database: Db, now: Now, ip: Ip, once: NamedRequest
) -> NewUser:
    """Make a user, who must change the one-time password at the first log-in."""
    return await _create(asked, database, by.deed(at=now, ip=ip), once)


@router.put("/api/users/{user_id}", status_code=204)
async def change_user(
    asked: UserInput, user_id: int, by: Edit, database: Db, now: Now, ip: Ip
) -> None:
    """Change a user, or make one inactive; the login stays."""
    await _change(user_id, asked, database, by.deed(at=now, ip=ip))


SHOWN_FIELDS = {"login", "name", "email", "is_active", "task_limit"}


def _shown(row: Mapping[str, Any]) -> Mapping[str, Any]:
    state = Badge(gettext("Ativo"), Tone.GREEN) if row["is_active"] else Badge(gettext("Inativo"))
    held = ", ".join(gettext(name) for name in (row["roles"] or "").split(", "))
    return {
        **row, "href": f"/pessoas/{row['id']}", "label": row["name"], "state": state, "roles": held,
    }  # fmt: skip


async def _create(asked: UserInput, database: Db, deed: Deed, once: Once = UNNAMED) -> NewUser:
    password = new_password()
    hashed = await hash_password(password)

    async def make(session: AsyncSession) -> NewUser:
        user = await users.create_user(
            session, await _draft(session, asked), password_hash=hashed, deed=deed
        )
        return NewUser(id=user.id or 0, login=user.login, one_time_password=password)

    return NewUser(**await once.do(database, deed, make, told_once="one_time_password"))


async def _change(user_id: int, asked: UserInput, database: Db, deed: Deed) -> None:
    async with database.write() as session:
        await users.change_user(session, user_id, await _draft(session, asked), deed=deed)


async def _draft(session: AsyncSession, asked: UserInput) -> UserDraft:
    """Refuses a company that does not exist (CompanyChosenUnknown)."""
    company = asked.company.strip()
    return UserDraft(
        asked.login, asked.name, asked.email, frozenset(asked.role_ids), is_active=asked.is_active,
        skills=frozenset(asked.skills), task_limit=asked.task_limit,
        company_id=await company_called(session, company) if company else None,
    )  # fmt: skip


def _password_page(request: Request, made: NewUser) -> Response:
    return page(
        request,
        "pages/people/one_time_password.html",
        login=made.login,
        password=made.one_time_password,
    )


async def _form_page(
    request: Request,
    session: ReadSession,
    form: Submitted[UserInput],
    *,
    user_id: int | None = None,
    may_edit: bool = True,
) -> Response:
    every = await roles.list_roles(session)
    return page(
        request,
        "pages/people/user.html",
        status=form.status,
        form=form,
        processes=[(name, gettext(label)) for name, label in words.PROCESSES.items()],
        user_id=user_id,
        may_edit=may_edit,
        roles=[(role.id, gettext(role.name)) for role in every],
    )
