"""What stands where: per process the open cases of each stage, what presses, what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from api import table_csv
from api import table_drawing as drawing
from api.case_filters import (
    PROCESS,
    SHARED,
    marks_of,
    processes_for,
    shared_filter,
    with_choices,
)
from api.case_pages import shown_case
from api.dependencies import Now, Principal, ReadSession, Today, need
from api.language import N_, gettext
from api.listing import Listing, View
from api.management_numbers import HEADS, chips_of, table_of
from api.rendering import page
from api.stopped_notices import stopped_notices
from api.table import FilterField
from models import case_counts, case_list, colleagues, users
from models.case_counts import StageCount
from models.case_filter import CaseFilter
from rules import words

router = APIRouter(tags=["management"])

See = Annotated[Principal, need("management:see")]

#: What comes next is listed for so many cases; the rest is one click away.
COMING = 15
NUMBERS = Listing(columns=(), default_sort="", filters=(PROCESS, *SHARED))


class CountsQuery(BaseModel):
    """Which cases a program wants counted; what is left out narrows nothing."""

    model_config = ConfigDict(extra="forbid")

    process: str | None = None
    team_id: int | None = None
    owner: str | None = None
    city: str | None = None
    plan_id: int | None = None
    carrier_id: int | None = None


class StageFigures(BaseModel):
    """How many open cases stand in a stage, what presses among them, and since when they stand.

    Half of them stand there since before `median`, a tenth since before `slowest`.
    """

    process: str
    stage: str
    cases: int
    breached: int
    overdue: int
    due_today: int
    due_week: int
    today: int
    week: int
    median: datetime
    slowest: datetime
    oldest: datetime


@dataclass(frozen=True)
class FilterRow:
    """What macros/list.html draws the filters from, where there is no table."""

    path: str
    filters: tuple[FilterField, ...]
    is_filtered: bool
    clear: str
    hidden: tuple[tuple[str, str], ...] = ()
    #: Filters are kept of lists; these narrow numbers.
    kept: tuple[()] = ()
    kept_query: str = ""


@router.get("/gestao", include_in_schema=False)
async def management_page(
    request: Request, by: See, session: ReadSession, now: Now, today: Today
) -> Response:
    """The page of what stands where, or its numbers as CSV."""
    view = (await with_choices(NUMBERS, session)).view(request)
    wanted = shared_filter(view, by=by, marks=marks_of(now, today))
    counts = () if view.problems else await _counts(session, wanted)
    if view.is_export:
        return table_csv.lines(_csv(counts), name="gestao")
    narrowed = {key: value for key, value in view.query.items() if key != "formato"}
    names = await colleagues.names_by_login(session)
    coming = [] if view.problems else await case_list.coming_next(session, wanted, limit=COMING)
    return page(
        request,
        "pages/management/management.html",
        status=422 if view.problems else 200,
        now=now,
        table=_filter_row(view),
        export=view.url(formato="csv"),
        chips=chips_of(counts, narrowed),
        pressing=tuple(gettext(label) for label in HEADS.values()),
        processes=[table_of(process, counts, narrowed) for process in _present(counts)],
        empty=[gettext(words.PROCESSES[p]) for p in wanted.processes if p not in _present(counts)],
        coming=[shown_case(row, names, by=by, now=now) for row in coming],
        all_cases=f"/casos?{urlencode(narrowed)}",
        stopped=await stopped_notices(session),
        may_check=by.may("system:see"),
        sees_cases=bool(wanted.processes),
        has_week=(await users.get_user(session, by.user_id)).weekly_figures,
    )


@router.get("/api/management/stages")
async def stage_figures(
    by: See, session: ReadSession, now: Now, today: Today, asked: Annotated[CountsQuery, Query()]
) -> list[StageFigures]:
    """Open cases per process and stage."""
    wanted = CaseFilter(
        processes=processes_for(by, asked.process), marks=marks_of(now, today),
        **asked.model_dump(exclude={"process"}),
    )  # fmt: skip
    return [_figures(each) for each in await _counts(session, wanted)]


async def _counts(session: AsyncSession, wanted: CaseFilter) -> Sequence[StageCount]:
    """In the order of processes, and of the stages in each."""
    assert wanted.marks is not None  # noqa: S101 - for the type: every filter here has them
    found = await case_counts.count_stages(session, wanted, marks=wanted.marks)
    return sorted(found, key=lambda each: (_place(words.PROCESSES, each.process), _rank(each)))


def _rank(each: StageCount) -> int:
    return _place(words.STAGES.get(each.process, {}), each.stage)


def _place(known: Mapping[str, Any], name: str) -> int:
    return list(known).index(name) if name in known else len(known)


def _present(counts: Sequence[StageCount]) -> list[str]:
    return list(dict.fromkeys(each.process for each in counts))


def _figures(count: StageCount) -> StageFigures:
    pressing = {when.value: number for when, number in count.pressing.items()}
    return StageFigures(
        process=count.process, stage=count.stage, cases=count.cases, median=count.median,
        slowest=count.slowest, oldest=count.oldest, **pressing,
    )  # fmt: skip


def _filter_row(view: View) -> FilterRow:
    fields = tuple(drawing.filter_field(each, view) for each in view.listing.filters)
    path = view.request.url.path
    return FilterRow(path, fields, any(each.value for each in fields), clear=path)


def _csv(counts: Sequence[StageCount]) -> list[list[Any]]:
    """The numbers as lines, the first one their names."""
    heads = (
        N_("Processo"), N_("Etapa"), N_("Casos"), *HEADS.values(),
        N_("Metade está na etapa desde"), N_("1 em cada 10 está na etapa desde"),
        N_("O mais antigo está na etapa desde"),
    )  # fmt: skip
    body = [
        [
            gettext(words.PROCESSES[each.process]),
            gettext(words.stage_label(each.process, each.stage)), each.cases,
            *each.pressing.values(), each.median, each.slowest, each.oldest,
        ]
        for each in counts
    ]  # fmt: skip
    return [[gettext(head) for head in heads], *body]
