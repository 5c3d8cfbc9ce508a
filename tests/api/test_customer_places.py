"""A customer's name leads to who they are, also of who never was in collections."""

from __future__ import annotations

import pytest

from models.customers import Customer
from models.invoices import Invoice
from models.sales_leads import SalesLead
from tests import builders
from tests.support.letters import a_letter
from tests.support.web import NOW, Web

SEES = ("messages:see", "invoices:see", "payments:see", "contracts:see")


@pytest.fixture
async def known(web: Web) -> tuple[Customer, list[str]]:
    """A customer with an invoice that is not due, a message and a lead; and their pages."""
    async with web.database.write() as session:
        customer = await builders.a_customer(session, name="Ana Souza", email="ana@exemplo.test")
        invoice: Invoice = await builders.an_invoice(session, customer, collection_stage=None)
        lead = await builders.stored(
            session,
            SalesLead(code="L1", name="Ana", customer_id=customer.id, made_at=NOW, made_by="ana"),
        )
    letter = await a_letter(web.database, customer)
    invoice_at = f"/cobrancas/faturas/{invoice.key}"
    return customer, [
        f"/mensagens/{letter.id}", invoice_at, f"{invoice_at}/pagamento",
        f"/contratos/oportunidades/{lead.id}",
    ]  # fmt: skip


async def test_it_leads_to_their_page(web: Web, known: tuple[Customer, list[str]]) -> None:
    customer, pages = known
    browser = await web.browser(*SEES, "customers:see", "collections.account:see")

    for path in pages:
        shown = (await browser.get(path)).text
        assert f'href="/clientes/{customer.id}"' in shown, path
        assert f'href="/cobrancas/contas/{customer.id}"' not in shown, path


async def test_who_sees_accounts_alone_is_led_to_one_that_is_there(
    web: Web, known: tuple[Customer, list[str]]
) -> None:
    customer, pages = known
    browser = await web.browser(*SEES, "collections.account:see")
    account = f'href="/cobrancas/contas/{customer.id}"'

    before = [account in (await browser.get(path)).text for path in pages]
    async with web.database.write() as session:
        await builders.a_collections_case(session, customer)
    after = [account in (await browser.get(path)).text for path in pages]

    assert before == [False] * len(pages)
    assert after == [True] * len(pages)
