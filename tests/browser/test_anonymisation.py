"""Personal data in a browser: looked at, and a customer forgotten while one watches."""

from __future__ import annotations

import pytest

from tests import builders
from tests.activities.test_personal_data import a_life
from tests.browser.conftest import Site

pytestmark = pytest.mark.once("postgresql")


async def test_a_customer_is_looked_at_and_another_forgotten(site: Site) -> None:
    async with site.database.write() as session:
        kept = await a_life(session)
        free = await builders.a_customer(session, name="Bia Lima")
    page = await site.page(login="giane")

    await page.goto("/pessoas/privacidade?cliente=Ana")
    assert await site.violations(page) == []
    await page.click("text=Ana Souza")
    await page.wait_for_url(f"**/clientes/{kept.id}")
    assert "a lei manda guardar os dados até" in await page.inner_text("main")
    assert await site.violations(page) == []

    await page.goto(f"/pessoas/privacidade/clientes/{free.id}")
    await page.fill("[name=reason]", "pedido do titular")
    await page.fill("[name=confirmation]", free.code)
    await page.click("button:has-text('Anonimizar')")
    await page.wait_for_selector("text=Conferir e anonimizar")
    await site.house.clock.forward(minutes=1)
    await page.reload()
    said = await page.inner_text("main")

    assert "Este cliente foi anonimizado" in said
    assert "Bia Lima" not in said
