"""One's calendar: addresses for calendar programs, of one's own tasks or a team's, revocable."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession

from api import security
from api.dependencies import Config, Db, Ip, Now, Principal, ReadSession, need
from api.inputs import Input
from api.language import N_, gettext, told
from api.once import UNNAMED, NamedRequest
from api.rendering import page, redirect
from models import calendar_feeds, colleagues
from models.calendar_feeds import CalendarFeed, Feed
from models.people import Deed, record
from models.tasks import Task
from rules import invitations
from rules.invitations import Deadline

router = APIRouter(tags=["tasks"])

See = Annotated[Principal, need("tasks:see")]


class FeedInput(Input):
    """Of a team's tasks, or of one's own where none is named."""

    team_id: int | None = None


class FeedOut(BaseModel):
    """A feed, without its secret."""

    id: int
    team: str
    created_at: datetime
    last_used_at: datetime | None


class NewFeed(FeedOut):
    """A feed with its address, which is told this once."""

    url: str


@router.get("/agenda", include_in_schema=False)
async def feeds_page(request: Request, by: See, session: ReadSession) -> Response:
    """One's own feeds."""
    return await _page(request, by, session)


@router.post("/agenda", include_in_schema=False)
async def create_on_page(
    request: Request, by: See, database: Db, now: Now, ip: Ip, settings: Config,
    team_id: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Make a feed; its address is shown this once."""
    asked = FeedInput(team_id=int(team_id) if team_id.isdecimal() else None)
    made = await create(asked, by, database, now, ip, settings, UNNAMED)
    async with database.read() as session:
        return await _page(request, by, session, url=made.url)


@router.post("/agenda/revogacao", include_in_schema=False)
async def revoke_on_page(
    request: Request, by: See, database: Db, now: Now, ip: Ip, feed: Annotated[int, Form()]
) -> Response:
    """Revoke one of one's own feeds."""
    await _revoke(feed, by, database, by.deed(at=now, ip=ip))
    return redirect(request, "/agenda", N_("Endereço de agenda revogado."))


@router.get("/agenda/{secret}.ics", include_in_schema=False)
async def calendar(secret: str, database: Db, now: Now, settings: Config) -> Response:
    """The due instants behind an address, for whoever knows it."""
    async with database.write() as session:
        feed = await calendar_feeds.feed_of_secret(session, security.digest(secret))
        feed.row.last_used_at = now
        session.add(feed.row)
        tasks = await calendar_feeds.tasks_of(session, feed)
    name = f"{settings.company_name}: {feed.team or gettext(N_('minhas tarefas'))}"
    entries = [_deadline(task, settings.base_url()) for task in tasks]
    return Response(
        invitations.calendar_of(name, entries, written_at=now),
        media_type="text/calendar; charset=utf-8",
        headers={"Cache-Control": "private, no-store"},
    )


@router.get("/api/calendar-feeds")
async def feeds(by: See, session: ReadSession) -> list[FeedOut]:
    """The caller's own feeds."""
    return [_out(each) for each in await calendar_feeds.feeds_of(session, by.user_id)]


@router.post("/api/calendar-feeds", status_code=201)
async def create(
    asked: FeedInput, by: See, database: Db, now: Now, ip: Ip, settings: Config,
    once: NamedRequest,
) -> NewFeed:  # fmt: skip
    """Make a feed of one's own tasks, or of a team's that one is of."""
    secret = security.new_secret()
    new = CalendarFeed(
        secret_hash=security.digest(secret), user_id=by.user_id, team_id=asked.team_id,
        created_at=now,
    )  # fmt: skip
    deed, url = by.deed(at=now, ip=ip), f"{settings.base_url()}/agenda/{secret}.ics"

    async def make(session: AsyncSession) -> NewFeed:
        made = await calendar_feeds.add_feed(session, new, login=by.login)
        record(session, deed, "calendar_feed.create", subject=f"feed/{made.id}")
        found = await calendar_feeds.feed_of_secret(session, made.secret_hash)
        return NewFeed(**_out(found).model_dump(), url=url)

    return NewFeed(**await once.do(database, deed, make, told_once="url"))


@router.delete("/api/calendar-feeds/{feed_id}", status_code=204)
async def revoke(feed_id: int, by: See, database: Db, now: Now, ip: Ip) -> None:
    """Revoke one of the caller's own feeds."""
    await _revoke(feed_id, by, database, by.deed(at=now, ip=ip))


async def _revoke(feed_id: int, by: Principal, database: Db, deed: Deed) -> None:
    async with database.write() as session:
        await calendar_feeds.revoke_feed(session, feed_id, user_id=by.user_id, at=deed.at)
        record(session, deed, "calendar_feed.revoke", subject=f"feed/{feed_id}")


def _deadline(task: Task, base_url: str) -> Deadline:
    link = f"{base_url}/tarefas/{task.id}"
    consequence = told(task.consequence, task.places)
    description = f"{consequence}\n{link}".strip()
    return Deadline(
        uid=f"task-{task.id}@acerto", title=told(task.title, task.places),
        description=description, link=link, due_at=task.due_at,
    )  # fmt: skip


def _out(feed: Feed) -> FeedOut:
    row = feed.row
    return FeedOut(
        id=row.id or 0, team=feed.team, created_at=row.created_at, last_used_at=row.last_used_at
    )


async def _page(
    request: Request, by: Principal, session: AsyncSession, *, url: str = ""
) -> Response:
    own = await colleagues.teams_of(session, by.login)
    return page(
        request,
        "pages/people/calendar_feeds.html",
        feeds=[_out(each) for each in await calendar_feeds.feeds_of(session, by.user_id)],
        teams=[(i, name) for i, name in await colleagues.all_teams(session) if i in own],
        url=url,
    )
