"""The head of every case: who, where it stands, since when, whose, how much, and what comes next.

A process calls `head_of` and includes templates/pages/cases/_head.html, whatever else its page has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from api.dependencies import Principal
from api.documents import shown_document
from api.language import N_, gettext
from models import case_list, colleagues, history
from models.cases import Case
from models.contact_hours import first_contact
from models.customers import Customer
from models.people import Team
from rules import words
from rules.case_sight import visible_to
from rules.cases import Process
from rules.coming import WRITING

#: Where a case ends beside its way.
ASIDE = frozenset(
    {"called_off", "cancelled", "fulfilled_late", "merged", "renegotiated", "restored", "withdrawn"}
)
MONEY = {
    Process.COLLECTIONS: N_("Em cobrança"),
    Process.AGREEMENTS: N_("Total do acordo"),
    Process.BUREAU: N_("Em aberto"),
    Process.CONTESTATION: N_("Contestado"),
}


@dataclass(frozen=True)
class StageMark:
    """A stage in the strip; `at` is when the case last came into it, None = never."""

    stage: str
    label: str
    at: datetime | None
    is_current: bool


@dataclass(frozen=True)
class Next:
    """What happens next if nobody acts, when, and what that means; `at` None: nothing."""

    label: str
    consequence: str
    at: datetime | None
    is_late: bool


@dataclass(frozen=True)
class Figure:
    """An amount in the head."""

    label: str
    amount: Decimal


@dataclass(frozen=True)
class Head:
    """All that _head.html shows; `seen` is the newest line of its history, for what comes later."""

    case_id: int
    version: int
    seen: int
    process: str
    title: str
    customer: str
    customer_href: str
    document: str
    href: str
    stage: str
    stage_since: datetime
    owner: str
    team: str
    figures: tuple[Figure, ...]
    strip: tuple[StageMark, ...]
    next: Next
    breached_at: datetime | None
    closed_at: datetime | None


def visible_processes(by: Principal) -> tuple[str, ...]:
    """The processes whose cases this person may see."""
    return visible_to(by.permissions)


#: Where a case is worked that has a page of its own; the others stand on the page of all cases.
PLACES = {
    Process.TASKS: "/tarefas",
    Process.COLLECTIONS: "/cobrancas/contas",
    Process.AGREEMENTS: "/cobrancas/acordos",
    Process.CONTESTATION: "/contestacoes",
    Process.ACTIVATION: "/contratos",
    Process.TICKETS: "/chamados",
    Process.KICKOFF: "/implantacoes",
}


def place_of(process: str, case_id: int, *, subject_id: int) -> str:
    """The address of the page on which a case is worked."""
    place = PLACES.get(Process(process))
    return f"{place}/{subject_id}" if place else f"/casos/{case_id}"


async def head_of(
    session: AsyncSession,
    case: Case,
    *,
    by: Principal,
    now: datetime,
    title: str = "",
    figures: Sequence[Figure] | None = None,
) -> Head:
    """This will gather the head of a case. `figures` None: the amount the case is about."""
    customer = await session.get(Customer, case.customer_id) if case.customer_id else None
    names = await colleagues.names_by_login(session)
    newest = await history.newest_event(session, case.number)
    return Head(
        case_id=case.number,
        version=case.version,
        seen=newest.id or 0 if newest else 0,
        process=gettext(words.PROCESSES[case.process]),
        title=title or (customer.name if customer else _named(case)),
        customer=customer.name if customer else "",
        customer_href=f"/clientes/{customer.id}" if customer and by.may("customers:see") else "",
        document=shown_document(customer.document, by=by) if customer else "",
        href=place_of(case.process, case.number, subject_id=case.subject_id),
        stage=gettext(words.stage_label(case.process, case.stage)),
        stage_since=case.stage_since,
        owner=names.get(case.owner or "", case.owner or ""),
        team=await _team(session, case),
        figures=tuple(await _figures(session, case) if figures is None else figures),
        strip=_strip(case, await history.stage_dates(session, case.number)),
        next=await coming_of(session, case, customer, now=now),
        breached_at=case.breached_at,
        closed_at=case.closed_at,
    )


def next_of(case: Case, *, now: datetime) -> Next:
    """What happens to the case next if nobody acts."""
    is_closed = case.closed_at is not None
    label, consequence = words.next_step_words(case.process, case.next_kind, is_closed=is_closed)
    at = None if is_closed else case.next_at
    is_late = at is not None and at < now
    return Next(gettext(label), gettext(consequence), at, is_late)


async def coming_of(
    session: AsyncSession, case: Case, customer: Customer | None, *, now: datetime
) -> Next:
    """The same; what is written to the customer leaves within their contact hours, not before."""
    coming = next_of(case, now=now)
    if WRITING.get(case.process) != case.next_kind or customer is None or coming.at is None:
        return coming
    return replace(coming, at=await first_contact(session, customer, coming.at))


def _named(case: Case) -> str:
    return f"{gettext(words.PROCESSES[case.process])} {case.subject_id}"


async def _team(session: AsyncSession, case: Case) -> str:
    team = await session.get(Team, case.team_id) if case.team_id else None
    return team.name if team else ""


async def _figures(session: AsyncSession, case: Case) -> tuple[Figure, ...]:
    amount = await case_list.money_of(session, case)
    return () if amount is None else (Figure(gettext(MONEY[Process(case.process)]), amount),)


def _strip(case: Case, entered: Mapping[str, datetime]) -> tuple[StageMark, ...]:
    """The stages of the process in their order; those the case cannot reach any more fall away.

    An end beside the way is no step on it, until the case has gone there.
    """
    stages = words.STAGES.get(case.process, {})
    known = dict(stages) if case.stage in stages else {**stages, case.stage: case.stage}
    first = next(iter(known))
    entered = {first: case.opened_at, **entered}
    marks = (
        StageMark(stage, gettext(label), entered.get(stage), stage == case.stage)
        for stage, label in known.items()
    )
    if case.closed_at is None:
        return tuple(mark for mark in marks if mark.at or mark.stage not in ASIDE)
    return tuple(mark for mark in marks if mark.at is not None or mark.is_current)
