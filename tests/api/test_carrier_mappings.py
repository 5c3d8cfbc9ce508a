"""A carrier's CSV told in the browser: tried on a sample, kept by version, imported by it."""

from __future__ import annotations

from sqlmodel import select

from activities.carrier_requests import begin_audit
from activities.carriers import carry_out
from models.bulk import BulkError, BulkRun
from models.carrier_invoices import CarrierInvoice
from models.findings import Finding, FindingRow
from rules.carrier_samples import make_sample
from tests.support.carriers import a_company
from tests.support.web import Web

EDITS = ("registries:see", "registries:edit")
FORM = {
    "code": "vivo", "name": "Vivo CSV", "separator": "semicolon", "point": "comma",
    "day_form": "dd/mm/aaaa", "duration_form": "hh:mm:ss", "is_active": "1",
    "words": "Assinatura = plano\nTotal = total", "c_account": "Conta", "c_number": "Linha",
    "c_row_kind": "Tipo", "c_category": "Plano", "c_date": "Data", "c_amount": "Valor",
    "c_issue_date": "Emissão",
}  # fmt: skip
HEAD = "Conta;Linha;Tipo;Plano;Data;Valor;Emissão"


def a_file(number: str, *, amount: str = "99,90", total: str = "99,90") -> bytes:
    rows = (
        HEAD,
        f"0012345678;{number};Assinatura;PDAD;21/10/2026;{amount};22/11/2026",
        f"0012345678;;Total;;;{total};",
    )
    return "\r\n".join(rows).encode()


async def everything(web: Web, model):
    async with web.database.read() as session:
        return (await session.exec(select(model).order_by(model.id))).all()


async def upload(web: Web, raw: bytes) -> BulkRun:
    program = await web.program("carriers:see", "carriers:act", login="uploads")
    begun = await program.post("/api/carrier-files", files={"file": ("vivo.csv", raw, "text/csv")})
    assert begun.status_code == 201, begun.text
    await carry_out(web.database, begun.json()["id"], at=web.now)
    return (await everything(web, BulkRun))[-1]


async def test_only_who_keeps_registries_may_tell_a_mapping(web: Web):
    reader = await web.browser("registries:see", login="reader")
    other = await web.browser("carriers:see", "carriers:act", login="other")

    assert (await reader.get("/operadoras/mapeamentos")).status_code == 200
    assert (await reader.post("/operadoras/mapeamentos/novo", data=FORM)).status_code == 403
    assert (await other.get("/operadoras/mapeamentos")).status_code == 403


async def test_a_mapping_is_tried_on_a_sample_and_nothing_is_kept(web: Web):
    browser = await web.browser(*EDITS)
    place = "/operadoras/mapeamentos/experimento"

    good = await browser.post(place, data={**FORM, "sample": a_file("11987654321").decode()})
    file = ("exemplo.csv", a_file("11987654321", amount="muito"), "text/csv")
    wrong = await browser.post(place, data=FORM, files={"file": file})
    other = await browser.post(place, data={**FORM, "sample": "Conta;Linha\n1;2"})
    nothing = await browser.post(place, data=FORM)

    assert (good.status_code, wrong.status_code) == (200, 200)
    assert "Nenhum problema." in good.text
    assert "R$ 99,90" in good.text
    assert "A coluna Valor deveria ter um valor." in wrong.text
    assert "O cabeçalho do exemplo não tem: Emissão, Tipo, Plano, Data, Valor." in other.text
    assert (other.status_code, nothing.status_code) == (422, 422)
    assert "Nenhum mapeamento ainda" in (await browser.get("/operadoras/mapeamentos")).text


async def test_what_makes_no_mapping_is_refused_beside_its_field(web: Web):
    browser = await web.browser(*EDITS)
    place = "/operadoras/mapeamentos/novo"

    for change, told in (
        ({"c_account": ""}, "Mapeie a coluna da conta"),
        ({"words": "Assinatura = mensalidade"}, "Linha 1: escreva"),
        ({"code": "tim_csv"}, "Já existe um leiaute com o código tim_csv."),
        ({"c_category": "Linha"}, "está em dois campos"),
    ):
        answer = await browser.post(place, data={**FORM, **change})
        assert (answer.status_code, told in answer.text) == (422, True)


