"""A contract made in a real browser, by keyboard, in six steps; its page is clean for axe."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests import builders
from tests.browser import walk
from tests.browser.conftest import Site
from tests.contracts import a_plan

pytestmark = pytest.mark.once

PERMISSIONS = ("contracts:see", "contracts:act", "contracts:end", "registries:see")


async def test_a_contract_is_sold_in_six_steps(site: Site) -> None:
    async with site.database.write() as session:
        customer = await builders.a_customer(session, email="ana@exemplo.test")
        await a_plan(session)
    page = await site.page(login="giane", permissions=PERMISSIONS)

    await page.goto(f"/contratos/novo?cliente={customer.id}")
    await page.get_by_label("Plano", exact=True).select_option(label=walk.FIBRA)
    await expect(page.get_by_text("Em branco: Dia 10 (do plano).")).to_be_visible()
    assert await site.violations(page) == []
    for _ in range(5):
        await page.get_by_role("button", name="Continuar").press("Enter")
        await page.wait_for_load_state("load")
    await expect(page.get_by_role("heading", name="Resumo")).to_be_visible()
    assert await site.violations(page) == []
    await page.get_by_label("Conferi os dados acima").check()
    await page.get_by_role("button", name="Criar contrato").press("Enter")

    await expect(page.get_by_role("heading", name="Contrato K")).to_be_visible()
    await expect(page.get_by_text("Aguardando ativação").first).to_be_visible()
    assert await site.violations(page) == []
    for path in ("/contratos", "/contratos/renovacoes", f"/clientes/{customer.id}/agrupadores"):
        await page.goto(path)
        assert await site.violations(page) == []


async def test_enter_in_a_field_goes_on_and_what_is_refused_has_the_focus(site: Site) -> None:
    async with site.database.write() as session:
        customer = await builders.a_customer(session, email="ana@exemplo.test")
        await a_plan(session)
    page = await site.page(login="giane", permissions=PERMISSIONS)
    await page.goto(f"/contratos/novo?cliente={customer.id}")
    await page.get_by_label("Plano", exact=True).select_option(label=walk.FIBRA)
    for _ in range(2):
        await page.get_by_role("button", name="Continuar").press("Enter")
        await page.wait_for_load_state("load")

    await expect(page.locator("#f-setup_fee")).to_be_focused()
    await page.locator("#f-setup_fee").fill("100,00")
    await page.locator("#f-setup_fee").press("Enter")

    await expect(page.locator("#f-setup_account_id")).to_be_focused()
