"""Lines of a carrier's contract by page: from a file, by the form, and changing hands."""

from __future__ import annotations

from datetime import date, timedelta

from models.lines import Line, LineHolder
from rules.business_days import local_date
from tests.builders import a_customer
from tests.support.web import Web

ALL = ("carriers:see", "carriers:act", "findings:see", "findings:act")


async def test_lines_are_imported_updated_and_handed_over(web: Web):
    async with web.database.write() as session:
        customer = await a_customer(session)
    browser = await web.browser(*ALL)
    sample = (await browser.get("/operadoras/linhas/modelo.csv")).text
    path = "/operadoras/linhas/importacao"
    given = {"company": customer.code}

    first = await browser.post(path, data=given, files={"file": ("l.csv", sample.encode())})
    again = await browser.post(
        path, data=given, files={"file": ("l.csv", sample.replace("Ana Souza", "Bia").encode())}
    )

    lines, holders = await web.rows(Line), await web.rows(LineHolder)
    assert (first.status_code, again.status_code) == (303, 303)
    assert [each.number for each in lines] == ["11987654321", "1133334444"]
    told = [(each.owner, each.until is None) for each in holders if each.line_id == lines[0].id]
    assert told == [("Ana Souza", False), ("Bia", True)]
    page = (await browser.get("/operadoras/linhas?busca=Bia")).text
    assert "11987654321" in page
    assert "1133334444" not in page.split("<tbody>")[1]


async def test_a_file_of_lines_with_a_fault_is_not_taken_in_at_all(web: Web):
    async with web.database.write() as session:
        customer = await a_customer(session)
    browser = await web.browser(*ALL)
    rows = ("numero;situacao", "11987654321;ativa", "11987654322;cancelada", "11987654321;ativa")
    bad = "\n".join(rows)

    answer = await browser.post(
        "/operadoras/linhas/importacao",
        data={"company": customer.code},
        files={"file": ("l.csv", bad.encode())},
    )

    assert answer.status_code == 422
    assert "desde quando a linha está cancelada" in answer.text
    assert "A linha 2 do arquivo" in answer.text
    assert await web.rows(Line) == []


async def test_what_is_no_line_is_refused_by_file_form_and_program(web: Web):
    async with web.database.write() as session:
        customer = await a_customer(session)
    browser, program = await web.browser(*ALL), await web.program(*ALL)
    typed = {"company": customer.code, "number": "abc", "kind": "mobile", "status": "active"}
    rows = "numero;tipo\n11987654321;\nabc;\nSPO/IP-1;circuito\nSPO/IP-2;movel\n"

    sent = await browser.post(
        "/operadoras/linhas/importacao",
        data={"company": customer.code},
        files={"file": ("l.csv", rows.encode())},
    )
    form = await browser.post("/operadoras/linhas/nova", data=typed)
    told = await program.post("/api/lines", json=typed)

    assert sent.status_code == 422
    assert "ABC não é o número de uma linha" in sent.text
    assert "SPO/IP-2 não é o número de uma linha" in sent.text
    assert "<td>numero</td>" in sent.text
    assert '<td class="text-break">abc</td>' in sent.text
    assert "<td>number</td>" not in sent.text
    assert "SPO/IP-1 não" not in sent.text
    assert 'id="e-number"' in form.text
    assert (told.status_code, told.json()["code"]) == (422, "LineNumberNotValid")
    assert await web.rows(Line) == []


async def test_a_line_by_its_form(web: Web):
    async with web.database.write() as session:
        customer = await a_customer(session)
    browser = await web.browser(*ALL)
    typed = {"company": customer.code, "number": "(11) 98765-4321", "kind": "mobile",
             "status": "active", "active_from": "2025-01-01", "owner": "Ana"}  # fmt: skip

    made = await browser.post("/operadoras/linhas/nova", data=typed)
    taken = await browser.post("/operadoras/linhas/nova", data=typed)
    ended = await browser.post(
        "/operadoras/linhas/1", data=typed | {"status": "cancelled", "active_until": "2024-12-31"}
    )

    assert made.status_code == 303
    assert "já está cadastrada" in taken.text
    assert 'id="e-active_until"' in ended.text
    assert "Ana" in (await browser.get("/operadoras/linhas/1")).text


async def test_a_line_changes_hands_on_the_day_that_is_told(web: Web):
    async with web.database.write() as session:
        customer = await a_customer(session)
    browser, today = await web.browser(*ALL), local_date(web.now)
    typed = {"company": customer.code, "number": "11987654321", "kind": "mobile",
             "status": "active", "active_from": "2025-01-01", "owner": "Ana"}  # fmt: skip
    await browser.post("/operadoras/linhas/nova", data=typed)
    told = today - timedelta(days=20)

    given = await browser.post(
        "/operadoras/linhas/1", data=typed | {"owner": "Bia", "holder_since": f"{told}"}
    )
    early = await browser.post(
        "/operadoras/linhas/1", data=typed | {"owner": "Caio", "holder_since": "2024-12-31"}
    )
    future = await browser.post(
        "/operadoras/linhas/1",
        data=typed | {"owner": "Caio", "holder_since": f"{today + timedelta(days=1)}"},
    )

    holders = await web.rows(LineHolder)
    assert given.status_code == 303
    assert [(each.owner, each.since, each.until) for each in holders] == [
        ("Ana", date(2025, 1, 1), told), ("Bia", told, None),
    ]  # fmt: skip
    assert 'id="e-holder_since"' in early.text
    assert 'id="e-holder_since"' in future.text


async def test_the_company_is_offered_wherever_one_is_told_by_its_code(web: Web):
    async with web.database.write() as session:
        await a_customer(session, code="ESTRELA", name="Metalúrgica Estrela")
    browser = await web.browser("*")
    offered = '<option value="ESTRELA">Metalúrgica Estrela</option>'

    for path in (
        "/operadoras/linhas/nova", "/operadoras/linhas/importacao", "/operadoras/contas/nova",
        "/cadastros/centros/novo", "/cadastros/limites/novo", "/pessoas/novo",
    ):  # fmt: skip
        assert offered in (await browser.get(path)).text, path
    refused = await browser.post("/operadoras/linhas/importacao", data={"company": "ESTRELA"})
    assert (refused.status_code, offered in refused.text) == (422, True)
