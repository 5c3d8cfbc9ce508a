"""Asking the contracts team, or its manager, for something: one task."""

from __future__ import annotations

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.asking import Request, ask_manager, ask_team, team_id_of
from models.calendars import load_calendar
from models.cases import Case
from models.policies import load_policy
from rules.contract_terms import ContractPolicy
from rules.due import Due, due_after


async def ask_contracts(  # noqa: PLR0913 - what, of whom, and by when
    session: AsyncSession,
    case: Case,
    kind: str,
    request: Request,
    *,
    at: datetime,
    due_at: datetime | Due | None = None,
    description: str = "",
    of_manager: bool = False,
) -> None:
    """This will ask the team, or its manager; without such a team, everybody's inbox.

    Due when the policy says, unless told. Asked for the same thing at the same version of the
    case, it is the same task.
    """
    policy = await load_policy(session, ContractPolicy())
    due_at = due_at or due_after(
        at, business_days=policy.task_due_business_days, calendar=await load_calendar(session)
    )
    if of_manager:
        await ask_manager(session, case, kind, request, due_at=due_at, at=at, team=policy.team)
    else:
        await ask_team(
            session, case, kind, request, due_at=due_at, at=at, team=policy.team,
            description=description,
        )  # fmt: skip


async def contracts_team(session: AsyncSession) -> int | None:
    """The team of the policy; None while nobody made it."""
    return await team_id_of(session, (await load_policy(session, ContractPolicy())).team)
