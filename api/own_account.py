"""One's own account: password and open log-ins. Tokens and absences have modules of their own."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel

from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.forms import Submitted, blank, submitted
from api.language import N_
from api.rendering import page, redirect
from models import sign_in, users
from models.passwords import hash_password, is_password
from models.people import Deed, record
from rules.passwords import check_password
from rules.refusals import Refusal
from rules.user_agents import browser_of

router = APIRouter(include_in_schema=False)


class CurrentPasswordWrong(Refusal):
    message = "A senha atual não confere."
    field = "current_password"


class PasswordInput(BaseModel):
    """A change of one's own password."""

    current_password: str = ""
    new_password: str = ""
    confirmation: str = ""


@router.get("/senha")
async def password_page(request: Request, by: Annotated[Principal, need()]) -> Response:
    """The page to change one's own password."""
    return _password_page(request, by, blank(PasswordInput))


@router.post("/senha")
async def change_password(
    request: Request, by: Annotated[Principal, need()], database: Db, now: Now, ip: Ip
) -> Response:
    """Change one's own password; every other log-in ends."""
    form = await submitted(request, PasswordInput)
    if form.value:
        with form.refusals():
            await _change_password(form.value, by, database=database, deed=by.deed(at=now, ip=ip))
            return redirect(request, "/", N_("Senha trocada. As outras sessões foram encerradas."))
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
    async with database.write() as session:
        if sessao == "outras":
            await sign_in.revoke_sessions(session, user_id=by.user_id, at=now, but=by.session_id)
        else:
            await sign_in.revoke_session(session, sessao, user_id=by.user_id, at=now)
        record(session, by.deed(at=now, ip=ip), "session.revoke", subject=f"user/{by.login}")
    return redirect(request, "/sessoes", N_("Sessão encerrada."))


async def _change_password(
    typed: PasswordInput, by: Principal, *, database: Db, deed: Deed
) -> None:
    async with database.read() as session:
        user = await users.get_user(session, by.user_id)
    if not await is_password(typed.current_password, password_hash=user.password_hash):
        raise CurrentPasswordWrong
    check_password(typed.new_password, login=by.login, confirmation=typed.confirmation)
    hashed = await hash_password(typed.new_password)
    async with database.write() as session:
        await users.change_own_password(
            session, by.user_id, password_hash=hashed, session_id=by.session_id or "", deed=deed
        )


def _password_page(request: Request, by: Principal, form: Submitted[PasswordInput]) -> Response:
    return page(
        request,
        "pages/people/password.html",
        status=form.status,
        form=form,
        is_forced=by.must_change_password,
    )
