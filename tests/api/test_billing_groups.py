"""Billing groups on their customer's page, and the same as JSON."""

from __future__ import annotations

import pytest

from models.customers import Customer
from models.ladder_tables import Ladder
from models.plans import BillingGroup
from tests import builders
from tests.contracts import a_plan, activated
from tests.support.web import Web

SEE, ACT = "contracts:see", "contracts:act"


@pytest.fixture
async def customer_id(web: Web) -> int:
    async with web.database.write() as session:
        return (await builders.a_customer(session, name="Padaria Lima")).id or 0


async def test_a_group_is_made_and_put_out_of_use(web: Web, customer_id: int) -> None:
    browser = await web.browser(SEE, ACT)
    path = f"/clientes/{customer_id}/agrupadores"

    made = await browser.post(path, data={"name": " Filial  Norte "})
    page = (await browser.get(path)).text
    off = await browser.post(f"{path}/1/uso", data={})
    after = (await browser.get(path)).text

    assert (made.status_code, off.status_code) == (303, 303)
    assert "Filial Norte" in page
    assert "AG00001" in page
    assert "Fora de uso" in after


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"name": " "}, "Dê um nome ao agrupador."),
        ({"name": "MATRIZ"}, "já tem um agrupador"),
        ({"name": "Sul", "due_day_rule_id": "99"}, "Escolha uma regra de vencimento"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field(
    web: Web, customer_id: int, data, words
) -> None:
    browser = await web.browser(SEE, ACT)
    path = f"/clientes/{customer_id}/agrupadores"
    await browser.post(path, data={"name": "Matriz"})

    answer = await browser.post(path, data=data)

    assert answer.status_code == 422
    assert words in answer.text


async def test_a_group_that_bills_contracts_stays_in_use(web: Web) -> None:
    program = await web.program(SEE, ACT)
    async with web.database.write() as session:
        contract = await activated(session, await a_plan(session))
    api = f"/api/customers/{contract.customer_id}/billing-groups"
    group = (await program.post(api, json={"name": "Matriz"})).json()
    async with web.database.write() as session:
        kept = await session.get_one(type(contract), contract.id)
        kept.billing_group_id = group["id"]
        session.add(kept)

    refused = await program.put(f"{api}/{group['id']}/use", json={"is_active": False})
    unknown = await program.put(f"{api}/77/use", json={"is_active": True})
    [told] = (await program.get(api)).json()

    assert refused.status_code == 422
    assert contract.code in refused.json()["detail"]
    assert unknown.status_code == 404
    assert (told["contracts"], told["is_active"]) == ([contract.code], True)


async def test_the_page_says_where_the_ladders_of_a_group_differ(web: Web) -> None:
    browser = await web.browser(SEE, ACT)
    async with web.database.write() as session:
        first = await activated(session, await a_plan(session))
        other = await builders.stored(session, Ladder(code="OWN", name="Própria"))
        group = await builders.stored(
            session, BillingGroup(code="G1", name="Matriz", customer_id=first.customer_id)
        )
        customer = await session.get_one(Customer, first.customer_id)
        second = await builders.a_contract(session, customer, billing_group_id=group.id)
        first.billing_group_id = group.id
        session.add(first)
    path = f"/clientes/{first.customer_id}/agrupadores"
    assert "Réguas diferentes" not in (await browser.get(path)).text
    async with web.database.write() as session:
        second = await session.get_one(type(second), second.id)
        second.ladder_id = other.id
        session.add(second)

    assert "Réguas diferentes" in (await browser.get(path)).text


async def test_who_only_sees_makes_no_group(web: Web, customer_id: int) -> None:
    browser = await web.browser(SEE)
    path = f"/clientes/{customer_id}/agrupadores"

    assert "Novo agrupador" not in (await browser.get(path)).text
    assert (await browser.post(path, data={"name": "Matriz"})).status_code == 403
