"""Calendar feeds: an address with a secret, under which a calendar program reads due instants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlmodel import Field, SQLModel, col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from models import colleagues
from models.base import identity, instant, reference
from models.people import Team, User
from models.sign_in import permissions_of
from models.tasks import Task
from rules.permissions import EVERYTHING
from rules.refusals import Refusal

#: What lets somebody read tasks.
SEEING = {"tasks:see", EVERYTHING}
#: A calendar of more than these is none that anybody looks at.
MOST_ENTRIES = 500


class FeedUnknown(Refusal):
    message = "Este endereço de agenda não existe ou foi revogado."


class TeamNotOwn(Refusal):
    message = "Você não é desta equipe."
    field = "team_id"


class CalendarFeed(SQLModel, table=True):
    """One's own tasks, or a team's; the secret's SHA-256 alone is kept."""

    __tablename__ = "calendar_feeds"

    id: int | None = identity()
    secret_hash: str = Field(unique=True, max_length=64)
    user_id: int = reference("users.id")
    team_id: int | None = reference("teams.id", nullable=True, index=False)
    created_at: datetime = instant()
    last_used_at: datetime | None = instant(None)
    revoked_at: datetime | None = instant(None)


@dataclass(frozen=True)
class Feed:
    """A feed, and whose tasks it shows; `team` is empty for one's own."""

    row: CalendarFeed
    login: str
    team: str


async def feeds_of(session: AsyncSession, user_id: int) -> Sequence[Feed]:
    """Somebody's feeds that were not revoked, the newest first."""
    statement = _feeds().where(CalendarFeed.user_id == user_id)
    rows = await session.exec(statement.order_by(col(CalendarFeed.id).desc()))
    return [Feed(row, login, team or "") for row, login, team in rows]


async def add_feed(session: AsyncSession, new: CalendarFeed, *, login: str) -> CalendarFeed:
    """This will keep a new feed. Refuses a team that its reader is not of."""
    if new.team_id is not None and new.team_id not in await colleagues.teams_of(session, login):
        raise TeamNotOwn
    session.add(new)
    await session.flush()
    return new


async def revoke_feed(session: AsyncSession, feed_id: int, *, user_id: int, at: datetime) -> None:
    """This will have a feed end at once. Refuses another's, and one that ended (FeedUnknown)."""
    found = await session.get(CalendarFeed, feed_id)
    if found is None or found.user_id != user_id or found.revoked_at is not None:
        raise FeedUnknown
    found.revoked_at = at
    session.add(found)


async def revoke_feeds(session: AsyncSession, *, user_id: int, at: datetime) -> None:
    """This will end every feed of a user."""
    statement = (
        update(CalendarFeed)
        .where(col(CalendarFeed.user_id) == user_id, col(CalendarFeed.revoked_at).is_(None))
        .values(revoked_at=at)
    )
    await session.exec(statement)


async def feed_of_secret(session: AsyncSession, secret_hash: str) -> Feed:
    """The feed of an address. Refuses one revoked, or whose reader lost it."""
    statement = _feeds().where(CalendarFeed.secret_hash == secret_hash, col(User.is_active))
    found = (await session.exec(statement)).first()
    if found is None:
        raise FeedUnknown
    feed = Feed(found[0], found[1], found[2] or "")
    if not SEEING & await permissions_of(session, user_id=feed.row.user_id):
        raise FeedUnknown
    team_id = feed.row.team_id
    if team_id is not None and team_id not in await colleagues.teams_of(session, feed.login):
        raise FeedUnknown
    return feed


async def tasks_of(session: AsyncSession, feed: Feed) -> Sequence[Task]:
    """The open tasks that a feed shows, those due first."""
    statement = select(Task).where(col(Task.finished_at).is_(None))
    if feed.row.team_id is not None:
        statement = statement.where(Task.team_id == feed.row.team_id)
    else:
        statement = statement.where(Task.assignee == feed.login)
    return (
        await session.exec(statement.order_by(col(Task.due_at), col(Task.id)).limit(MOST_ENTRIES))
    ).all()


def _feeds() -> Any:
    return (
        sqlalchemy.select(CalendarFeed, col(User.login), col(Team.name))
        .join(User, col(User.id) == CalendarFeed.user_id)
        .outerjoin(Team, col(Team.id) == CalendarFeed.team_id)
        .where(col(CalendarFeed.revoked_at).is_(None))
    )
