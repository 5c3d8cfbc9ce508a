"""Score cards and inventory drift, on pages and as JSON."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest
from sqlmodel import select

from models.cases import case_of
from models.contestations import Contestation
from models.customers import Customer
from models.database import Database
from models.lines import Line
from models.plans import Plan
from rules.cases import Process
from rules.contestation_commands import FileContestation, RecordAnswer
from tests.builders import a_customer, stored
from tests.support.contestations import Dispute, days
from tests.support.web import Web


@pytest.fixture
async def dispute(database: Database, tmp_path: Path) -> Dispute:
    return await Dispute(database, tmp_path).begin()


async def test_a_score_card_tells_errors_answers_and_credits(web: Web, dispute: Dispute) -> None:
    await dispute.contest()
    await dispute.do(FileContestation("ana"))
    await dispute.write_letter()
    dispute.today = days(10)
    await dispute.do(RecordAnswer("ana", dispute.today, accepts_all=True))
    async with dispute.database.write() as session:
        row = await session.get_one(Contestation, 1)
        row.extra, row.interest = row.accepted, Decimal("0.10")
        row.credited = row.accepted + row.extra + row.interest
        session.add(row)
    program = await web.program("contestations:see")
    browser = await web.browser("contestations:see")

    [score] = (await program.get("/api/contestations/scores")).json()
    page = (await browser.get("/contestacoes/operadoras")).text

    claimed = (await dispute.row()).claimed
    assert Decimal(score["identified"]) == claimed
    assert Decimal(score["granted"]) == Decimal(score["credited"]) == 2 * claimed + Decimal("0.10")
    assert (score["answer_days"], score["in_time_percent"]) == ("10.0", "100.0")
    assert (score["kept_percent"], score["repeats"]) == ("100.0", 0)
    assert "Claro" in page


async def test_a_score_card_is_of_the_months_and_the_carrier_that_are_asked_for(
    web: Web, dispute: Dispute
) -> None:
    await dispute.contest()
    await dispute.do(FileContestation("ana"))
    await dispute.write_letter()
    program = await web.program("contestations:see")
    browser = await web.browser("contestations:see", "carriers:see", "findings:see")
    billed, path = "2026-11", "/api/contestations/scores"

    [within] = (await program.get(f"{path}?since={billed}-01&until={billed}-01")).json()
    [after] = (await program.get(f"{path}?since=2026-12-01")).json()
    nobody = (await program.get(f"{path}?carrier=oi")).json()
    page = (await browser.get(f"/contestacoes/operadoras?de={billed}&ate={billed}")).text
    later = (await browser.get("/contestacoes/operadoras?de=2026-12&operadora=claro")).text

    assert (within["invoices"], within["error_percent"] is None) == (1, False)
    assert (after["invoices"], after["error_percent"], nobody) == (0, None, [])
    months = "de=2026-11-01&amp;ate=2026-11-01"
    for place in ("/operadoras/faturas", "/operadoras/divergencias", "/contestacoes/correcoes"):
        assert place in page
    assert page.count(months) >= 5
    assert '"2026-12"' in later
    assert "Das faturas destes meses" in later


async def test_figures_and_lists_are_of_the_companies_and_people_that_are_asked_for(
    web: Web, dispute: Dispute
) -> None:
    await dispute.contest()
    async with dispute.database.write() as session:
        company = (await session.exec(select(Customer))).one()
        company.city = "São José"
        plan = await stored(session, Plan(code="P", name="Corporativo"))
        await a_customer(session, code="OUTRA")
        case = await case_of(session, process=Process.CONTESTATION, subject_id=1)
        case.owner = "bia"
        session.add_all([company, case])
    program = await web.program("contestations:see", "findings:see")
    browser = await web.browser("*")
    scores, numbers = "/api/contestations/scores", "/api/contestations/numbers"

    async def invoices(query: str) -> int:
        [score] = (await program.get(f"{scores}?{query}")).json()
        return score["invoices"]

    mine, others = f"company={company.code}", "company=OUTRA"
    assert [await invoices(each) for each in (mine, others, "city=sao+jose", "city=Natal")] == [
        1, 0, 1, 0,
    ]  # fmt: skip
    assert await invoices(f"plan={plan.id}") == 0
    for query, found in (("operator=bia", True), ("operator=ana", False), ("team=99", False),
                         ("city=jose", True)):  # fmt: skip
        assert bool((await program.get(f"{numbers}?{query}")).json()) is found, query
    page = (
        await browser.get(f"/contestacoes/operadoras?empresa={company.code}&cidade=s%C3%A3o")
    ).text
    for href in set(re.findall(r'<td[^>]*><a href="([^"]*)"', page)):
        assert f"empresa={company.code}" in href
        assert "cidade=s%C3%A3o" in href
        listed = (await browser.get(unescape(href))).text
        assert "Corrija" not in listed
    chip = "etapa=draft"
    assert chip in (await browser.get("/contestacoes?cidade=jose&etapa=filed")).text
    assert chip not in (await browser.get("/contestacoes?cidade=natal")).text
    for path in ("/contestacoes", "/operadoras/divergencias"):
        some = (await browser.get(f"{path}?cidade=jose&empresa={company.code}")).text
        none = (await browser.get(f"{path}?cidade=natal")).text
        assert ("Nenhum registro" in some, "Nenhum registro" in none) == (False, True)


async def test_drift_lists_what_inventory_and_invoice_do_not_share(
    web: Web, dispute: Dispute
) -> None:
    async with dispute.database.write() as session:
        first, second, *_ = (await session.exec(select(Line).order_by(Line.number))).all()
        unknown, second.status, second.active_until = first.number, "cancelled", date(2026, 1, 1)
        await session.delete(first)
        session.add(Line(customer_id=second.customer_id, number="11900000000"))
        session.add(second)
        cancelled = second.number
    program = await web.program("carriers:see")
    browser = await web.browser("carriers:see", "carriers:act")

    told = (await program.get("/api/lines/drift")).json()
    only = (await program.get("/api/lines/drift?drift=unbilled")).json()
    page = (await browser.get("/operadoras/linhas/diferencas")).text
    found = (await browser.get(f"/operadoras/linhas/diferencas?busca={unknown}")).text

    assert {each["number"]: each["drift"] for each in told} == {
        unknown: "unknown", cancelled: "cancelled", "11900000000": "unbilled",
    }  # fmt: skip
    assert [each["number"] for each in only] == ["11900000000"]
    assert f"/operadoras/linhas/nova?numero={unknown}" in page
    assert cancelled not in found
