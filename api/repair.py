"""Whether rows and engine agree, proved on asking; and what does not, mended on command."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from activities.repair import find_disagreements, mend
from api.dependencies import Db, Engine, Now, Principal, need, reached
from api.language import N_, gettext
from api.rendering import page, redirect
from rules.repair import REMEDIES, SENTENCES, Disagreement

router = APIRouter(tags=["management"])

PAGE = "/gestao/conferencia"
Mends = Annotated[Principal, need("system:act")]


class DisagreementView(BaseModel):
    """What does not agree, and what repair does about it."""

    fault: str
    subject: str
    sentence: str
    remedy: str


@router.get(PAGE, include_in_schema=False)
async def repair_page(
    request: Request,
    by: Annotated[Principal, need("system:see")],
    database: Db,
    engine: Engine,
    now: Now,
) -> Response:
    """Looks now, twice, and names what does not agree."""
    with reached():
        found = await find_disagreements(database, engine, now=now)
    return page(
        request, "pages/management/repair.html", now=now, looked_at=now,
        found=[_view(each) for each in found], may_act=by.may("system:act"),
    )  # fmt: skip


@router.post(PAGE, include_in_schema=False)
async def repair_on_page(
    request: Request, by: Mends, database: Db, engine: Engine, now: Now
) -> Response:
    """Looks again, and mends what is found then."""
    mended = await repair(by, database, engine, now)
    return redirect(request, PAGE, N_("%(count)s divergência(s) corrigida(s)."), count=len(mended))


@router.get("/api/management/disagreements", dependencies=[need("system:see")])
async def list_disagreements(database: Db, engine: Engine, now: Now) -> list[DisagreementView]:
    """What rows and engine do not agree on, in two looks."""
    with reached():
        return [_view(each) for each in await find_disagreements(database, engine, now=now)]


@router.post("/api/management/repair")
async def repair(by: Mends, database: Db, engine: Engine, now: Now) -> list[DisagreementView]:
    """Mends from the rows what does not agree; gives what was mended."""
    with reached():
        found = await find_disagreements(database, engine, now=now)
        await mend(database, engine, found, by=by.login, at=now, ip=by.ip)
    return [_view(each) for each in found]


def _view(found: Disagreement) -> DisagreementView:
    return DisagreementView(
        fault=found.fault,
        subject=found.subject,
        sentence=gettext(SENTENCES[found.fault], subject=found.subject, **dict(found.facts)),
        remedy=gettext(REMEDIES[found.fault]),
    )
