"""The board and the page of a contestation before a browser: read by all, worked by keyboard."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Page, expect
from sqlmodel import select

from models.carriers import Carrier
from models.contestations import ContestationDesk
from rules.business_days import local_date
from rules.carrier_samples import Sample, file_of
from tests.browser.conftest import Site
from tests.support.carriers import a_company
from tests.support.contestations import V3, Dispute, next_bill, whole_credits

pytestmark = pytest.mark.once("postgresql")


async def test_a_contestation_is_filed_and_its_protocol_recorded(
    site: Site, tmp_path: Path
) -> None:
    dispute = Dispute(site.database, tmp_path)
    dispute.issue_on(local_date(site.house.clock.now))
    await dispute.begin()
    await dispute.contest()
    await site.house.clock.settle()
    page = await site.page()

    await page.goto("/contestacoes")
    assert await site.violations(page) == []
    await page.goto("/contestacoes/1")
    assert await site.violations(page) == []
    await page.get_by_role("button", name="Enviar à operadora").press("Enter")
    await page.get_by_role("button", name="Confirmar").press("Enter")
    await page.get_by_text("Registrar protocolo…").wait_for()
    await page.get_by_text("Registrar protocolo…").click()
    await page.get_by_label("Número do protocolo").first.fill("2026-7788")
    await page.get_by_label("Atendente").first.fill("Carlos")
    await page.get_by_role("button", name="Registrar protocolo").press("Enter")
    await page.get_by_role("cell", name="2026-7788").wait_for()
    assert await site.violations(page) == []
    await page.goto("/contestacoes/numeros")
    await page.locator(".chart-area svg").first.wait_for()
    assert await site.violations(page) == []
    for path in ("/operadoras/mapeamentos/novo", "/operadoras/exemplo"):
        await page.goto(path)
        assert await site.violations(page) == []
    await page.goto("/operadoras/divergencias?fatura=1")
    assert await site.violations(page) == []


async def test_an_error_is_found_contested_credited_and_its_cause_closed(
    site: Site, tmp_path: Path
) -> None:
    site.stop_time()
    dispute = Dispute(site.database, tmp_path)
    dispute.issue_on(local_date(site.house.clock.now))
    async with site.database.write() as session:
        await a_company(session, dispute.sample)
        carrier = (await session.exec(select(Carrier))).one()
        session.add(ContestationDesk(carrier_id=carrier.id, level=0, email="c@claro.example"))
    page = await site.page()

    # The carrier's file comes in; what is wrong in it is contested, paid, and granted
    await _upload(site, page, dispute.sample, tmp_path / "november.txt")
    await expect(page.get_by_text("2 divergências")).to_be_visible()
    await page.get_by_role("link", name="Abrir a fatura").click()
    await _contest(site, page)
    await _hear_the_carrier(page)
    await expect(page.get_by_text("Aguardando crédito").first).to_be_visible()
    assert await site.violations(page) == []

    # A month later the next file brings the credit in double, and no such error any more
    paid_on = local_date(site.house.clock.now)
    await site.house.clock.forward(days=31)
    site.stop_time()
    page = await site.page(login="marcos")
    issued = local_date(site.house.clock.now)
    credits = whole_credits(dispute, paid_on=paid_on, day=issued)
    await _upload(site, page, next_bill(dispute, *credits, issued=issued), tmp_path / "next.txt")
    # A fine for paying late, though it was paid in time: another error, and none of those.
    await expect(page.get_by_text("1 divergência")).to_be_visible()
    await page.goto("/contestacoes/1")
    await expect(page.get_by_text("Encerrada").first).to_be_visible()
    await expect(page.get_by_text("encontrado na fatura").first).to_be_visible()
    await page.goto("/contestacoes/correcoes")
    await expect(page.get_by_role("cell", name="Corrigida")).to_have_count(len(dispute.planted))
    assert await site.violations(page) == []


async def _contest(site: Site, page: Page) -> None:
    """All that the invoice charges too much, and the letter to the carrier."""
    await page.get_by_role("button", name="Contestar a partir de").click()
    await page.get_by_role("button", name="Confirmar").click()
    await expect(page).to_have_url(f"{site.url}/contestacoes/1")
    await site.house.clock.settle()
    await page.get_by_role("button", name="Enviar à operadora").click()
    async with page.expect_response(lambda answer: answer.request.method == "POST"):
        await page.get_by_role("button", name="Confirmar").click()
    await site.house.clock.settle()
    await page.goto("/contestacoes/1")


async def _hear_the_carrier(page: Page) -> None:
    """Its protocol, our payment, and its word that all of it was wrong."""
    await _open(page, "Registrar protocolo")
    await page.get_by_label("Número do protocolo").first.fill("2026-7788")
    await page.get_by_label("Atendente").first.fill("Carlos")
    await page.get_by_role("button", name="Registrar protocolo", exact=True).click()
    await expect(page.get_by_role("cell", name="2026-7788")).to_be_visible()
    await _open(page, "Registrar pagamento da fatura")
    await page.get_by_role("button", name="Registrar pagamento da fatura", exact=True).click()
    await expect(page.get_by_text("Pagamento anotado.")).to_be_visible()
    await _open(page, "Registrar resposta")
    await page.get_by_role("button", name="Registrar resposta", exact=True).click()
    await expect(page.get_by_text("Resposta registrada.")).to_be_visible()


async def _upload(site: Site, page: Page, sample: Sample, file: Path) -> None:
    """A file is sent, and what the engine makes of it is on the page."""
    await asyncio.to_thread(file.write_bytes, file_of(sample.bill, V3))
    await page.goto("/operadoras/faturas")
    await page.set_input_files("#f-files", file)
    await page.get_by_role("button", name="Importar e auditar").click()
    await page.wait_for_url("**/operadoras/importacoes/*")
    await site.house.clock.settle()
    await page.reload()


async def _open(page: Page, name: str) -> None:
    """The form of a command, behind its button."""
    await page.get_by_text(f"{name}…", exact=True).click()
