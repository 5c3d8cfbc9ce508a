"""Cost allocation on its page, in its files, and as JSON; the rule of an account."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from html import unescape
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


async def test_a_fixed_share_of_a_centre_out_of_use_is_told_everywhere(
    web: Web, company: str
) -> None:
    program, browser = await web.program(*ALL), await web.browser(*ALL)
    rule = {
        "since": "2026-01-01", "shared_by": "fixed", "percents": {"VENDAS": "70", "CAMPO": "30"},
    }  # fmt: skip
    path, asked = "/operadoras/rateio", f"?empresa={company}&mes={MONTH}"
    await program.put("/api/carrier-accounts/1/allocation", json=rule)
    before = (await browser.get(path + asked)).text
    gone = {"code": "CAMPO", "name": "Campo", "is_active": False}
    await program.put("/api/registries/centros/2", json=gone)

    page = (await browser.get(path + asked)).text
    table = (await browser.get(f"{path}{asked}&formato=csv")).text
    told = (await program.get(f"/api/cost-allocation?company={company}&month={MONTH}")).json()
    refused = await program.put("/api/carrier-accounts/1/allocation", json=rule)

    words = "CAMPO está inativo: os seus 30 % foram repartidos entre os outros."
    [invoice] = told["invoices"]
    assert (words in before, words in page, words in table) == (False, True, True)
    assert invoice["left_out"] == [{"cost_centre": "CAMPO", "percent": "30", "reason": "inactive"}]
    assert sum(Decimal(each["total"]) for each in invoice["shares"]) == Decimal(invoice["amount"])
    assert (refused.status_code, refused.json()["code"]) == (422, "PercentageOfNobody")


async def test_every_figure_opens_the_charges_behind_it(
    web: Web, database: Database, company: str
) -> None:
    program, browser = await web.program(SEE), await web.browser(SEE)
    asked = f"company={company}&month={MONTH}"
    shares = (await program.get(f"/api/cost-allocation?{asked}")).json()["centres"]
    sums = {each["cost_centre"]: each for each in shares}
    page = (await browser.get(f"/operadoras/rateio?empresa={company}&mes={MONTH}")).text
    opened = unescape(
        re.findall(r'href="(/operadoras/rateio/cobrancas[^"]*parte=linhas)"', page)[0]
    )

    async def charges(centre: str, part: str) -> list[dict[str, str]]:
        path = f"/api/cost-allocation/charges?{asked}&cost_centre={centre}&part={part}"
        return (await program.get(path)).json()

    own, shared = await charges("VENDAS", "linhas"), await charges("CAMPO", "rateado")
    listed = (await browser.get(opened)).text
    nobodys = (await browser.get(opened.replace("linhas", "rateado"))).text

    async with database.read() as session:
        [first, *_] = (await session.exec(select(Line).order_by(Line.number))).all()
    assert sum(Decimal(each["amount"]) for each in own) == Decimal(sums["VENDAS"]["own"])
    assert {each["number"] for each in shared} == {"", first.number}
    assert sum(Decimal(each["amount"]) for each in shared) == sum(
        Decimal(each["shared"]) for each in shares
    )
    assert await charges("CAMPO", "linhas") == []
    assert "As cobranças somam o valor, ao centavo" in listed
    assert first.number not in listed
    assert first.number in nobodys
    assert (await browser.get(opened.replace(company, "nobody"))).status_code == 404


async def test_a_line_that_changed_hands_tells_its_days_and_the_rest(
    web: Web, database: Database, company: str
) -> None:
    async with database.write() as session:
        holder = (await session.exec(select(LineHolder).order_by("id"))).first()
        assert holder is not None
        holder.until = date(2026, 11, 1)
        session.add(LineHolder(line_id=holder.line_id, cost_centre="CAMPO", since=holder.until))
        line = (await session.get_one(Line, holder.line_id)).number
    program, browser = await web.program(SEE), await web.browser(SEE)
    asked = f"company={company}&month={MONTH}"
    [campo] = [
        each for each in (await program.get(f"/api/cost-allocation?{asked}")).json()["centres"]
        if each["cost_centre"] == "CAMPO"
    ]  # fmt: skip

    path = f"/api/cost-allocation/charges?{asked}&cost_centre=CAMPO&part=linhas"
    rows = (await program.get(path)).json()
    page = (await browser.get(
        f"/operadoras/rateio/cobrancas?empresa={company}&mes={MONTH}-01&centro=CAMPO&parte=linhas"
    )).text  # fmt: skip

    whole = sum(Decimal(each["amount"]) for each in rows)
    assert {(each["number"], each["days"]) for each in rows} == {(line, 20)}
    assert 0 < Decimal(campo["own"]) < whole
    assert "é dos dias em que as linhas foram de outro centro" in page
