"""Carriers' lists are narrowed by what there is; samples of files go through the whole way."""

from __future__ import annotations

import re

import pytest
from sqlmodel import select

from activities.carriers import carry_out
from api.app import create_app
from models.bulk import BulkRun
from models.carrier_invoices import CarrierInvoice
from models.carrier_setup import SetupStep
from models.customers import Customer
from models.findings import Finding
from models.lines import Line, LineHolder
from rules.audit_rules import Rule
from rules.carrier_errors import plant
from rules.carrier_samples import file_of, make_sample
from settings import Settings
from tests.builders import a_customer, customer_of
from tests.support.carriers import a_company, import_sample, on_disk
from tests.support.web import ADDRESS, Web

ALL = ("carriers:see", "carriers:act", "findings:see", "findings:act", "contestations:see")
FINDINGS, SAMPLE = "/operadoras/divergencias", "/operadoras/exemplo"


async def billed(web: Web, tmp_path) -> None:
    """One company, one line of which is of sales; two errors in its invoice."""
    sample = make_sample()
    for rule in (Rule.DUPLICATE, Rule.FEE_DIFFERS):
        plant(sample, rule)
    async with web.database.write() as session:
        await a_company(session, sample)
        session.add(
            LineHolder(line_id=1, owner="Ana", cost_centre="VENDAS", since=sample.bill.issue_date)
        )
    file = on_disk(tmp_path, file_of(sample.bill, "febraban_v3r0"))
    await import_sample(web.database, file, at=web.now)


def rows(page: str) -> int:
    return page.split("<tbody>")[1].split("</tbody>", maxsplit=1)[0].count("data-row")


def choices(page: str, name: str) -> list[str]:
    drawn = re.search(rf'<select[^>]+name="{name}".*?</select>', page, re.DOTALL)
    assert drawn is not None
    return re.findall(r'<option value="([^"]*)"', drawn[0])


async def test_findings_are_narrowed_by_what_there_is_and_counted_by_situation(web: Web, tmp_path):
    await billed(web, tmp_path)
    browser = await web.browser(*ALL)
    asked = f"{FINDINGS}?operadora=claro"
    picked = await browser.post(
        f"{FINDINGS}/separacao", data={"ids": "1"}, headers={"referer": f"{ADDRESS}{asked}"}
    )

    page = (await browser.get(FINDINGS)).text
    told = {name: choices(page, name) for name in ("operadora", "mes", "centro", "fatura")}
    found = [
        rows((await browser.get(f"{FINDINGS}?{query}")).text)
        for query in (
            "operadora=claro", "mes=2026-11-01", "fatura=1", "busca=plano", "de=2026-12-01",
            "centro=-",
        )
    ]  # fmt: skip
    strange = await browser.get(f"{FINDINGS}?operadora=oi")
    chips = page.split('class="chips')[1].split("</nav>")[0]

    assert told == {
        "operadora": ["", "claro"], "mes": ["", "2026-11-01"], "centro": ["", "-", "VENDAS"],
        "fatura": ["", "1"],
    }  # fmt: skip
    assert picked.headers["location"] == asked
    assert found[:3] == [2, 2, 2]
    assert (found[3], found[4]) == (1, 0)
    assert found[5] in (1, 2)
    assert strange.status_code == 422
    assert "Mais filtros" in page
    assert '<details class="rare-filters">' in page
    assert '<details class="rare-filters" open>' in (await browser.get(f"{FINDINGS}?fatura=1")).text
    assert re.findall(r"situacao=(\w+)", chips) == ["open", "picked"]
    assert chips.count(">1</strong>") == 2


@pytest.mark.parametrize(
    "path",
    [
        "/contestacoes?operadora=claro&de=2026-01-01",
        "/contestacoes/correcoes?operadora=claro",
        "/operadoras/faturas?operadora=claro&mes=2026-11-01",
    ],
)
async def test_other_lists_of_carriers_have_the_same_filters(web: Web, tmp_path, path: str):
    await billed(web, tmp_path)
    browser = await web.browser(*ALL)

    page = await browser.get(path)

    assert page.status_code == 200
    assert choices(page.text, "operadora") == ["", "claro"]


async def test_a_house_is_led_through_what_is_missing_before_its_first_file(web: Web):
    browser = await web.browser(*ALL, "registries:edit", "customers:see", "customers:act")

    empty = (await browser.get("/operadoras/faturas")).text
    async with web.database.write() as session:
        await a_company(session, make_sample(lines=1))
    ready = (await browser.get("/operadoras/faturas")).text

    steps = empty.split("Antes do primeiro arquivo")[1].split("</ol>")[0]
    assert steps.count("<a href=") == len(SetupStep)
    assert "Antes do primeiro arquivo" not in ready


async def test_a_step_of_somebody_else_is_told_without_a_way_there(web: Web):
    browser = await web.browser(*ALL)

    empty = (await browser.get("/operadoras/faturas")).text

    steps = empty.split("Antes do primeiro arquivo")[1].split("</ol>")[0]
    assert "/operadoras/contratos/novo" in steps
    assert "/cadastros/operadoras/novo" not in steps
    assert "/clientes/novo" not in steps
    assert steps.count("por quem tem a permissão") == 2


