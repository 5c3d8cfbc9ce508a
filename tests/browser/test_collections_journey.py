"""Collections in a real browser, from the first log-in to the bureau and out again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page, expect
from sqlmodel import col, select

from models.agreements import Agreement
from models.bureau import BureauRecord
from models.default_ladder import ensure_default_ladder
from models.invoices import Invoice
from models.newcomers import create_first_administrator
from rules.business_days import local_date
from tests.browser import walk
from tests.browser.conftest import DESK, Site
from tests.support.portfolio import write_csv

pytestmark = pytest.mark.once

OWN = "uma frase bem longa"


@dataclass
class Desk:
    """The administrator's browser, and whatever axe has found on the pages so far."""

    site: Site
    page: Page
    today: date

    async def check(self) -> None:
        """Nobody is kept out of the page that is open, in light or dark."""
        for scheme in ("dark", "light"):
            await self.page.emulate_media(color_scheme=scheme)
            assert await self.site.violations(self.page) == [], (self.page.url, scheme)


@pytest.fixture
async def desk(site: Site) -> Desk:
    """The administrator of a new house, after the first log-in."""
    now = site.house.clock.now
    async with site.database.write() as session:
        await ensure_default_ladder(session)
        password = await create_first_administrator(session, at=now)
    context = await site.browser.new_context(
        base_url=site.url, viewport=DESK, locale="pt-BR", reduced_motion="reduce"
    )
    page = await context.new_page()
    page.on("console", site._listen)
    page.on("pageerror", lambda error: site.complaints.append(str(error)))
    await walk.first_log_in(page, str(password), OWN)
    return Desk(site, page, local_date(now))


async def fill_registries(page: Page) -> None:
    await walk.add_to_registry(page, "categorias-de-acordo", code="PARC", name="Parcelamento")
    await walk.add_to_registry(page, "plano-de-contas", code="4.1", name="Encargos")
    await walk.add_to_registry(page, "profiles-de-pagamento", code="PIX", name="Pix", bank="341")


async def import_portfolio(desk: Desk, folder: Path) -> None:
    due = [desk.today - timedelta(days=days) for days in (100, 70, 40)]
    files = walk.portfolio(folder, due)
    await walk.import_files(desk.page, *files, button="Só simular", end="Simulada")
    await expect(desk.page.get_by_text("Simulação: nada é gravado")).to_be_visible()
    await desk.check()
    await walk.press(desk.page, "Importar de verdade")
    await expect(desk.page.get_by_text("Concluída")).to_be_visible(timeout=30_000)


async def bring_to_the_table(desk: Desk, customer_id: int, name: str) -> None:
    """From panel 1 through panel 2 to the account."""
    await walk.start_collection(desk.page, customer_id)
    assert name in await walk.told(desk.page)
    await walk.use_on_row(desk.page, "em-contato", name, "Confirmar")
    await desk.check()
    await walk.press(desk.page, "Confirmar início")
    assert "Processo confirmado" in await walk.told(desk.page)


async def agree_in_three(desk: Desk) -> None:
    """The worked example of the specification: 1.000,00 becomes 1.075,00 in three."""
    page = desk.page
    await walk.begin_agreement(page, 1)
    await walk.fill_components(
        page, increase_percent="5", fine_percent="2", discount="10,00", charges="5,00", fees="10,00"
    )
    await expect(page.locator("#total")).to_have_text("R$ 1.075,00")  # by itself
    await walk.fill_terms(page, tolerance=desk.today + timedelta(days=150))
    await desk.check()
    await walk.press(page, "Continuar")
    await page.get_by_label("Número de parcelas").fill("3")
    await page.get_by_label("Vencimento inicial").fill(str(desk.today + timedelta(days=20)))
    await page.get_by_label("Profile de pagamento").select_option(label="Pix")
    amounts = page.locator("input[name=row_amount]")
    await expect(amounts).to_have_count(3)  # by itself as well
    assert [await each.input_value() for each in await amounts.all()] == [
        "381,67", "346,67", "346,66",
    ]  # fmt: skip
    await desk.check()
    await walk.press(page, "Continuar")
    await desk.check()
    await page.get_by_label("Confirma geração dessa nova fatura?").check()
    await walk.press(page, "Efetivar proposta de acordo")
    assert await walk.told(page) == "Acordo 1 efetivado."
    await desk.check()


