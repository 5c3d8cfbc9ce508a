"""Cost allocation on its page, in its files, and as JSON; the rule of an account."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import select

from models.carrier_invoices import CarrierInvoice
from models.cost_allocation import AccountAllocation, CostCentre
from models.customers import Customer
from models.database import Database
from models.lines import Line, LineHolder
from rules.permissions import ALL
from tests.support.contestations import Dispute
from tests.support.web import Web

SEE, ACT = "carriers:see", "carriers:act"
MONTH = "2026-11"


@pytest.fixture
async def company(database: Database, tmp_path: Path) -> str:
    """The code of a company with an invoice, whose lines are VENDAS' but the first."""
    await Dispute(database, tmp_path).begin()
    async with database.write() as session:
        lines = (await session.exec(select(Line).order_by(Line.number))).all()
        session.add_all(
            LineHolder(line_id=line.id, cost_centre="VENDAS", since=line.active_from)
            for line in lines[1:]
        )
        session.add_all(
            [
                CostCentre(code="VENDAS", name="Vendas", headcount=30, ledger_code="4.1"),
                CostCentre(code="CAMPO", name="Campo", headcount=10),
            ]
        )
        return (await session.exec(select(Customer))).one().code


async def test_a_month_is_shared_to_the_cent(web: Web, database: Database, company: str) -> None:
    program = await web.program(SEE, ACT)
    path = f"/api/cost-allocation?company={company}&month={MONTH}"
    rule = {"since": "2026-01-01", "shared_by": "fixed", "percents": {"CAMPO": "100"}}

    equal = (await program.get(path)).json()
    short = await program.put(
        "/api/carrier-accounts/1/allocation", json={**rule, "percents": {"CAMPO": "99.9"}}
    )
    saved = await program.put("/api/carrier-accounts/1/allocation", json=rule)
    fixed = (await program.get(path)).json()

    async with database.read() as session:
        total = (await session.exec(select(CarrierInvoice))).one().total
    for told in (equal, fixed):
        assert sum(Decimal(each["total"]) for each in told["centres"]) == total
    assert (short.status_code, saved.status_code) == (422, 204)
    shared = {each["cost_centre"]: Decimal(each["shared"]) for each in fixed["centres"]}
    assert shared["VENDAS"] == 0
    assert shared["CAMPO"] > 0
    assert (await program.get(path.replace(MONTH, "2026-13"))).status_code == 422
    assert (await program.get(path.replace(company, "none"))).status_code == 404


async def test_the_page_and_its_files(web: Web, company: str) -> None:
    browser = await web.browser(*ALL)
    path = f"/operadoras/rateio?empresa={company}&mes={MONTH}"

    page = (await browser.get(path)).text
    table = (await browser.get(f"{path}&formato=csv")).text
    ledger = (await browser.get(f"{path}&formato=razao")).text
    book = (await browser.get(f"{path}&formato=xlsx")).content
    empty = (await browser.get(f"/operadoras/rateio?empresa={company}&mes=2020-01")).text

    assert "Vendas" in page
    assert "Em partes iguais" in page
    assert f'href="{path}&formato=csv"'.replace("&", "&amp;") in page
    assert table.count("VENDAS") == 1
    assert "4.1;" in ledger
    assert "xl/worksheets/sheet1.xml" in zipfile.ZipFile(io.BytesIO(book)).namelist()
    assert "Nenhuma fatura desta empresa neste mês" in empty


async def test_a_rule_is_kept_with_the_day_it_holds_from(
    web: Web, database: Database, company: str
) -> None:
    browser = await web.browser(SEE, ACT, name="Ana Reis")
    path = "/operadoras/contas/1/rateio"
    asked = {"since": "2026-11-01", "shared_by": "fixed"}

    wrong = await browser.post(path, data={**asked, "percent-VENDAS": "60"})
    typed = await browser.post(path, data={**asked, "percent-VENDAS": "sessenta"})
    saved = await browser.post(
        path, data={**asked, "percent-VENDAS": "62,5", "percent-CAMPO": "37,5"}
    )
    again = await browser.post(path, data={**asked, "shared_by": "headcount"})

    assert (wrong.status_code, 'id="e-percents"' in wrong.text) == (422, True)
    assert typed.status_code == 422
    assert (saved.status_code, again.status_code) == (303, 303)
    async with database.read() as session:
        [kept] = (await session.exec(select(AccountAllocation).order_by("id"))).all()
    assert (kept.shared_by, kept.percents) == ("headcount", {})
    assert "Ana Reis</small>" in (await browser.get(path)).text
    assert company


@pytest.mark.parametrize("form", ["csv", "razao", "xlsx"])
async def test_a_company_that_is_none_cannot_break_a_files_name(web: Web, form: str) -> None:
    browser = await web.browser(SEE)

    asked = {"empresa": 'x"\r\nSet-Cookie: a=b 日本', "mes": MONTH, "formato": form}
    answer = await browser.get("/operadoras/rateio", params=asked)

    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
