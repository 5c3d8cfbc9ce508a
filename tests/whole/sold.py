"""What stood in the rows before the house came up: contracts to renew, to bill and to block."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.renewals import queue_renewal
from api.dependencies import clock
from api.security import digest
from models.carriers import Carrier
from models.charges import Charge
from models.contestations import ContestationDesk
from models.customers import Customer
from models.database import Database
from models.kickoff import KickoffTemplateItem
from models.ladder_tables import Ladder, LadderStep
from models.people import ApiToken, Role, RolePermission, User, UserRole
from rules.business_days import local_date
from rules.carrier_errors import plant
from rules.carrier_samples import make_sample
from tests import builders
from tests.contracts import a_plan, activated
from tests.support.carriers import a_company
from tests.support.contestations import RULES

TWINS = 6


async def sold_before(database: Database) -> tuple[str, dict[str, Any]]:
    """A program's token, and contracts to renew, to bill and to block."""
    token, at = secrets.token_urlsafe(32), clock()
    rows: dict[str, Any] = {"today": local_date(at)}
    async with database.write() as session:
        await a_program(session, token)
        session.add(KickoffTemplateItem(code="t1", name="Carregar inventário"))
        rows["plan"] = (await a_plan(session)).id
        rows["better_plan"] = (await a_plan(session, amount=Decimal("150.00"))).id
        rows["tem_plan"] = (await a_plan(session, plan_type="tem")).id
        customers = [
            await builders.a_customer(session, code=f"CLI{n}", email=f"c{n}@cliente.test")
            for n in range(TWINS)
        ]
        rows["customers"] = [customer.id for customer in customers]
        rows["ending"] = [await _ending(session, customer, at) for customer in customers]
        rows["charged"] = [await _charged(session, customer, at) for customer in customers]
        await _overdue(session, customers, rows)
        rows["sample"] = make_sample(issue_date=rows["today"])
        rows["planted"] = [plant(rows["sample"], rule) for rule in RULES]
        await a_company(session, rows["sample"])
        carrier = (await session.exec(select(Carrier))).one()
        session.add(ContestationDesk(carrier_id=carrier.id, level=0, email="contesta@claro.test"))
    return token, rows


async def a_program(session: AsyncSession, token: str) -> None:
    """Who may do everything."""
    at = clock()
    user, role = User(login="robo", name="Robô", created_at=at), Role(code="robo", name="Robô")
    session.add_all([user, role])
    await session.flush()
    session.add(RolePermission(role_id=role.id, permission="*"))
    session.add(UserRole(user_id=user.id, role_id=role.id))
    session.add(ApiToken(token_hash=digest(token), user_id=user.id, name="t", created_at=at))


async def _ending(session: AsyncSession, customer: Customer, at: Any) -> int:
    """A contract whose term ends in three weeks, both notices given."""
    plan = await a_plan(session)
    contract = await activated(
        session, plan, customer=customer, at=at, ends_on=local_date(at) + timedelta(days=21)
    )
    renewal = await queue_renewal(session, contract, at=at)
    assert renewal is not None
    renewal.notices = 2
    session.add(renewal)
    return contract.key


async def _charged(session: AsyncSession, customer: Customer, at: Any) -> int:
    """A contract with two charges whose issue date has come."""
    contract = await builders.a_contract(session, customer)
    for number, amount in enumerate(("100.00", "50.00")):
        session.add(
            Charge(
                key=f"kill/{contract.id}/{number}", contract_id=contract.key,
                customer_id=contract.customer_id, kind="monthly", description="Fibra",
                issue_date=local_date(at), due_date=local_date(at) + timedelta(days=10),
                amount=Decimal(amount), created_at=at, created_by="system",
            )
        )  # fmt: skip
    return contract.key


async def _overdue(
    session: AsyncSession, customers: Sequence[Customer], rows: dict[str, Any]
) -> None:
    """Invoices ten days late, on a ladder that blocks on the fifth; no telecom service."""
    ladder = await builders.stored(session, Ladder(code="curta", name="Curta"))
    session.add(LadderStep(ladder_id=ladder.id, action="block", offset_days=5, name="Bloqueio"))
    rows["overdue"], rows["overdue_contracts"] = [], []
    for customer in customers:
        contract = await builders.a_contract(
            session, customer, ladder_id=ladder.id, telecom_service=False
        )
        invoice = await builders.an_invoice(
            session, customer, contract_id=contract.id, collection_stage=None, stage_since=None,
            due_date=rows["today"] - timedelta(days=10),
        )  # fmt: skip
        rows["overdue"].append(invoice.code)
        rows["overdue_contracts"].append(contract.key)


async def rows_of(database: Database, table: Any) -> Sequence[Any]:
    """Every row of a table, the oldest first."""
    async with database.read() as session:
        return (await session.exec(select(table).order_by(table.id))).all()
