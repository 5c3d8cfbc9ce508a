"""The board and the page of a contestation before a browser: read by all, worked by keyboard."""

from __future__ import annotations

from pathlib import Path

from rules.business_days import local_date
from tests.browser.conftest import Site
from tests.support.contestations import Dispute


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
    assert await site.violations(page) == []
