"""The outbox: what must leave the database, written in the transaction that decided it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Index, Integer, bindparam, func, or_, text, update
from sqlalchemy.orm import aliased
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import UTCDateTime, facts, identity, instant
from models.cases import Case
from models.insertion import insert_many
from models.turns import wait_for_turn


class Verb(StrEnum):
    """What the relay asks of the engine."""

    START = "start"  #: start a workflow; already running: nothing
    RESTART = "restart"  #: end the running one, if any, and start anew
    SIGNAL = "signal"  #: tell a running workflow; not running: start it, it reads the rows


#: Claimed by a relay, or waiting to be tried again.
HELD = "delivered_at IS NULL AND claimed_until IS NOT NULL"


class OutboxEntry(SQLModel, table=True):
    """One thing to tell the engine, at least once; whoever hears it twice does it once."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_waiting",
            "id",
            sqlite_where=text("delivered_at IS NULL"),
            postgresql_where=text("delivered_at IS NULL"),
        ),
        Index(
            "ix_outbox_held",
            "workflow_id",
            "id",
            sqlite_where=text(HELD),
            postgresql_where=text(HELD),
        ),
    )

    id: int | None = identity()
    verb: str = Field(max_length=10)
    workflow: str = Field(max_length=40)
    workflow_id: str = Field(max_length=80)
    argument: dict[str, Any] = facts()
    news_id: str | None = Field(default=None, max_length=120)
    created_at: datetime = instant()
    attempts: int = 0
    claimed_until: datetime | None = instant(None)
    delivered_at: datetime | None = instant(None)
    error: str | None = Field(default=None, max_length=500)


#: The workflow that waits for the cases of each process.
JOURNEYS = {
    "collections": "CollectionsJourney",
    "agreements": "AgreementJourney",
    "bureau": "BureauRecordJourney",
    "tasks": "TaskJourney",
    "contestation": "ContestationJourney",
    "activation": "ContractActivation",
    "contract_changes": "ContractChangeJourney",
    "renewals": "ContractRenewalJourney",
    "readjustments": "ContractReadjustmentJourney",
    "tickets": "SupportTicket",
    "kickoff": "ServiceKickoff",
    "anonymisation": "AnonymisationJourney",
}


def start_case(session: AsyncSession, case: Case, *, at: datetime, verb: Verb = Verb.START) -> None:
    """This will have the case's workflow started once the transaction commits."""
    session.add(
        OutboxEntry(
            verb=verb,
            workflow=JOURNEYS[case.process],
            workflow_id=case.workflow_id,
            argument=_reference(case),
            created_at=at,
        )
    )


def tell_case(session: AsyncSession, case: Case, *, news_id: str, at: datetime) -> None:
    """This will have the case's workflow look at its rows again; a closed case is not told."""
    if case.closed_at is None:
        session.add(OutboxEntry(**_news(case, news_id, at)))


async def tell_cases(
    session: AsyncSession, told: Sequence[Case], *, news_id: str, at: datetime
) -> None:
    """This will tell many cases at once, after whatever else this transaction decided so far."""
    rows = [_news(case, news_id, at) for case in told if case.closed_at is None]
    if rows:
        await session.flush()
        await insert_many(await session.connection(), cast(Any, OutboxEntry).__table__, rows)


def _news(case: Case, news_id: str, at: datetime) -> dict[str, Any]:
    return {
        "verb": Verb.SIGNAL, "workflow": JOURNEYS[case.process], "workflow_id": case.workflow_id,
        "argument": _reference(case), "news_id": news_id, "created_at": at,
    }  # fmt: skip


def start_message(session: AsyncSession, message_id: int, *, at: datetime) -> None:
    """This will have a message's delivery started."""
    session.add(
        OutboxEntry(
            verb=Verb.START,
            workflow="MessageDelivery",
            workflow_id=f"messages/{message_id}",
            argument={"message_id": message_id},
            created_at=at,
        )
    )


