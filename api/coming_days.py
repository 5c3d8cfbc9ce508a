"""Keeping steps and messages out of tomorrow, and approving them: row by row, by page and JSON."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field, model_validator

from activities.coming_days import (
    Picked,
    approve_steps,
    disapprove_steps,
    put_back_steps,
    take_out_steps,
)
from api.coming import MESSAGES, seen_by
from api.dependencies import Principal
from api.forms import Key
from api.inputs import Input
from api.ladders import PATH
from api.language import N_
from api.tomorrow_tools import LONGEST_REASON, Editing, Tool, add_tools

router = APIRouter(tags=["collections"])

TOMORROW = f"{PATH}/amanha"
Ids = Annotated[list[Key], Field(max_length=1000)]


class PickedSteps(Input):
    """The cases and messages meant, by their numbers."""

    cases: Ids = Field(default=[])
    messages: Ids = Field(default=[])

    @model_validator(mode="after")
    def _something(self) -> PickedSteps:
        if not self.cases and not self.messages:
            raise ValueError("nothing picked")
        return self


class TakenOutSteps(PickedSteps):
    """What stays out of tomorrow, and why."""

    reason: str = Field(default="", max_length=LONGEST_REASON)


class ApprovedSteps(Input):
    """The cases approved; None: all whose step reaches a customer tomorrow."""

    cases: Ids | None = None


async def _take_out(day: Editing, asked: TakenOutSteps) -> int:
    """Keeps steps and messages out of tomorrow; those out already, or unknown, are not counted."""
    picked = _picked(asked, day.by)
    return await take_out_steps(
        day.session, picked, reason=asked.reason, today=day.today, deed=day.deed
    )


async def _put_back(day: Editing, asked: PickedSteps) -> int:
    """Lets tomorrow bring these after all."""
    return await put_back_steps(day.session, _picked(asked, day.by), today=day.today, deed=day.deed)


async def _approve(day: Editing, asked: ApprovedSteps) -> int:
    """Approves tomorrow's steps of cases; without any named, all that reach a customer."""
    seen = seen_by(day.by)
    picked = None if asked.cases is None else Picked(asked.cases, processes=seen)
    return await approve_steps(day.session, picked, seen, today=day.today, deed=day.deed)


async def _approve_all(day: Editing, _asked: ApprovedSteps) -> int:
    """Approves every step of tomorrow that reaches a customer."""
    return await _approve(day, ApprovedSteps())


async def _disapprove(day: Editing, asked: PickedSteps) -> int:
    """Takes approvals of tomorrow back."""
    return await disapprove_steps(
        day.session, _picked(asked, day.by), today=day.today, deed=day.deed
    )


def _picked(asked: PickedSteps, by: Principal) -> Picked:
    return Picked(asked.cases, asked.messages if by.may(MESSAGES) else (), seen_by(by))


APPROVED = N_("%(n)s caso(s) aprovados para amanhã.")
TOOLS = (
    Tool("retirada", "taken-out", "taken_out", N_("%(n)s caso(s) fora de amanhã."),
         TakenOutSteps, _take_out),
    Tool("volta", "put-back", "put_back", N_("%(n)s caso(s) de volta em amanhã."),
         PickedSteps, _put_back),
    Tool("aprovacao", "approvals", "approved", APPROVED, ApprovedSteps, _approve),
    Tool("aprovacao/tudo", "", "", APPROVED, ApprovedSteps, _approve_all),
    Tool("desaprovacao", "disapprovals", "disapproved", N_("Aprovação retirada de %(n)s caso(s)."),
         PickedSteps, _disapprove),
)  # fmt: skip

add_tools(
    router, TOOLS, path=f"{TOMORROW}/passos", api_path="/api/collections/tomorrow", back=TOMORROW
)
