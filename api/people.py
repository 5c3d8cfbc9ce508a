"""Users: the list, the form, one-time passwords. The pattern that other lists and forms copy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.forms import Email, Submitted, blank, submitted
from api.inputs import Input
from api.language import N_, gettext
from api.listing import Column, Filter, Listing
from api.once import UNNAMED, Once
from api.rendering import page, redirect
from api.table import Badge, FilterKind, Kind, Tone
from models import roles, users
from models.carriers import company_called, company_choices
from models.passwords import hash_password, new_password
from models.people import Deed
from models.users import UserDraft
from rules import words
from rules.cases import Process

router = APIRouter(include_in_schema=False)

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
SAVED = N_("Usuário %(name)s salvo.")
SAVED_WITHOUT_ROLE = N_("%(name)s ficou sem perfil: entra e não vê nada.")
ACTIVE_BY_CHOICE = {"ativos": True, "inativos": False}


class UserInput(Input):
    """A user as the form and programs say; `company` is the code of a client's own user's."""

    login: str = Field(min_length=2, max_length=60, pattern=r"^[a-zA-Z0-9._@-]+$")
    name: str = Field(min_length=1, max_length=120)
    email: Email | None = None
    role_ids: list[int] = Field(default=[])
    is_active: bool = True
    skills: list[Process] = Field(default=[])
    task_limit: int | None = Field(default=None, ge=1, le=10_000)
    company: str = Field(default="", max_length=40)


class NewUser(BaseModel):
    """A user with the one-time password, as it was just made."""

    id: int
    login: str
    one_time_password: str
    lacks_role: bool = Field(default=False, description="no role: logs in and sees nothing")


@router.get("/pessoas")
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


@router.get("/pessoas/novo", dependencies=[need("people:edit")])
async def new_user_page(request: Request, session: ReadSession) -> Response:
    """The form of a new user."""
    return await _form_page(request, session, blank(UserInput, is_active=True))


@router.post("/pessoas/novo")
async def create_on_page(request: Request, by: Edit, database: Db, now: Now, ip: Ip) -> Response:
    """Make a user, and show the one-time password once."""
    form = await submitted(request, UserInput)
    if form.value:
        with form.refusals():
            made = await create(form.value, database, by.deed(at=now, ip=ip))
            return _password_page(request, made)
    async with database.read() as session:
        return await _form_page(request, session, form)


@router.get("/pessoas/{user_id:int}")
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


@router.post("/pessoas/{user_id:int}")
async def change_on_page(
    request: Request, by: Edit, database: Db, now: Now, ip: Ip, user_id: int
) -> Response:
    """Change a user."""
    form = await submitted(request, UserInput)
    if form.value:
        with form.refusals():
            await change(user_id, form.value, database, by.deed(at=now, ip=ip))
            told = SAVED if form.value.role_ids else SAVED_WITHOUT_ROLE
            return redirect(request, "/pessoas", told, name=form.value.name)
    async with database.read() as session:
        return await _form_page(request, session, form, user_id=user_id)


@router.post("/pessoas/{user_id:int}/senha")
async def reset_password(
    request: Request, by: Edit, database: Db, now: Now, ip: Ip, user_id: int
) -> Response:
    """Give a user a new one-time password; their log-ins, tokens and feeds end."""
    made = await renew_password(user_id, database, by.deed(at=now, ip=ip))
    return _password_page(request, made, is_renewed=True)


async def renew_password(user_id: int, database: Db, deed: Deed, once: Once = UNNAMED) -> NewUser:
    """This will give a user a new one-time password, told this once; all they came in by ends."""
    password = new_password()
    hashed = await hash_password(password)

    async def renew(session: AsyncSession) -> NewUser:
        await users.reset_password(session, user_id, password_hash=hashed, deed=deed)
        user = await users.get_user(session, user_id)
        return NewUser(id=user_id, login=user.login, one_time_password=password)

    return NewUser(**await once.do(database, deed, renew, told_once="one_time_password"))


SHOWN_FIELDS = {"login", "name", "email", "is_active", "task_limit"}


def _shown(row: Mapping[str, Any]) -> Mapping[str, Any]:
    state = Badge(gettext("Ativo"), Tone.GREEN) if row["is_active"] else Badge(gettext("Inativo"))
    names = [gettext(name) for name in (row["roles"] or "").split(", ") if name]
    held = ", ".join(names) or gettext(N_("sem perfil"))
    return {
        **row, "href": f"/pessoas/{row['id']}", "label": row["name"], "state": state, "roles": held,
    }  # fmt: skip


async def create(asked: UserInput, database: Db, deed: Deed, once: Once = UNNAMED) -> NewUser:
    """This will make a user with a one-time password; page and API share it."""
    password = new_password()
    hashed = await hash_password(password)

    async def make(session: AsyncSession) -> NewUser:
        user = await users.create_user(
            session, await _draft(session, asked), password_hash=hashed, deed=deed
        )
        return NewUser(
            id=user.id or 0, login=user.login, one_time_password=password,
            lacks_role=not asked.role_ids,
        )  # fmt: skip

    return NewUser(**await once.do(database, deed, make, told_once="one_time_password"))


async def change(user_id: int, asked: UserInput, database: Db, deed: Deed) -> None:
    """This will change a user; the login stays. Refuses whoever is not there (UserUnknown)."""
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


def _password_page(request: Request, made: NewUser, *, is_renewed: bool = False) -> Response:
    return page(
        request,
        "pages/people/one_time_password.html",
        login=made.login,
        user_id=made.id,
        password=made.one_time_password,
        lacks_role=made.lacks_role,
        is_renewed=is_renewed,
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
        companies=await company_choices(session),
        roles=[(role.id, gettext(role.name)) for role in every],
    )