def _reference(case: Case) -> dict[str, Any]:
    return {"case_id": case.number, "epoch": case.epoch}


#: A relay that died holds its entries this long at the most.
CLAIM = timedelta(seconds=30)
#: The turn in which relays claim, until their claim is committed: what one of two claims, the other
#: does not see.
TURN = "acerto outbox"
#: An entry that the engine did not take waits longer each time, up to this.
LONGEST_WAIT = timedelta(minutes=1)


def place_of(entry: OutboxEntry) -> int:
    """Where the entry stands in the order in which all was decided."""
    return cast(int, entry.id)


async def is_any_due(session: AsyncSession, *, now: datetime) -> bool:
    """Whether there may be something to claim: to look takes no lock, as to claim does."""
    return (await session.exec(_due(), params={"now": now})).first() is not None


async def claim(session: AsyncSession, *, limit: int, now: datetime) -> Sequence[OutboxEntry]:
    """This will take the oldest waiting entries; another relay leaves them alone meanwhile.

    What a workflow is to be told waits until it was told what came before: news that overtook a
    restart would go to the run that the restart ends. So relays claim one after the other.
    """
    await wait_for_turn(session, TURN)
    told = {"now": now, "most": limit}
    entries: Sequence[OutboxEntry] = (await session.exec(_waiting(), params=told)).all()
    if entries:
        ids = [entry.id for entry in entries]
        await session.exec(
            update(OutboxEntry)
            .where(col(OutboxEntry.id).in_(ids))
            .values(claimed_until=now + CLAIM)
        )
    return entries


# Made once: they are asked several times a second, and take longer to make than to answer.
@cache
def _due() -> Any:
    return select(OutboxEntry.id).where(*_not_held(_now())).limit(1)


@cache
def _waiting() -> Any:
    now, before = _now(), aliased(OutboxEntry)
    is_held = (
        select(before.id)
        .where(
            col(before.delivered_at).is_(None),
            col(before.claimed_until).is_not(None),
            col(before.claimed_until) >= now,
            col(before.workflow_id) == col(OutboxEntry.workflow_id),
            col(before.id) < col(OutboxEntry.id),
        )
        .exists()
    )
    return (
        select(OutboxEntry)
        .where(*_not_held(now), ~is_held)
        .order_by(col(OutboxEntry.id))
        .limit(bindparam("most", type_=Integer()))
        .with_for_update(skip_locked=True)
    )


def _now() -> Any:
    return bindparam("now", type_=UTCDateTime())


def _not_held(now: Any) -> tuple[ColumnElement[bool], ...]:
    return (
        col(OutboxEntry.delivered_at).is_(None),
        or_(col(OutboxEntry.claimed_until).is_(None), col(OutboxEntry.claimed_until) < now),
    )


async def record(
    session: AsyncSession,
    entries: Sequence[OutboxEntry],
    errors: Sequence[str | None],
    *,
    now: datetime,
) -> None:
    """This will mark what was delivered, and have the rest tried again later."""
    taken = [entry.id for entry, error in zip(entries, errors, strict=True) if error is None]
    await session.exec(
        update(OutboxEntry).where(col(OutboxEntry.id).in_(taken)).values(delivered_at=now)
    )
    for entry, error in zip(entries, errors, strict=True):
        if error is not None:
            wait = min(LONGEST_WAIT, timedelta(seconds=0.5) * 2 ** min(entry.attempts, 10))
            await session.exec(
                update(OutboxEntry)
                .where(col(OutboxEntry.id) == entry.id)
                .values(attempts=entry.attempts + 1, error=error, claimed_until=now + wait)
            )


async def backlog(session: AsyncSession) -> int:
    """How many entries wait to be delivered."""
    statement = select(func.count()).where(col(OutboxEntry.delivered_at).is_(None))
    return (await session.exec(statement)).one()
