"""A kickoff before a browser: signed, met, parametrised, waited for, accepted, in service."""

from __future__ import annotations

import asyncio
from datetime import time, timedelta
from decimal import Decimal

import pytest
from playwright.async_api import Page, expect
from sqlmodel import col, select

from models.charges import Charge
from models.kickoff import KickoffTemplateItem
from models.sink import SinkMessage
from rules.business_days import ONE_DAY, local_date, local_time
from tests import builders
from tests.browser.conftest import Site
from tests.browser.walk import press
from tests.contracts import a_plan, made

pytestmark = pytest.mark.once("postgresql")


async def signed(site: Site) -> int:
    """A contract of telecom management made on a Monday at ten; gives its id."""
    clock = site.house.clock
    day = local_date(clock.now) + ONE_DAY
    while day.weekday() != 0:
        day += ONE_DAY
    await clock.forward_to_local(day, time(10))
    async with site.database.write() as session:
        ana = await builders.a_user(session, "ana", email="ana@casa.test")
        await builders.a_team(session, ana, code="implantacao")
        session.add(KickoffTemplateItem(code="t1", name="Carregar inventário"))
        session.add(KickoffTemplateItem(code="t2", name="Lista de linhas", is_client=True))
        customer = await builders.a_customer(
            session, name="Padaria Aurora", email="ti@padaria.test", executive="ana"
        )
        plan = await a_plan(session, plan_type="tem")
        contract = await made(session, plan, customer=customer, at=clock.now)
    await clock.settle()
    return contract.key


async def come_in(site: Site, login: str) -> Page:
    """A browser of this day: log-ins of the day before have run out."""
    site.stop_time()
    return await site.page(login=login)


async def invited(site: Site) -> list[str]:
    """To whom the invitation went, once it went to both sides."""
    for _ in range(50):
        await site.house.clock.forward(minutes=1)
        async with site.database.read() as session:
            mails = await session.exec(select(SinkMessage))
            got = sorted(mail.recipient for mail in mails if "reuniao.ics" in mail.attachments)
        if len(got) == 2:
            break
        await asyncio.sleep(0.1)
    return got


async def do(page: Page, menu: str, button: str, **fields: str) -> None:
    """This will open a form of the kickoff, fill it in and send it."""
    opened = page.locator("details.action").filter(has=page.get_by_text(menu))
    await opened.locator("summary").click()
    for name, value in fields.items():
        await opened.locator(f"[name={name}]").fill(value)
    await press(page, button, within=opened)


async def test_a_kickoff_from_signature_to_the_first_invoice(site: Site) -> None:
    contract_id = await signed(site)
    page = await come_in(site, "giane")
    await page.goto("/implantacoes")
    assert await site.violations(page) == []
    await page.locator("[data-row]").filter(has_text="Padaria Aurora").get_by_role("link").click()
    assert await site.violations(page) == []

    # the meeting is proposed, and set: both sides get the invitation
    meeting = local_time(site.house.clock.now) + timedelta(days=1)
    at = f"{meeting:%Y-%m-%dT%H:%M}"
    await do(page, "Marcar a reunião…", "Marcar e convidar", at=at, place="Sala 2")
    assert await invited(site) == ["ana@casa.test", "ti@padaria.test"]

    # held a day later, with its minutes: the check-list opens
    await site.house.clock.forward(days=1, hours=1)
    where = page.url
    page = await come_in(site, "bia")
    await page.goto(where)
    await do(
        page, "Registrar a ata…", "Registrar", held_at=at, attendees="Ana e Rui",
        minutes="Começar pela matriz.",
    )  # fmt: skip
    await page.get_by_text("Começar pela matriz.").wait_for()
    assert await site.violations(page) == []

    # our item is ticked; the client is waited for, and came back
    await press(page, "Concluir: Carregar inventário")
    await do(page, "Aguardar o cliente…", "Parar o prazo", reason="A lista de linhas")
    await expect(page.get_by_role("button", name="O cliente atendeu")).to_be_visible()
    await press(page, "O cliente atendeu")
    await press(page, "Concluir: Lista de linhas")

    # installed, accepted, in service: the installation is on the first invoice
    await do(page, "Dar por instalada…", "Dar por instalada")
    await do(
        page, "Registrar o aceite…", "Pôr em operação", accepted_by="Rui da Padaria",
        installation_amount="1.200,00",
    )  # fmt: skip
    await expect(page.locator("#flash")).to_contain_text("Em operação")
    assert await site.violations(page) == []
    first, installation = await charges(site, contract_id)
    assert installation.amount == Decimal("1200.00")
    assert (installation.due_date, installation.issue_date) == (first.due_date, first.issue_date)


async def charges(site: Site, contract_id: int) -> tuple[Charge, Charge]:
    """The first monthly charge, and the installation's."""
    async with site.database.read() as session:
        statement = select(Charge).where(Charge.contract_id == contract_id)
        found = (await session.exec(statement.order_by(col(Charge.due_date)))).all()
    monthly = next(each for each in found if each.kind == "monthly")
    return monthly, next(each for each in found if each.kind == "installation")
