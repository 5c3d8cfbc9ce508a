"""The teams that policies name: each is there, so that what is asked of it stands in its inbox."""

from __future__ import annotations

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.people import Team
from models.policies import stored_values
from rules.policies import BY_NAME
from rules.policy_values import Kind

#: What the teams of the first settings are called.
NAMES = {
    "cobranca": "Cobrança",
    "contestacao": "Contestação",
    "contratos": "Contratos",
    "implantacao": "Implantação",
    "suporte": "Suporte",
}


async def ensure_named_teams(session: AsyncSession) -> None:
    """This will add each team that a policy names now and that nobody made. Safe to repeat.

    One that was given another code stays away once the policies name that code.
    """
    stored = await stored_values(session)
    for setting in BY_NAME.values():
        if setting.kind is Kind.TEAM:
            row = stored.get(setting.name)
            await team_called(session, row.value if row else setting.default)


async def team_called(session: AsyncSession, code: str) -> Team:
    """The team of a code, made where there is none."""
    found = (await session.exec(select(Team).where(Team.code == code))).first()
    if found is not None:
        return found
    team = Team(code=code, name=NAMES.get(code, code.capitalize()))
    session.add(team)
    await session.flush()
    return team
