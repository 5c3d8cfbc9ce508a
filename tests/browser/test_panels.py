"""The panels and charts in a real browser: by keyboard, live, and readable by everybody."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import Page, expect
from sqlmodel import select

from models.invoices import Invoice
from models.standings import refresh_standings
from tests.browser.conftest import DESK, PHONE, Site
from tests.browser.panel_rows import a_portfolio

pytestmark = pytest.mark.once

PAGES = (
    "classificados", "em-contato", "negociacao", "em-acordo", "efetivadas", "nao-cumpridos", "spc",
    "criticas-spc", "removidas-spc", "graficos",
)  # fmt: skip
PARTS = (
    "classificados/1", "classificados/inicio?ids=1&ids=2",
    "em-acordo/inclusao-no-spc?ids=4&ids=13",
)  # fmt: skip
SHOTS = os.environ.get("ACERTO_TEST_SHOTS")


async def test_every_panel_can_be_read_by_everybody(site: Site) -> None:
    await a_portfolio(site, customers=8)
    page = await site.page()

    for name in PAGES:
        await page.goto(f"/cobrancas/{name}")
        await expect(page.locator("h1")).to_be_visible()
        assert await site.violations(page) == [], name


async def test_a_customer_is_started_and_confirmed_by_keyboard(site: Site) -> None:
    await a_portfolio(site, customers=3)
    page = await site.page()
    await page.goto("/cobrancas/classificados")
    chips = page.get_by_role("navigation", name="Painéis")
    await expect(chips.get_by_role("link", name="3 Classificados")).to_be_visible()

    # j goes to the first row, x ticks it, i is the panel's tool, e confirms
    await page.keyboard.press("j")
    await page.keyboard.press("x")
    await page.keyboard.press("i")
    await expect(page.get_by_role("heading", level=1)).to_have_text(
        "Dar início ao processo de cobrança"
    )
    assert await site.violations(page) == []
    await page.keyboard.press("e")
    await expect(page.get_by_role("status").first).to_contain_text(
        "Processo de cobrança iniciado para 1 cliente."
    )
    await expect(chips.get_by_role("link", name="2 Classificados")).to_be_visible()


async def test_filters_narrow_while_typing_and_live_in_the_address(site: Site) -> None:
    await a_portfolio(site, customers=12)
    page = await site.page()
    await page.goto("/cobrancas/em-acordo")

    await page.get_by_label("Cliente, CPF/CNPJ ou fatura").fill("conceicao")
    await expect(page.locator("[data-row]")).to_have_count(1)
    await expect(page.locator("[data-row]")).to_contain_text("Fábio Conceição")
    await page.wait_for_url("**busca=conceicao**")
    await page.reload()
    await expect(page.locator("[data-row]")).to_have_count(1)


async def test_the_counts_follow_what_others_do(site: Site) -> None:
    await a_portfolio(site, customers=3)
    page = await site.page()
    await page.goto("/cobrancas/classificados")
    chips = page.get_by_role("navigation", name="Painéis")
    await expect(chips.get_by_role("link", name="3 Classificados")).to_be_visible()

    async with site.database.write() as session:
        stage = select(Invoice).where(Invoice.collection_stage == "classified")
        invoice = (await session.exec(stage)).first()
        invoice.collection_stage = "in_contact"
        await refresh_standings(session, [invoice.customer_id])

    await expect(chips.get_by_role("link", name="2 Classificados")).to_be_visible(timeout=15_000)


async def test_a_chart_is_drawn_and_its_figures_are_in_a_table(site: Site) -> None:
    await a_portfolio(site, customers=12)
    page = await site.page()
    await page.goto("/cobrancas/graficos")

    await expect(page.locator(".chart-area svg")).to_have_count(7)
    figure = page.locator("figure").nth(1)
    await figure.get_by_text("Ver dados em tabela").click()
    await figure.get_by_role("table").get_by_role("link").first.click()
    await page.wait_for_url("**/cobrancas/acordos?cidade=**")


@pytest.mark.skipif(not SHOTS, reason="only to look at: ACERTO_TEST_SHOTS names a folder")
async def test_pictures(site: Site) -> None:
    await a_portfolio(site)
    for scheme in ("light", "dark"):
        for width, viewport in ((1366, DESK), (390, PHONE)):
            page = await site.page(login=f"giane{width}{scheme}", viewport=viewport, scheme=scheme)
            for name in (*PAGES, *PARTS):
                await page.goto(f"/cobrancas/{name}")
                await _picture(page, f"{name.replace('/', '-').split('?')[0]}-{width}-{scheme}")


async def _picture(page: Page, name: str) -> None:
    await page.wait_for_timeout(600)
    await page.screenshot(path=Path(SHOTS or "") / f"{name}.png", full_page="390" in name)
