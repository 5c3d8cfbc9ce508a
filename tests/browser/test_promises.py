"""A promise to pay before a browser: written down, shown, withdrawn; clean for axe."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.async_api import expect

from rules.business_days import local_date
from tests import builders
from tests.browser import walk
from tests.browser.conftest import PHONE, Site

pytestmark = pytest.mark.once


async def test_a_promise_is_written_down_and_withdrawn(site: Site) -> None:
    today = local_date(site.house.clock.now)
    async with site.database.write() as session:
        customer = await builders.a_customer(session, email="ana@exemplo.test")
        await builders.an_invoice(session, customer, due_date=today - timedelta(days=9))
    page = await site.page(login="giane")
    await page.emulate_media(reduced_motion="reduce", color_scheme="dark")

    await page.goto(f"/cobrancas/contas/{customer.id}/promessas")
    await page.get_by_text("Registrar promessa de pagamento").press("Enter")
    await page.get_by_label("Paga até").fill(str(today + timedelta(days=4)))
    assert await site.violations(page) == []
    await walk.press(page, "Registrar")
    await expect(page.get_by_text("Em vigor", exact=True)).to_be_visible()
    await page.set_viewport_size(PHONE)
    assert await site.violations(page) == []

    await page.get_by_role("button", name="Retirar a promessa em vigor").click()
    await walk.press(page, "Confirmar", within=page.get_by_role("dialog"))
    await expect(page.get_by_text("Retirada", exact=True)).to_be_visible()
