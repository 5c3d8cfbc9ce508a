"""Whose a task is by the company's model of service, and what a model leaves out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import select

from activities.carrier_lines import save_line
from activities.cost_allocation import save_rule, share_month
from models.client_services import ClientService
from models.customers import Customer
from models.database import Database
from models.line_drift import select_drift
from models.lines import LineChange
from models.people import Team
from models.rows import rows_of
from models.tasks import Task
from models.usage_limits import LineLimit
from rules.cost_allocation import AllocationRule, SharedBy
from rules.service_models import AllocationNotIncluded, ResourcesNotIncluded, ServiceModel
from tests import builders
from tests.support.contestations import ISSUED, Dispute, days, noon

HOUSE, CLIENT = "contestacao", "aurora"


@pytest.fixture
async def dispute(database: Database, tmp_path: Path) -> Dispute:
    return await Dispute(database, tmp_path).begin()


async def serve(dispute: Dispute, model: ServiceModel) -> None:
    """Both sides have their teams; bia is one of the client's people."""
    async with dispute.database.write() as session:
        await builders.a_user(session, "ana")
        bia = await builders.a_user(session, "bia", company_id=dispute.account.customer_id)
        await builders.a_team(session, code=HOUSE)
        team = await builders.a_team(session, bia, code=CLIENT)
        session.add(
            ClientService(
                customer_id=dispute.account.customer_id, model=model, team_id=team.id,
                changed_at=builders.AT, changed_by="ana",
            )
        )  # fmt: skip


async def asked(dispute: Dispute) -> list[tuple[str, str, str | None]]:
    """Every task: what it is about, its team, and to whom it belongs."""
    async with dispute.database.read() as session:
        teams = {team.id: team.code for team in await session.exec(select(Team))}
        tasks = (await session.exec(select(Task).order_by(Task.id))).all()
    return [(task.kind, teams.get(task.team_id, ""), task.assignee) for task in tasks]


@pytest.mark.parametrize(
    ("model", "legwork"),
    [
        (ServiceModel.EFFICIENT, (CLIENT, None)),
        (ServiceModel.ADVANCED, (HOUSE, "ana")),
        (ServiceModel.TOTAL, (HOUSE, "ana")),
    ],
)
async def test_work_with_the_carrier_is_for_the_side_that_the_model_says(
    dispute: Dispute, model: ServiceModel, legwork: tuple[str, str | None]
) -> None:
    await serve(dispute, model)
    await dispute.contest()  # by ana, of the house

    await dispute.pass_time(until=days(6))

    assert await asked(dispute) == [("ask_filing", *legwork)]


async def test_a_case_of_the_clients_own_people_stays_with_them(dispute: Dispute) -> None:
    await serve(dispute, ServiceModel.EFFICIENT)
    await dispute.contest(by="bia")

    await dispute.pass_time(until=days(6))

    assert await asked(dispute) == [("ask_filing", CLIENT, "bia")]


@pytest.mark.parametrize(
    ("model", "teams"),
    [
        (ServiceModel.EFFICIENT, []),
        (ServiceModel.ADVANCED, [CLIENT]),
        (ServiceModel.TOTAL, [HOUSE]),
    ],
)
async def test_a_broken_limit_is_asked_of_the_client_where_limits_are_included(
    database: Database, tmp_path: Path, model: ServiceModel, teams: list[str]
) -> None:
    dispute = await Dispute(database, tmp_path).begin()
    await serve(dispute, model)
    async with database.write() as session:
        session.add(LineLimit(code="G", name="Gasto por linha", amount=Decimal("1.00")))

    dispute.issue_on(date(2026, 12, 22))
    await dispute.receive(dispute.sample)

    assert [team for kind, team, _ in await asked(dispute) if kind == "usage_limit"] == teams


async def test_without_resources_there_are_no_lines_to_keep_nor_to_be_held_against(
    dispute: Dispute,
) -> None:
    await serve(dispute, ServiceModel.EFFICIENT)
    customer_id = dispute.account.customer_id

    async with dispute.database.write() as session:
        with pytest.raises(ResourcesNotIncluded, match="Aurora"):
            await save_line(
                session, LineChange("11900001111"), customer_id=customer_id, today=ISSUED
            )
        drift = await rows_of(session, select_drift(search=None, drift=None))
    assert drift == []


async def test_without_allocation_nothing_is_shared(dispute: Dispute) -> None:
    await serve(dispute, ServiceModel.EFFICIENT)
    rule = AllocationRule(SharedBy.EQUAL, {})

    async with dispute.database.write() as session:
        company = await session.get_one(Customer, dispute.account.customer_id)
        with pytest.raises(AllocationNotIncluded):
            await share_month(session, company, ISSUED.replace(day=1))
        with pytest.raises(AllocationNotIncluded):
            await save_rule(
                session, dispute.account.key, rule, since=ISSUED, by="ana", at=noon(ISSUED)
            )
