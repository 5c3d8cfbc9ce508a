"""Where a role begins after the log-in: at the first page that it may open."""

from __future__ import annotations

import pytest

from rules.permissions import ALL
from tests import builders
from tests.support.web import Web

SEEING = sorted(name for name in ALL if name.endswith(":see"))


#: Its page asks the engine, which is not there in these tests.
SYSTEM = "system:see"


@pytest.mark.parametrize("permission", SEEING)
async def test_whoever_may_see_one_thing_begins_at_its_page(web: Web, permission: str) -> None:
    browser = await web.browser(permission)

    first = await browser.get("/", follow_redirects=True)

    assert (first.status_code, permission) == (503 if permission == SYSTEM else 200, permission)


async def test_whoever_may_see_nothing_is_told_so(web: Web) -> None:
    first = await (await web.browser("invoices:act")).get("/", follow_redirects=True)

    assert first.status_code == 403
    assert "ainda não abre nenhuma página" in first.text


async def test_who_sees_connections_alone_finds_their_customer(web: Web) -> None:
    async with web.database.write() as session:
        customer = await builders.a_customer(session, name="Padaria Aurora")
    browser = await web.browser("connections:see")

    found = await browser.get("/busca", params={"q": "Aurora"})
    opened = await browser.get(f"/cobrancas/contas/{customer.id}/conexoes")

    assert f'href="/cobrancas/contas/{customer.id}/conexoes"' in found.text
    assert opened.status_code == 200


async def test_who_sees_invoices_alone_finds_one_and_no_customer(web: Web) -> None:
    async with web.database.write() as session:
        customer = await builders.a_customer(session, name="Padaria Aurora")
        invoice = await builders.an_invoice(session, customer, number="2026-7")
    browser = await web.browser("invoices:see")

    found = await browser.get("/busca", params={"q": "2026-7"})
    names = await browser.get("/busca", params={"q": "Aurora"})

    assert f'href="/cobrancas/faturas/{invoice.id}"' in found.text
    assert "/cobrancas/contas/" not in names.text
