"""Customers in collections for tests of panels and commands, and what became of them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx2

from models.agreements import Agreement
from models.database import Database
from models.invoices import Invoice
from models.outbox import start_case
from models.standings import refresh_standings
from rules.business_days import local_date
from tests.builders import (
    a_category,
    a_collections_case,
    a_customer,
    an_invoice,
    an_uncounted_invoice,
)
from tests.conftest import House
from tests.support.web import Web

#: The day on which tests.support.web.NOW is.
TODAY = date(2026, 11, 19)
START = ("collections.classified:see", "collections.classified:act")
BUREAU = ("collections.in_agreement:see", "collections.in_agreement:act")


async def a_debtor(web: Web, *stages: str, house: House | None = None, **values) -> dict[str, Any]:
    """A customer in collections with an invoice in each stage named."""
    async with web.database.write() as session:
        customer = await a_customer(session, **values)
        case = await a_collections_case(session, customer, stage="classified", at=web.now)
        due = local_date(web.now) - timedelta(days=50)
        made = [
            await an_invoice(
                session, customer, collection_stage=stage, due_date=due, stage_since=web.now
            )
            for stage in stages
        ]  # fmt: skip
        if house is not None:
            start_case(session, case, at=web.now)
    if house is not None:
        await house.clock.settle()
    return {"customer": customer.id, "invoices": [each.key for each in made]}


async def stages(database: Database, *ids: int) -> list[str | None]:
    async with database.read() as session:
        return [(await session.get_one(Invoice, each)).collection_stage for each in ids]


def hidden(text: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}" value="([^"]*)"', text)


async def refused(program: httpx2.AsyncClient, path: str, **body) -> tuple[int, str]:
    answer = await program.post(path, json=body)
    return answer.status_code, answer.json()["code"]


NAMES = ("João Pedro", "Íris Magalhães", "Ana", "Ana", "=cmd|'/C calc'!A0", "Otávio", "Célia")


async def a_crowd(web: Web, *, panel_stage: str, count: int = 23) -> None:
    """Customers with equal names, cities, dates and amounts among them."""
    async with web.database.write() as session:
        category = await a_category(session)
        customers = []
        for number in range(count):
            customer = await a_customer(
                session, name=NAMES[number % len(NAMES)], document=f"{10_000_000_000 + number}",
                city=("São Paulo", "Betim")[number % 2], uf=("SP", "MG")[number % 2],
            )  # fmt: skip
            customers.append(customer.id)
            agreement = Agreement(
                customer_id=customer.id, kind="unchanged", status="in_progress",
                category_id=category.id, tolerance_date=TODAY, principal=Decimal(1),
                total=Decimal(1), made_at=web.now, made_by=("ana", "bia")[number % 2],
            )  # fmt: skip
            session.add(agreement)
            await session.flush()
            await an_uncounted_invoice(
                session, customer, amount=str(Decimal(100 + number // 3)),
                due_date=TODAY - timedelta(days=number // 4 * 10), collection_stage=panel_stage,
                agreement_id=agreement.id,
            )  # fmt: skip
        await refresh_standings(session, customers)
