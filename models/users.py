"""Users: who works here, and how they come in. Their absences stand in models/absences.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func
from sqlalchemy import select as sql_select
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.customers import Customer
from models.folding import any_holds
from models.people import Deed, Role, User, UserRole, record
from models.roles import check_roles_within, check_someone_administers
from models.sign_in import permissions_of, revoke_sessions
from models.ways_in import shut_out
from rules.permissions import EVERYTHING
from rules.refusals import Refusal


class UserUnknown(Refusal):
    message = "Este usuário não existe."


class LoginTaken(Refusal):
    message = "Já existe um usuário com o login %(login)s. Escolha outro."
    field = "login"


class LoginFixed(Refusal):
    message = "O login não muda depois de criado: o histórico o cita. Crie outro usuário."
    field = "login"


class UserBeyondOwn(Refusal):
    message = "Este usuário tem permissões que você não tem. Peça a um administrador."


@dataclass(frozen=True)
class UserDraft:
    """A user as the form of people says."""

    login: str
    name: str
    email: str | None
    role_ids: frozenset[int]
    is_active: bool = True
    skills: frozenset[str] = frozenset()
    task_limit: int | None = None
    company_id: int | None = None


def select_users(*, search: str | None = None, is_active: bool | None = None) -> Select[Any]:
    """Users with the names of their roles."""
    roles = (
        select(func.aggregate_strings(col(Role.name), ", "))
        .join(UserRole, col(UserRole.role_id) == Role.id)
        .where(UserRole.user_id == User.id)
        .scalar_subquery()
    )
    statement: Select[Any] = sql_select(
        col(User.id),
        col(User.login),
        col(User.name),
        col(User.email),
        col(User.is_active),
        col(User.absent_until),
        col(User.created_at),
        col(Customer.code).label("company"),
        roles.label("roles"),
    )
    statement = statement.outerjoin(Customer, col(Customer.id) == col(User.company_id))
    if search:
        places = (col(User.login), col(User.name), col(User.email))
        statement = statement.where(any_holds(places, search))
    if is_active is not None:
        statement = statement.where(col(User.is_active) == is_active)
    return statement


async def get_user(session: AsyncSession, user_id: int) -> User:
    """This will load the user. Refuses an unknown one (UserUnknown)."""
    user = await session.get(User, user_id)
    if user is None:
        raise UserUnknown
    return user


async def user_by_login(session: AsyncSession, login: str) -> User | None:
    """This will find the user of a log-in name, whatever its case; None = nobody."""
    statement = select(User).where(func.lower(User.login) == login.strip().lower())
    return (await session.exec(statement)).first()


async def list_active(session: AsyncSession) -> Sequence[User]:
    """This will list who works here now, by name."""
    return (await session.exec(select(User).where(User.is_active).order_by(User.name))).all()


async def logins_of_clients(session: AsyncSession) -> frozenset[str]:
    """The log-in names of clients' own people, also of those who left."""
    found = await session.exec(select(User.login).where(col(User.company_id).is_not(None)))
    return frozenset(found.all())


async def role_ids_of(session: AsyncSession, user_id: int) -> frozenset[int]:
    """The ids of the user's roles."""
    found = await session.exec(select(UserRole.role_id).where(UserRole.user_id == user_id))
    return frozenset(found.all())


async def company_code_of(session: AsyncSession, user: User) -> str:
    """The code of a client's own user's company; empty for the house's."""
    company = await session.get(Customer, user.company_id) if user.company_id else None
    return company.code if company else ""


async def create_user(
    session: AsyncSession, draft: UserDraft, *, password_hash: str, deed: Deed
) -> User:
    """This will add a user whose password is good for one log-in.

    Refuses a login in use (LoginTaken), and roles beyond the author's own (RoleBeyondOwn).
    """
    if await user_by_login(session, draft.login):
        raise LoginTaken(login=draft.login)
    await check_roles_within(session, draft.role_ids, permissions=deed.permissions)
    user = User(
        login=draft.login,
        name=draft.name,
        email=draft.email,
        password_hash=password_hash,
        must_change_password=True,
        skills=_written(draft.skills),
        task_limit=draft.task_limit,
        company_id=draft.company_id,
        created_at=deed.at,
    )
    session.add(user)
    await session.flush()
    await set_roles(session, user, draft.role_ids)
    record(session, deed, "user.create", subject=f"user/{user.login}", roles=sorted(draft.role_ids))
    return user


