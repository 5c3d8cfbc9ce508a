"""Codes of cost centres: whose they are, also where two are given at once."""

from __future__ import annotations

import asyncio

import pytest

from models.cost_allocation import CostCentre
from models.cost_centres import CostCentreTaken, check_code_free
from models.database import Database


@pytest.mark.parametrize(("company", "refused"), [("C1", 1), ("", 1), ("C2", 0)])
async def test_of_two_at_once_a_company_knows_one_by_the_code(
    database: Database, company: str, refused: int
) -> None:
    both_there = asyncio.Barrier(2)

    async def save(centre: CostCentre) -> None:
        await both_there.wait()
        async with database.write() as session:
            await check_code_free(session, centre)
            await asyncio.sleep(0.05)
            session.add(centre)

    mine = CostCentre(code="VENDAS", name="Vendas", company="C1")
    other = CostCentre(code="Vendas", name="Vendas", company=company)
    said = await asyncio.gather(save(mine), save(other), return_exceptions=True)

    assert sum(isinstance(each, CostCentreTaken) for each in said) == refused
