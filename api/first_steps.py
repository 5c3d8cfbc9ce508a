"""The first steps of a new house: what is set up already, what is still to do, and where."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.dependencies import Config, ReadSession, need
from api.rendering import page
from models.first_steps import steps_done
from rules.first_steps import GUIDES, FirstStep

router = APIRouter(include_in_schema=False)

PATH = "/comecar"
SEE = "registries:edit"


@router.get(PATH, dependencies=[need(SEE)])
async def first_steps(request: Request, session: ReadSession, config: Config) -> Response:
    """The check-list; a step is ticked by what the rows and the settings say."""
    done = await steps_done(session)
    if not config.keeps_messages():
        done |= {FirstStep.MESSAGES}
    return page(
        request,
        "pages/first_steps.html",
        steps=[(guide, step in done) for step, guide in GUIDES.items()],
        done=len(done),
    )
