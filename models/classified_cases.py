"""The accounts of a classified page: opened, opened again or told, set-based like the page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    case,
    cast,
    exists,
    func,
    insert,
    literal,
    literal_column,
    null,
    select,
    type_coerce,
    update,
)
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import JsonColumn, UTCDateTime
from models.cases import Case, CaseEvent, is_case_of
from models.classified_page import Page
from models.invoices import Invoice
from models.outbox import JOURNEYS, OutboxEntry, Verb
from rules.cases import SCATTER, SPREAD_SECONDS, Process
from rules.collections import AccountEvent, AccountStage

EVENT = ["case_id", "at", "by", "kind", "parameters"]
ENTRY = [
    "verb", "workflow", "workflow_id", "argument", "news_id", "created_at", "attempts",
]  # fmt: skip


async def lock(session: AsyncSession, page: Page) -> None:
    """This will lock the page's accounts before its invoices, in the order that journeys do."""
    accounts: Any = select(col(Case.id)).where(
        col(Case.process) == Process.COLLECTIONS,
        col(Case.subject_id).between(page.first, page.last),
    )
    await session.exec(accounts.order_by(col(Case.id)).with_for_update())


async def open_or_tell(session: AsyncSession, page: Page) -> None:
    """This will give every customer of the page an open account, and have its journey know.

    Without a case one is opened; a closed one is opened again under a new epoch; one that is open
    is told, and judges for itself.
    """
    await _tell_open(session, page)
    await _reopen_closed(session, page)
    await _open_new(session, page)
    await _set_next(session, page)
    await _start_begun(session, page)
    await _write_history(session, page)


async def _tell_open(session: AsyncSession, page: Page) -> None:
    news = literal(f"classified/{page.run_id}/{page.first}")
    told = _entries(session, page, verb=literal(str(Verb.SIGNAL)), news=news)
    told = told.where(_of_the_page(page), col(Case.closed_at).is_(None))
    await session.exec(insert(OutboxEntry).from_select(ENTRY, told))


async def _reopen_closed(session: AsyncSession, page: Page) -> None:
    closed = _of_the_page(page) & col(Case.closed_at).is_not(None)
    stage = {"stage": str(AccountStage.CLASSIFIED)}
    reopened = select(
        col(Case.id), _instant(page.at), literal(page.by), literal("reopened"),
        literal(stage, type_=JsonColumn),
    ).where(closed)  # fmt: skip
    await session.exec(insert(CaseEvent).from_select(EVENT, reopened))
    await session.exec(
        update(Case)
        .where(closed)
        .values(
            stage=str(AccountStage.CLASSIFIED), stage_since=page.at, closed_at=None,
            owner=None, team_id=page.team_id, next_kind=page.step.kind,
            epoch=Case.epoch + 1, version=Case.version + 1,
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip


async def _open_new(session: AsyncSession, page: Page) -> None:
    has_case = exists().where(is_case_of(Process.COLLECTIONS, Invoice.customer_id))
    values: dict[str, Any] = {
        "process": literal(str(Process.COLLECTIONS)),
        "subject_id": col(Invoice.customer_id),
        "customer_id": col(Invoice.customer_id),
        "stage": literal(str(AccountStage.CLASSIFIED)),
        "stage_since": _instant(page.at),
        "opened_at": _instant(page.at),
        "team_id": literal(page.team_id, type_=BigInteger()),
        "next_kind": literal(page.step.kind),
        "version": literal(1),
        "epoch": literal(1),
    }
    customers: Select[Any] = select(*values.values()).where(page.fresh, ~has_case).distinct()
    await session.exec(insert(Case).from_select(list(values), customers))


async def _set_next(session: AsyncSession, page: Page) -> None:
    """rules.cases.spread, in SQL."""
    seconds = col(Case.id) * SCATTER % 2**32 * SPREAD_SECONDS // 2**32
    await session.exec(
        update(Case)
        .where(page.begun)
        .values(next_at=_later(session, page.step.at, seconds))
        .execution_options(synchronize_session=False)
    )


async def _start_begun(session: AsyncSession, page: Page) -> None:
    """One that lived before may still be ending in the engine: it is started anew, not joined."""
    verb = case((col(Case.epoch) == 1, str(Verb.START)), else_=str(Verb.RESTART))
    begun = _entries(session, page, verb=verb, news=null()).where(page.begun)
    await session.exec(insert(OutboxEntry).from_select(ENTRY, begun))


async def _write_history(session: AsyncSession, page: Page) -> None:
    centavos = cast(func.sum(type_coerce(col(Invoice.open_amount), BigInteger())), BigInteger)
    parameters = _object(session, invoices=func.count(), amount=_reais(centavos))
    lines = (
        select(
            col(Case.id), _instant(page.at), literal(page.by),
            literal(str(AccountEvent.CLASSIFIED)),            parameters,
        )
        .join(Invoice, col(Invoice.customer_id) == col(Case.subject_id))
        .where(col(Case.process) == Process.COLLECTIONS, page.fresh)
        .group_by(col(Case.id))
    )  # fmt: skip
    await session.exec(insert(CaseEvent).from_select(EVENT, lines))


def _of_the_page(page: Page) -> ColumnElement[bool]:
    customers = select(col(Invoice.customer_id)).where(page.fresh)
    return (col(Case.process) == Process.COLLECTIONS) & col(Case.subject_id).in_(customers)


def _entries(session: AsyncSession, page: Page, *, verb: Any, news: Any) -> Select[Any]:
    """What the engine is told of cases, in the words of models.outbox."""
    process = str(Process.COLLECTIONS)
    return select(
        verb,
        literal(JOURNEYS[process]),
        literal(f"{process}/").concat(cast(col(Case.id), String)),
        _object(session, case_id=col(Case.id), epoch=col(Case.epoch)),
        news,
        _instant(page.at),
        literal(0),
    )


def _instant(at: datetime) -> Any:
    return literal(at, type_=UTCDateTime())


def _reais(centavos: Any) -> Any:
    """The amount as Python writes a Decimal of reais: "1234.50"."""
    return (
        cast(centavos // 100, String)
        .concat(".")
        .concat(cast(centavos // 10 % 10, String))
        .concat(cast(centavos % 10, String))
    )


def _object(session: AsyncSession, **values: Any) -> Any:
    """A JSON object made by the database."""
    make = func.json_object if _is_sqlite(session) else func.jsonb_build_object
    parts: list[Any] = []
    for name, value in values.items():
        parts += [literal_column(f"'{name}'"), value]
    return make(*parts)


def _later(session: AsyncSession, at: datetime, seconds: Any) -> Any:
    """An instant so many whole seconds after another; SQLite keeps it as text, in UTC."""
    if not _is_sqlite(session):
        return _instant(at) + func.make_interval(0, 0, 0, 0, 0, 0, seconds)
    moved = func.strftime(
        "%Y-%m-%d %H:%M:%S", _instant(at), cast(seconds, String).concat(" seconds")
    )
    return moved.concat(f".{at.microsecond:06}")


def _is_sqlite(session: AsyncSession) -> bool:
    return session.get_bind().dialect.name == "sqlite"
