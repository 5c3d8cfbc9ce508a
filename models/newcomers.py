"""How someone comes in for the first time: the first administrator, and single sign-on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.granted_roles import ensure_first_roles
from models.passwords import hash_password, new_password
from models.people import Deed, User, record
from models.roles import role_by_code
from models.users import UserDraft, create_user, set_roles, user_by_login
from rules.permissions import EVERYTHING
from rules.refusals import Refusal


class NotInvited(Refusal):
    message = "Sua conta ainda não tem acesso. Peça o cadastro a quem administra o sistema."


@dataclass(frozen=True)
class Identity:
    """A person as an identity provider vouches for."""

    subject: str
    name: str
    email: str | None
    is_email_verified: bool


async def user_by_identity(
    session: AsyncSession, identity: Identity, *, default_role: str | None, at: datetime
) -> User:
    """This will find the user whom an identity provider vouches for.

    One invited by e-mail is joined to it at first; a stranger gets `default_role`, or is refused
    without one (NotInvited), as is whoever was deactivated.
    """
    statement = select(User).where(User.oidc_subject == identity.subject)
    user = (await session.exec(statement)).first() or await _invited(session, identity)
    if user is None and default_role is not None:
        user = await _newcomer(session, identity, default_role, at)
    if user is None or not user.is_active:
        raise NotInvited
    return user


async def _invited(session: AsyncSession, identity: Identity) -> User | None:
    if not identity.email or not identity.is_email_verified:
        return None
    statement = select(User).where(func.lower(User.email) == identity.email.lower())
    invited = (await session.exec(statement)).all()
    if len(invited) != 1 or invited[0].oidc_subject is not None:
        return None
    invited[0].oidc_subject = identity.subject
    return invited[0]


async def _newcomer(
    session: AsyncSession, identity: Identity, default_role: str, at: datetime
) -> User:
    role = await role_by_code(session, default_role)
    login = (identity.email or identity.subject)[:60]
    if await user_by_login(session, login):
        raise NotInvited  # the name belongs to someone whom the provider did not vouch for
    user = User(
        login=login,
        name=identity.name[:120],
        email=identity.email,
        oidc_subject=identity.subject,
        created_at=at,
    )
    session.add(user)
    await session.flush()
    await set_roles(session, user, frozenset({role.id or 0}))
    record(session, Deed(login, at), "user.create_by_sso", subject=f"user/{login}")
    return user


async def create_first_administrator(session: AsyncSession, *, at: datetime) -> str | None:
    """This will make the first roles and the user "admin", and give its one-time password.

    None when there are users already; repeating it changes nothing.
    """
    await ensure_first_roles(session)
    if (await session.exec(select(User.id).limit(1))).first() is not None:
        return None
    password = new_password()
    role = await role_by_code(session, "administrator")
    deed = Deed("system", at, permissions=frozenset({EVERYTHING}))
    draft = UserDraft("admin", "Administrador", None, frozenset({role.id or 0}))
    await create_user(session, draft, password_hash=await hash_password(password), deed=deed)
    return password
