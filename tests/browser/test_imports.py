"""Portfolios and payments in a real browser: uploaded, watched to the end, paid by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect
from sqlmodel import select

from models.invoices import Invoice
from tests.browser.conftest import PHONE, Site
from tests.support.portfolio import CUSTOMERS, an_invoice, import_files, write_csv

pytestmark = pytest.mark.once("postgresql")


async def test_a_portfolio_is_uploaded_and_watched_to_its_end(site: Site, tmp_path: Path) -> None:
    files = [
        write_csv(tmp_path / "clientes.csv", CUSTOMERS),
        write_csv(tmp_path / "faturas.csv", [an_invoice(), an_invoice("F2", cliente="C9")]),
    ]
    page = await site.page()
    await page.goto("/importacoes")
    assert await site.violations(page) == []

    await page.set_input_files("#f-files", files)
    await page.get_by_role("button", name="Importar", exact=True).click()
    await page.wait_for_url("**/importacoes/1")
    await site.house.clock.settle()

    # the page follows by itself
    await expect(page.get_by_text("Concluída")).to_be_visible()
    await expect(page.get_by_text("O código “C9” não está cadastrado")).to_be_visible()
    assert await site.violations(page) == []


@pytest.mark.parametrize("viewport", [None, PHONE])
async def test_an_invoice_is_paid_in_part_and_the_payment_taken_back(
    site: Site, tmp_path: Path, viewport
) -> None:
    await _portfolio(site, tmp_path)
    page = await site.page(viewport=viewport)
    await page.goto("/cobrancas/faturas/1/pagamento")
    assert await site.violations(page) == []

    await page.get_by_label("Valor pago").fill("1.000,00")
    await page.get_by_role("button", name="Registrar pagamento").click()
    await expect(page.get_by_text("Pagamento registrado.")).to_be_visible()
    await page.get_by_label("Motivo do estorno").fill("Cheque devolvido")
    await page.get_by_role("button", name="Estornar").click()
    await page.locator("#confirm button[value=yes]").click()

    await expect(page.get_by_text("Cheque devolvido")).to_be_visible()
    assert await site.violations(page) == []
    async with site.database.read() as session:
        owed = (await session.exec(select(Invoice))).one()
    assert (owed.status, owed.open_amount) == ("open", owed.amount)


async def _portfolio(site: Site, folder: Path) -> None:
    customers = write_csv(folder / "c.csv", CUSTOMERS)
    await import_files(site.database, customers, write_csv(folder / "f.csv", [an_invoice()]))
