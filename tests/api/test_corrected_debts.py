"""A late debt that the house corrects: told by page, API and PDF, and in what settles it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from models.invoices import Invoice
from models.people import Deed
from models.plans import PriceIndex, PriceIndexMonth
from models.policies import change_value
from rules.policies import setting_of
from tests import builders
from tests.support.pdf import words_of
from tests.support.web import NOW, Web

RIGHTS = ("invoices:see", "payments:see", "payments:act")
DEED = Deed("ana", NOW, "", frozenset())


@pytest.fixture
async def late(web: Web) -> Invoice:
    """An invoice of 100 reais, thirty days late; the IPCA of its month is known."""
    async with web.database.write() as session:
        index = PriceIndex(code="IPCA", name="IPCA")
        session.add(index)
        await session.flush()
        session.add(
            PriceIndexMonth(
                price_index_id=index.id, kind="monthly_rates", month=date(2026, 10, 1),
                value=Decimal("0.50"), source="csv",
            )
        )  # fmt: skip
        customer = await builders.a_customer(session)
        return await builders.an_invoice(
            session, customer, "100.00", number="2026-7", due_date=date(2026, 10, 20)
        )


async def correct(web: Web, **settings: object) -> None:
    async with web.database.write() as session:
        for name, value in settings.items():
            await change_value(session, setting_of(f"DebtPolicy.{name}"), value, deed=DEED)


async def due_today(web: Web, invoice: Invoice) -> dict:
    program = await web.program(*RIGHTS)
    return (await program.get(f"/api/invoices/{invoice.id}")).json()["due_today"]


@pytest.mark.parametrize(
    ("told", "total"),
    [
        ({}, "103.00"),  # as banks' bills are: fine and interest alone
        ({"corrects_late": True}, "103.50"),
        ({"corrects_late": True, "correction_index": "IGP-DI"}, "103.00"),  # no such index here
    ],
)
async def test_a_late_debt_is_corrected_where_the_house_says_so(
    web: Web, late: Invoice, told: dict, total: str
) -> None:
    await correct(web, **told)

    assert (await due_today(web, late))["total"] == total


async def test_the_correction_stands_on_page_document_and_payment(web: Web, late: Invoice) -> None:
    await correct(web, corrects_late=True)
    browser = await web.browser(*RIGHTS)

    shown = (await browser.get(f"/cobrancas/faturas/{late.id}")).text
    paper = words_of((await browser.get(f"/cobrancas/faturas/{late.id}/documento")).content)
    form = (await browser.get(f"/cobrancas/faturas/{late.id}/pagamento")).text

    assert "Correção de 0,50% sobre R$\xa0100,00 (até 19/11/2026)" in shown
    assert "Correção monetária de 0,5 % sobre" in paper
    assert "103,50" in paper
    assert "correção R$\xa00,50" in form
    assert 'value="103,50"' in form
