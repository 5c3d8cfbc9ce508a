"""The charts of contestations: what each counts, and the rows that every figure opens."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from api.contestation_chart_figures import CHARTS
from models.customers import Customer
from models.lines import Line
from rules.contestation_commands import ItemAnswer, RecordAnswer
from tests.builders import a_customer
from tests.support.contestations import Dispute, days, filed
from tests.support.web import Web

SEES = ("contestations:see", "findings:see")
NOTHING = "Nenhum registro corresponde aos filtros."
FIVE = ("Em contestação", "Recuperado", "Perdido", "Sem ação")


@pytest.fixture
async def dispute(web: Web, tmp_path: Path) -> Dispute:
    dispute = Dispute(web.database, tmp_path)
    dispute.issue_on(web.now.date())
    return await dispute.begin()


async def chart(web: Web, key: str, query: str = "") -> dict[str, Any]:
    async with await web.program(*SEES, login=f"p{key}{abs(hash(query))}") as program:
        answer = await program.get(f"/api/contestations/charts/{key}{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def figures(chart: dict[str, Any]) -> dict[str, dict[str, str | int]]:
    """By series and place, those of nothing left out."""
    return {
        series["name"]: {
            label: value
            for label, value in zip(chart["labels"], series["data"], strict=True)
            if value not in (0, "0", None) and Decimal(value)
        }
        for series in chart["series"]
    }


async def accept_a_part(dispute: Dispute) -> None:
    """Everything is contested; of one finding half is accepted after twelve days."""
    await filed(dispute)
    dispute.today = days(12, since=dispute.today)
    items = [ItemAnswer(1, Decimal("0.10"), "Só isto"), ItemAnswer(2, Decimal(0), "Não")]
    answer = RecordAnswer("ana", dispute.today, items=tuple(items), reason="O resto é devido")
    await dispute.do(answer)


@pytest.mark.parametrize(
    "path",
    [
        "/contestacoes/numeros", "/contestacoes/numeros/graficos/meses.csv",
        "/api/contestations/charts", "/api/contestations/charts/meses",
    ],
)  # fmt: skip
async def test_only_who_may_see_contestations_sees_their_charts(web: Web, path: str) -> None:
    visit = web.program if path.startswith("/api/") else web.browser
    without = await visit("findings:see", login="without")
    sees = await visit("contestations:see", login="sees")

    assert (await without.get(path)).status_code == 403
    assert (await sees.get(path)).status_code == 200


async def test_an_unknown_chart_is_not_found(web: Web) -> None:
    program = await web.program("contestations:see")
    browser = await web.browser("contestations:see")

    assert (await program.get("/api/contestations/charts/nenhum")).status_code == 404
    assert (await browser.get("/contestacoes/numeros/graficos/nenhum.csv")).status_code == 404


@pytest.mark.parametrize(
    ("query", "months"),
    [
        ("", 12), ("?since=2026-09-15&until=2026-11-02", 3), ("?until=2026-03-01", 12),
        ("?until=0001-01-01", 0), ("?since=2026-11-01&until=2026-10-01", 0),
        ("?since=0001-01-01", 36), ("?until=9999-12-31", 12),
    ],
)  # fmt: skip
async def test_an_axis_has_the_months_that_were_asked_for(
    web: Web, query: str, months: int
) -> None:
    for key in ("meses", "exito"):
        assert len((await chart(web, key, query))["labels"]) == months


@pytest.mark.parametrize("key", ["operadoras", "meses", "regras", "centros"])
async def test_the_parts_of_every_chart_are_all_that_was_identified(
    web: Web, dispute: Dispute, key: str
) -> None:
    await accept_a_part(dispute)

    told = figures(await chart(web, key))

    every = sum(Decimal(value) for series in told.values() for value in series.values())
    assert tuple(told) == FIVE
    assert every == sum(each.difference for each in await dispute.findings())
    assert sum(Decimal(value) for value in told["Perdido"].values()) > 0


async def test_every_figure_opens_rows_that_come_to_it(web: Web, dispute: Dispute) -> None:
    await accept_a_part(dispute)
    browser = await web.browser(*SEES)

    for key in CHARTS:
        drawn = await chart(web, key, "?carrier=claro")
        links = [
            (value, link)
            for series in drawn["series"]
            for value, link in zip(series["data"], series["links"], strict=True)
            if link
        ]
        assert links or not any(figures(drawn).values())
        for value, link in links:
            opened = await browser.get(link)
            assert opened.status_code == 200, link
            assert "filtros indicados" not in opened.text, (value, link)
            assert NOTHING not in opened.text, (value, link)


async def test_answers_are_counted_by_the_days_they_took(web: Web, dispute: Dispute) -> None:
    await filed(dispute)
    before = figures(await chart(web, "respostas"))
    dispute.today = days(12, since=dispute.today)
    await dispute.do(RecordAnswer("ana", dispute.today, accepts_all=True))

    after = figures(await chart(web, "respostas", "?carrier=claro"))
    browser = await web.browser(*SEES)
    opened = (await browser.get("/contestacoes?direcao=made&resposta=11-20")).text
    other = (await browser.get("/contestacoes?direcao=made&resposta=0-10")).text

    assert before["sem resposta"] == {"Claro": 1}
    assert (after["11 a 20 dias"], after["sem resposta"]) == ({"Claro": 1}, {})
    assert (NOTHING in opened, NOTHING in other) == (False, True)


async def test_success_is_a_percentage_of_what_came_to_an_end(web: Web, dispute: Dispute) -> None:
    await accept_a_part(dispute)

    drawn = await chart(web, "exito")

    assert (drawn["unit"], len(drawn["labels"])) == ("percent", 12)
    assert list(figures(drawn)["Êxito"].values()) == []  # nothing came back yet: zero per cent
    assert drawn["series"][0]["data"][-1] == "0.0"
    assert drawn["series"][0]["data"][0] is None


async def test_the_page_draws_them_with_their_tables_and_files(web: Web, dispute: Dispute) -> None:
    await filed(dispute)
    browser = await web.browser(*SEES)
    blind = await web.browser("contestations:see", login="blind")

    page = (await browser.get("/contestacoes/numeros?operadora=claro&de=2026-01")).text
    without = (await blind.get("/contestacoes/numeros")).text
    file = await browser.get("/contestacoes/numeros/graficos/operadoras.csv?operadora=claro")
    nothing = await browser.get("/contestacoes/numeros/graficos/operadoras.csv?operadora=vivo")

    assert page.count("data-chart=") == len(CHARTS) - 1  # nothing came to an end yet
    assert "graficos/meses.csv?operadora=claro&amp;de=2026-01" in page
    assert "/operadoras/divergencias?" not in without
    assert file.text.splitlines()[0].lstrip("\ufeff").startswith("Operadora;Em contestação")
    assert "Claro" in file.text
    assert "Claro" not in nothing.text


async def test_the_numbers_are_one_companys_where_that_is_asked_and_so_is_what_they_open(
    web: Web, dispute: Dispute
) -> None:
    await dispute.contest()
    browser, program = await web.browser(*SEES), await web.program(*SEES)
    async with web.database.write() as session:
        other = await a_customer(session, code="OUTRA", name="Outra")
        session.add(Line(customer_id=other.id, number="1133334444"))
    async with web.database.read() as session:
        own = (await session.get_one(Customer, dispute.account.customer_id)).code

    page = (await browser.get(f"/contestacoes/numeros?empresa={own}")).text
    others = (await browser.get("/contestacoes/numeros?empresa=OUTRA")).text
    told = [
        (await program.get(f"/api/contestations/numbers?company={code}")).json()
        for code in (own, "OUTRA")
    ]

    assert f'<option value="{own}" selected>' in page
    links = re.findall(r'href="(/operadoras/divergencias\?[^"]*)"', page)
    assert links
    assert all(f"empresa={own}" in link for link in links)
    assert "Nenhuma divergência ainda" in others
    assert (len(told[0]) > 0, told[1]) == (True, [])
    assert figures(await chart(web, "operadoras", f"?company={own}"))
    assert not any(figures(await chart(web, "operadoras", "?company=OUTRA")).values())
