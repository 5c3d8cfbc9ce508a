"""Protests by page and program: recorded, told of their outcome, lifted once paid."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel import col, select

from activities.payments import reverse_payment
from models.agreements import Agreement, Role, add_link
from models.customers import Customer
from models.invoices import Invoice, InvoiceEvent
from models.tasks import Task
from tests import builders
from tests.support.pdf import words_of
from tests.support.web import NOW, Web

RIGHTS = ("protests:see", "protests:act", "invoices:see")
ASKS_BACK = "retire o título do cartório antes que seja protestado"
TOLD = {"office": "1º Tabelionato de São Paulo", "protocol": "2026-77"}


@pytest.fixture
async def late(web: Web) -> Invoice:
    """An invoice of a contract, a hundred days late."""
    async with web.database.write() as session:
        customer = await builders.a_customer(session)
        contract = await builders.a_contract(session, customer)
        due = NOW.date() - timedelta(days=100)
        return await builders.an_invoice(
            session, customer, "100.00", due_date=due, contract_id=contract.id
        )


async def titles(web: Web, *, are_open: bool = False) -> list[str]:
    wanted = select(Task.title).order_by(col(Task.id))
    if are_open:
        wanted = wanted.where(col(Task.finished_at).is_(None))
    async with web.database.read() as session:
        return list(await session.exec(wanted))


async def test_a_protested_debt_that_is_paid_brings_a_letter_of_consent(web: Web, late) -> None:
    browser, path = await web.browser(*RIGHTS), f"/cobrancas/faturas/{late.id}/protesto"
    sent = TOLD | {"protocolled_on": NOW.date().isoformat()}

    assert (await browser.post(path, data=sent)).status_code == 303
    program = await web.program(*RIGHTS)
    [kept] = (await program.get(f"/api/invoices/{late.id}/protests")).json()
    letter = f"/cobrancas/protestos/{kept['id']}/anuencia"
    early = await browser.get(letter)
    await browser.post(f"/cobrancas/protestos/{kept['id']}/resultado", data={"stage": "protested"})
    async with web.database.write() as session:
        await builders.pay(session, await session.get_one(Invoice, late.id), at=NOW)

    assert (kept["stage"], kept["amount"]) == ("protocolled", "100.00")
    assert date.fromisoformat(kept["pay_until"]) > NOW.date()
    assert early.status_code == 422
    words = words_of((await browser.get(letter)).content)
    assert "2026-77" in words
    assert "Carta de anuência" in words
    assert "Carta de anuência" in (await browser.get(path)).text
    assert await titles(web) == [
        "Protesto: registrar o que o cartório respondeu",
        "Protesto: entregar a carta de anuência",
    ]
    assert await titles(web, are_open=True) == ["Protesto: entregar a carta de anuência"]
    assert "2026-77" in (await browser.get("/cobrancas/protestos?situacao=protested")).text
    async with web.database.read() as session:
        told = (await session.exec(select(InvoiceEvent.kind))).all()
    assert {"protest_protocolled", "protest_protested"} <= set(told)


async def test_what_is_paid_before_the_protest_is_to_be_taken_back(web: Web, late) -> None:
    program = await web.program(*RIGHTS)
    sent = TOLD | {"protocolled_on": NOW.date().isoformat()}
    made = await program.post(f"/api/invoices/{late.id}/protests", json=sent)

    async with web.database.write() as session:
        await builders.pay(session, await session.get_one(Invoice, late.id), at=NOW)

    assert made.status_code == 201
    assert (await titles(web))[-1] == "Protesto: retirar o título do cartório"
    page = f"/cobrancas/faturas/{late.id}/protesto"
    browser = await web.browser(*RIGHTS, login="rui")
    assert ASKS_BACK in (await browser.get(page)).text
    end = {"stage": "withdrawn"}
    ended = await program.post(f"/api/protests/{made.json()['id']}/outcome", json=end)
    again = await program.post(f"/api/protests/{made.json()['id']}/outcome", json=end)
    assert (ended.json()["stage"], again.status_code) == ("withdrawn", 422)
    assert ASKS_BACK not in (await browser.get(page)).text
    assert await titles(web, are_open=True) == []


async def test_what_is_paid_and_taken_back_is_lifted_no_more(web: Web, late) -> None:
    program = await web.program(*RIGHTS)
    sent = TOLD | {"protocolled_on": NOW.date().isoformat()}
    await program.post(f"/api/invoices/{late.id}/protests", json=sent)
    withdraw = "Protesto: retirar o título do cartório"

    for _ in range(2):  # paid, taken back, and paid once more
        async with web.database.write() as session:
            paid = await builders.pay(session, await session.get_one(Invoice, late.id), at=NOW)
        assert (await titles(web, are_open=True)).count(withdraw) == 1
        async with web.database.write() as session:
            await reverse_payment(
                session, paid.id, reason="estorno do cartão", by="ana", at=NOW
            )  # fmt: skip
        assert withdraw not in await titles(web, are_open=True)

    assert await titles(web, are_open=True) == ["Protesto: registrar o que o cartório respondeu"]


async def test_the_list_says_paid_by_the_instalments_too_and_is_narrowed_by_it(
    web: Web, late
) -> None:
    program, browser = await web.program(*RIGHTS), await web.browser(*RIGHTS)
    sent = TOLD | {"protocolled_on": NOW.date().isoformat()}
    made = (await program.post(f"/api/invoices/{late.id}/protests", json=sent)).json()
    first, last = await instalments_of(web, late)

    for instalment, is_paid in ((first, False), (last, True)):
        async with web.database.write() as session:
            await builders.pay(session, await session.get_one(Invoice, instalment), at=NOW)
        listed = {
            told: (await program.get("/api/protests", params={"is_paid": told})).json()["items"]
            for told in (True, False)
        }
        assert [each["id"] for each in listed[is_paid]] == [made["id"]]
        assert listed[not is_paid] == []
        assert listed[is_paid][0]["is_paid"] is is_paid
        for asked, told in (("sim", True), ("nao", False)):
            shown = (await browser.get(f"/cobrancas/protestos?quitada={asked}")).text
            assert ("2026-77" in shown) is (is_paid == told)
    by_stage = await program.get("/api/protests", params={"stage": "protested"})
    assert by_stage.json()["items"] == []
    assert (await program.get("/api/protests", params={"stage": "x"})).status_code == 422


async def test_what_an_agreement_took_in_is_lifted_by_its_last_instalment(web: Web, late) -> None:
    program = await web.program(*RIGHTS)
    sent = TOLD | {"protocolled_on": NOW.date().isoformat()}
    made = (await program.post(f"/api/invoices/{late.id}/protests", json=sent)).json()
    await program.post(f"/api/protests/{made['id']}/outcome", json={"stage": "protested"})
    first, last = await instalments_of(web, late)
    consent = "Protesto: entregar a carta de anuência"

    for instalment, is_asked in ((first, False), (last, True)):
        async with web.database.write() as session:
            await builders.pay(session, await session.get_one(Invoice, instalment), at=NOW)
        assert (consent in await titles(web)) == is_asked
        letter = await program.get(f"/api/protests/{made['id']}/consent")
        assert letter.status_code == (200 if is_asked else 422)


async def instalments_of(web: Web, original: Invoice) -> list[int]:
    """The two invoices that an agreement puts in the place of one."""
    async with web.database.write() as session:
        agreement = Agreement(
            customer_id=original.customer_id, kind="proposal", status="in_progress",
            category_id=(await builders.a_category(session)).id, tolerance_date=date(2027, 1, 1),
            principal=Decimal(100), total=Decimal(100), made_at=NOW, made_by="ana",
        )  # fmt: skip
        session.add(agreement)
        await session.flush()
        old = await session.get_one(Invoice, original.id)
        old.status, old.collection_stage = "replaced", "replaced"
        old.agreement_id = agreement.id
        add_link(session, agreement, old, role=Role.ORIGINAL, ordinal=0, parts={})
        customer = await session.get_one(Customer, original.customer_id)
        found = []
        for ordinal in (1, 2):
            part = await builders.an_invoice(
                session, customer, "50.00", due_date=date(2026, 12, 1),
                collection_stage="in_agreement", agreement_id=agreement.id,
            )  # fmt: skip
            add_link(session, agreement, part, role=Role.INSTALMENT, ordinal=ordinal, parts={})
            found.append(part.key)
        return found


async def test_a_protest_wants_its_day_and_what_is_asked_wrongly_says_so(web: Web, late) -> None:
    browser, path = await web.browser(*RIGHTS), f"/cobrancas/faturas/{late.id}/protesto"
    tomorrow = (NOW.date() + timedelta(days=1)).isoformat()

    refused = await browser.post(path, data=TOLD | {"protocolled_on": tomorrow})
    program = await web.program(*RIGHTS)

    assert refused.status_code == 422
    assert 'id="e-protocolled_on"' in refused.text
    assert (await program.get("/api/invoices/999999/protests")).status_code == 404
    ended = await program.post("/api/protests/999999/outcome", json={"stage": "protested"})
    assert ended.status_code == 404
    assert (await program.get("/api/protests/999999/consent")).status_code == 404
