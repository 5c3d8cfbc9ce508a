"""The inbox: the five views of the tasks and their live counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from api import first_steps, navigation, search
from api.case_filters import day_ends
from api.dependencies import Now, Principal, ReadSession, Today, need
from api.inbox_lists import (
    FINISHED_LIST,
    OPEN_LIST,
    PATHS,
    VIEWS,
    filter_of,
    presented,
    with_people,
)
from api.language import N_, gettext
from api.listing import View
from api.rendering import fragment, redirect
from api.table import Chip
from models import colleagues, inbox, inbox_counts
from models.first_steps import is_without_customers
from models.inbox import InboxFilter, InboxView
from models.inbox_counts import InboxCounts
from rules import words
from rules.business_days import at_local_time, local_date
from rules.refusals import Refusal
from rules.tasks import stand_in

router = APIRouter(include_in_schema=False)

See = Annotated[Principal, need("tasks:see")]
SignedIn = Annotated[Principal, need()]


class NothingToSee(Refusal):
    message = "Seu perfil ainda não abre nenhuma página. Peça outro a quem administra o sistema."


ELSEWHERE = N_("Nenhuma tarefa está com você agora. Estas esperam por alguém.")
LABELS = {
    InboxView.MINE: (N_("Minhas"), "user"),
    InboxView.TEAM: (N_("Da minha equipe"), "users"),
    InboxView.UNASSIGNED: (N_("Sem responsável"), "inbox"),
    InboxView.ALL: (N_("Todas abertas"), "list"),
    InboxView.FINISHED: (N_("Finalizadas hoje"), "check"),
}


@router.get("/")
async def home(
    request: Request, by: SignedIn, session: ReadSession, now: Now, today: Today
) -> Response:
    """The inbox, where something is to be done; of who sees no tasks, the first page they see.

    Whoever sees nothing but what belongs to a customer begins by looking for one.
    """
    if by.may("tasks:see"):
        busy = None if request.query_params else await _where_to_begin(session, by, now, today)
        if busy is not None:
            return redirect(request, PATHS[busy], ELSEWHERE)
        return await inbox_page(request, by, session, now, today)
    mine = navigation.entries(by, "/", paths=request.app.state.paths)
    if not mine and not search.finds_anything(by):
        raise NothingToSee
    return redirect(request, mine[0].path if mine else "/busca")


@router.get("/tarefas")
@router.get("/tarefas/equipe")
@router.get("/tarefas/livres")
@router.get("/tarefas/todas")
@router.get("/tarefas/finalizadas")
async def inbox_page(
    request: Request, by: See, session: ReadSession, now: Now, today: Today
) -> Response:
    """One view of the inbox, filtered as the address says."""
    which = VIEWS[request.url.path]
    view = await inbox_view(request, session, which)
    wanted = await inbox_filter(session, view, which, by=by, now=now)
    names = await colleagues.names_by_login(session)

    def present(row: Mapping[str, Any]) -> Mapping[str, Any]:
        return presented(row, names=names, by=by, now=now)

    counts = await _counts(session, wanted, today=today)
    total = await inbox_counts.count_view(session, wanted, counts)
    return await view.answer(
        session,
        inbox.select_tasks(wanted),
        "pages/tasks/inbox.html",
        present=present,
        totals=None if total is None else {"count": total},
        chips=_chips(counts, wanted, today=today),
        which=which.value,
        stood_in_for=[names[login] for login in wanted.stands_in_for],
        may_act=by.may("tasks:act"),
        may_make=by.may("tasks:act") and by.is_of_house,
        people=await colleague_options(session, today=today),
        results=result_options(),
        is_new_house=by.may(first_steps.SEE) and await is_without_customers(session),
    )


@router.get("/tarefas/contadores")
async def chips_fragment(
    by: See, session: ReadSession, now: Now, today: Today, visao: InboxView = InboxView.MINE
) -> HTMLResponse:
    """The counts above the inbox, again."""
    wanted = await _own_filter(session, by, visao, now=now, today=today)
    chips = _chips(await _counts(session, wanted, today=today), wanted, today=today)
    return HTMLResponse(fragment("pages/tasks/_chips.html", chips=chips, which=visao.value))


@router.get("/tarefas/contagem")
async def due_count(by: See, session: ReadSession, now: Now, today: Today) -> HTMLResponse:
    """How many of one's tasks are late or due today; empty when none is."""
    due = await inbox_counts.count_due(session, today_ends=day_ends(today), now=now)
    absent = await colleagues.stood_in_for(session, by.login, today=today)
    own = sum(due.get(login, 0) for login in (by.login, *absent))
    return HTMLResponse(fragment("pages/tasks/_due.html", due=own))


