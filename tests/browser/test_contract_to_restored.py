"""The whole way of a contract before a real browser: sold, billed, blocked, collected, restored.

The due day is in three weeks; nobody pays, and the ladder does what it says, morning by morning,
each started from its page. The bank's return file puts the connection back.
"""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from playwright.async_api import Page, expect
from sqlmodel import select

from api.dependencies import clock
from models.connections import Connection
from models.contracts import Contract
from models.default_ladder import ensure_default_ladder
from models.invoices import Invoice
from rules.business_days import Calendar, is_business_day, local_date
from tests import builders
from tests.browser import walk
from tests.browser.conftest import Site
from tests.contracts import a_plan
from tests.support.bank_returns import ITAU

pytestmark = pytest.mark.once("postgresql")

#: After the daily billing and before the letters of the day leave.
MORNING = time(8, 30)
NOON = time(12)


def due_day(today: date) -> date:
    """In three weeks or a little more; the notice of its fifth day leaves on a business day."""
    day = today + timedelta(days=21)
    while day.day > 28 or not is_business_day(day + timedelta(days=5), calendar=Calendar(uf="SP")):
        day += timedelta(days=1)
    return day


class Walk:
    """An operator's browser, and a clock that goes on beside it."""

    def __init__(self, site: Site, due: date) -> None:
        self.site, self.due = site, due

    async def come_in(self, login: str) -> Page:
        """A log-in does not last for weeks: whoever comes back logs in anew."""
        self.site.web.now = self.site.house.clock.now
        self.page = await self.site.page(login=login)
        return self.page

    async def morning(self, number: int) -> None:
        """The classifier and the ladder, so many days after the due date; letters leave by noon."""
        hands, day = self.site.house.clock, self.due + timedelta(days=number)
        await hands.forward_to_local(day, MORNING)
        page = await self.come_in(f"op{number}")
        await page.goto("/cadastros/regua/amanha")
        await page.get_by_role("button", name="Executar agora").click()
        await walk.press(page, "Confirmar", within=page.get_by_role("dialog"))
        await expect(page.get_by_text("Concluída")).to_be_visible(timeout=30_000)
        await walk.classify(page)
        await hands.settle()
        await hands.forward_to_local(day, NOON)

    async def clean(self) -> None:
        """Nobody is kept out of the page that is open, in light or dark."""
        for scheme in ("dark", "light"):
            await self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert await self.site.violations(self.page) == [], (self.page.url, scheme)

    async def stands(self, stage: str, connection: str) -> None:
        """The contract and its connection, as the rows have them and as its page says."""
        async with self.site.database.read() as session:
            contract = (await session.exec(select(Contract))).one()
            found = (await session.exec(select(Connection.state))).one()
        assert (contract.stage, found) == (stage, connection)


async def test_a_contract_is_sold_billed_blocked_collected_and_restored(site: Site) -> None:
    way = Walk(site, due_day(local_date(site.house.clock.now)))
    customer_id = await open_house(way)

    # Today: sold, installed, in service
    await sell(way, customer_id)
    await install(way)
    await way.stands("active", "active")

    # Ten days before the due date: billed, with a document
    await way.site.house.clock.forward_to_local(way.due - timedelta(days=10), MORNING)
    invoice = await bill(way)
    assert invoice.due_date == way.due

    # Day 5: notified; day 10: forwarded to collections; day 20: suspended
    await way.morning(5)
    await way.morning(10)
    await collect(way, customer_id)
    await way.morning(20)
    await way.stands("blocked", "blocked")
    await look_at_the_block(way, invoice)

    # Day 20, afternoon: the bank says it was paid, restored at once
    await pay(way, invoice)
    await way.stands("active", "active")
    await way.page.goto("/contratos/1")
    await expect(way.page.locator(".case-head")).to_contain_text("Ativo")