async def test_a_file_is_imported_and_audited_by_the_mapping_of_its_day(web: Web):
    sample = make_sample(lines=1)
    [number] = sample.bill.lines
    async with web.database.write() as session:
        await a_company(session, sample)
    browser = await web.browser(*EDITS)
    await browser.post("/operadoras/mapeamentos/novo", data=FORM)

    run = await upload(web, a_file(number))
    renamed = {**FORM, "c_category": "Pacote", "name": "Vivo, leiaute novo"}
    changed = await browser.post("/operadoras/mapeamentos/vivo", data=renamed)
    [invoice] = await everything(web, CarrierInvoice)
    async with web.database.write() as session:
        again = await begin_audit(session, invoice, by="ana", at=web.now, starts=False)
    await carry_out(web.database, again.number, at=web.now)

    [finding] = await everything(web, Finding)
    [row] = await everything(web, FindingRow)
    shown = (await browser.get("/operadoras/mapeamentos/vivo")).text
    assert (run.status, invoice.layout, str(invoice.total)) == ("done", "vivo@1", "99.90")
    assert (finding.rule, str(finding.difference)) == ("fee_differs", "10.00")
    assert (row.line, row.fields["number"], row.fields["category"]) == (2, number, "PDAD")
    assert changed.status_code == 303
    assert (await everything(web, BulkRun))[-1].status == "done"
    assert "Vivo, leiaute novo" in shown
    assert "Pacote" in shown


async def test_a_file_with_one_bad_cell_is_refused_whole_by_line_and_column(web: Web):
    sample = make_sample(lines=1)
    async with web.database.write() as session:
        await a_company(session, sample)
    browser = await web.browser(*EDITS)
    await browser.post("/operadoras/mapeamentos/novo", data=FORM)

    run = await upload(web, a_file(sample.bill.lines[0], amount="99,9O"))

    [problem] = [each for each in await everything(web, BulkError) if each.code == "CellNotAmount"]
    assert (run.status, await everything(web, CarrierInvoice)) == ("failed", [])
    assert (problem.line, problem.field, problem.value) == (2, "Valor", "99,9O")


async def test_a_program_tells_tries_and_changes_a_mapping(web: Web):
    program = await web.program(*EDITS)
    told = {
        "code": "oi", "name": "Oi", "account": "77", "otherwise": "service",
        "columns": {"number": "Linha", "amount": "Valor"},
    }  # fmt: skip

    made = await program.post("/api/carrier-mappings", json=told)
    same = await program.put("/api/carrier-mappings/oi", json=told)
    next_ = await program.put("/api/carrier-mappings/oi", json={**told, "point": "point"})
    tried = await program.post(
        "/api/carrier-mappings/trials", json={**told, "sample": "Linha;Valor\n1;2,50\n2;x"}
    )
    wrong = await program.post("/api/carrier-mappings", json={**told, "columns": {"preço": "x"}})
    listed = (await program.get("/api/carrier-mappings")).json()

    assert [each.json()["version"] for each in (made, same, next_)] == [1, 1, 2]
    assert [(each["code"], each["version"]) for each in listed] == [("oi", 2)]
    assert tried.json()["kinds"] == [{"kind": "service", "count": 2, "amount": "2,50"}]
    assert tried.json()["problems"] == [
        {"line": 3, "column": "Valor", "code": "CellNotAmount", "value": "x"}
    ]
    assert (wrong.status_code, wrong.json()["code"]) == (422, "MappingCellWrong")
    for change in ({"columns": {"number": "\x00"}}, {"words": {"": "call"}}, {"name": "a\x00b"}):
        refused = await program.post("/api/carrier-mappings", json={**told, **change})
        assert (refused.status_code, refused.json()["code"]) == (422, "InvalidFields")
    assert (await program.get("/api/carrier-mappings/nenhum")).status_code == 404


async def test_a_carrier_s_files_may_be_said_to_be_of_a_mapping(web: Web):
    browser = await web.browser(*EDITS)
    carrier = {"code": "vivo", "name": "Vivo", "layout": "vivo", "is_active": "1"}

    before = await browser.post("/cadastros/operadoras/novo", data=carrier)
    await browser.post("/operadoras/mapeamentos/novo", data=FORM)
    after = await browser.post("/cadastros/operadoras/novo", data=carrier)

    assert (before.status_code, after.status_code) == (422, 303)
    assert "Não existe leiaute com este código" in before.text
