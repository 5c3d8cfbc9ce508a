"""Months of a price index that are needed and not known: a task each, until it is informed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.asking import team_id_of
from activities.tasks import NewTask, make_task, withdraw_task
from models import outbox
from models.calendars import load_calendar
from models.plans import PriceIndex
from models.readjustments import readjustments_awaiting
from models.received_contestations import cases_awaiting_index
from models.tasks import open_tasks_with_keys
from rules.business_days import local_date
from rules.cases import Process
from rules.due import due_after
from rules.price_indices import Method, published_by
from rules.sentences import N_


@dataclass(frozen=True)
class MissingIndex:
    """What a price waits for: months of an index, in words, and where the first is informed."""

    index: str
    months: str
    href: str


#: Business days from a month's publication, or from when it is needed if that is later.
DUE_BUSINESS_DAYS = 2


async def ask_for_months(
    session: AsyncSession, index: str, months: Iterable[date], *, team: str, at: datetime
) -> None:
    """This will ask a team for each month of an index; what is asked for is not asked again.

    Not before a month is published: nobody could say it yet.
    """
    today = local_date(at)
    for month in sorted(months):
        if published_by(month) < today:
            await _ask(session, index, month, team=team, at=at)


async def months_informed(
    session: AsyncSession, index_id: int, months: Collection[date], *, at: datetime
) -> None:
    """This will withdraw the tasks that asked for months that are known by now.

    What was given back without them is told, and counted anew; a price that waits for them too.
    """
    code = (await session.exec(select(PriceIndex.code).where(PriceIndex.id == index_id))).one()
    keys = [_key(code, month) for month in months]
    for task in await open_tasks_with_keys(session, keys):
        await withdraw_task(session, task, reason=N_("O índice foi informado."), at=at)
    waiting = [
        *await cases_awaiting_index(session), *await readjustments_awaiting(session, index_id)
    ]  # fmt: skip
    news_id = f"price-index/{code}/{at.timestamp():.0f}"
    await outbox.tell_cases(session, waiting, news_id=news_id, at=at)


def where_informed(index_id: int, month: date, method: Method = Method.MONTHLY_RATES) -> str:
    """The address at which a person says what an index was in a month."""
    asked = urlencode({"price_index_id": index_id, "kind": method, "month": month})
    return f"/cadastros/valores-de-indices/novo?{asked}"


async def _ask(session: AsyncSession, index: str, month: date, *, team: str, at: datetime) -> None:
    calendar = await load_calendar(session)
    known = (await session.exec(select(PriceIndex.id).where(PriceIndex.code == index))).first()
    new = NewTask(
        key=_key(index, month), process=Process.TASKS, kind="index_month",
        title=N_("Informar o índice %(index)s de %(month)s"),
        places={"index": index, "month": f"{month:%m/%Y}"},
        reason=N_("Um valor a devolver espera por este mês do índice, que não foi informado."),
        consequence=N_("A correção deste mês fica de fora do que se devolve ou se exige."),
        description=where_informed(known, month) if known else "/cadastros/indices",
        team_id=await team_id_of(session, team),
        due_at=due_after(at, business_days=DUE_BUSINESS_DAYS, calendar=calendar),
    )  # fmt: skip
    await make_task(session, new, by="system", at=at)


def _key(index: str, month: date) -> str:
    return f"price-index/{index}/{month:%Y-%m}"
