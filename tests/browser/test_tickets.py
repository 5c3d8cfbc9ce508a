"""A ticket that comes by mail, before a browser: treated, asked back, solved, reopened by reply."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import time
from email.message import EmailMessage

import aiosmtplib
import pytest
from playwright.async_api import Page, expect
from sqlmodel import col, select

from api import support_mail
from models.sink import SinkMessage
from rules.business_days import ONE_DAY, local_date
from settings import SupportSettings
from tests import builders
from tests.browser.conftest import Site
from tests.browser.walk import press, told

pytestmark = pytest.mark.once

MARIA = "maria@exemplo.test"


class Post:
    """The customer's mailbox: writes to the support address, reads what came from there."""

    def __init__(self, site: Site, port: int) -> None:
        self.site, self.port, self.sent = site, port, 0

    async def write(self, subject: str, text: str, *, answers: str = "") -> None:
        self.sent += 1
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = MARIA, "suporte@acerto.localhost", subject
        mail["Message-ID"] = f"<{self.sent}@exemplo.test>"
        if answers:
            mail["In-Reply-To"] = answers
        mail.set_content(text)
        await aiosmtplib.send(mail, hostname="127.0.0.1", port=self.port, start_tls=False)
        await self.site.house.clock.settle()

    async def told(self, words: str) -> SinkMessage:
        """The customer's newest mail that says so, once it has come.

        A case is some seconds ahead of the clock: what it writes then waits for those. Of two mails
        that leave together either may come first.
        """
        for _ in range(50):
            await self.site.house.clock.forward(minutes=1)
            async with self.site.database.read() as session:
                got = select(SinkMessage).where(SinkMessage.recipient == MARIA)
                newest = (await session.exec(got.order_by(col(SinkMessage.id).desc()))).all()
            found = next((each for each in newest if words in each.text), None)
            if found is not None:
                return found
            await asyncio.sleep(0.1)
        raise AssertionError([each.text for each in newest])


@pytest.fixture
async def post(
    site: Site, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Post]:
    """A Monday at ten; the support address listens, and Maria is a customer."""
    house = site.house
    monday = local_date(house.clock.now) + ONE_DAY
    while monday.weekday() != 0:
        monday += ONE_DAY
    await house.clock.forward_to_local(monday, time(10))
    site.stop_time()
    monkeypatch.setattr(support_mail, "clock", lambda: house.clock.now)
    async with site.database.write() as session:
        ana = await builders.a_user(session, "ana")
        await builders.a_team(session, ana, code="suporte")
        await builders.a_customer(session, name="Maria da Conceição", email=MARIA)
    settings = house.settings.model_copy(update={"support": SupportSettings(port=unused_tcp_port)})
    async with support_mail.taking_in(settings, site.database):
        yield Post(site, unused_tcp_port)


async def act(page: Page, menu: str, field: str, text: str, button: str) -> None:
    """This will open a form of the ticket, fill it in and send it."""
    opened = page.locator("details.action").filter(has=page.get_by_text(menu, exact=True))
    await opened.locator("summary").click()
    await opened.get_by_label(field).fill(text)
    await press(page, button, within=opened)
    await expect(page.locator("main [role=alert]")).to_have_count(0)


async def test_a_ticket_by_mail_is_treated_in_the_pages(site: Site, post: Post) -> None:
    await post.write("Sem sinal desde cedo", "O modem está com a luz vermelha.")
    page = await site.page()

    await it_stands_in_list_and_inbox(site, page, post)
    await it_is_answered_and_asked_back(site, page, post)

    # solved, told; a reply within five days opens it again
    await act(page, "Resolver… e", "Como foi resolvido", "Trocamos o modem.", "Resolver")
    solved = await post.told("Trocamos o modem.")
    await post.write("Re: Sem sinal desde cedo", "Caiu de novo.", answers=solved.provider_id)
    await page.reload()
    await page.get_by_text("Caiu de novo.").wait_for()
    await page.get_by_text("Reaberturas").wait_for()
    assert await site.violations(page) == []

    # and the sink's own page shows what Maria got
    await page.goto("/mensagens/caixa?busca=maria")
    await page.get_by_role("cell", name=MARIA).first.wait_for()


async def it_stands_in_list_and_inbox(site: Site, page: Page, post: Post) -> None:
    """The protocol is promised at once; a task asks for the first response."""
    answered = await post.told("Recebemos seu chamado.")
    await page.goto("/chamados")
    row = page.locator("[data-row]").filter(has_text="Sem sinal desde cedo")
    protocol = await row.get_by_role("link").first.inner_text()
    assert protocol in answered.text
    assert await site.violations(page) == []
    await page.goto("/tarefas/livres")
    await page.get_by_role("link", name=f"Responder o chamado {protocol}").first.wait_for()
    await page.goto("/chamados")
    await row.get_by_role("link", name=protocol).click()
    await page.get_by_text("O modem está com a luz vermelha.").wait_for()
    assert await site.violations(page) == []


async def it_is_answered_and_asked_back(site: Site, page: Page, post: Post) -> None:
    """Each step is told; while the customer is waited for, the promise of a solution stands."""
    await page.keyboard.press("a")
    await expect(page.locator("#flash")).to_contain_text("assumido")
    await act(page, "Responder… r", "Resposta ao cliente", "Reinicie o modem.", "Enviar")
    await post.told("Reinicie o modem.")
    await act(
        page, "Aguardar o cliente… w", "O que falta do cliente", "Qual o modelo?",
        "Perguntar e aguardar",
    )  # fmt: skip
    asked = await post.told("Qual o modelo?")
    await expect(page.get_by_text("Cliente respondeu…")).to_be_visible()
    await post.write("Re: Sem sinal desde cedo", "É o X9.", answers=asked.provider_id)
    await page.reload()
    await page.get_by_text("É o X9.").wait_for()
    await expect(page.get_by_text("Cliente respondeu…")).to_have_count(0)


async def test_a_ticket_by_telephone_is_opened_by_keyboard(site: Site, post: Post) -> None:
    async with site.database.write() as session:
        customer = await builders.a_customer(session, code="C-77", email="joao@exemplo.test")
    page = await site.page()
    await page.goto("/chamados/novo")
    assert await site.violations(page) == []

    await page.locator("#f-customer").fill(customer.code)
    await page.locator("#f-subject").fill("Segunda via")
    await page.locator("#f-text").fill("Pediu por telefone.")
    await page.locator("#f-text").press("Tab")
    await press(page, "Abrir")

    assert "protocolo" in await told(page)
    await page.get_by_text("Pediu por telefone.").wait_for()
