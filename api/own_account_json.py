"""One's own account for programs: password, open log-ins, absence; the same as on the pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel

from api.absences import AbsenceInput, note_absence
from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.inputs import Input
from api.own_account import PasswordInput, change_own, end_sessions
from models import sign_in, users

router = APIRouter(tags=["own account"])

SignedIn = Annotated[Principal, need()]


class NewPassword(Input):
    """A change of the caller's own password; `ends_tokens`: with it tokens and feeds end too."""

    current_password: str
    new_password: str
    ends_tokens: bool = False


class SessionOut(BaseModel):
    """An open log-in of the caller's, in a browser."""

    id: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    ip: str
    user_agent: str


class AbsenceOut(BaseModel):
    """From when until when the caller is away, that day included, and who stands in."""

    absent_from: date | None
    absent_until: date | None
    substitute_id: int | None


@router.put("/api/own/password", status_code=204)
async def change_password(
    request: Request, asked: NewPassword, by: SignedIn, database: Db, now: Now, ip: Ip
) -> None:
    """Change the caller's own password; every log-in ends, tokens only with `ends_tokens`."""
    typed = PasswordInput(**asked.model_dump(), confirmation=asked.new_password)
    await change_own(request, typed, by, database=database, deed=by.deed(at=now, ip=ip))


@router.get("/api/own/sessions")
async def sessions(by: SignedIn, session: ReadSession, now: Now) -> list[SessionOut]:
    """The caller's open log-ins, the one seen last first."""
    opened = await sign_in.list_sessions(session, user_id=by.user_id, now=now)
    return [SessionOut.model_validate(each.model_dump()) for each in opened]


@router.delete("/api/own/sessions", status_code=204)
async def end_all(by: SignedIn, database: Db, now: Now, ip: Ip) -> None:
    """End every log-in of the caller."""
    await end_sessions(None, by, database=database, deed=by.deed(at=now, ip=ip))


@router.delete("/api/own/sessions/{session_id}", status_code=204)
async def end_one(session_id: str, by: SignedIn, database: Db, now: Now, ip: Ip) -> None:
    """End one log-in of the caller."""
    await end_sessions(session_id, by, database=database, deed=by.deed(at=now, ip=ip))


@router.get("/api/own/absence")
async def absence(by: SignedIn, session: ReadSession) -> AbsenceOut:
    """The absence that the caller has noted; all blank: none."""
    user = await users.get_user(session, by.user_id)
    return AbsenceOut.model_validate(user.model_dump(include=set(AbsenceOut.model_fields)))


@router.put("/api/own/absence", status_code=204)
async def change_absence(asked: AbsenceInput, by: SignedIn, database: Db, now: Now, ip: Ip) -> None:
    """Note or end the caller's own absence."""
    await note_absence(asked, by.user_id, database=database, deed=by.deed(at=now, ip=ip))
