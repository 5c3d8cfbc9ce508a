"""Imports by page and by program: uploaded, watched, stopped, resumed, their errors read."""

from __future__ import annotations

from sqlmodel import select

from api.import_samples import sample
from models.bulk import BulkRun
from models.people import AuditEntry
from rules.import_columns import ImportKind
from tests.builders import a_category
from tests.support.portfolio import carry_on
from tests.support.web import Web

ALL = ("imports:see", "imports:act")
CUSTOMERS = ("clientes.csv", "codigo;nome;cpf\nC1;Ana;529.982.247-25\nC2;Bia;1\n", "text/csv")


async def run_of(web: Web, run_id: int) -> BulkRun:
    async with web.database.read() as session:
        run = await session.get(BulkRun, run_id)
    assert run is not None
    return run


async def test_a_program_uploads_watches_and_reads_the_errors(web: Web):
    program = await web.program(*ALL)

    begun = await program.post("/api/imports", files={"files": CUSTOMERS})
    number = begun.json()["id"]
    await carry_on(web.database, await run_of(web, number))
    done = (await program.get(f"/api/imports/{number}")).json()
    errors = await program.get(f"/api/imports/{number}/errors.csv")

    assert (begun.status_code, begun.json()["status"]) == (201, "waiting")
    assert (done["status"], done["changed"], done["errors"], done["percent"]) == ("done", 1, 1, 100)
    assert done["files"][0]["kind"] == "customers"
    assert len(done["files"][0]["sha256"]) == 64
    english = await program.get(
        f"/api/imports/{number}/errors.csv", headers={"Accept-Language": "en"}
    )
    assert "O CPF ou CNPJ não confere" in errors.text
    assert "CPF or CNPJ" in english.text
    assert "não confere" not in english.text
    lines = errors.text.removeprefix("\ufeff").splitlines()
    assert lines[0] == "file;line;field;code;message;value"
    assert lines[1].startswith("clientes.csv;3;cpf;DocumentNotValid;")
    assert [run["id"] for run in (await program.get("/api/imports")).json()] == [number]


async def test_stop_resume_and_what_has_ended(web: Web):
    program = await web.program(*ALL)
    number = (await program.post("/api/imports", files={"files": CUSTOMERS})).json()["id"]

    stopping = await program.post(f"/api/imports/{number}/stop")
    early = await program.post(f"/api/imports/{number}/resume")
    await carry_on(web.database, await run_of(web, number))
    resumed = await program.post(f"/api/imports/{number}/resume")
    await carry_on(web.database, await run_of(web, number))
    late = await program.post(f"/api/imports/{number}/stop")

    assert stopping.json()["is_stopping"] is True
    assert early.json()["code"] == "ImportNotStopped"
    assert resumed.json()["status"] == "waiting"
    assert late.json()["code"] == "ImportNotUnderWay"
    async with web.database.read() as session:
        actions = list(await session.exec(select(AuditEntry.action)))
    assert actions == ["import.begin", "import.stop", "import.resume"]


async def test_what_was_tried_is_imported_for_real(web: Web):
    browser = await web.browser(*ALL)

    sent = await browser.post("/importacoes", files={"files": CUSTOMERS}, data={"dry_run": "1"})
    page = sent.headers["location"]
    await carry_on(web.database, await run_of(web, 1))
    tried = (await browser.get(page)).text
    applied = await browser.post(f"{page}/importar")
    await carry_on(web.database, await run_of(web, 2))
    again = await browser.post(f"{page}/importar")

    assert "Simulação" in tried
    assert "Importar de verdade" in tried
    assert applied.headers["location"] == "/importacoes/2"
    assert (await run_of(web, 2)).changed == 1
    assert again.status_code == 422