async def inbox_view(request: Request, session: AsyncSession, which: InboxView) -> View:
    """What the address asks of a view."""
    listing = FINISHED_LIST if which is InboxView.FINISHED else OPEN_LIST
    return (await with_people(listing, session)).view(request)


async def inbox_filter(
    session: AsyncSession, view: View, which: InboxView, *, by: Principal, now: datetime
) -> InboxFilter:
    """The tasks that a view's address asks for."""
    since = view.day("desde")
    return filter_of(
        view,
        which,
        by=by,
        team_ids=await colleagues.teams_of(session, by.login),
        stands_in_for=await colleagues.stood_in_for(session, by.login, today=local_date(now)),
        now=now,
        since=at_local_time(since, at=time.min) if since else None,
    )


async def colleague_options(
    session: AsyncSession, *, today: date, process: str | None = None, client_id: int | None = None
) -> list[tuple[str, str]]:
    """To whom work can be given; of those who are away, until when and who stands in.

    With a process: only who does its tasks, or whose substitute may. With a client: their people
    too.
    """
    everybody = await colleagues.colleagues_by_login(session)
    capacities = await colleagues.capacities_by_login(session) if process else {}
    options = []
    people = dict(await colleagues.workers(session, client_id=client_id))
    for login, name in people.items():
        person = everybody[login]
        takes = stand_in(login, colleagues=everybody, today=today)
        if process and takes in capacities and not capacities[takes].can_do(process):
            continue
        if person.is_absent(today):
            away = gettext(
                N_("%(name)s (ausente; substitui: %(substitute)s)"),
                name=name,
                substitute=people.get(takes, "—") if takes != login else "—",
            )
            options.append((login, away))
        else:
            options.append((login, name))
    return options


def result_options() -> list[tuple[str, str]]:
    """How a person may say a task ended."""
    by_system = ("cancelled", "withdrawn")
    return [(k, gettext(t)) for k, t in words.TASK_RESULTS.items() if k not in by_system]


async def _where_to_begin(
    session: AsyncSession, by: Principal, now: datetime, today: date
) -> InboxView | None:
    """The first view with open tasks, for who has none of their own; None: they have, or nobody."""
    wanted = await _own_filter(session, by, InboxView.MINE, now=now, today=today)
    counts = await _counts(session, wanted, today=today)
    if counts.mine:
        return None
    views = (InboxView.UNASSIGNED, InboxView.TEAM, InboxView.ALL)
    return next((each for each in views if getattr(counts, each)), None)


async def _own_filter(
    session: AsyncSession, by: Principal, view: InboxView, *, now: datetime, today: date
) -> InboxFilter:
    """A view that nothing narrows."""
    teams = await colleagues.teams_of(session, by.login)
    absent = await colleagues.stood_in_for(session, by.login, today=today)
    return InboxFilter(by=by.login, team_ids=teams, now=now, view=view, stands_in_for=absent)


async def _counts(session: AsyncSession, wanted: InboxFilter, *, today: date) -> InboxCounts:
    return await inbox_counts.count_tasks(
        session, wanted, today_ends=day_ends(today), today_began=at_local_time(today, at=time.min)
    )


def _chips(counts: InboxCounts, wanted: InboxFilter, *, today: date) -> list[Chip]:
    return [
        Chip(
            gettext(label), getattr(counts, which), _href(which, today), icon,
            is_current=which is wanted.view,
        )
        for which, (label, icon) in LABELS.items()
    ]  # fmt: skip


def _href(which: InboxView, today: date) -> str:
    """Where a count leads: to exactly the tasks it counts."""
    path = PATHS[which]
    return f"{path}?desde={today.isoformat()}" if which is InboxView.FINISHED else path
