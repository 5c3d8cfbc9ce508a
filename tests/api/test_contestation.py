"""Contestations on pages and as JSON: one click, commands, and sums that add up."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest
from sqlmodel import select

from models.contestations import ContestationDesk
from models.policies import PolicyValue
from rules.business_days import local_date
from tests.conftest import House
from tests.support.contestations import RULES, Dispute
from tests.support.web import Web

SEE, ACT, APPROVE = "contestations:see", "contestations:act", "contestations:approve"
NUMBERS = ("identified", "contested", "recovered", "lost", "untouched")


@pytest.fixture
def web(running: Web) -> Web:
    return running


@pytest.fixture
async def dispute(house: House, tmp_path: Path) -> Dispute:
    dispute = Dispute(house.database, tmp_path)
    dispute.issue_on(local_date(house.clock.now))
    return await dispute.begin()


async def test_whoever_files_is_told_that_the_letter_will_not_go_out(
    house: House, web: Web, dispute: Dispute
) -> None:
    async with house.database.write() as session:
        await session.delete((await session.exec(select(ContestationDesk))).one())
    await dispute.contest()
    browser, program = await web.browser(SEE, ACT), await web.program(SEE, ACT)
    path, told = "/contestacoes/1", "não tem e-mail para contestações"

    draft = (await browser.get(path)).text
    await program.post("/api/contestations/1/filing")
    await house.clock.settle()
    written = (await browser.get(path)).text
    await browser.post("/contestacoes/enderecos/1", data={"carrier": "late@claro.example"})
    later = (await program.get("/api/contestations/1")).json()["is_by_hand"]
    contact = {
        "contacted_at": house.clock.now.isoformat(), "request": "Entregue na loja",
        "account": "1", "protocol": "77", "attendant": "Ana", "channel": "in_person",
    }  # fmt: skip
    recorded = await program.post("/api/contestations/1/protocols", json=contact)
    after = (await browser.get(path)).text

    assert told in draft
    assert told in written
    assert "Entregue-a por outro meio e registre o protocolo" in written
    assert later  # the letter of before went nowhere
    assert recorded.status_code == 200, recorded.text
    assert told not in after
    assert not (await program.get("/api/contestations/1")).json()["is_by_hand"]


async def test_picked_findings_are_contested_filed_and_answered_on_the_page(
    house: House, web: Web, dispute: Dispute
) -> None:
    browser = await web.browser(SEE, ACT, "findings:see")
    ids = [str(each.id) for each in await dispute.findings()]

    made = await browser.post("/contestacoes", data={"ids": ids})
    await house.clock.settle()
    draft = (await browser.get("/contestacoes/1")).text
    filed = await browser.post("/contestacoes/1/envio", data={"seen_version": "1"})
    await house.clock.settle()
    page = (await browser.get("/contestacoes/1")).text
    again = await browser.post("/contestacoes/1/envio", data={})
    blank = await browser.post("/contestacoes/1/protocolo", data={"protocol": "77"})
    partial = await browser.post(
        "/contestacoes/1/resposta",
        data={"answered_on": dispute.today.isoformat(), "accepted-1": "1,00"},
    )
    both = await browser.post(
        "/contestacoes/1/resposta",
        data={"answered_on": dispute.today.isoformat(), "accepts_all": "1", "accepted-1": "0,01"},
    )
    whole = await browser.post(
        "/contestacoes/1/resposta",
        data={"answered_on": dispute.today.isoformat(), "accepts_all": "1", "accepted-1": ""},
    )
    board = (await browser.get("/contestacoes")).text

    assert (both.status_code, 'id="e-accepts_all"' in both.text) == (422, True)
    assert whole.status_code == 303
    assert made.headers["location"] == "/contestacoes/1"
    assert "Enviar à operadora" in draft
    assert filed.status_code == 303
    assert "contestacao-1-1.pdf" in page
    assert "Carta para Operadora enviada a contesta@claro.example" in page
    assert (again.status_code, "Na etapa em que" in again.text) == (422, True)
    assert (blank.status_code, 'id="e-attendant"' in blank.text) == (422, True)
    assert (partial.status_code, 'id="e-reason"' in partial.text) == (422, True)
    assert "Enviada" in board


async def test_any_number_of_findings_go_out_by_one_click_and_one_letter(
    house: House, web: Web, dispute: Dispute
) -> None:
    browser = await web.browser(SEE, ACT, "findings:see")
    async with web.database.write() as session:
        limit = PolicyValue(
            name="ContestationPolicy.approval_above", value=0, changed_at=web.now, changed_by="a"
        )
        session.add(limit)
    asked = {"ids": [str(each.id) for each in await dispute.findings()], "envia": "1"}

    refused = await browser.post("/contestacoes", data=asked)
    none = (await browser.get("/contestacoes")).text
    chief = await web.browser(SEE, ACT, "findings:see", APPROVE, login="chefe")
    sent = await chief.post("/contestacoes", data=asked)
    await house.clock.settle()
    page = (await browser.get(sent.headers["location"])).text
    letter = sent.headers["location"].replace("/contestacoes/", "contestacao-")

    assert (refused.status_code, "Nenhuma contestação" in none) == (422, True)
    assert "Carta para Operadora enviada a contesta@claro.example" in page
    assert f"{letter}-1.pdf" in page
    assert f"{letter}-2.pdf" not in page


async def test_programs_do_the_same_and_the_five_numbers_add_up(
    house: House, web: Web, dispute: Dispute
) -> None:
    program = await web.program(SEE, ACT)
    made = (await program.post("/api/contestations", json={"invoice_id": 1})).json()
    await house.clock.settle()
    one = f"/api/contestations/{made['contestation_ids'][0]}"
    before = (await program.get("/api/contestations/numbers")).json()

    await program.post(f"{one}/filing")
    await house.clock.settle()
    read = (await program.get(one)).json()
    [first, second] = read["items"]
    answer = {
        "answered_on": dispute.today.isoformat(), "reason": "o resto é devido",
        "items": [{"item_id": first["id"], "accepted": first["claimed"]}],
    }  # fmt: skip
    answered = await program.post(f"{one}/answer", json=answer)
    after = (await program.get("/api/contestations/numbers")).json()
    listed = (await program.get("/api/contestations")).json()

    assert answered.json()["stage"] == "awaiting_new_barcode"
    assert [each["id"] for each in listed] == [1]
    for rows in (before, after):
        for row in rows:
            amounts = [Decimal(row[name]) for name in NUMBERS]
            assert amounts[0] == sum(amounts[1:]) > 0
    assert sum(Decimal(row["contested"]) for row in before) == Decimal(read["claimed"])
    assert sum(Decimal(row["lost"]) for row in after) == Decimal(second["claimed"])


async def test_what_is_not_there_or_not_allowed_is_refused(web: Web, dispute: Dispute) -> None:
    program = await web.program(SEE, ACT)
    reader = await web.program(SEE, login="leitor")

    assert (await program.get("/api/contestations/9")).status_code == 404
    assert (await program.post("/api/contestations", json={"finding_ids": [99]})).status_code == 422
    assert (await reader.post("/api/contestations", json={"invoice_id": 1})).status_code == 403


@pytest.mark.parametrize(
    "path", ["/contestacoes", "/contestacoes/numeros", "/contestacoes/correcoes"]
)
async def test_empty_pages_say_so(web: Web, path: str) -> None:
    browser = await web.browser(SEE)

    page = await browser.get(path)

    assert page.status_code == 200
    assert "Nenhuma" in page.text


async def test_the_carriers_addresses_are_kept_by_level(web: Web, dispute: Dispute) -> None:
    browser = await web.browser(SEE, ACT)
    program = await web.program(SEE, ACT)
    path = "/contestacoes/enderecos/1"

    wrong = await browser.post(path, data={"carrier": "nobody"})
    saved = await browser.post(path, data={"carrier": "a@b.example", "ombudsman": "o@b.example"})
    listed = (await browser.get("/contestacoes/enderecos")).text
    form = (await browser.get(path)).text
    read = (await program.get("/api/carriers/1/contestation-desks")).json()

    assert (wrong.status_code, 'id="e-carrier"' in wrong.text) == (422, True)
    assert saved.status_code == 303
    assert "a@b.example" in listed
    assert 'value="o@b.example"' in form
    assert (read["ombudsman"], read["regulator"]) == ("o@b.example", "")
    assert (await program.get("/api/carriers/99/contestation-desks")).status_code == 404


async def test_an_invoice_paid_on_its_own_page_changes_the_remedy(
    house: House, web: Web, dispute: Dispute
) -> None:
    browser = await web.browser(SEE, ACT, "carriers:see", "carriers:act")
    program = await web.program(SEE, ACT)
    await program.post("/api/contestations", json={"invoice_id": 1})
    await house.clock.settle()
    answer = {"answered_on": dispute.today.isoformat(), "accepts_all": True}
    await program.post("/api/contestations/1/filing")
    await house.clock.settle()
    await program.post("/api/contestations/1/answer", json=answer)

    paid_on = dispute.today.isoformat()
    await browser.post("/operadoras/faturas/1/pagamento", data={"paid_on": paid_on})
    await house.clock.settle()

    read = (await program.get("/api/contestations/1")).json()
    assert (read["stage"], read["extra"]) == ("awaiting_credit", read["claimed"])


async def test_every_number_opens_the_findings_behind_it(web: Web, dispute: Dispute) -> None:
    await dispute.contest()
    browser = await web.browser("contestations:see", "findings:see")
    program = await web.program("contestations:see")

    numbers = (await browser.get("/contestacoes/numeros")).text
    by_centre = await browser.get("/contestacoes/numeros?por=centro")
    table_of_rules = numbers.split("Números por operadora, mês e regra")[1]
    found = re.findall(r'href="(/operadoras/divergencias\?[^"]+)"', table_of_rules)
    links = [unescape(each) for each in found]
    opened = [await browser.get(each) for each in links]
    table = await browser.get("/contestacoes/numeros?formato=csv&de=2026-11")
    nobodys = re.findall(r'href="([^"]+centro=-[^"]*)"', by_centre.text.split("Números por")[1])
    of_nobody = [await browser.get(unescape(each)) for each in nobodys]
    aged = await browser.get("/contestacoes?direcao=made&idade=0-30")
    wrong = (await browser.get("/operadoras/divergencias?parte=x")).text
    rows = (await program.get("/api/contestations/numbers?by=cost_centre")).json()
    ages = (await program.get("/api/contestations/ages")).json()

    # identified and contested, of each rule and of them all
    assert len(links) == 2 * len(RULES) + 2
    nothing = "Nenhum registro corresponde aos filtros."
    assert len(of_nobody) == 2
    assert "Identificado;Em contestação" in table.text
    assert (await program.get("/api/contestations/numbers?since=2026-12-01")).json() == []
    assert (await program.get("/api/contestations/numbers?until=2026-11-01")).json() != []
    for each in (*opened, *of_nobody):
        assert (each.status_code, nothing in each.text) == (200, False)
    assert (by_centre.status_code, "sem centro de custo" in by_centre.text) == (200, True)
    assert aged.status_code == 200
    assert 'aria-invalid="true"' in wrong or "Corrija" in wrong
    assert {row["success"] for row in rows} == {None}
    assert sum(Decimal(row["contested"]) for row in rows) == (await dispute.row()).claimed
    assert [each["days"] for each in ages] == ["0-30", "31-60", "61-90", "91+"]
    assert (await program.get("/api/contestations/numbers?by=x")).status_code == 422
