"""Keeping steps and messages out of tomorrow, and approving them: row by row, by page and JSON."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field, model_validator

from activities.coming_days import (
    Picked,
    approve_steps,
    disapprove_steps,
    put_back_steps,
    take_out_steps,
)
from api.coming import MESSAGES, seen_by
from api.dependencies import Db, Ip, Now, Principal, Today, need
from api.ladders import PATH
from api.language import N_
from api.panels import Key
from api.rendering import redirect
from models.database import Database
from models.people import Deed

router = APIRouter(tags=["collections"])

Edits = Annotated[Principal, need("ladders:edit")]
TOMORROW = f"{PATH}/amanha"
STEPS = f"{TOMORROW}/passos"
API = "/api/collections/tomorrow"
Ids = Annotated[list[Key], Field(max_length=1000)]


class PickedSteps(BaseModel):
    """The cases and messages meant, by their numbers."""

    cases: Ids = []
    messages: Ids = []

    @model_validator(mode="after")
    def _something(self) -> PickedSteps:
        if not self.cases and not self.messages:
            raise ValueError("nothing picked")
        return self


class TakenOutSteps(PickedSteps):
    """What stays out of tomorrow, and why."""

    reason: str = Field(default="", max_length=1000)


class ApprovedSteps(BaseModel):
    """The cases approved; None: all whose step reaches a customer tomorrow."""

    cases: Ids | None = None


# --- pages ----------------------------------------------------------------------------------------


@router.post(f"{STEPS}/retirada", include_in_schema=False)
async def take_out_by_page(
    request: Request, by: Edits, database: Db, now: Now, today: Today, ip: Ip
) -> Response:
    """Keeps the picked steps and messages out of tomorrow."""
    sent = await request.form()
    picked, reason = await _sent(request, by), str(sent.get("reason", ""))[:1000]
    out = await _take_out(database, picked, reason, today, by.deed(at=now, ip=ip))
    return redirect(request, TOMORROW, N_("%(n)s caso(s) fora de amanhã."), n=out)


@router.post(f"{STEPS}/volta", include_in_schema=False)
async def put_back_by_page(
    request: Request, by: Edits, database: Db, now: Now, today: Today, ip: Ip
) -> Response:
    """Lets tomorrow bring the picked ones after all."""
    picked, deed = await _sent(request, by), by.deed(at=now, ip=ip)
    async with database.write() as session:
        back = await put_back_steps(session, picked, today=today, deed=deed)
    return redirect(request, TOMORROW, N_("%(n)s caso(s) de volta em amanhã."), n=back)


@router.post(f"{STEPS}/aprovacao", include_in_schema=False)
async def approve_by_page(
    request: Request, by: Edits, database: Db, now: Now, today: Today, ip: Ip
) -> Response:
    """Approves tomorrow's steps of the picked cases."""
    picked = await _sent(request, by)
    new = await _approve(database, picked, by, today, by.deed(at=now, ip=ip))
    return redirect(request, TOMORROW, N_("%(n)s caso(s) aprovados para amanhã."), n=new)


@router.post(f"{STEPS}/aprovacao/tudo", include_in_schema=False)
async def approve_all_by_page(
    request: Request, by: Edits, database: Db, now: Now, today: Today, ip: Ip
) -> Response:
    """Approves every step of tomorrow that reaches a customer."""
    new = await _approve(database, None, by, today, by.deed(at=now, ip=ip))
    return redirect(request, TOMORROW, N_("%(n)s caso(s) aprovados para amanhã."), n=new)


@router.post(f"{STEPS}/desaprovacao", include_in_schema=False)
async def disapprove_by_page(
    request: Request, by: Edits, database: Db, now: Now, today: Today, ip: Ip
) -> Response:
    """Takes approvals of tomorrow back."""
    picked, deed = await _sent(request, by), by.deed(at=now, ip=ip)
    async with database.write() as session:
        back = await disapprove_steps(session, picked, today=today, deed=deed)
    return redirect(request, TOMORROW, N_("Aprovação retirada de %(n)s caso(s)."), n=back)


# --- JSON -----------------------------------------------------------------------------------------


@router.post(f"{API}/taken-out")
async def take_out_by_program(
    body: TakenOutSteps, by: Edits, database: Db, now: Now, today: Today, ip: Ip
) -> dict[str, int]:
    """Keeps steps and messages out of tomorrow; those out already, or unknown, are not counted."""
    picked, deed = _picked(body, by), by.deed(at=now, ip=ip)
    return {"taken_out": await _take_out(database, picked, body.reason, today, deed)}


@router.post(f"{API}/put-back")
async def put_back_by_program(
    body: PickedSteps, by: Edits, database: Db, now: Now, today: Today, ip: Ip
) -> dict[str, int]:
    """Lets tomorrow bring these after all."""
    async with database.write() as session:
        deed = by.deed(at=now, ip=ip)
        back = await put_back_steps(session, _picked(body, by), today=today, deed=deed)
        return {"put_back": back}


@router.post(f"{API}/approvals")
async def approve_by_program(
    body: ApprovedSteps, by: Edits, database: Db, now: Now, today: Today, ip: Ip
) -> dict[str, int]:
    """Approves tomorrow's steps of cases; without any named, all that reach a customer."""
    picked = None if body.cases is None else Picked(body.cases, processes=seen_by(by))
    return {"approved": await _approve(database, picked, by, today, by.deed(at=now, ip=ip))}


@router.post(f"{API}/disapprovals")
async def disapprove_by_program(
    body: PickedSteps, by: Edits, database: Db, now: Now, today: Today, ip: Ip
) -> dict[str, int]:
    """Takes approvals of tomorrow back."""
    async with database.write() as session:
        deed = by.deed(at=now, ip=ip)
        back = await disapprove_steps(session, _picked(body, by), today=today, deed=deed)
        return {"disapproved": back}


async def _take_out(
    database: Database, picked: Picked, reason: str, today: date, deed: Deed
) -> int:
    async with database.write() as session:
        return await take_out_steps(session, picked, reason=reason, today=today, deed=deed)


async def _approve(
    database: Database, picked: Picked | None, by: Principal, today: date, deed: Deed
) -> int:
    async with database.write() as session:
        return await approve_steps(session, picked, seen_by(by), today=today, deed=deed)


def _picked(body: PickedSteps, by: Principal) -> Picked:
    messages = body.messages if by.may(MESSAGES) else []
    return Picked(body.cases, messages, seen_by(by))


async def _sent(request: Request, by: Principal) -> Picked:
    """What was ticked; what is not a number of ours is left out."""
    form = await request.form()
    ids = {
        name: {
            int(each) for each in form.getlist(name)
            if isinstance(each, str) and each.isdecimal() and len(each) < 16
        }
        for name in ("cases", "messages")
    }  # fmt: skip
    return Picked(ids["cases"], ids["messages"] if by.may(MESSAGES) else (), seen_by(by))
