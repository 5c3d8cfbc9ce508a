"""Two companies of the demonstration with other models of service, and people of their own."""

from __future__ import annotations

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.client_services import set_service
from activities.demo.people import PASSWORD
from models.carriers import companies_billed
from models.first_teams import team_called
from models.passwords import hash_password
from models.people import Deed, TeamMember, User, UserRole
from models.roles import role_by_code
from rules.service_models import ServiceModel

#: login, name, model of their company, and the team of its own people
CLIENTS = (
    ("carla", "Carla Meireles", ServiceModel.ADVANCED, "cliente-1"),
    ("otto", "Otto Farias", ServiceModel.EFFICIENT, "cliente-2"),
)


async def give_models(session: AsyncSession, *, now: datetime) -> None:
    """This will give the first companies that carriers bill a model, a team and a user each."""
    role = await role_by_code(session, "client")
    password_hash = await hash_password(PASSWORD)
    deed = Deed("gestora", now)
    companies = await companies_billed(session)
    for (login, name, model, code), company in zip(CLIENTS, companies, strict=False):
        team = await team_called(session, code)
        team.name = company.name
        user = User(
            login=login, name=name, email=f"{login}@cliente.test", created_at=now,
            password_hash=password_hash, company_id=company.id,
        )  # fmt: skip
        session.add(user)
        await session.flush()
        session.add(TeamMember(team_id=team.id or 0, user_id=user.id or 0))
        session.add(UserRole(user_id=user.id or 0, role_id=role.id or 0))
        await set_service(session, company.id or 0, model, team=code, deed=deed)