async def test_what_a_dry_run_says_was_written_by_nobody(web: Web):
    browser = await web.browser(*ALL)
    for data in ({"dry_run": "1"}, {}):
        await browser.post("/importacoes", files={"files": CUSTOMERS}, data=data)
    for number in (1, 2):
        await carry_on(web.database, await run_of(web, number))

    tried, done, both = [
        (await browser.get(path)).text
        for path in ("/importacoes/1", "/importacoes/2", "/importacoes")
    ]
    english = (await browser.get("/importacoes/1", headers={"Accept-Language": "en"})).text

    assert "2 de 2 linhas ·" in tried
    assert "1 linha seria gravada · 0 sem mudança · 1 recusada" in tried
    assert "1 linha gravada · 0 sem mudança · 1 recusada" in done
    assert ("Simulada" in tried, "Concluída" in tried) == (True, False)
    assert "1 row would be written · 0 unchanged · 1 refused" in english
    assert ("In the cell" in english, "Amount" in english) == (True, False)
    assert "Gravadas" not in both
    assert [both.count(word) for word in ("Simulada", "Concluída")] == [1, 1]


async def test_a_running_import_shows_bar_and_stop_button(web: Web):
    browser = await web.browser(*ALL)
    await browser.post("/importacoes", files={"files": CUSTOMERS}, data={"kind": "customers"})

    page = (await browser.get("/importacoes/1")).text

    assert "<progress" in page
    assert "/importacoes/1/parar" in page
    assert 'hx-trigger="every 1s"' in page


async def test_no_file_is_said_beside_the_field(web: Web):
    browser = await web.browser(*ALL)

    answer = await browser.post("/importacoes", data={"kind": ""})

    assert answer.status_code == 422
    assert "Escolha ao menos um arquivo CSV." in answer.text


async def test_who_may_only_see_uploads_nothing(web: Web):
    browser = await web.browser("imports:see")

    assert (await browser.post("/importacoes", files={"files": CUSTOMERS})).status_code == 403
    assert 'type="file"' not in (await browser.get("/importacoes")).text


async def test_an_unknown_import_is_not_found(web: Web):
    program = await web.program(*ALL)

    for path in ("/api/imports/9", "/api/imports/9/errors.csv"):
        assert (await program.get(path)).status_code == 404


async def test_more_than_the_limit_is_refused(web: Web):
    program = await web.program(*ALL)

    answer = await program.post(
        "/api/imports", headers={"content-length": str(600 * 2**20)}, content=b""
    )

    assert answer.status_code == 413


async def test_the_samples_are_a_portfolio_that_is_accepted(web: Web, tmp_path):
    browser = await web.browser(*ALL)
    async with web.database.write() as session:
        await a_category(session, code="A0")
    files = []
    for kind in ImportKind:
        text = (await browser.get(f"/importacoes/modelos/{kind}.csv")).text
        assert text == sample(kind)
        files.append(("files", (f"{kind}.csv", text.encode(), "text/csv")))

    await browser.post("/importacoes", files=files)
    done = await carry_on(web.database, await run_of(web, 1))

    assert (done.status, done.errors, done.changed) == ("done", 0, 10)


async def test_page_and_program_tell_what_each_column_wants(web: Web):
    program, browser = await web.program("imports:see"), await web.browser(*ALL)

    kinds = (await program.get("/api/imports/columns")).json()
    start = (await browser.get("/importacoes")).text
    page = (await browser.get("/importacoes/colunas/contracts")).text
    unknown = await browser.get("/importacoes/colunas/tickets")

    contracts = next(each["columns"] for each in kinds if each["kind"] == "contracts")
    titles = {each["title"]: each for each in contracts}
    assert titles["cliente"]["is_required"]
    assert titles["agrupador"]["other_titles"] == ["agrupador_cobrancas", "billing_group"]
    assert "cobra-se só o que parcelas_adesao_a_cobrar disser" in titles["taxa_adesao"]["help"]
    assert titles["mensalidade"]["example"] == "129,90"
    assert 'href="/importacoes/colunas/contracts"' in start
    assert '<tr id="parcelas_adesao_a_cobrar">' in page
    assert "Código da regra de vencimento; em branco, a do plano." in page
    assert unknown.status_code == 422
