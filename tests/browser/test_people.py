"""People in a real browser: a new colleague's first day."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from models.people import Role, RolePermission
from tests.browser.conftest import Site
from tests.browser.walk import press, told

pytestmark = pytest.mark.once

OWN = "uma frase bem comprida"


async def copied_secret(page: Page) -> str:
    """What is told once, after the button beside it was pressed."""
    await page.context.grant_permissions(["clipboard-write"])
    await page.get_by_role("button", name="Copiar").click()
    await expect(page.get_by_text("Copiado")).to_be_visible()
    secret = (await page.locator(".secret").inner_text()).strip()
    assert await selected_secret(page) == secret
    return secret


async def selected_secret(page: Page) -> str:
    """What the same button selects where the browser may not copy."""
    refusing = "() => { navigator.clipboard.writeText = async () => { throw new Error('no') } }"
    await page.evaluate(refusing)
    await page.get_by_role("button", name="Copiado").click()
    await expect(page.get_by_text("Selecionado: copie com Ctrl+C")).to_be_visible()
    return str(await page.evaluate("getSelection().toString()")).strip()


async def test_a_new_colleague_gets_a_password_signs_in_and_changes_it(site: Site) -> None:
    async with site.database.write() as session:
        role = Role(code="operadora", name="Operadora")
        session.add(role)
        await session.flush()
        session.add(RolePermission(role_id=role.id, permission="tasks:see"))
    admin = await site.page(permissions=("people:see", "people:edit", "tasks:see"))
    await admin.goto("/pessoas/novo")

    # typed key by key: a field that could not be typed into was a fault of ours once
    await admin.get_by_label("Login").press_sequentially("bia.reis")
    await admin.get_by_label("Nome").press_sequentially("Bia Reis")
    await admin.get_by_label("Operadora").check()
    await press(admin, "Salvar")
    password = await copied_secret(admin)
    assert await site.violations(admin) == []

    hers = await (await site.browser.new_context(base_url=site.url, locale="pt-BR")).new_page()
    await hers.goto("/")
    await hers.get_by_label("Usuário").press_sequentially("bia.reis")
    await hers.get_by_label("Senha").press_sequentially(password)
    await press(hers, "Entrar")
    await expect(hers.locator("h1")).to_have_text("Minha senha")
    await hers.get_by_label("Senha atual").press_sequentially(password)
    await hers.locator("#f-new_password").press_sequentially(OWN)
    await hers.locator("#f-confirmation").press_sequentially(OWN)
    await press(hers, "Trocar a senha")
    assert "Senha trocada" in await told(hers)

    again = await (await site.browser.new_context(base_url=site.url, locale="pt-BR")).new_page()
    await again.goto("/")
    await again.get_by_label("Usuário").fill("bia.reis")
    await again.get_by_label("Senha").fill(OWN)
    await press(again, "Entrar")
    await expect(again.locator("h1")).to_have_text("Caixa de tarefas")