async def change_user(session: AsyncSession, user_id: int, draft: UserDraft, *, deed: Deed) -> None:
    """This will change a user. One made inactive is signed out.

    Refuses another login (LoginFixed), to leave nobody who administers (LastAdministrator), and
    to touch or to make someone stronger than the author (UserBeyondOwn, RoleBeyondOwn).
    """
    user = await get_user(session, user_id)
    if draft.login != user.login:
        raise LoginFixed
    await _check_user_within(session, user_id, deed)
    await check_roles_within(session, draft.role_ids, permissions=deed.permissions)
    user.name, user.email, user.is_active = draft.name, draft.email, draft.is_active
    user.skills, user.task_limit = _written(draft.skills), draft.task_limit
    user.company_id = draft.company_id
    await set_roles(session, user, draft.role_ids)
    await check_someone_administers(session)
    if not draft.is_active:
        await shut_out(session, user_id=user_id, at=deed.at)
    record(
        session,
        deed,
        "user.change",
        subject=f"user/{user.login}",
        roles=sorted(draft.role_ids),
        is_active=draft.is_active,
        company=draft.company_id,
    )


async def reset_password(
    session: AsyncSession, user_id: int, *, password_hash: str, deed: Deed
) -> None:
    """This will give the user a one-time password and end every way in that they had.

    Whoever knew the old one may have made a token or a feed with it. See UserBeyondOwn.
    """
    user = await get_user(session, user_id)
    await _check_user_within(session, user_id, deed)
    user.password_hash, user.must_change_password = password_hash, True
    await shut_out(session, user_id=user_id, at=deed.at)
    record(session, deed, "user.reset_password", subject=f"user/{user.login}")


async def change_own_password(
    session: AsyncSession, user_id: int, *, password_hash: str, but: str, is_alone: bool, deed: Deed
) -> None:
    """This will change one's own password and end every log-in but one.

    Programs go on by their tokens, unless whoever asks wants to be alone.
    """
    user = await get_user(session, user_id)
    user.password_hash, user.must_change_password = password_hash, False
    if is_alone:
        await shut_out(session, user_id=user_id, at=deed.at, but=but)
    else:
        await revoke_sessions(session, user_id=user_id, at=deed.at, but=but)
    record(session, deed, "user.change_password", subject=f"user/{user.login}", tokens=is_alone)


async def want_weekly_figures(
    session: AsyncSession, user_id: int, *, is_wanted: bool, deed: Deed
) -> None:
    """This will have the week's figures mailed to a user from now on, or no more."""
    user = await get_user(session, user_id)
    user.weekly_figures = is_wanted
    session.add(user)
    record(session, deed, "user.weekly_figures", subject=f"user/{user.login}", wanted=is_wanted)


def _written(skills: frozenset[str]) -> str:
    """Refuses nothing: a process that is none finds no task."""
    return ",".join(sorted(skills))


async def set_roles(session: AsyncSession, user: User, role_ids: frozenset[int]) -> None:
    """This will give the user exactly these roles."""
    had = (await session.exec(select(UserRole).where(UserRole.user_id == user.id))).all()
    for gone in had:
        if gone.role_id not in role_ids:
            await session.delete(gone)
    for added in role_ids - {link.role_id for link in had}:
        session.add(UserRole(user_id=user.id or 0, role_id=added))
    await session.flush()


async def _check_user_within(session: AsyncSession, user_id: int, deed: Deed) -> None:
    owned = await permissions_of(session, user_id=user_id)
    if EVERYTHING not in deed.permissions and not owned <= deed.permissions:
        raise UserBeyondOwn
