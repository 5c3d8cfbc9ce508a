"""Return files to train with: made by page and program, taken in; refused in earnest."""

from __future__ import annotations

import re

import pytest

from api.app import create_app
from models.invoices import Invoice
from tests.api.test_bank_returns import run_of
from tests.support.bank_returns import an_invoice, collect_by_boleto, write_out
from tests.support.web import Web

ALL = ("payments:see", "payments:act")
PATH = "/pagamentos/retornos/treino"
API = "/api/bank-returns/samples"


async def test_a_file_of_chosen_invoices_pays_them_when_it_is_sent_in(web: Web) -> None:
    invoices = [an_invoice("F1"), an_invoice("F2", "80.00"), an_invoice("F3", "60.00")]
    await collect_by_boleto(web.database, *invoices)
    browser, program = await web.browser(*ALL), await web.program(*ALL)
    one, two, three = (invoice.id for invoice in invoices)

    offered = (await browser.get(PATH)).text
    made = await browser.post(
        PATH,
        data={
            f"fate-{one}": "", f"fate-{two}": "short", f"fate-{three}": "twice", "every": "due",
            "paid_on": "2026-11-16", "has_unknown": "1", "has_unreadable": "1",
        },
    )  # fmt: skip
    file = ("treino.ret", made.content, "text/plain")
    sent = await program.post("/api/bank-returns", files={"file": file})
    number = sent.json()["id"]
    await write_out(web.database, await run_of(web, number))
    lines = (await program.get(f"/api/bank-returns/{number}/lines")).json()
    shown = (await browser.get(f"/pagamentos/retornos/{number}")).text

    assert re.findall(r'name="fate-(\d+)"', offered) == [str(one), str(two), str(three)]
    assert "treinamento-341-20261116.ret" in made.headers["content-disposition"]
    told = [(line["invoice_code"], line["outcome"]) for line in lines]
    assert told == [
        ("F1", "settled"), ("F2", "partial"), ("F3", "settled"), ("F3", "double"),
        (None, "unknown"), (None, "not_read"),
    ]  # fmt: skip
    paid, twice = lines[0], lines[3]
    assert float(paid["charges"]) > 0
    assert (twice["charges"], twice["excess"]) == ("0.00", twice["paid_amount"])  # all goes back
    assert "De treino" in shown
    async with web.database.read() as session:
        assert (await session.get_one(Invoice, one)).status == "settled"


async def test_a_search_keeps_what_was_chosen_before_it(web: Web) -> None:
    invoices = [an_invoice("F1"), an_invoice("F2", "80.00"), an_invoice("F3", "60.00")]
    await collect_by_boleto(web.database, *invoices)
    browser = await web.browser(*ALL)
    one, two, three = (invoice.id for invoice in invoices)

    found = await browser.get(
        PATH,
        params={
            "busca": "F3", f"fate-{one}": "", f"fate-{two}": "short", "paid_on": "2026-11-13",
            "columns": "240", "every": "due", "has_unknown": "1",
        },
    )  # fmt: skip

    assert re.findall(r'name="fate-(\d+)"', found.text) == [str(two), str(three)]
    assert re.findall(r'value="(\w+)" selected', found.text) == ["short", "due", "240"]
    assert 'value="2026-11-13"' in found.text
    assert re.search(r'name="has_unknown" value="1" checked', found.text)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, "SampleWithoutLines"),
        ({"invoices": [{"invoice_id": 999}]}, "SampleInvoiceNotFound"),
        ({"has_unknown": True, "paid_on": "2026-11-20"}, "PaidInTheFuture"),
    ],
)
async def test_a_file_that_could_not_be_is_refused(web: Web, asked, code) -> None:
    program = await web.program(*ALL)

    answer = await program.post(API, json=asked)

    assert answer.json()["code"] == code


async def test_where_it_is_earnest_none_is_made_and_none_taken_in(web: Web, settings) -> None:
    await collect_by_boleto(web.database, an_invoice())
    program = await web.program(*ALL)
    sample = await program.post(API, json={"invoices": [{"invoice_id": 1, "fate": "due"}]})
    earnest = settings.model_copy(update={"training": False})
    house = Web(create_app(earnest, web.database), web.database)
    browser, other = await house.browser(*ALL), await house.program(*ALL, login="outro")

    page, made = await browser.get(PATH), await other.post(API, json={"has_unknown": True})
    sent = await other.post("/api/bank-returns", files={"file": ("CB.RET", sample.content)})
    listed = (await browser.get("/pagamentos/retornos")).text

    assert (page.status_code, made.json()["code"]) == (422, "NotForTraining")
    assert (sent.status_code, sent.json()["code"]) == (422, "SampleReturnRefused")
    assert "retornos/treino" not in listed


def test_a_deployment_that_reaches_nobody_trains(settings) -> None:
    reaching = settings.model_copy(
        update={"smtp": settings.smtp.model_copy(update={"host": "smtp.example.com.br"})}
    )

    assert settings.is_training()
    assert not reaching.is_training()
    assert reaching.model_copy(update={"training": True}).is_training()
