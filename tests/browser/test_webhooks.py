"""Webhooks and the contracts' routine before a browser: made, looked at, clean for axe."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from models.app_accesses import AppAccess
from tests import builders
from tests.browser import walk
from tests.browser.conftest import Site
from tests.builders import AT
from tests.contracts import a_plan, activated

pytestmark = pytest.mark.once("postgresql")


async def clean(site: Site, page: Page) -> None:
    for scheme in ("dark", "light"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert await site.violations(page) == [], (page.url, scheme)


async def test_an_address_hears_of_a_contract_and_the_log_shows_it(site: Site) -> None:
    page = await site.page(login="lidia")
    await page.goto("/cadastros/webhooks")
    await clean(site, page)
    await page.get_by_role("link", name="Novo endereço").click()
    await page.get_by_label("Nome").fill("CRM")
    await page.get_by_role("textbox", name="Endereço").fill("https://crm.invalid/acerto")
    await page.get_by_label("Contrato ativado").check()
    await clean(site, page)
    await walk.press(page, "Salvar")
    await expect(page.get_by_role("heading", name="Assinatura")).to_be_visible()
    await clean(site, page)

    async with site.database.write() as session:
        await activated(session, await a_plan(session))
    await page.goto("/cadastros/webhooks/entregas")
    await clean(site, page)
    await page.locator("[data-row] a").first.click()
    await expect(page.get_by_text("contract.activated")).to_be_visible()
    await clean(site, page)


async def test_the_contracts_routine_is_run_and_watched(site: Site) -> None:
    page = await site.page(login="lidia")
    await page.goto("/contratos/rotina")
    await clean(site, page)
    await walk.press(page, "Executar agora")
    await expect(page.get_by_text("Concluída")).to_be_visible(timeout=30_000)
    await clean(site, page)


async def test_a_message_is_written_to_who_uses_the_app(site: Site) -> None:
    async with site.database.write() as session:
        customer = await builders.a_customer(session, name="Ana Souza")
        access = AppAccess(
            customer_id=customer.id or 0, token_hash="x", device="Moto G", created_at=AT,
            created_by="ana",
        )  # fmt: skip
        await builders.stored(session, access)
    page = await site.page(login="lidia")

    await page.goto(f"/mensagens/clientes/{customer.id}/app")
    await clean(site, page)
    await page.get_by_label("Título").fill("Olá")
    await page.get_by_label("Texto").fill("Sua fatura chegou.")
    await page.get_by_label("Confirmo o envio").check()
    await walk.press(page, "Enviar")

    await expect(page.get_by_text("Mensagem posta na fila")).to_be_visible()
    await clean(site, page)


async def test_a_contract_changes_its_address_by_keyboard(site: Site) -> None:
    async with site.database.write() as session:
        contract = await activated(session, await a_plan(session), at=site.house.clock.now)
    page = await site.page(login="lidia")
    await page.goto(f"/contratos/{contract.id}")

    await page.get_by_text("Mudar de endereço…").press("Enter")
    await page.get_by_label("Logradouro").fill("Rua Nova, 10")
    await page.get_by_role("textbox", name="Cidade").fill("Recife")
    await page.get_by_label("UF").select_option("PE")
    await clean(site, page)
    await page.get_by_role("button", name="Mudar de endereço").press("Enter")

    await expect(page.get_by_text("Rua Nova, 10, Recife/PE").first).to_be_visible()
    await clean(site, page)