async def agree_unchanged(desk: Desk, customer_id: int) -> None:
    """The invoices stay as they are, and get a tolerance date."""
    await walk.begin_agreement(desk.page, customer_id)
    await walk.fill_terms(desk.page, tolerance=desk.today + timedelta(days=60))
    await walk.press(desk.page, "Continuar")
    await walk.press(desk.page, "Efetivar proposta de acordo")


async def the_record(desk: Desk) -> BureauRecord:
    async with desk.site.database.read() as session:
        return (await session.exec(select(BureauRecord))).one()


async def test_from_the_first_log_in_to_a_paid_instalment(desk: Desk, tmp_path: Path) -> None:
    page = desk.page
    await fill_registries(page)
    await import_portfolio(desk, tmp_path)
    await walk.classify(page)
    await page.goto("/cobrancas/classificados")
    await expect(page.locator("[data-row]")).to_have_count(2)
    await desk.check()

    await bring_to_the_table(desk, 1, "Ana Souza")
    await agree_in_three(desk)

    async with desk.site.database.read() as session:
        agreement = (await session.exec(select(Agreement))).one()
        invoices = (await session.exec(select(Invoice).order_by(col(Invoice.id)))).all()
    assert str(agreement.total) == "1075.00"
    assert [(each.code, each.status) for each in invoices] == [
        ("F1", "replaced"), ("F2", "replaced"), ("F3", "replaced"), ("F9", "open"),
        ("A1-1", "open"), ("A1-2", "open"), ("A1-3", "open"),
    ]  # fmt: skip

    # One instalment is paid by file, and the journeys hear of it
    payment = {"codigo": "P1", "fatura": "A1-1", "valor": "381,67", "pago_em": str(desk.today)}
    await walk.import_files(page, write_csv(tmp_path / "payments.csv", [payment]))
    await desk.site.house.clock.settle()
    await page.goto("/cobrancas/efetivadas")
    await expect(page.locator("[data-row]")).to_contain_text("A1-1")
    await page.goto("/cobrancas/acordos/1")
    await expect(page.get_by_role("row").filter(has_text="A1-1")).to_contain_text("liquidada")
    await desk.check()
    await page.goto("/cobrancas/contas/1/historico")
    await expect(page.locator("main")).to_contain_text("Acordo 1 efetivado: R$ 1.075,00")
    await desk.check()


async def test_into_the_bureau_with_an_override_and_out_again(desk: Desk, tmp_path: Path) -> None:
    page = desk.page
    await fill_registries(page)
    await import_portfolio(desk, tmp_path)
    await walk.classify(page)
    await bring_to_the_table(desk, 2, "João Lima")
    await agree_unchanged(desk, 2)

    await walk.use_on_row(page, "em-acordo", "João Lima", "Adicionar ao controle de SPC")
    await desk.check()
    await page.get_by_label("Detalhes").fill("Débito reconhecido por telefone.")
    await page.get_by_label("Incluir apesar").check()
    await page.get_by_label("Motivo da exceção").fill("Rescisão em andamento.")
    await page.get_by_label("Confirmo.").check()
    await walk.press(page, "Adicionar ao controle")
    record = await the_record(desk)
    assert (record.stage, record.override_reason) == ("noticed", "Rescisão em andamento.")

    # The notice period passes, and the log-in with it
    await desk.site.house.clock.settle()
    await desk.site.house.clock.forward(days=20)
    record = await the_record(desk)
    assert record.stage == "registered"
    await page.context.clear_cookies()
    await walk.log_in(page, OWN)
    await walk.use_on_row(page, "spc", "João Lima", "Remover")
    await page.get_by_label("Detalhes").fill("Novo prazo combinado.")
    await page.get_by_label("Confirmo.").check()
    await walk.press(page, "Remover")
    record = await the_record(desk)
    assert record.stage == "removed"
