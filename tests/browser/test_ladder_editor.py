"""The ladder's editor before a browser: a step is moved and looked at; the law refuses another."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect
from sqlmodel import col, select

from models.default_ladder import ensure_default_ladder
from models.ladder_tables import Ladder, LadderStep
from tests.browser import walk
from tests.browser.conftest import Site

pytestmark = pytest.mark.once("postgresql")

PERMISSIONS = ("ladders:see", "ladders:edit", "ladders:override", "registries:see")


async def open_editor(site: Site) -> Page:
    async with site.database.write() as session:
        await ensure_default_ladder(session)
    page = await site.page(login="lidia", permissions=PERMISSIONS)
    await page.emulate_media(reduced_motion="reduce")
    await page.goto("/cadastros/regua")
    await page.get_by_role("link", name="Régua padrão").click()
    return page


async def test_a_step_is_moved_looked_at_and_saved(site: Site) -> None:
    page = await open_editor(site)
    assert await site.violations(page) == []

    # The time line follows what is typed, before anything is saved
    await page.locator("#f-offset-0").fill("-7")
    await page.locator("#f-offset-0").press("Tab")
    await expect(page.locator("#line")).to_contain_text("D\N{MINUS SIGN}7")
    await page.locator("input[name=channels-0][value=app]").check()
    await walk.press(page, "Ver o efeito de amanhã")
    await expect(page.locator("#preview")).to_contain_text("Nada: nenhum passo cai em")
    assert await site.violations(page) == []
    await walk.press(page, "Salvar")

    assert "Régua salva" in await walk.told(page)
    async with site.database.read() as session:
        ladder = (await session.exec(select(Ladder))).one()
        first = (await session.exec(select(LadderStep).order_by(col(LadderStep.id)))).first()
    assert first is not None
    assert (ladder.version, first.offset_days, first.channels) == (2, -7, "email,app")


async def test_what_the_law_forbids_is_refused_unless_a_reason_is_given(site: Site) -> None:
    page = await open_editor(site)

    # Day 10 after the notice is five days too early
    await page.locator("#f-offset-7").fill("10")
    await walk.press(page, "Salvar")
    await expect(page.get_by_role("alert").first).to_be_visible()
    await expect(page.locator("#line")).to_contain_text("contra a norma")
    assert await site.violations(page) == []

    await page.get_by_label("Por que vale apesar da norma").fill("Contratos só de empresas.")
    await walk.press(page, "Salvar")

    await expect(page.get_by_text("apesar da norma")).to_be_visible()
    async with site.database.read() as session:
        ladder = (await session.exec(select(Ladder))).one()
    assert (ladder.version, ladder.override_reason) == (2, "Contratos só de empresas.")
