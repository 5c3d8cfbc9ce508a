"""The panels and charts in a real browser: by keyboard, live, and readable by everybody."""

from __future__ import annotations

import os
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.async_api import Page, expect
from sqlmodel import select

from models.agreements import Agreement
from models.bureau import BureauRecord
from models.collections import CollectionAccount, Contact
from models.invoices import Invoice
from models.messages import Message
from models.outbox import start_case
from models.standings import refresh_standings
from rules.business_days import local_date
from tests.browser.conftest import DESK, PHONE, Site
from tests.builders import (
    a_category,
    a_collections_case,
    a_contact_category,
    a_customer,
    an_invoice,
)

pytestmark = pytest.mark.once

NAMES = (
    "Ana Beatriz Souza", "João Pedro Lima", "Mercado Bom Preço Ltda", "Clínica São Lucas",
    "Fábio Conceição", "Padaria Três Irmãos ME", "Luísa Gonçalves", "Condomínio Jardim América",
    "Auto Peças Araçá", "Íris Magalhães", "Otávio Évora", "Célia Antunes",
)  # fmt: skip
CITIES = (("Chapecó", "SC"), ("Belo Horizonte", "MG"), ("Contagem", "MG"), ("Betim", "MG"))
STAGES = ("classified", "in_contact", "negotiating", "in_agreement", "fulfilled", "broken")
BUREAU = ("registered", "conflict", "removed")
PEOPLE = ("giane", "marcos", "paula", "rafael")
PAGES = (
    "classificados", "em-contato", "negociacao", "em-acordo", "efetivadas", "nao-cumpridos", "spc",
    "criticas-spc", "removidas-spc", "graficos",
)  # fmt: skip
PARTS = (
    "classificados/1", "classificados/inicio?ids=1&ids=2",
    "em-acordo/inclusao-no-spc?ids=4&ids=13",
)  # fmt: skip
SHOTS = os.environ.get("ACERTO_TEST_SHOTS")


async def a_portfolio(site: Site, *, customers: int = 36) -> None:
    """Customers with invoices in every stage, agreements, contacts, messages and records."""
    at = site.house.clock.now
    today = local_date(at)
    async with site.database.write() as session:
        category = await a_category(session)
        of_contacts = await a_contact_category(session)
        for number in range(customers):
            city, uf = CITIES[number % len(CITIES)]
            who = PEOPLE[number % len(PEOPLE)]
            customer = await a_customer(
                session, name=NAMES[number % len(NAMES)], city=city, uf=uf,
                document=f"{529_000_247_25 + number * 7_919_317}",
            )  # fmt: skip
            case = await a_collections_case(session, customer, at=at)
            case.owner = who
            start_case(session, case, at=at)
            agreed_at = at - timedelta(days=number * 9 % 340)
            agreement = Agreement(
                customer_id=customer.id, kind="unchanged", category_id=category.id,
                status=("in_progress", "fulfilled", "broken")[number % 3],
                tolerance_date=today + timedelta(days=40 - number * 7 % 110),
                principal=Decimal(100), total=Decimal(100), made_at=agreed_at, made_by=who,
                ended_at=agreed_at if number % 3 == 1 else None,
            )  # fmt: skip
            session.add(agreement)
            await session.flush()
            for place, stage in enumerate((*STAGES, *BUREAU)):
                settled = stage in {"fulfilled", "conflict", "removed"}
                amount = Decimal(18_899 + number * 7_919 + place * 3_511) / 100
                invoice = await an_invoice(
                    session, customer, amount=str(amount),
                    due_date=today - timedelta(days=(number * 17 + place * 5) % 180 - 3),
                    collection_stage="broken" if stage in BUREAU else stage,
                    bureau_stage=stage if stage in BUREAU else None,
                    status="settled" if settled else "open",
                    settled_on=today if settled else None,
                    open_amount=Decimal(0) if settled else amount,
                    agreement_id=agreement.id if place >= 3 else None,
                    stage_since=at - timedelta(hours=number),
                )  # fmt: skip
                if stage in BUREAU:
                    month = at - timedelta(days=number * 9)
                    session.add(BureauRecord(
                        invoice_id=invoice.key, customer_id=customer.id, stage=stage, added_by=who,
                        noticed_at=month, registered_at=month, expires_on=today,
                        removed_at=month if stage == "removed" else None,
                        remove_by=today + timedelta(days=number % 5),
                    ))  # fmt: skip
            account = (
                await session.exec(
                    select(CollectionAccount).where(CollectionAccount.customer_id == customer.id)
                )
            ).one()
            for back in range(0, 340, 20 + number % 3 * 11):
                when = at - timedelta(days=back)
                session.add(Contact(
                    account_id=account.id, kind="active", channel="phone", subject="Ligação",
                    text="Ligação", category_id=of_contacts.id, at=when, by=who,
                ))  # fmt: skip
                session.add(Message(
                    key=f"m/{number}/{back}", customer_id=customer.id, purpose="contact",
                    channel="sms" if back % 3 else "email", to_address="x", status="sent",
                    not_before=when, created_at=when, created_by="system", sent_at=when,
                ))  # fmt: skip
            await refresh_standings(session, [customer.id])
    await site.house.clock.settle()


