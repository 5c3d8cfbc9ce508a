"""A new house's check-list, and where it is offered."""

from __future__ import annotations

from models.customers import Customer
from tests import builders
from tests.builders import AT
from tests.support.web import Web


async def test_an_empty_house_leads_to_its_first_steps_until_there_are_customers(web: Web):
    browser = await web.browser("tasks:see", "registries:edit")
    other = await web.browser("tasks:see", login="giane")

    empty = (await browser.get("/")).text
    seen_by_other = (await other.get("/")).text
    async with web.database.write() as session:
        await builders.a_customer(session)
    filled = (await browser.get("/")).text

    assert 'href="/comecar"' in empty
    assert 'href="/comecar"' not in seen_by_other
    assert 'href="/comecar"' not in filled


async def test_a_step_is_ticked_by_what_the_rows_say(web: Web):
    browser = await web.browser("registries:edit", "imports:see")
    before = (await browser.get("/comecar")).text
    async with web.database.write() as session:
        await builders.a_payment_profile(session)
        session.add(Customer(code="C1", name="Ana", document="52998224725", created_at=AT))

    after = (await browser.get("/comecar")).text

    assert before.count(">feito<") + 2 == after.count(">feito<")
    assert before.count(">a fazer<") == after.count(">a fazer<") + 2
    assert 'href="/importacoes"' in after
