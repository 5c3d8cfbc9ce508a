"""The page of an invoice, and the same for programs: items, what settles it today, its story."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select

from models.agreements import Agreement, Role, add_link
from models.charges import Charge
from models.contracts import Contract
from models.customers import Customer
from models.invoices import Invoice
from models.payments import Payment
from tests import builders
from tests.contracts import a_plan, activated
from tests.support.pdf import words_of
from tests.support.web import NOW, Web

SEE = "invoices:see"
SAID = ("prescrita", "perto de prescrever")


@pytest.fixture
async def late(web: Web) -> Invoice:
    """An invoice of 100 reais that was due thirty days ago, a Tuesday."""
    async with web.database.write() as session:
        customer = await builders.a_customer(session)
        return await builders.an_invoice(
            session, customer, "100.00", number="2026-7", due_date=date(2026, 10, 20)
        )


async def test_what_settles_it_today_is_told_line_by_line(web: Web, late):
    browser = await web.browser(SEE)

    shown = await browser.get(f"/cobrancas/faturas/{late.id}")

    assert "vencida há 30 dias" in shown.text
    assert "Multa de 2,00% sobre R$\xa0100,00" in shown.text
    assert "Juros de 1,00% ao mês sobre R$\xa0100,00, por 30 dias (até 19/11/2026)" in shown.text
    assert "R$\xa0103,00" in shown.text


async def test_a_program_reads_the_same_lines(web: Web, late):
    program = await web.program(SEE)

    told = (await program.get(f"/api/invoices/{late.id}")).json()

    due = told["due_today"]
    assert [(each["kind"], each["amount"], each["days"]) for each in due["late"]] == [
        ("fine", "2.00", 0), ("interest", "1.00", 30),
    ]  # fmt: skip
    assert (due["total"], told["items"][0]["kind"]) == ("103.00", "whole")


async def test_late_charges_paid_before_the_principal_are_not_asked_for_again(web: Web, late):
    program = await web.program(SEE, "payments:act")
    alone = {"code": "p1", "invoice": late.code, "amount": "2.67", "paid_on": "2026-11-09"}
    taken = await program.post("/api/payments", json=alone | {"charges": "2.67", "fine": "2.00"})

    due = (await program.get(f"/api/invoices/{late.id}")).json()["due_today"]

    assert taken.status_code == 201
    assert (due["open_amount"], due["late_paid"], due["total"]) == ("100.00", "2.67", "100.33")


async def test_late_charges_that_a_part_brought_are_not_asked_for_again(web: Web, late):
    person = await web.browser(SEE, "payments:see", "payments:act")
    program = await web.program(SEE, "payments:act")
    # Twenty days late: half of it, the fine of 2.00 and interest of 0.67.
    part = {"code": "p1", "invoice": late.code, "amount": "52.67", "paid_on": "2026-11-09"}
    await program.post("/api/payments", json=part | {"charges": "2.67", "fine": "2.00"})

    due = (await program.get(f"/api/invoices/{late.id}")).json()["due_today"]
    page = (await person.get(f"/cobrancas/faturas/{late.id}")).text
    form = (await person.get(f"/cobrancas/faturas/{late.id}/pagamento")).text
    paper = await program.get(f"/api/invoices/{late.id}/document")

    assert "Encargos já pagos" in words_of(paper.content)
    assert (due["late_paid"], due["total"]) == ("2.67", "50.16")
    assert "Encargos já pagos" in page
    assert re.findall(r'value="(\d+,\d\d)"', form) == ["50,16", "0,16", "0,00"]


@pytest.mark.parametrize(
    ("due", "says", "limitation"),
    [
        (date(2021, 11, 18), "prescrita", "reached"),
        (date(2021, 11, 19), "perto de prescrever", "near"),
        (date(2022, 2, 16), "perto de prescrever", "near"),
        (date(2022, 2, 17), "", "far"),
    ],
)
async def test_a_debt_says_how_near_it_is_to_its_limitation(web: Web, due, says, limitation):
    async with web.database.write() as session:
        customer = await builders.a_customer(session)
        old = await builders.an_invoice(session, customer, due_date=due)
        old.collection_stage = "negotiating"
        session.add(old)
    browser, program = await web.browser(SEE, "collections.account:see"), await web.program(SEE)

    pages = [
        (await browser.get(path)).text
        for path in (f"/cobrancas/faturas/{old.id}", f"/cobrancas/contas/{old.customer_id}")
    ]

    assert all((word in page) == (word == says) for page in pages for word in SAID)
    told = (await program.get(f"/api/invoices/{old.id}")).json()
    assert told["limitation"] == limitation
    assert told["last_day_to_sue"] == due.replace(year=due.year + 5).isoformat()


async def test_charges_lead_to_their_contract_and_add_up(web: Web):
    async with web.database.write() as session:
        contract: Contract = await activated(session, await a_plan(session), at=NOW)
        charge = (await session.exec(select(Charge).order_by(Charge.id))).first()
        customer = await session.get_one(Customer, contract.customer_id)
        invoice = await builders.an_invoice(session, customer, "90.00")
        charge.discount, charge.invoice_id = Decimal(10), invoice.id
        session.add(charge)
    program, browser = await web.program(SEE), await web.browser(SEE, "contracts:see")

    told = (await program.get(f"/api/invoices/{invoice.id}")).json()
    shown = (await browser.get(f"/cobrancas/faturas/{invoice.id}")).text

    assert [each["amount"] for each in told["items"]] == ["100.00", "-10.00"]
    assert told["contract_ids"] == [contract.id]
    assert f'href="/contratos/{contract.id}"' in shown


async def test_payments_are_shown_to_whoever_may_see_them(web: Web, late):
    async with web.database.write() as session:
        paid = {"invoice_id": late.id, "amount": Decimal("7.77"), "applied": Decimal("7.77")}
        day = date(2026, 11, 3)
        session.add(Payment(code="PIX-1", paid_on=day, credited_on=day, source="gateway",
                            at=NOW, by="system", **paid))  # fmt: skip

    hidden = await (await web.browser(SEE)).get(f"/cobrancas/faturas/{late.id}")
    shown = await (await web.browser(SEE, "payments:see", login="rita")).get(
        f"/cobrancas/faturas/{late.id}"
    )

    assert ("PIX-1" in hidden.text, "PIX-1" in shown.text) == (False, True)


async def test_an_instalment_names_its_agreement(web: Web, late):
    async with web.database.write() as session:
        category = await builders.a_category(session)
        agreement = Agreement(
            customer_id=late.customer_id, kind="proposal", status="in_progress",
            category_id=category.id, tolerance_date=date(2026, 12, 1),
            principal=Decimal(100), total=Decimal(100), made_at=NOW, made_by="ana",
        )  # fmt: skip
        session.add(agreement)
        await session.flush()
        invoice = await session.get_one(Invoice, late.id)
        parts = {"principal": "100.00"}
        add_link(session, agreement, invoice, role=Role.INSTALMENT, ordinal=2, parts=parts)
    program, browser = await web.program(SEE), await web.browser(SEE, "agreements:see")

    told = (await program.get(f"/api/invoices/{late.id}")).json()
    shown = (await browser.get(f"/cobrancas/faturas/{late.id}")).text

    assert told["agreements"][0]["ordinal"] == 2
    assert "Parcela 2 do acordo" in shown
    assert "Valor das faturas incluídas" in shown


async def test_an_invoice_is_followed_to_the_first_debts_and_to_the_last(web: Web, late):
    """Two debts became one, which became another: seen from each of them."""
    async with web.database.write() as session:
        category = await builders.a_category(session)
        customer = await session.get_one(Customer, late.customer_id)
        other, middle, last = [await builders.an_invoice(session, customer) for _ in range(3)]
        for originals, made in (((late, other), middle), ((middle,), last)):
            agreement = Agreement(
                customer_id=late.customer_id, kind="proposal", status="fulfilled",
                category_id=category.id, tolerance_date=date(2026, 12, 1),
                principal=Decimal(100), total=Decimal(100), made_at=NOW, made_by="ana",
            )  # fmt: skip
            session.add(agreement)
            await session.flush()
            for each in originals:
                add_link(session, agreement, each, role=Role.ORIGINAL, ordinal=0, parts={})
            add_link(session, agreement, made, role=Role.INSTALMENT, ordinal=1,
                     parts={"principal": "100.00"})  # fmt: skip
    program, browser = await web.program(SEE), await web.browser(SEE)

    async def lineage(invoice_id: int, name: str) -> list[list[int]]:
        told = (await program.get(f"/api/invoices/{invoice_id}")).json()[name]
        return [[each["invoice_id"] for each in rows] for rows in told]

    assert await lineage(last.id, "ancestors") == [[middle.id], [other.id, late.id]]
    assert await lineage(late.id, "descendants") == [[middle.id], [last.id]]
    assert await lineage(middle.id, "ancestors") == [[other.id, late.id]]
    shown = (await browser.get(f"/cobrancas/faturas/{last.id}")).text
    assert shown.index("Da primeira dívida à última") < shown.index(f"/faturas/{other.id}")


async def test_an_unknown_invoice_is_not_found(web: Web):
    browser, program = await web.browser(SEE), await web.program(SEE)

    assert (await browser.get("/cobrancas/faturas/99")).status_code == 404
    assert (await program.get("/api/invoices/99")).status_code == 404


@pytest.mark.parametrize(
    ("values", "once"),
    [
        ({"status": "replaced", "collection_stage": "replaced"}, "Substituída"),
        ({"due_date": date(2026, 11, 18)}, "vencida há 1 dia"),
    ],
)
async def test_how_it_stands_is_said_once_and_in_words(web: Web, values: dict, once: str) -> None:
    async with web.database.write() as session:
        invoice = await builders.an_invoice(session, await builders.a_customer(session), **values)
    browser = await web.browser(SEE)

    page = (await browser.get(f"/cobrancas/faturas/{invoice.id}")).text

    assert re.findall(r"<span class=\"badge[^>]*>([^<]+)</span>", page).count(once) == 1
