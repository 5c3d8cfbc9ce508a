"""What runs in the engine beside what is stored, stage by stage."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from activities.engine_counts import Comparison, EngineState, engine_state
from api.case_head import visible_processes
from api.dependencies import Db, Engine, Principal, need, reached
from api.language import gettext
from api.rendering import page
from rules import words

router = APIRouter(tags=["management"])

See = Annotated[Principal, need("management:see")]
PAGE = "/gestao/motor"


class StageInEngine(BaseModel):
    """Open cases of a stage, or of the whole process (`stage` null), beside what runs for them."""

    process: str
    stage: str | None
    rows: int
    running: int


class EngineFigures(BaseModel):
    """What runs; `others` are runs and schedules, which belong to no case."""

    cases: list[StageInEngine]
    unsent_messages: int
    delivering: int
    others: int
    undelivered: int


@router.get(PAGE, include_in_schema=False)
async def engine_page(request: Request, by: See, database: Db, engine: Engine) -> Response:
    """The workflows that run, counted by the engine itself, beside the rows."""
    with reached():
        state = await engine_state(database, engine, visible_processes(by))
    return page(
        request,
        "pages/management/engine.html",
        state=state,
        lines=[_line(each) for each in state.cases],
        agrees=all(each.agrees for each in state.cases),
        may_check=by.may("system:see"),
        may_read=by.may("messages:see"),
    )


@router.get("/api/management/engine")
async def engine_figures(by: See, database: Db, engine: Engine) -> EngineFigures:
    """The workflows that run, counted by the engine itself, beside the rows."""
    with reached():
        return _figures(await engine_state(database, engine, visible_processes(by)))


def _figures(state: EngineState) -> EngineFigures:
    return EngineFigures(
        cases=[
            StageInEngine(process=e.process, stage=e.stage, rows=e.rows, running=e.running)
            for e in state.cases
        ],
        unsent_messages=state.messages.rows,
        delivering=state.messages.running,
        others=state.others,
        undelivered=state.undelivered,
    )


def _line(each: Comparison) -> dict[str, object]:
    where = f"/casos?processo={each.process}"
    if each.stage is None:
        return {"label": gettext(words.PROCESSES[each.process]), "href": where, "of": each}
    label = gettext(words.stage_label(each.process, each.stage))
    return {"label": label, "href": f"{where}&etapa={each.stage}", "of": each}
