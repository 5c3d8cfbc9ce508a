"""Asking for the week's figures by e-mail, and for no more of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response

from api.dependencies import Db, Ip, Now, Principal, need
from api.forms import submitted
from api.inputs import Input
from api.language import N_
from api.rendering import redirect
from models import users

router = APIRouter(tags=["management"])

See = Annotated[Principal, need("management:see")]


class WeekInput(Input):
    """Whether the week's figures are mailed to whoever asks."""

    is_wanted: bool = False


@router.post("/gestao/semana", include_in_schema=False)
async def ask_on_page(request: Request, by: See, database: Db, now: Now, ip: Ip) -> Response:
    """Have the week's figures mailed to oneself every Monday, or no more."""
    form = await submitted(request, WeekInput)
    asked = form.value or WeekInput()
    await ask(asked, by, database, now, ip)
    if asked.is_wanted:
        message = N_("Os números da semana chegam por e-mail toda segunda-feira.")
        return redirect(request, "/gestao", message)
    return redirect(request, "/gestao", N_("O e-mail da semana foi cancelado."))


@router.put("/api/management/week", status_code=204)
async def ask(asked: WeekInput, by: See, database: Db, now: Now, ip: Ip) -> None:
    """Have the week's figures mailed to oneself every Monday, or no more."""
    async with database.write() as session:
        await users.want_weekly_figures(
            session, by.user_id, is_wanted=asked.is_wanted, deed=by.deed(at=now, ip=ip)
        )