async def test_a_newcomer_sets_up_audits_and_finds_with_the_samples_alone(web: Web):
    async with web.database.write() as session:
        account = await a_company(session, make_sample(lines=1))
        company = await customer_of(session, account.customer_id)
    browser = await web.browser(*ALL)
    asked = {
        "issue_date": "2026-11-22", "layout": "febraban_v3r0", "lines": "4", "calls": "10",
        "seed": "5", "wrong": ["total_wrong", "line_inactive"],
    }  # fmt: skip

    form = (await browser.get(SAMPLE)).text
    parts = {
        part: await browser.post(SAMPLE, data={**asked, "part": part})
        for part in ("fatura", "linhas", "tarifas")
    }
    lines = ("linhas.csv", parts["linhas"].content, "text/csv")
    await browser.post(
        "/operadoras/linhas/importacao", data={"company": company.code}, files={"file": lines}
    )
    tariffs = ("tarifas.csv", parts["tarifas"].content, "text/csv")
    await browser.post("/operadoras/contratos/1/tarifas/importacao", files={"file": tariffs})
    file = ("f.txt", parts["fatura"].content, "text/plain")
    await browser.post("/operadoras/faturas", files={"files": file})
    async with web.database.read() as session:
        [run] = (await session.exec(select(BulkRun))).all()
    await carry_out(web.database, run.number, at=web.now)

    async with web.database.read() as session:
        [invoice] = (await session.exec(select(CarrierInvoice))).all()
        found = (await session.exec(select(Finding))).all()
    assert "0012345678" in form
    assert all("attachment" in each.headers["content-disposition"] for each in parts.values())
    assert invoice.number == "F5202611"
    assert {Rule.TOTAL_WRONG, Rule.LINE_INACTIVE} <= {each.rule for each in found}


async def test_no_sample_is_made_where_invoices_are_earnest(settings: Settings, web: Web):
    earnest = settings.model_copy(update={"training": False})
    house = Web(create_app(earnest, web.database), web.database)
    browser = await house.browser(*ALL)

    assert "/operadoras/exemplo" not in (await browser.get("/operadoras/faturas")).text
    assert (await browser.get(SAMPLE)).status_code == 422


async def test_a_sample_of_an_own_account_is_its_next_invoice(web: Web, tmp_path):
    await billed(web, tmp_path)
    browser = await web.browser(*ALL)

    form = (await browser.get(f"{SAMPLE}?conta=1")).text
    asked = {
        "account_id": "1",
        "issue_date": "2026-12-22",
        "credit": "12,34",
        "credit_told": "Credito 2026-77",
    }
    file = (await browser.post(SAMPLE, data=asked)).text
    cut = (await browser.post(SAMPLE, data={**asked, "spoiled": "cut"})).text

    assert 'value="2026-12-22"' in form
    assert "Credito 2026-77" in file
    assert file.splitlines()[0][14:39].strip() == "12345678"
    assert len(cut) < len(file)


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"layout": "papel"}, 422),
        ({"issue_date": ""}, 422),
        ({"lines": "100000"}, 422),
        ({"wrong": "tudo"}, 422),
        ({"account_id": "77"}, 404),
        ({"credit": "-1"}, 200),
    ],
)
async def test_a_sample_that_cannot_be_is_refused(web: Web, wrong: dict[str, str], status: int):
    browser = await web.browser(*ALL)
    reader = await web.browser("carriers:see", login="reader")
    asked = {"issue_date": "2026-11-22", "lines": "1", "calls": "2", **wrong}

    assert (await browser.post(SAMPLE, data=asked)).status_code == status
    assert (await reader.post(SAMPLE, data=asked)).status_code == 403


async def test_every_list_is_narrowed_to_a_company(web: Web, tmp_path):
    await billed(web, tmp_path)
    async with web.database.write() as session:
        other = await a_customer(session, code="OUTRA", name="Outra")
        session.add(Line(customer_id=other.id, number="1133334444"))
        code = (await session.exec(select(Customer.code).where(Customer.id != other.id))).one()
    program = await web.program("*")
    await program.post("/api/contestations", json={"invoice_id": 1})
    browser = await web.browser("*")

    for path in (FINDINGS, "/operadoras/faturas", "/operadoras/linhas", "/contestacoes"):
        own = (await browser.get(f"{path}?empresa={code}")).text
        others = (await browser.get(f"{path}?empresa=OUTRA")).text
        assert choices(own, "empresa") == ["", code, "OUTRA"], path
        assert rows(own) > 0, path
        assert rows(others) == (1 if path.endswith("linhas") else 0), path


async def test_what_an_invoice_has_of_findings_opens_them(web: Web, tmp_path):
    await billed(web, tmp_path)
    opened = f'href="{FINDINGS}?fatura=1&amp;sentido=maior"'

    seen = (await (await web.browser(*ALL)).get("/operadoras/faturas")).text
    unseen = (await (await web.browser("carriers:see", login="b")).get("/operadoras/faturas")).text

    assert (seen.count(opened), unseen.count(opened)) == (2, 0)
