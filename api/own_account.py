"""One's own account: password and open log-ins. Tokens and absences have modules of their own."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.forms import Submitted, blank, submitted
from api.inputs import Input
from api.language import N_
from api.rendering import page, redirect
from api.security import Door
from api.session import TooManyTries
from models import sign_in, users
from models.passwords import hash_password, is_password
from models.people import Deed, record
from rules.passwords import check_password
from rules.refusals import Refusal
from rules.user_agents import browser_of

router = APIRouter(include_in_schema=False)

CHANGED = N_("Senha trocada. As outras sessões foram encerradas; os tokens continuam valendo.")
ALONE = N_("Senha trocada. As outras sessões, os tokens e as agendas foram encerrados.")


class CurrentPasswordWrong(Refusal):
    message = "A senha atual não confere."
    field = "current_password"


class PasswordInput(Input):
    """A change of one's own password."""

    current_password: str = ""
    new_password: str = ""
    confirmation: str = ""
    ends_tokens: bool = False


@router.get("/senha")
async def password_page(request: Request, by: Annotated[Principal, need()]) -> Response:
    """The page to change one's own password."""
    return _password_page(request, by, blank(PasswordInput))


@router.post("/senha")
async def change_password(
    request: Request, by: Annotated[Principal, need()], database: Db, now: Now, ip: Ip
) -> Response:
    """Change one's own password; every other log-in ends, and tokens and feeds where asked."""
    form = await submitted(request, PasswordInput)
    if form.value:
        with form.refusals():
            deed = by.deed(at=now, ip=ip)
            await change_own(request, form.value, by, database=database, deed=deed)
            return redirect(request, "/", ALONE if form.value.ends_tokens else CHANGED)
    return _password_page(request, by, form)


@router.get("/sessoes")
async def sessions_page(
    request: Request, by: Annotated[Principal, need()], session: ReadSession, now: Now
) -> Response:
    """One's own open log-ins."""
    opened = await sign_in.list_sessions(session, user_id=by.user_id, now=now)
    return page(
        request,
        "pages/people/sessions.html",
        now=now,
        sessions=opened,
        current=by.session_id,
        browsers={each.id: browser_of(each.user_agent) for each in opened},
    )


@router.post("/sessoes/encerramento")
async def end_session(
    request: Request,
    by: Annotated[Principal, need()],
    database: Db,
    now: Now,
    ip: Ip,
    sessao: Annotated[str, Form()],
) -> Response:
    """End one of one's own log-ins, or with "outras" all but this one."""
    which = None if sessao == "outras" else sessao
    await end_sessions(which, by, database=database, deed=by.deed(at=now, ip=ip))
    return redirect(request, "/sessoes", N_("Sessão encerrada."))


async def end_sessions(session_id: str | None, by: Principal, *, database: Db, deed: Deed) -> None:
    """This will end one of the caller's own log-ins; None: all but the one that asks."""
    async with database.write() as session:
        if session_id is None:
            own = by.session_id
            await sign_in.revoke_sessions(session, user_id=by.user_id, at=deed.at, but=own)
        else:
            await sign_in.revoke_session(session, session_id, user_id=by.user_id, at=deed.at)
        record(session, deed, "session.revoke", subject=f"user/{by.login}")


async def change_own(
    request: Request, typed: PasswordInput, by: Principal, *, database: Db, deed: Deed
) -> None:
    """This will change the caller's password; every other log-in ends, and tokens where asked.

    Refuses a wrong current one (CurrentPasswordWrong), which may be tried as often as a log-in
    (TooManyTries), and what rules/passwords.py does not take.
    """
    door: Door = request.app.state.door
    if not await door.allows_login(login=by.login, ip=deed.ip, at=deed.at):
        raise TooManyTries
    async with database.read() as session:
        user = await users.get_user(session, by.user_id)
    if not await is_password(typed.current_password, password_hash=user.password_hash):
        raise CurrentPasswordWrong
    check_password(typed.new_password, login=by.login, confirmation=typed.confirmation)
    hashed = await hash_password(typed.new_password)
    async with database.write() as session:
        await users.change_own_password(
            session, by.user_id, password_hash=hashed, but=by.session_id or "",
            is_alone=typed.ends_tokens, deed=deed,
        )  # fmt: skip


def _password_page(request: Request, by: Principal, form: Submitted[PasswordInput]) -> Response:
    return page(
        request,
        "pages/people/password.html",
        status=form.status,
        form=form,
        is_forced=by.must_change_password,
    )
