"""Absences: one's own, or noted for somebody who is ill; who stands in has the tasks meanwhile."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from api.dependencies import Db, Ip, Now, Principal, ReadSession, Today, need
from api.forms import Day, Submitted, blank, submitted
from api.inputs import Input
from api.language import N_
from api.rendering import page, redirect
from models import absences, users
from models.people import Deed, User

router = APIRouter(tags=["people"])

SignedIn = Annotated[Principal, need()]
Edit = Annotated[Principal, need("people:see", "people:edit")]


class AbsenceInput(Input):
    """From when (blank: now) until when one is away, that day included, and who stands in."""

    absent_from: Day | None = None
    absent_until: Day | None = None
    substitute_id: int | None = None


@router.get("/ausencia", include_in_schema=False)
async def own_page(request: Request, by: SignedIn, session: ReadSession, today: Today) -> Response:
    """The page to note one's own absence."""
    user = await users.get_user(session, by.user_id)
    return await _page(request, session, user, _noted(user, today), is_own=True)


@router.post("/ausencia", include_in_schema=False)
async def note_own(request: Request, by: SignedIn, database: Db, now: Now, ip: Ip) -> Response:
    """Note or end one's own absence."""
    form = await submitted(request, AbsenceInput)
    if form.value:
        with form.refusals():
            await note_absence(
                form.value, by.user_id, database=database, deed=by.deed(at=now, ip=ip)
            )
            return redirect(request, "/ausencia", N_("Ausência atualizada."))
    async with database.read() as session:
        user = await users.get_user(session, by.user_id)
        return await _page(request, session, user, form, is_own=True)


@router.get("/pessoas/{user_id:int}/ausencia", include_in_schema=False)
async def user_page(
    request: Request, _by: Edit, session: ReadSession, today: Today, user_id: int
) -> Response:
    """The page to note somebody's absence."""
    user = await users.get_user(session, user_id)
    return await _page(request, session, user, _noted(user, today), is_own=False)


@router.post("/pessoas/{user_id:int}/ausencia", include_in_schema=False)
async def note_on_page(
    request: Request, by: Edit, database: Db, now: Now, ip: Ip, user_id: int
) -> Response:
    """Note or end somebody's absence."""
    form = await submitted(request, AbsenceInput)
    if form.value:
        with form.refusals():
            await note_absence(form.value, user_id, database=database, deed=by.deed(at=now, ip=ip))
            return redirect(request, f"/pessoas/{user_id}", N_("Ausência atualizada."))
    async with database.read() as session:
        user = await users.get_user(session, user_id)
        return await _page(request, session, user, form, is_own=False)


@router.put("/api/users/{user_id}/absence", status_code=204)
async def change_absence(
    asked: AbsenceInput, user_id: int, by: Edit, database: Db, now: Now, ip: Ip
) -> None:
    """Note or end somebody's absence."""
    await note_absence(asked, user_id, database=database, deed=by.deed(at=now, ip=ip))


def _noted(user: User, today: date) -> Submitted[AbsenceInput]:
    is_over = user.absent_until is None or user.absent_until < today
    if is_over:
        return blank(AbsenceInput, substitute_id=user.substitute_id)
    return blank(
        AbsenceInput, absent_from=user.absent_from, absent_until=user.absent_until,
        substitute_id=user.substitute_id,
    )  # fmt: skip


async def note_absence(typed: AbsenceInput, user_id: int, *, database: Db, deed: Deed) -> None:
    """This will note somebody's absence; without a last day, end it."""
    async with database.write() as session:
        await absences.set_absence(
            session, user_id, since=typed.absent_from, until=typed.absent_until,
            substitute_id=typed.substitute_id, deed=deed,
        )  # fmt: skip


async def _page(
    request: Request, session: AsyncSession, user: User, form: Submitted[AbsenceInput], *,
    is_own: bool,
) -> Response:  # fmt: skip
    people = await users.list_active(session)
    others = [each for each in people if each.company_id == user.company_id]
    return page(
        request,
        "pages/people/absence.html",
        status=form.status,
        form=form,
        user=user,
        is_own=is_own,
        substitutes=[(each.id, each.name) for each in others if each.id != user.id],
    )
