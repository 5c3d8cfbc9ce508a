"""What stands where: per process the open cases of each stage, what is late, what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession

from api.case_head import visible_processes
from api.case_pages import shown_case, tomorrow
from api.dependencies import Now, Principal, ReadSession, Today, need
from api.language import N_, gettext
from api.rendering import page
from models import case_list, colleagues
from models.case_list import StageCount, When
from rules import words

router = APIRouter(tags=["management"])

See = Annotated[Principal, need("management:see")]

#: What comes next is listed for so many cases; the rest is one click away.
COMING = 15


class StageFigures(BaseModel):
    """How many open cases stand in a stage, and what presses among them."""

    process: str
    stage: str
    cases: int
    breached: int
    today: int
    week: int
    oldest: datetime


@dataclass(frozen=True)
class Number:
    """A number and the list behind it."""

    count: int
    href: str


@dataclass(frozen=True)
class StageRow:
    """A line of a process's table."""

    label: str
    cases: Number
    breached: Number
    today: Number
    week: Number
    oldest: datetime | None


@dataclass(frozen=True)
class ProcessTable:
    """A process: its stages, and all of them together."""

    label: str
    rows: tuple[StageRow, ...]
    total: StageRow


@router.get("/gestao", include_in_schema=False)
async def management_page(
    request: Request, by: See, session: ReadSession, now: Now, today: Today
) -> Response:
    """The page of what stands where."""
    counts = await _counts(session, by, today)
    processes = visible_processes(by)
    names = await colleagues.names_by_login(session)
    coming = await case_list.coming_next(session, processes, limit=COMING)
    return page(
        request,
        "pages/management/management.html",
        now=now,
        processes=[_table(process, counts) for process in processes],
        coming=[shown_case(row, names, by=by) for row in coming],
        may_check=by.may("system:see"),
    )


@router.get("/api/management/stages")
async def stage_figures(by: See, session: ReadSession, today: Today) -> list[StageFigures]:
    """Open cases per process and stage."""
    return [StageFigures(**vars(each)) for each in await _counts(session, by, today)]


async def _counts(session: AsyncSession, by: Principal, today: date) -> list[StageCount]:
    return await case_list.count_stages(
        session,
        visible_processes(by),
        today_ends=tomorrow(today),
        week_ends=tomorrow(today, days=7),
    )


def _table(process: str, counts: Sequence[StageCount]) -> ProcessTable:
    own = [each for each in counts if each.process == process]
    order = list(words.STAGES.get(process, {}))
    own.sort(key=lambda each: order.index(each.stage) if each.stage in order else len(order))
    rows = tuple(
        _row(gettext(words.stage_label(process, each.stage)), process, each.stage, [each])
        for each in own
    )
    total = _row(gettext(N_("Todas as etapas")), process, None, own)
    return ProcessTable(gettext(words.PROCESSES[process]), rows, total)


def _row(label: str, process: str, stage: str | None, counts: Sequence[StageCount]) -> StageRow:
    where = {"processo": process, **({"etapa": stage} if stage else {})}
    return StageRow(
        label=label,
        cases=_number(sum(each.cases for each in counts), where),
        breached=_number(sum(each.breached for each in counts), where, When.BREACHED),
        today=_number(sum(each.today for each in counts), where, When.TODAY),
        week=_number(sum(each.week for each in counts), where, When.WEEK),
        oldest=min((each.oldest for each in counts), default=None),
    )


def _number(count: int, where: Mapping[str, str], when: When | None = None) -> Number:
    query = {**where, **({"prazo": when.value} if when else {})}
    return Number(count, f"/casos?{urlencode(query)}")
