"""One's own account: password, open log-ins, absence. Tokens stand in api/tokens.py."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel

from api.dependencies import Db, Ip, Now, Principal, ReadSession, Today, need
from api.forms import Day, Submitted, blank, submitted
from api.language import N_
from api.rendering import page, redirect
from models import sign_in, users
from models.passwords import hash_password, is_password
from models.people import Deed, User, record
from rules.passwords import check_password
from rules.refusals import Refusal

router = APIRouter(include_in_schema=False)


class CurrentPasswordWrong(Refusal):
    message = "A senha atual não confere."
    field = "current_password"


class PasswordInput(BaseModel):
    """A change of one's own password."""

    current_password: str = ""
    new_password: str = ""
    confirmation: str = ""


class AbsenceInput(BaseModel):
    """Until when one is away, that day included, and who stands in."""

    absent_until: Day | None = None
    substitute_id: int | None = None


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
        request, "pages/people/sessions.html", now=now, sessions=opened, current=by.session_id
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


@router.get("/ausencia")
async def absence_page(
    request: Request, by: Annotated[Principal, need()], session: ReadSession, today: Today
) -> Response:
    """The page to note one's own absence."""
    user = await users.get_user(session, by.user_id)
    is_away = user.absent_until is not None and user.absent_until >= today
    form = blank(
        AbsenceInput,
        absent_until=user.absent_until if is_away else None,
        substitute_id=user.substitute_id,
    )
    return _absence_page(request, by, form, others=await users.list_active(session))


@router.post("/ausencia")
async def note_absence(
    request: Request, by: Annotated[Principal, need()], database: Db, now: Now, ip: Ip
) -> Response:
    """Note or end one's own absence."""
    form = await submitted(request, AbsenceInput)
    if form.value:
        with form.refusals():
            await _note_absence(form.value, by, database=database, deed=by.deed(at=now, ip=ip))
            return redirect(request, "/ausencia", N_("Ausência atualizada."))
    async with database.read() as session:
        others = await users.list_active(session)
    return _absence_page(request, by, form, others=others)


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


async def _note_absence(typed: AbsenceInput, by: Principal, *, database: Db, deed: Deed) -> None:
    async with database.write() as session:
        await users.set_absence(
            session,
            by.user_id,
            until=typed.absent_until,
            substitute_id=typed.substitute_id,
            deed=deed,
        )


def _password_page(request: Request, by: Principal, form: Submitted[PasswordInput]) -> Response:
    return page(
        request,
        "pages/people/password.html",
        status=form.status,
        form=form,
        is_forced=by.must_change_password,
    )


def _absence_page(
    request: Request, by: Principal, form: Submitted[AbsenceInput], *, others: Sequence[User]
) -> Response:
    return page(
        request,
        "pages/people/absence.html",
        status=form.status,
        form=form,
        substitutes=[(each.id, each.name) for each in others if each.id != by.user_id],
    )
