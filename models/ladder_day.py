"""A day of the ladder in a few queries: which invoices it looks at, and what decides on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy
from sqlalchemy import literal_column, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.calendars import load_calendar
from models.contract_ends import ended_on
from models.contracts import Contract
from models.invoice_contracts import owed_by
from models.invoices import Invoice
from models.ladder_debtors import NOBODY, Owing, owing
from models.ladder_stops import pauses_of
from models.ladder_tables import Ladder
from models.ladders import LadderExecution, rung_of, steps_of
from models.messages import Message
from models.policies import load_policy
from models.rows import in_parts, read_rows
from rules.business_days import local_date
from rules.contracts import OVER
from rules.ladder import LadderFacts, Outcome
from rules.ladder_dates import known_from
from rules.ladder_debtors import Debtor, reached_by
from rules.ladder_law import LawFacts
from rules.ladder_steps import SUSPENSIONS, Action, LadderPolicy, Rung
from rules.messages import Channel, has_arrived


@dataclass(frozen=True)
class Standing:
    """A ladder as it stood when the run began: an edit meanwhile holds from the next run on."""

    id: int
    name: str
    version: int
    is_default: bool
    is_overridden: bool
    rungs: tuple[Rung, ...]


@dataclass(frozen=True)
class Subject:
    """An open invoice on its ladder, with what its letters say of it.

    `debtors` are the contracts that owe some of it beside the one that it is booked to.
    """

    invoice_id: int
    customer_id: int
    contract_id: int | None
    contract_stage: str | None
    ladder_id: int
    due_date: date
    number: str
    description: str
    amount: Decimal
    open_amount: Decimal
    stage: str | None
    facts: LadderFacts
    debtors: tuple[Debtor, ...] = ()

    def reached_by(self, action: str) -> dict[int, str]:
        """The contracts that a step reaches, its own first, and what it does to each.

        There is nothing to suspend or terminate without a contract, nor once it is over.
        """
        is_over = self.contract_id is None or self.contract_stage in OVER
        own = {} if is_over else {self.contract_id or 0: action}
        further = {each.contract_id: reached_by(action, each) for each in self.debtors}
        return own | {key: done for key, done in further.items() if done}


@dataclass
class _Past:
    """What happened to one invoice on its ladder."""

    executed: dict[int, date] = field(default_factory=dict)
    notices: list[date] = field(default_factory=list)
    suspended_on: date | None = None
    blocked_on: date | None = None


async def standing_ladders(session: AsyncSession) -> list[Standing]:
    """Every ladder as it stands now, the default first."""
    ladders = select(Ladder).order_by(col(Ladder.is_default).desc(), col(Ladder.id))
    return [
        Standing(
            ladder.key, ladder.name, ladder.version, ladder.is_default,
            bool(ladder.override_reason),
            tuple(rung_of(step) for step in await steps_of(session, ladder.key)),
        )
        for ladder in (await session.exec(ladders)).all()
    ]  # fmt: skip


async def customers_due(session: AsyncSession, today: date) -> list[tuple[int, int]]:
    """The customers with an invoice that the ladder looks at today, and of how many, in order."""
    invoices = sqlalchemy.func.count()
    statement = (
        sqlalchemy.select(col(Invoice.customer_id), invoices)
        .where(_is_due(today))
        .group_by(col(Invoice.customer_id))
        .order_by(col(Invoice.customer_id))
    )
    return [(customer, count) for customer, count in await read_rows(session, statement)]


async def subjects_due(
    session: AsyncSession, *, first: int, last: int, today: date, ladders: Sequence[Standing]
) -> list[Subject]:
    """The invoices of these customers that the ladder looks at today, locked, with their facts."""
    wanted = _invoices().where(
        _is_due(today), col(Invoice.customer_id).between(first, last)
    )  # fmt: skip
    rows = await read_rows(session, wanted.with_for_update(of=Invoice))
    return await _subjects(session, rows, ladders)


async def subjects_on(
    session: AsyncSession, day: date, ladders: Sequence[Standing]
) -> list[Subject]:
    """The invoices that the ladder looks at on a day, of all customers, to be read only."""
    return await _subjects(
        session, await read_rows(session, _invoices().where(_is_due(day))), ladders
    )


async def subjects_forwarded(
    session: AsyncSession, day: date, ladders: Sequence[Standing]
) -> list[Subject]:
    """The invoices that the classifier might take up on a day and the ladder does not look at."""
    offsets = [
        rung.offset_days for each in ladders for rung in each.rungs if rung.action == Action.FORWARD
    ]
    if not offsets:
        return []
    latest = day - timedelta(days=min(offsets))
    in_no_stage: Any = literal_column("invoices.collection_stage IS NULL")
    wanted = _invoices().where(
        literal_column("invoices.status = 'open'"), in_no_stage,
        col(Invoice.due_date) <= latest, col(Invoice.ladder_next_on) > day,
    )  # fmt: skip
    return await _subjects(session, await read_rows(session, wanted), ladders)


async def subjects_of_ladder(
    session: AsyncSession, standing: Standing, *, invoice_id: int | None = None
) -> list[Subject]:
    """Every open invoice on a ladder, whatever its day: what a changed ladder would act on."""
    on_it = col(Contract.ladder_id) == standing.id
    if standing.is_default:
        on_it = or_(on_it, col(Contract.ladder_id).is_(None))
    wanted = _invoices().where(literal_column("invoices.status = 'open'"), on_it)
    if invoice_id is not None:
        wanted = _invoices().where(col(Invoice.id) == invoice_id)
    return await _subjects(session, await read_rows(session, wanted), [standing])


async def subjects_of_contract(session: AsyncSession, contract_id: int) -> list[Subject]:
    """Every open invoice that a contract owes, or owes some of, on the ladder that it is on."""
    is_open: Any = literal_column("invoices.status = 'open'")
    wanted = _invoices().where(is_open, owed_by([contract_id]))
    rows = await read_rows(session, wanted)
    return await _subjects(session, rows, await standing_ladders(session))


def _is_due(today: date) -> Any:
    """Written out, because SQLite uses a partial index only for literal conditions."""
    next_on = col(Invoice.ladder_next_on)
    is_open: Any = literal_column("invoices.status = 'open'")
    return is_open & or_(next_on <= today, next_on.is_(None))


def _invoices() -> Any:
    return (
        sqlalchemy.select(
            col(Invoice.id), col(Invoice.customer_id), col(Invoice.contract_id),
            col(Invoice.due_date), col(Invoice.number), col(Invoice.code),
            col(Invoice.description), col(Invoice.amount), col(Invoice.open_amount),
            col(Invoice.collection_stage), col(Invoice.agreement_id),
            col(Contract.ladder_id), col(Contract.telecom_service),
            col(Contract.stage).label("contract_stage"),
            ended_on().label("contract_ended_on"),
        )
        .select_from(Invoice)
        .outerjoin(Contract, col(Contract.id) == col(Invoice.contract_id))
        .order_by(col(Invoice.customer_id), col(Invoice.id))
    )  # fmt: skip


async def _subjects(
    session: AsyncSession, rows: Sequence[Any], ladders: Sequence[Standing]
) -> list[Subject]:
    ids = [row.id for row in rows]
    past = await _past(session, ids)
    shared = await owing(session, ids, {each.id: _actions(each) for each in ladders})
    pauses = await pauses_of(session, rows, _further(shared))
    known = await _known_from(session, {row.due_date for row in rows})
    by_id = {each.id: each for each in ladders}
    default = next((each for each in ladders if each.is_default), None)
    found = []
    for row in rows:
        ladder = by_id.get(row.ladder_id) or (default if row.ladder_id is None else None)
        if ladder is not None:
            mine, further = past.get(row.id, _Past()), shared.get(row.id, NOBODY)
            facts = LadderFacts(
                row.due_date, mine.executed, pauses.get(row.id, ()),
                _law_of(row, ladder, mine, further), known[row.due_date],
            )  # fmt: skip
            found.append(_subject(row, ladder, facts, further.debtors))
    return found


def _actions(standing: Standing) -> frozenset[str]:
    return frozenset(rung.action for rung in standing.rungs)


def _further(shared: Mapping[int, Owing]) -> dict[int, list[int]]:
    return {key: [each.contract_id for each in own.debtors] for key, own in shared.items()}


async def _known_from(session: AsyncSession, due_dates: Collection[date]) -> dict[date, date]:
    """When a payment in time would be known; a portfolio has few due dates, and many invoices."""
    policy, calendar = await load_policy(session, LadderPolicy()), await load_calendar(session)
    days = policy.clearing_business_days
    return {due: known_from(due, clearing_days=days, calendar=calendar) for due in due_dates}


def _law_of(row: Any, ladder: Standing, past: _Past, further: Owing) -> LawFacts | None:
    """The law binds if it does for one of the contracts, and an end counts once all have ended."""
    is_bound = row.telecom_service and not ladder.is_overridden
    if not (is_bound or further.is_bound):
        return None
    ends = [*([row.contract_ended_on] if is_bound else []), *further.ends]
    days = [each for each in ends if each is not None]
    return _law(past, max(days) if len(days) == len(ends) else None)


def _subject(
    row: Any, ladder: Standing, facts: LadderFacts, debtors: tuple[Debtor, ...]
) -> Subject:
    return Subject(
        row.id, row.customer_id, row.contract_id, row.contract_stage, ladder.id, row.due_date,
        row.number or row.code, row.description, row.amount, row.open_amount,
        row.collection_stage, facts, debtors,
    )  # fmt: skip


def _law(past: _Past, ended_on: date | None) -> LawFacts:
    cut = past.suspended_on
    after = [day for day in past.notices if cut is not None and day >= cut]
    return LawFacts(
        noticed_on=min(past.notices, default=None), suspended_on=cut, blocked_on=past.blocked_on,
        termination_noticed_on=min(after, default=None), terminated_on=ended_on,
    )  # fmt: skip


async def _past(session: AsyncSession, ids: Sequence[int]) -> dict[int, _Past]:
    past: dict[int, _Past] = defaultdict(_Past)
    notices: list[Any] = []
    columns = (
        col(LadderExecution.invoice_id), col(LadderExecution.step_id),
        col(LadderExecution.executed_on), col(LadderExecution.action),
        col(LadderExecution.outcome), col(LadderExecution.is_legal_notice),
        col(LadderExecution.contact), col(LadderExecution.proven_on),
    )  # fmt: skip
    for row in await in_parts(session, columns, col(LadderExecution.invoice_id), ids):
        one = past[row.invoice_id]
        one.executed[row.step_id] = row.executed_on
        if row.is_legal_notice:
            notices.append(row)
        if row.action in SUSPENSIONS and row.outcome == Outcome.DONE:
            one.suspended_on = min(one.suspended_on or row.executed_on, row.executed_on)
            if row.action == Action.BLOCK:
                one.blocked_on = min(one.blocked_on or row.executed_on, row.executed_on)
    arrived = await _arrived(session, {row.contact for row in notices if row.contact})
    for row in notices:
        day = row.proven_on or arrived.get(row.contact)
        if day is not None:
            past[row.invoice_id].notices.append(day)
    return past


async def _arrived(session: AsyncSession, contacts: Collection[str]) -> dict[str, date]:
    """On which day each letter left, of those that did on some channel."""
    keys = [f"{contact}/{channel}" for contact in contacts for channel in Channel]
    columns = (col(Message.contact), col(Message.sent_at), col(Message.status),
               col(Message.channel), col(Message.delivered_at))  # fmt: skip
    days: dict[str, date] = {}
    for row in await in_parts(session, columns, col(Message.key), sorted(keys)):
        at = row.delivered_at if row.channel == Channel.APP else row.sent_at
        if has_arrived(row.channel, row.status) and at is not None:
            day = local_date(at)
            days[row.contact] = min(days.get(row.contact, day), day)
    return days
