"""Cost centres told in other words than the registry's: on forms, in files, and before it knew."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import select

from models.cost_allocation import AccountAllocation, CostCentre
from models.customers import Customer
from models.database import Database
from models.lines import Line, LineHolder
from models.usage_limits import LineLimit
from tests.builders import a_customer, stored
from tests.support.contestations import Dispute
from tests.support.web import Web

MAY = ("carriers:see", "carriers:act", "registries:see", "registries:edit")
CENTRES = "/api/registries/centros"


@pytest.fixture
async def company(database: Database, tmp_path: Path) -> str:
    """The code of a company with an invoice and a registered cost centre."""
    await Dispute(database, tmp_path).begin()
    async with database.write() as session:
        session.add(CostCentre(code="VENDAS", name="Equipe de vendas"))
        return (await session.exec(select(Customer))).one().code


async def held(web: Web) -> list[str]:
    """What the holders of lines name."""
    return [each.cost_centre for each in await web.rows(LineHolder)]


async def test_a_form_a_program_and_a_file_may_say_it_by_name_or_in_any_case(
    web: Web, company: str
) -> None:
    browser, program = await web.browser(*MAY), await web.program(*MAY)
    first, second, third, *_ = [each.number for each in await web.rows(Line)]
    form = (await browser.get("/operadoras/linhas/1")).text

    asked = {"company": company, "kind": "mobile", "status": "active"}
    saved = await browser.post(
        "/operadoras/linhas/1", data={**asked, "number": first, "cost_centre": "vendas"}
    )
    told = await program.put(
        "/api/lines/2", json={**asked, "number": second, "cost_centre": "Equipe de Vendas"}
    )
    head = (
        "numero;tipo;situacao;plano;ativa_desde;cancelada_em;usuario;centro_de_custo;usuario_desde"
    )
    rows = f"{head}\n{third};móvel;ativa;;;;Ana; Vendas ;\n"
    sent = await browser.post(
        "/operadoras/linhas/importacao", data={"company": company},
        files={"file": ("linhas.csv", rows.encode(), "text/csv")},
    )  # fmt: skip

    assert '<option value="VENDAS">Equipe de vendas</option>' in form
    assert (saved.status_code, told.status_code // 100, sent.status_code) == (303, 2, 303)
    assert await held(web) == ["VENDAS", "VENDAS", "VENDAS"]


async def test_what_nobody_registered_is_kept_told_and_taken_over_by_its_centre(
    web: Web, company: str
) -> None:
    program, browser = await web.program(*MAY), await web.browser(*MAY)
    async with web.database.write() as session:
        since = (await session.get_one(Line, 1)).active_from
        session.add_all(
            LineHolder(line_id=line, cost_centre=text, since=since)
            for line, text in ((1, "Marketing"), (2, "marketing"), (3, "Outro"))
        )
        session.add(LineLimit(code="M", name="Do marketing", cost_centre="MARKETING"))
    path = f"/operadoras/rateio?empresa={company}&mes=2026-11"
    before = (await browser.get(path)).text

    made = await program.post(CENTRES, json={"code": "MKT", "name": "Marketing"})
    after = (await browser.get(path)).text
    told = (await program.get(f"/api/cost-allocation?company={company}&month=2026-11")).json()

    assert before.count("fora do cadastro") == 3
    assert made.status_code == 201
    assert await held(web) == ["MKT", "MKT", "Outro"]
    assert [each.cost_centre for each in await web.rows(LineLimit)] == ["MKT"]
    assert after.count("fora do cadastro") == 1
    names = [each["cost_centre"] for each in told["centres"]]
    assert names == ["MKT", "Outro", "VENDAS"]
    assert sum(Decimal(each["total"]) for each in told["centres"]) == Decimal(
        told["invoices"][0]["amount"]
    )


async def test_a_centre_of_another_company_takes_nothing_over(web: Web, company: str) -> None:
    program = await web.program(*MAY)
    async with web.database.write() as session:
        since = (await session.get_one(Line, 1)).active_from
        session.add(LineHolder(line_id=1, cost_centre="marketing", since=since))

    await program.post(CENTRES, json={"code": "X", "name": "Marketing", "company": "OUTRA"})

    assert company != "OUTRA"
    assert await held(web) == ["marketing"]


async def test_a_limit_names_its_centre_by_code(web: Web, company: str) -> None:
    program = await web.program(*MAY)

    made = await program.post(
        "/api/registries/limites",
        json={"code": "L", "name": "Vendas", "company": company, "cost_centre": "vendas"},
    )

    assert made.status_code == 201
    assert [each.cost_centre for each in await web.rows(LineLimit)] == ["VENDAS"]


async def test_lines_are_narrowed_to_a_centre_or_to_none(web: Web, company: str) -> None:
    browser = await web.browser(*MAY)
    first, second, *_ = await web.rows(Line)
    async with web.database.write() as session:
        session.add(LineHolder(line_id=1, cost_centre="VENDAS", since=first.active_from))

    chosen = (await browser.get("/operadoras/linhas?centro=VENDAS")).text
    none = (await browser.get("/operadoras/linhas?centro=-")).text

    assert company
    assert (first.number in chosen, second.number in chosen) == (True, False)
    assert (first.number in none, second.number in none) == (False, True)


async def test_a_centre_with_another_code_keeps_its_lines_limits_and_percentages(
    web: Web, company: str
) -> None:
    program = await web.program(*MAY)
    async with web.database.write() as session:
        since = (await session.get_one(Line, 1)).active_from
        session.add_all(
            LineHolder(line_id=line, cost_centre=text, since=since)
            for line, text in ((1, "VENDAS"), (2, "CAMPO"))
        )
        session.add(LineLimit(code="V", name="De vendas", cost_centre="VENDAS"))
        session.add(CostCentre(code="CAMPO", name="Campo"))
    shares = {"since": "2026-01-01", "shared_by": "fixed", "percents": {"VENDAS": 70, "CAMPO": 30}}
    await program.put("/api/carrier-accounts/1/allocation", json=shares)
    path = f"/api/cost-allocation?company={company}&month=2026-11"
    before = (await program.get(path)).json()["centres"]

    changed = await program.put(
        f"{CENTRES}/1", json={"code": "COMERCIAL", "name": "Comercial", "is_active": False}
    )
    after = (await program.get(path)).json()["centres"]

    assert changed.status_code == 200, changed.text
    assert await held(web) == ["COMERCIAL", "CAMPO"]
    assert [each.cost_centre for each in await web.rows(LineLimit)] == ["COMERCIAL"]
    [kept] = await web.rows(AccountAllocation)
    assert kept.percents == {"COMERCIAL": "70", "CAMPO": "30"}
    told = {each["cost_centre"]: each["total"] for each in after}
    assert {
        {"VENDAS": "COMERCIAL"}.get(each["cost_centre"], each["cost_centre"]): each["total"]
        for each in before
    } == told


@pytest.mark.parametrize("registry", ["centros", "limites"])
async def test_a_company_that_is_not_there_is_refused_beside_its_field(
    web: Web, company: str, registry: str
) -> None:
    program, browser = await web.program(*MAY), await web.browser(*MAY)
    asked = {"code": "N", "name": "Novo", "company": "EMPRSA"}

    told = await program.post(f"/api/registries/{registry}", json=asked)
    page = await browser.post(f"/cadastros/{registry}/novo", data=asked)
    fine = await program.post(
        f"/api/registries/{registry}", json={**asked, "company": f" {company} "}
    )

    assert (told.json()["code"], told.json()["field"]) == ("CompanyChosenUnknown", "company")
    assert 'id="e-company"' in page.text
    assert fine.status_code == 201


async def test_each_company_has_its_own_centre_of_a_code(web: Web, company: str) -> None:
    program, browser = await web.program(*MAY), await web.browser(*MAY)
    async with web.database.write() as session:
        other = await a_customer(session, code="OUTRA", name="Outra Ltda")
        session.add(Line(customer_id=other.id, number="11987650000"))
    mine, theirs = ({"code": "ADM", "name": "Administração", "company": each}
                    for each in (company, "OUTRA"))  # fmt: skip

    made = [await program.post(CENTRES, json=each) for each in (mine, theirs)]
    again = await program.post(CENTRES, json={**mine, "code": "adm"})
    everybodys = await program.post(CENTRES, json={**mine, "company": ""})
    on_page = await browser.post("/cadastros/centros/novo", data=mine)
    shared = await program.post(CENTRES, json={**theirs, "code": "vendas"})  # is everybody's
    told = {"company": "OUTRA", "kind": "mobile", "status": "active", "number": "11987650000"}
    saved = await program.put(
        f"/api/lines/{len(await web.rows(Line))}", json={**told, "cost_centre": "administracao"}
    )

    assert [each.status_code for each in made] == [201, 201]
    for refused in (again, everybodys, shared):
        assert (refused.json()["code"], refused.json()["field"]) == ("CostCentreTaken", "code")
    assert 'id="e-code"' in on_page.text
    assert (saved.status_code, await held(web)) == (204, ["ADM"])
    offered = (await browser.get("/operadoras/linhas/nova")).text
    assert offered.count('<option value="ADM">') == 1


async def test_a_companys_centre_takes_over_its_own_lines_alone(web: Web, company: str) -> None:
    program = await web.program(*MAY)
    async with web.database.write() as session:
        other = await a_customer(session, code="OUTRA", name="Outra Ltda")
        line = await stored(session, Line(customer_id=other.id, number="11987650000"))
        since = (await session.get_one(Line, 1)).active_from
        session.add_all(
            LineHolder(line_id=each, cost_centre="Marketing", since=since)
            for each in (1, line.id or 0)
        )

    for whose, code in ((company, "MKT"), ("OUTRA", "M-2")):
        made = await program.post(
            CENTRES, json={"code": code, "name": "Marketing", "company": whose}
        )
        assert made.status_code == 201

    assert await held(web) == ["MKT", "M-2"]


async def test_a_code_of_a_companys_own_means_its_own_whatever_another_is_called(
    web: Web, company: str
) -> None:
    program = await web.program(*MAY)
    async with web.database.write() as session:
        other = await a_customer(session, code="OUTRA", name="Outra Ltda")
        line = await stored(session, Line(customer_id=other.id, number="11987650000"))
        since = (await session.get_one(Line, 1)).active_from
        session.add(CostCentre(code="ADM", name="Administração", company=company))
        session.add_all(
            LineHolder(line_id=each, cost_centre=text, since=since)
            for each, text in ((1, "ADM"), (2, "Adm"), (line.id or 0, "adm"))
        )
        session.add(LineLimit(code="L", name="Deles", company=company, cost_centre="ADM"))

    made = await program.post(CENTRES, json={"code": "GERAL", "name": "Adm"})

    assert made.status_code == 201
    assert await held(web) == ["ADM", "Adm", "GERAL"]
    assert [each.cost_centre for each in await web.rows(LineLimit)] == ["ADM"]
