"""A return file in a real browser: sent in, read, and the connection comes back by itself."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page, expect
from sqlmodel import select

from models.boleto_numbers import number_boleto
from models.connections import Connection
from models.contracts import Contract
from models.default_ladder import ensure_default_ladder
from models.invoices import Invoice
from models.ladders import LadderExecution
from rules.business_days import local_date
from tests import builders
from tests.browser.conftest import PHONE, Site
from tests.support.cnab import file_400, liquidation_400, sent

pytestmark = pytest.mark.once

ITAU = {"bank": "341", "branch": "1234", "account": "56789", "wallet": "109", "is_default": True}


async def a_blocked_customer(site: Site) -> None:
    """Blocked by the ladder for an invoice whose boleto is the first at the bank."""
    at = site.house.clock.now
    today = local_date(at)
    fresh = {"collection_stage": None, "stage_since": None, "due_date": date(2026, 10, 5)}
    async with site.database.write() as session:
        ladder = await ensure_default_ladder(session)
        profile = await builders.a_payment_profile(session, **ITAU)
        customer = await builders.a_customer(session, name="Ana Souza")
        contract = await builders.a_contract(session, customer, code="K1", stage="blocked")
        invoice = await builders.an_invoice(
            session, customer, number="2026-7", contract_id=contract.id, **fresh
        )
        blocked = LadderExecution(
            invoice_id=invoice.key, step_id=8, ladder_id=ladder.key, version=1, fell_on=today,
            customer_id=customer.id or 0, contract_id=contract.key, action="block", outcome="done",
            executed_on=today, at=at, facts={},
        )  # fmt: skip
        await builders.stored(session, blocked)
        connection = Connection(
            contract_id=contract.key, kind="internet", state="blocked", since=at
        )
        await builders.stored(session, connection)
        await number_boleto(session, invoice, profile=profile, at=at)


def a_file(path: Path, *, paid_on: date) -> Path:
    """The boleto is paid with its charges; another one is nobody's."""
    day = f"{paid_on:%d%m%y}"
    told = {"occurred": day, "credit_date": day, "fee": "2.10"}
    lines = file_400(
        "341",
        liquidation_400("00000001", paid="104.17", interest="4.17", **told),
        liquidation_400("00000099", paid="55.00", **told),
    )
    path.write_bytes(sent(lines))
    return path


async def clean(site: Site, page: Page) -> None:
    for scheme in ("dark", "light"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert await site.violations(page) == [], (page.url, scheme)


async def test_a_return_file_settles_the_invoice_and_restores_the_connection(
    site: Site, tmp_path: Path
) -> None:
    await a_blocked_customer(site)
    paid_on = local_date(site.house.clock.now) - timedelta(days=1)
    page = await site.page()
    await page.goto("/pagamentos/retornos")
    await clean(site, page)

    await page.set_input_files("#f-file", a_file(tmp_path / "CB.RET", paid_on=paid_on))
    await page.get_by_role("button", name="Enviar e baixar").click()
    await page.wait_for_url("**/pagamentos/retornos/1")
    await site.house.clock.settle()

    # The report follows by itself
    await expect(page.get_by_text("Concluído", exact=True)).to_be_visible(timeout=20_000)
    await expect(page.get_by_text("Nenhuma fatura tem este número.")).to_be_visible()
    await clean(site, page)

    # Settled, in service again, and one task for what nobody knows
    async with site.database.read() as session:
        assert (await session.exec(select(Invoice.status))).one() == "settled"
        assert (await session.exec(select(Connection.state))).one() == "active"
        assert (await session.exec(select(Contract.stage))).one() == "active"
    await page.get_by_role("link", name="2026-7").click()
    await expect(page.get_by_text("Quitada", exact=True)).to_be_visible()
    await expect(page.get_by_role("cell", name="R$ 4,17")).to_be_visible()

    # What the customer's statement says, and the same file again
    await page.goto("/contratos/1/extrato")
    await expect(page.get_by_text("Multa e juros da fatura 2026-7")).to_be_visible()
    await clean(site, page)
    await page.goto("/pagamentos/retornos")
    await page.set_input_files("#f-file", a_file(tmp_path / "CB.RET", paid_on=paid_on))
    await page.get_by_role("button", name="Enviar e baixar").click()
    await expect(page.get_by_role("alert")).to_contain_text("já foi enviado: é o retorno 1")


@pytest.mark.parametrize("path", ["/pagamentos", "/pagamentos/retornos", "/pagamentos/avisos"])
async def test_the_pages_of_payments_fit_a_phone(site: Site, path: str) -> None:
    page = await site.page(viewport=PHONE)

    await page.goto(path)

    await clean(site, page)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
