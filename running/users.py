"""Users from the command line, for whoever has the machine but cannot log in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from models.passwords import hash_password, new_password
from models.people import Deed, User
from models.roles import role_by_code
from models.rows import rows_of
from models.users import UserDraft, UserUnknown, create_user, reset_password, select_users
from models.users import user_by_login as find_user
from rules.permissions import EVERYTHING
from running.storage import open_database
from settings import Settings


async def create(settings: Settings, login: str, *, name: str, role: str, at: datetime) -> str:
    """This will add a user with one role and give the one-time password."""
    password = new_password()
    password_hash = await hash_password(password)
    async with open_database(settings) as database, database.write() as session:
        role_id = (await role_by_code(session, role)).id or 0
        draft = UserDraft(login, name, None, frozenset({role_id}))
        await create_user(session, draft, password_hash=password_hash, deed=_deed(at))
    return password


async def reset(settings: Settings, login: str, *, at: datetime) -> str:
    """This will end the user's log-ins and give a new one-time password. Refuses: UserUnknown."""
    password = new_password()
    password_hash = await hash_password(password)
    async with open_database(settings) as database, database.write() as session:
        user: User | None = await find_user(session, login)
        if user is None:
            raise UserUnknown
        await reset_password(session, user.id or 0, password_hash=password_hash, deed=_deed(at))
    return password


async def listed(settings: Settings) -> Sequence[str]:
    """One line a user: login, name, roles, and whether the user may come in."""
    async with open_database(settings) as database, database.read() as session:
        rows = await rows_of(session, select_users().order_by("login"))
    return [
        f"{row['login']:<24}{row['name']:<32}{row['roles'] or '-':<40}"
        f"{'' if row['is_active'] else 'inactive'}".rstrip()
        for row in rows
    ]


def _deed(at: datetime) -> Deed:
    return Deed("system", at, permissions=frozenset({EVERYTHING}))
