"""What collecting brings, before managers and programs."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from sqlmodel import select

from activities.promises import NewPromise, make_promise
from models.collections import NewContact, account_of, add_contact
from models.ladder_tables import Ladder, LadderStep
from models.ladders import LadderExecution
from models.messages import Message
from models.people import Deed
from models.promises import Promise
from rules.business_days import local_date
from tests import builders
from tests.support.web import NOW, Web

SEES = "collections.charts:see"
TODAY = local_date(NOW)


def ago(days: int):
    return NOW - timedelta(days=days)


@pytest.fixture
async def scene(web: Web) -> dict:
    """Three invoices 40 days late; two were written to, one of them paid soon after it."""
    async with web.database.write() as session:
        customer = await builders.a_customer(session)
        await builders.a_collections_case(session, customer)
        ladder = await builders.stored(session, Ladder(code="r", name="Régua"))
        step = await builders.stored(
            session,
            LadderStep(
                ladder_id=ladder.id, action="message", offset_days=5, name="Aviso",
                purpose="ladder_overdue", channels="email",
            ),
        )  # fmt: skip
        invoices = [
            await builders.an_invoice(session, customer, due_date=TODAY - timedelta(days=40))
            for _ in range(3)
        ]
        for number, invoice in enumerate(invoices[:2]):
            await _written(session, ladder, step, invoice, number)
        await make_promise(
            session, customer.id, NewPromise(TODAY, Decimal(50)), deed=Deed("ana", ago(1))
        )
        await builders.pay(session, invoices[0], at=ago(1))
    return {"customer": customer.id}


async def _written(session, ladder, step, invoice, number: int) -> None:
    contact = f"ladder/{number}"
    session.add(
        LadderExecution(
            invoice_id=invoice.id, step_id=step.id, ladder_id=ladder.id, version=1,
            customer_id=invoice.customer_id, action="message", outcome="done",
            fell_on=local_date(ago(5)), executed_on=local_date(ago(5)), at=ago(5), contact=contact,
        )
    )  # fmt: skip
    session.add(
        Message(
            key=f"{contact}/email", contact=contact, channel="email", purpose="ladder_overdue",
            customer_id=invoice.customer_id, to_address="x@x.example", text="x", status="sent",
            created_at=ago(5), not_before=ago(5), created_by="system", sent_at=ago(5),
        )
    )  # fmt: skip


async def test_every_table_counts_what_it_says(web: Web, scene: dict) -> None:
    program = await web.program(SEES)

    told = {
        each["key"]: each["rows"] for each in (await program.get("/api/collections/results")).json()
    }

    assert told["cures"] == [["Aviso", 5, "e-mail", 2, 1, "50.00"]]
    assert told["promises"][-1][1:] == [1, 0, 0, "100.00"]
    assert told["cost"][-1][1:] == [2, 0, "0.02", "100.00", "0.02"]
    ageing = told["ageing"]
    assert [Decimal(row[-3]) for row in ageing] == [0, 200, 0, 0, 0, 0]
    assert Decimal(ageing[1][3]) == 200  # all of it under negotiation


async def test_managers_read_it_on_a_page_and_as_csv(web: Web, scene: dict) -> None:
    browser = await web.browser(SEES, "collections.account:see")
    stranger = await web.browser("tasks:see", login="rui")

    page = (await browser.get("/cobrancas/resultados")).text
    csv = await browser.get("/cobrancas/resultados/cures.csv")
    unknown = await browser.get("/cobrancas/resultados/nothing.csv")
    promises = (await browser.get("/cobrancas/promessas?situacao=kept")).text
    none = (await browser.get("/cobrancas/promessas?situacao=broken")).text

    assert "Cura por passo e meio" in page
    assert "/cobrancas/resultados/listas/em-aberto?faixa=1&amp;etapa=negotiating" in page
    assert "Aviso;5;e-mail;2;1;50,0" in csv.text
    assert unknown.status_code == 404
    assert ("Cumprida" in promises, "Nenhuma promessa" in none or "corresponde" in none) == (
        True, True,
    )  # fmt: skip
    assert (await stranger.get("/cobrancas/resultados")).status_code == 403


async def test_programs_read_the_promises_of_all_customers(web: Web, scene: dict) -> None:
    program = await web.program("collections.account:see")

    kept = (await program.get("/api/promises?status=kept")).json()
    broken = (await program.get("/api/promises?status=broken")).json()
    later = (await program.get(f"/api/promises?since={TODAY + timedelta(days=1)}")).json()
    wrong = await program.get("/api/promises?status=perhaps")

    async with web.database.read() as session:
        [promise] = (await session.exec(select(Promise).order_by("id"))).all()
    assert [(each["id"], each["amount"]) for each in kept] == [(promise.id, "50.00")]
    assert (broken, later, wrong.status_code) == ([], [], 422)


async def test_every_link_of_the_page_opens_its_list(web: Web, scene: dict) -> None:
    browser = await web.browser("*")

    page = (await browser.get("/cobrancas/resultados")).text
    links = [unescape(each) for each in re.findall(rf'href="({LISTS}/[^"]+)"', page)]
    answers = {each: (await browser.get(each)).status_code for each in links}

    assert len(links) > 5
    assert set(answers.values()) == {200}, answers


LISTS = "/cobrancas/resultados/listas"
MONTH = f"desde={TODAY.replace(day=1)}&ate={TODAY}"


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        ("alcancadas?passo=1&canal=", 2),
        ("alcancadas?passo=1&canal=email", 2),
        ("alcancadas?passo=1&so=pagas", 1),
        ("alcancadas?passo=1&canal=sms", 0),
        ("alcancadas?passo=2", 0),
        (f"recuperado?{MONTH}", 1),
        (f"recuperado?desde={TODAY + timedelta(days=1)}", 0),
        (f"enviadas?{MONTH}", 2),
        (f"contatos?{MONTH}", 1),
        ("em-aberto?faixa=1&etapa=negotiating", 2),
        ("em-aberto?faixa=1&etapa=classified", 0),
        ("em-aberto?faixa=1&etapa=fora", 0),
        ("em-aberto?faixa=0", 0),
        ("em-aberto", 2),
    ],
)
async def test_each_figure_opens_the_rows_that_it_counts(
    web: Web, scene: dict, asked: str, rows: int
) -> None:
    async with web.database.write() as session:
        account = await account_of(session, scene["customer"])
        category = await builders.a_contact_category(session)
        said = NewContact("active", "phone", category.id, "Cobrança", "Falei com ela")
        await add_contact(session, account, said, by="ana", at=NOW)
    browser = await web.browser(SEES, "collections.account:see")

    page = await browser.get(f"{LISTS}/{asked}")
    csv = await browser.get(f"{LISTS}/{asked}{'&' if '?' in asked else '?'}formato=csv")

    assert page.status_code == 200
    assert len(csv.text.strip().splitlines()) - 1 == rows


async def test_the_rows_behind_figures_are_for_who_sees_accounts(web: Web) -> None:
    manager = await web.browser(SEES)

    assert (await manager.get(f"{LISTS}/em-aberto")).status_code == 403
    assert LISTS not in (await manager.get("/cobrancas/resultados")).text
