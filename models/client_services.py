"""Which model of service each client company has, and the team of its own people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import Select, func
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import instant, reference
from models.carriers import CarrierAccount
from models.customers import Customer
from models.folding import any_holds
from models.people import Team, User
from rules.service_models import UNTOLD, Area, ServiceModel, check_includes, includes


class ClientService(SQLModel, table=True):
    """The model of service of a company; without a row the house runs everything.

    `team_id` is the team of the client's own people, whose inbox has the tasks that are theirs.
    """

    __tablename__ = "client_services"

    customer_id: int = Field(foreign_key="customers.id", primary_key=True)
    model: str = Field(default=UNTOLD, max_length=12)
    team_id: int | None = reference("teams.id", nullable=True, index=False)
    changed_at: datetime = instant()
    changed_by: str = Field(max_length=60)


@dataclass(frozen=True)
class Service:
    """What a company has; `team` is the code of its people's team, empty while it has none."""

    model: ServiceModel = UNTOLD
    team: str = ""


async def service_of(session: AsyncSession, customer_id: int | None) -> Service:
    """The service of a company."""
    statement = (
        select(ClientService.model, Team.code)
        .outerjoin(Team, col(Team.id) == col(ClientService.team_id))
        .where(ClientService.customer_id == customer_id)
    )
    found = (await session.exec(statement)).one_or_none()
    return Service(ServiceModel(found[0]), found[1] or "") if found else Service()


async def client_of_team(session: AsyncSession, team_id: int | None) -> int | None:
    """The company whose own people a team is of; None: a team of the house, or none."""
    statement = select(ClientService.customer_id).where(ClientService.team_id == team_id)
    return (await session.exec(statement)).first() if team_id is not None else None


async def check_area(session: AsyncSession, customer_id: int, area: Area) -> None:
    """This will refuse work in a part of the service that a company's model leaves out."""
    service = await service_of(session, customer_id)
    company = await session.get_one(Customer, customer_id)
    check_includes(service.model, area, company=company.name)


def without(area: Area) -> Any:
    """The companies whose model leaves a part out; a subquery of their ids."""
    left_out = [model for model in ServiceModel if not includes(model, area)]
    return select(ClientService.customer_id).where(col(ClientService.model).in_(left_out))


async def users_of(session: AsyncSession, customer_id: int) -> Sequence[User]:
    """The client's own users, by name."""
    statement = select(User).where(User.company_id == customer_id, col(User.is_active))
    return (await session.exec(statement.order_by(User.name))).all()


def select_clients(*, search: str | None, model: str | None) -> Select[Any]:
    """Every company that a carrier bills, with its model, team, accounts and own users."""
    accounts, people = _counted(CarrierAccount.customer_id), _counted(User.company_id)
    told = func.coalesce(col(ClientService.model), UNTOLD.value)
    columns: tuple[Any, ...] = (
        col(Customer.id).label("id"), col(Customer.code).label("code"),
        col(Customer.name).label("name"), told.label("model"), col(Team.code).label("team_code"),
        col(Team.name).label("team"), accounts.label("accounts"), people.label("people"),
    )  # fmt: skip
    statement = (
        sqlalchemy.select(*columns)
        .select_from(Customer)
        .outerjoin(ClientService, col(ClientService.customer_id) == col(Customer.id))
        .outerjoin(Team, col(Team.id) == col(ClientService.team_id))
        .where(col(Customer.id).in_(select(CarrierAccount.customer_id)))
    )
    if search:
        places = (col(Customer.name), col(Customer.code))
        statement = statement.where(any_holds(places, search))
    return statement.where(told == model) if model else statement


def _counted(of: Any) -> Any:
    return sqlalchemy.select(func.count()).where(col(of) == col(Customer.id)).scalar_subquery()
