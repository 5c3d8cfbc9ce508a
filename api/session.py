"""Signing in and out, language and theme."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from api import language, security
from api.dependencies import SESSION_COOKIE, Db, Ip, Now, Visitor, client_address
from api.forms import Submitted, blank, submitted
from api.language import N_
from api.rendering import THEME_COOKIE, page, redirect
from models import sign_in, users
from models.passwords import is_password
from models.people import User, UserSession, audit
from rules.refusals import Refusal

router = APIRouter(include_in_schema=False)

YEAR = 365 * 24 * 3600
GOODBYE = N_("Você saiu. Até logo!")


class WrongPassword(Refusal):
    message = "Usuário ou senha inválidos."


class TooManyTries(Refusal):
    message = "Muitas tentativas. Espere um minuto e tente de novo."


class SignIn(BaseModel):
    """What is typed to sign in; `volta` is where the person wanted to go."""

    login: str = ""
    senha: str = ""
    volta: str = "/"


@router.get("/entrar")
async def sign_in_page(request: Request, visitor: Visitor, volta: str = "/") -> Response:
    """The page to sign in; who is signed in already goes on."""
    if visitor:
        return redirect(request, local_path(volta))
    return _page(request, blank(SignIn, volta=local_path(volta)))


@router.post("/entrar")
async def enter(request: Request, database: Db, now: Now, ip: Ip) -> Response:
    """Sign in; the same sentence for an unknown user, a wrong password and someone who left."""
    form = await submitted(request, SignIn)
    if form.value:
        with form.refusals():
            user = await _recognised(request, form.value, database=database, now=now)
            answer = redirect(request, local_path(form.value.volta))
            await open_session(request, answer, user, database=database, now=now)
            return answer
        await _record_failure(database, login=form.value.login, at=now, ip=ip)
    return _page(request, form)


@router.post("/sair")
async def leave(request: Request, visitor: Visitor, database: Db, now: Now) -> Response:
    """Sign out; repeating it does nothing more."""
    if visitor and visitor.session_id:
        async with database.write() as session:
            await sign_in.revoke_session(
                session, visitor.session_id, user_id=visitor.user_id, at=now
            )
    answer = redirect(request, "/entrar", GOODBYE)
    answer.delete_cookie(security.cookie_name(request, SESSION_COOKIE))
    return answer


@router.post("/idioma")
async def choose_language(
    request: Request, idioma: Annotated[str, Form()], volta: Annotated[str, Form()] = "/"
) -> Response:
    """Keep the language of this browser."""
    answer = RedirectResponse(local_path(volta), 303)
    if idioma in language.SUPPORTED:
        _keep(request, answer, language.COOKIE, idioma)
    return answer


@router.post("/aparencia")
async def choose_theme(
    request: Request, tema: Annotated[str, Form()], volta: Annotated[str, Form()] = "/"
) -> Response:
    """Keep the theme of this browser."""
    answer = RedirectResponse(local_path(volta), 303)
    _keep(request, answer, THEME_COOKIE, tema)
    return answer


def local_path(path: str) -> str:
    """This will give the path if it leads to our own pages, else the first page.

    "//elsewhere" and "/\\elsewhere" are addresses of other sites to browsers.
    """
    is_local = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if is_local and path.isprintable() else "/"


async def open_session(
    request: Request, answer: Response, user: User, *, database: Db, now: datetime
) -> None:
    """This will open a log-in for the user and give its cookie to the answer."""
    secret, ip = security.new_secret(), await client_address(request)
    hours = request.app.state.settings.session_hours
    opened = UserSession(
        id=security.digest(secret),
        user_id=user.id or 0,
        created_at=now,
        seen_at=now,
        expires_at=now + timedelta(hours=hours),
        ip=ip[:60],
        user_agent=request.headers.get("user-agent", "")[:300],
    )
    async with database.write() as session:
        sign_in.open_session(session, opened)
        audit(session, by=user.login, action="session.open", at=now, ip=ip)
    _keep(request, answer, SESSION_COOKIE, secret, seconds=hours * 3600)
    if language.COOKIE not in request.cookies:
        _keep(request, answer, language.COOKIE, user.language)


async def _recognised(request: Request, typed: SignIn, *, database: Db, now: datetime) -> User:
    door: security.Door = request.app.state.door
    address = await client_address(request)
    if not await door.allows_login(login=typed.login, ip=address, at=now):
        raise TooManyTries
    async with database.read() as session:
        user = await users.user_by_login(session, typed.login)
    matches = await is_password(typed.senha, password_hash=user.password_hash if user else None)
    if user is None or not matches or not user.is_active:
        raise WrongPassword
    return user


async def _record_failure(database: Db, *, login: str, at: datetime, ip: str) -> None:
    async with database.write() as session:
        audit(session, by=login[:60] or "?", action="session.refused", at=at, ip=ip)


def _keep(
    request: Request,
    answer: Response,
    name: str,
    value: str,
    *,
    seconds: int = YEAR,
) -> None:
    is_secret = name == SESSION_COOKIE
    answer.set_cookie(
        security.cookie_name(request, name) if is_secret else name,
        value,
        max_age=seconds,
        httponly=is_secret,
        samesite="lax",
        secure=security.is_https(request),
    )


def _page(request: Request, form: Submitted[SignIn]) -> Response:
    return page(
        request,
        "pages/people/sign_in.html",
        status=form.status if form.status != 422 else 401,
        form=form,
        has_sso=request.app.state.oidc is not None,
    )