async def open_house(way: Walk) -> int:
    """A ladder, an account to be paid to, a plan, and somebody to sell it to."""
    reach = {"email": "ana@exemplo.test", "mobile": "+5511987654321", "name": "Ana Souza"}
    async with way.site.database.write() as session:
        await ensure_default_ladder(session)
        await builders.a_payment_profile(session, **ITAU, is_default=True)
        await a_plan(session, due_day=way.due.day)
        return (await builders.a_customer(session, **reach)).id or 0


async def sell(way: Walk, customer_id: int) -> None:
    """Six steps, all by default."""
    page = await way.come_in("giane")
    await page.goto(f"/contratos/novo?cliente={customer_id}")
    await page.get_by_label("Plano", exact=True).select_option(label=walk.FIBRA)
    for _ in range(5):
        await walk.press(page, "Continuar")
    await page.get_by_label("Conferi os dados acima").check()
    await walk.press(page, "Criar contrato")
    await way.site.house.clock.settle()
    await way.clean()


async def install(way: Walk) -> None:
    """The contract shows its task; whoever installed it says so there."""
    page = way.page
    await page.goto("/contratos/1")
    await page.get_by_role("link", name="Instalar e ativar o contrato").click()
    await walk.press(page, "Assumir")
    await page.get_by_text("Concluir…").click()
    await walk.press(page, "Concluir")
    await way.site.house.clock.settle()
    await page.goto("/contratos/1")
    await expect(page.get_by_role("row").filter(has_text="Fibra 300").first).to_be_visible()
    await way.clean()


async def bill(way: Walk) -> Invoice:
    """What is to be issued is billed from the page, and the invoice opens as PDF."""
    page = await way.come_in("paula")
    await page.goto("/contratos/faturamento")
    await way.clean()
    await walk.press(page, "Faturar agora")
    await expect(page.get_by_text("Concluída")).to_be_visible(timeout=30_000)
    await way.clean()
    await page.goto("/contratos/1")
    await page.get_by_role("link", name="Fatura de").first.click()
    await way.clean()
    link = page.get_by_role("link", name="PDF")
    document = await page.request.get(str(await link.get_attribute("href")))
    assert (await document.body()).startswith(b"%PDF")
    async with way.site.database.read() as session:
        return (await session.exec(select(Invoice))).one()


async def collect(way: Walk, customer_id: int) -> None:
    """What the ladder forwarded stands in the first panel, and an operator picks it."""
    await way.page.goto("/cobrancas/classificados")
    await expect(way.page.locator("[data-row]").filter(has_text="Ana Souza")).to_have_count(1)
    await walk.start_collection(way.page, customer_id)
    await way.site.house.clock.settle()


async def look_at_the_block(way: Walk, invoice: Invoice) -> None:
    """The contract says that it is blocked, and the invoice's ladder says why."""
    await way.page.goto("/contratos/1")
    await expect(way.page.locator(".case-head")).to_contain_text("Bloqueado")
    await way.clean()
    await way.page.goto(f"/cadastros/regua/faturas/{invoice.id}")
    await expect(way.page.get_by_role("row").filter(has_text="Suspensão").last).to_be_visible()
    await way.clean()


async def pay(way: Walk, invoice: Invoice) -> None:
    """A return file to train with, in which the invoice is paid.

    Paid on the wall's day: what is started now has the wall's clock until it is carried forward,
    and believes no payment of a day to come.
    """
    await way.page.goto("/pagamentos/retornos/treino?bloqueados=1")
    await way.page.get_by_label(f"O que o banco diz da fatura {invoice.number}").select_option(
        "due"
    )
    await way.page.get_by_label("Pago em").fill(local_date(clock()).isoformat())
    await way.clean()
    async with way.page.expect_download() as sent:
        await way.page.get_by_role("button", name="Gerar o arquivo").click()
    file = await (await sent.value).path()
    await way.page.goto("/pagamentos/retornos")
    await way.page.set_input_files("#f-file", file)
    await way.page.get_by_role("button", name="Enviar e baixar").click()
    await way.page.wait_for_url("**/pagamentos/retornos/*")
    await way.site.house.clock.settle()
    await expect(way.page.get_by_text("Concluído", exact=True)).to_be_visible(timeout=20_000)
