"""On a telephone: what is wider than the screen scrolls within its card, never the page."""

from __future__ import annotations

from datetime import datetime

import pytest
from playwright.async_api import Page

from activities.carrier_requests import KIND
from models.bulk import BulkRun
from tests.browser.conftest import PHONE, Site
from tests.builders import a_collections_case, a_customer, an_invoice

pytestmark = pytest.mark.once

PAGES = (
    "/", "/comecar", "/cobrancas/classificados", "/cobrancas/classificados/1",
    "/cobrancas/contas/1", "/cobrancas/contas/1/anexos",
    "/cobrancas/contas/1/acordos", "/mensagens/clientes/1/email", "/busca?q=a", "/casos/1",
    "/cadastros", "/cadastros/politicas", "/cadastros/politicas/ContactHours.SP", "/mensagens",
    "/mensagens/modelos", "/importacoes", "/gestao", "/pessoas", "/sessoes", "/tokens",
    "/operadoras/importacoes/1",
)  # fmt: skip


def a_read_file(at: datetime) -> BulkRun:
    """A carrier's file that was read whole, with something to look at."""
    return BulkRun(
        key="file", kind=KIND, business_date=at.date(), status="done", total=180_576, done=180_576,
        errors=2, parameters={"file": {"name": "fatura.txt"}}, requested_by="ana", requested_at=at,
        summary={"layout": "febraban_v3r0", "lines": 1513, "findings": 6},
    )  # fmt: skip


async def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    found = await page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth")
    return int(found)


async def test_no_page_scrolls_sideways(site: Site) -> None:
    async with site.database.write() as session:
        customer = await a_customer(
            session, name="Associação dos Moradores do Condomínio Residencial Jardim América"
        )
        await a_collections_case(session, customer, at=site.house.clock.now)
        await an_invoice(session, customer, collection_stage="negotiating")
        session.add(a_read_file(site.house.clock.now))
    page = await site.page(viewport=PHONE)

    wide = {}
    for path in PAGES:
        await page.goto(path)
        if by := await overflow(page):
            wide[path] = by

    assert wide == {}
