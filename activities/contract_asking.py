"""Asking the contracts team for something: one task, in its inbox or for one person."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.asking import Request
from activities.tasks import NewTask, make_task
from models.cases import Case
from models.colleagues import line_of
from models.people import Team
from models.policies import load_policy
from models.tasks import Task
from rules.contract_terms import ContractPolicy


async def ask_contracts(  # noqa: PLR0913 - what, of whom, and by when
    session: AsyncSession,
    case: Case,
    kind: str,
    request: Request,
    *,
    due_at: datetime,
    at: datetime,
    description: str = "",
    of_manager: bool = False,
) -> Task:
    """This will ask the team, or its manager; without such a team, everybody's inbox.

    Asked for the same thing at the same version of the case, it is the same task.
    """
    team_id = await contracts_team(session)
    manager = (await line_of(session, team_id=team_id, login=None)).manager
    new = NewTask(
        key=f"{case.process}/{case.number}/{kind}/{case.version}",
        kind=kind,
        process=case.process,
        due_at=due_at,
        description=description,
        for_case_id=case.number,
        customer_id=case.customer_id,
        team_id=team_id,
        assignee=manager if of_manager else None,
        **vars(request),
    )
    return await make_task(session, new, by="system", at=at)


async def contracts_team(session: AsyncSession) -> int | None:
    """The team of the policy; None while nobody made it."""
    policy = await load_policy(session, ContractPolicy())
    return (await session.exec(select(Team.id).where(Team.code == policy.team))).one_or_none()
