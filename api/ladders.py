"""The pages of the ladders: their list, and the editor with its time line, guard and preview."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.ladder_edit import Draft, rungs_of
from activities.ladder_preview import Preview, preview_of_draft
from api import ladder_forms
from api.dependencies import Db, Ip, Now, Principal, ReadSession, Today, need
from api.forms import Submitted
from api.ladder_forms import ACTIONS, LETTERS, draft_of, in_order, marks_of
from api.ladder_json import save_draft
from api.language import N_, gettext
from api.rendering import page, redirect
from models.colleagues import names_by_login
from models.default_ladder import STEPS
from models.ladder_tables import Ladder
from models.ladders import every_ladder, ladder_of, open_invoices_by_ladder, versions_of
from models.policies import load_policy
from rules.ladder_edit import check_steps
from rules.ladder_steps import LadderPolicy, Rung
from rules.messages import Channel
from rules.words import CHANNELS

router = APIRouter(tags=["ladders"])

PATH = "/cadastros/regua"
Sees = Annotated[Principal, need("ladders:see")]
Edits = Annotated[Principal, need("ladders:edit")]


@router.get(PATH, include_in_schema=False)
async def ladders_page(request: Request, by: Sees, session: ReadSession, now: Now) -> Response:
    """Every ladder, with its steps in short and how many open invoices follow it."""
    followed = await open_invoices_by_ladder(session)
    policy = await load_policy(session, LadderPolicy())
    shown = []
    for ladder in await every_ladder(session):
        draft = Draft(ladder.name, await rungs_of(session, ladder.key), ladder.for_telecom)
        count = followed.get(ladder.id, 0) + (followed.get(None, 0) if ladder.is_default else 0)
        shown.append((ladder, in_order(marks_of(draft, policy)), count))
    return page(
        request, "pages/ladder/ladders.html", now=now, ladders=shown,
        may_edit=by.may("ladders:edit"),
    )  # fmt: skip


@router.get(PATH + "/nova", include_in_schema=False)
async def new_ladder_page(request: Request, by: Edits, session: ReadSession, now: Now) -> Response:
    """The editor, with the steps that a new ladder begins with."""
    raw = ladder_forms.raw_of(
        _first_rungs(), name="", for_telecom=True, override_reason="", seen=None
    )
    return await _editor(request, session, None, Submitted(raw), by=by, now=now)


@router.get(PATH + "/{ladder_id:int}", include_in_schema=False)
async def ladder_page(
    request: Request, ladder_id: int, by: Sees, session: ReadSession, now: Now
) -> Response:
    """A ladder: its time line and its steps."""
    ladder = await ladder_of(session, ladder_id)
    raw = ladder_forms.raw_of(
        await rungs_of(session, ladder_id), name=ladder.name, for_telecom=ladder.for_telecom,
        override_reason=ladder.override_reason, seen=ladder.version,
    )  # fmt: skip
    return await _editor(request, session, ladder, Submitted(raw), by=by, now=now)


@router.post(PATH + "/nova", include_in_schema=False)
async def add_by_page(
    request: Request, by: Edits, database: Db, now: Now, today: Today, ip: Ip
) -> Response:
    """A button of a new ladder's editor."""
    return await _pressed(request, None, by, database, now, today, ip)


@router.post(PATH + "/{ladder_id:int}", include_in_schema=False)
async def change_by_page(
    request: Request, ladder_id: int, by: Edits, database: Db, now: Now, today: Today, ip: Ip
) -> Response:
    """A button of the editor: add, take out, move, look at tomorrow, save."""
    return await _pressed(request, ladder_id, by, database, now, today, ip)


async def _pressed(
    request: Request, ladder_id: int | None, by: Principal, database: Db, now: datetime,
    today: date, ip: str,
) -> Response:  # fmt: skip
    sent = await request.form()
    form: Submitted[Any] = Submitted(ladder_forms.sent_raw(sent))
    draft, pressed = draft_of(form.raw), str(sent.get("do", ""))
    found: Preview | None = None
    with form.refusals():
        if pressed == "save":
            async with database.write() as session:
                await save_draft(session, ladder_id, draft, by, by.deed(at=now, ip=ip))
            return redirect(request, PATH, N_("Régua salva: vale a partir da próxima execução."))
        if pressed == "preview":
            check_steps(draft.rungs)
            async with database.read() as session:
                ladder = await ladder_of(session, ladder_id) if ladder_id else None
                found = await preview_of_draft(session, ladder, draft.rungs, at=now, today=today)
    async with database.read() as session:
        ladder = await ladder_of(session, ladder_id) if ladder_id else None
        return await _editor(
            request, session, ladder, form, by=by, now=now, found=found, pressed=pressed
        )


async def _editor(
    request: Request, session: AsyncSession, ladder: Ladder | None, form: Submitted[Any],
    *, by: Principal, now: datetime, found: Preview | None = None, pressed: str = "",
) -> Response:  # fmt: skip
    draft = draft_of(form.raw)
    marks = marks_of(draft, await load_policy(session, LadderPolicy()))
    return page(
        request, "pages/ladder/ladder.html", status=form.status, now=now, form=form,
        ladder=ladder, marks=marks, line=in_order(marks), found=found,
        people=await names_by_login(session),
        is_unlawful=any(mark.breaches for mark in marks),
        versions=await versions_of(session, ladder.key) if ladder else [],
        actions=[(value, gettext(label)) for value, (label, _, _) in ACTIONS.items()],
        letters=[(code, gettext(label)) for code, label in LETTERS],
        channels=[(channel, gettext(CHANNELS[channel])) for channel in Channel],
        action_words=ACTIONS, pressed=pressed,
        may_edit=by.may("ladders:edit"), may_override=by.may("ladders:override"),
    )  # fmt: skip


def _first_rungs() -> list[Rung]:
    return [
        Rung(
            id=-place, action=first.action, offset_days=first.offset_days, name=first.name,
            after=None if first.after is None else -first.after - 1, purpose=first.purpose,
            channels=tuple(each for each in first.channels.split(",") if each),
        )
        for place, first in enumerate(STEPS, 1)
    ]  # fmt: skip