async def test_every_panel_can_be_read_by_everybody(site: Site) -> None:
    await a_portfolio(site, customers=8)
    page = await site.page()

    for name in PAGES:
        await page.goto(f"/cobrancas/{name}")
        await expect(page.locator("h1")).to_be_visible()
        assert await site.violations(page) == [], name


async def test_a_customer_is_started_and_confirmed_by_keyboard(site: Site) -> None:
    await a_portfolio(site, customers=3)
    page = await site.page()
    await page.goto("/cobrancas/classificados")
    chips = page.get_by_role("navigation", name="Painéis")
    await expect(chips.get_by_role("link", name="3 Classificados")).to_be_visible()

    # j goes to the first row, x ticks it, i is the panel's tool, e confirms
    await page.keyboard.press("j")
    await page.keyboard.press("x")
    await page.keyboard.press("i")
    await expect(page.get_by_role("heading", level=1)).to_have_text(
        "Dar início ao processo de cobrança"
    )
    assert await site.violations(page) == []
    await page.keyboard.press("e")
    await expect(page.get_by_role("status").first).to_contain_text(
        "Processo de cobrança iniciado para 1 cliente."
    )
    await expect(chips.get_by_role("link", name="2 Classificados")).to_be_visible()


async def test_filters_narrow_while_typing_and_live_in_the_address(site: Site) -> None:
    await a_portfolio(site, customers=12)
    page = await site.page()
    await page.goto("/cobrancas/em-acordo")

    await page.get_by_label("Cliente, CPF/CNPJ ou fatura").fill("conceicao")
    await expect(page.locator("[data-row]")).to_have_count(1)
    await expect(page.locator("[data-row]")).to_contain_text("Fábio Conceição")
    await page.wait_for_url("**busca=conceicao**")
    await page.reload()
    await expect(page.locator("[data-row]")).to_have_count(1)


async def test_the_counts_follow_what_others_do(site: Site) -> None:
    await a_portfolio(site, customers=3)
    page = await site.page()
    await page.goto("/cobrancas/classificados")
    chips = page.get_by_role("navigation", name="Painéis")
    await expect(chips.get_by_role("link", name="3 Classificados")).to_be_visible()

    async with site.database.write() as session:
        stage = select(Invoice).where(Invoice.collection_stage == "classified")
        invoice = (await session.exec(stage)).first()
        invoice.collection_stage = "in_contact"
        await refresh_standings(session, [invoice.customer_id])

    await expect(chips.get_by_role("link", name="2 Classificados")).to_be_visible(timeout=15_000)


async def test_a_chart_is_drawn_and_its_figures_are_in_a_table(site: Site) -> None:
    await a_portfolio(site, customers=12)
    page = await site.page()
    await page.goto("/cobrancas/graficos")

    await expect(page.locator(".chart-area svg")).to_have_count(7)
    figure = page.locator("figure").nth(1)
    await figure.get_by_text("Ver dados em tabela").click()
    await figure.get_by_role("table").get_by_role("link").first.click()
    await page.wait_for_url("**/cobrancas/em-acordo?cidade=**")


@pytest.mark.skipif(not SHOTS, reason="only to look at: ACERTO_TEST_SHOTS names a folder")
async def test_pictures(site: Site) -> None:
    await a_portfolio(site)
    for scheme in ("light", "dark"):
        for width, viewport in ((1366, DESK), (390, PHONE)):
            page = await site.page(login=f"giane{width}{scheme}", viewport=viewport, scheme=scheme)
            for name in (*PAGES, *PARTS):
                await page.goto(f"/cobrancas/{name}")
                await _picture(page, f"{name.replace('/', '-').split('?')[0]}-{width}-{scheme}")


async def _picture(page: Page, name: str) -> None:
    await page.wait_for_timeout(600)
    await page.screenshot(path=Path(SHOTS or "") / f"{name}.png", full_page="390" in name)
