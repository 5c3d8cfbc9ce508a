"""Return files by page and by program: sent in, refused, watched, stopped, their lines read."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import select

from models.bulk import BulkRun
from models.outbox import OutboxEntry
from models.payments import Payment
from models.people import AuditEntry
from tests.support.bank_returns import an_invoice, collect_by_boleto, write_out
from tests.support.cnab import file_400, liquidation_400, sent
from tests.support.web import Web

ALL = ("payments:see", "payments:act")
PATH = "/pagamentos/retornos"


def a_file(*titles: dict[int, str]) -> tuple[str, bytes, str]:
    content = sent(file_400("341", *(titles or (liquidation_400("00000001"),))))
    return ("CB1611.RET", content, "text/plain")


async def run_of(web: Web, run_id: int) -> BulkRun:
    async with web.database.read() as session:
        return await session.get_one(BulkRun, run_id)


async def test_a_program_sends_a_file_and_reads_what_became_of_each_line(web: Web):
    await collect_by_boleto(web.database, an_invoice())
    program = await web.program(*ALL)
    file = a_file(liquidation_400("00000001", fee="2.10"), liquidation_400("00000009"))

    begun = await program.post("/api/bank-returns", files={"file": file})
    number = begun.json()["id"]
    await write_out(web.database, await run_of(web, number))
    done = (await program.get(f"/api/bank-returns/{number}")).json()
    lines = (await program.get(f"/api/bank-returns/{number}/lines")).json()
    unknown = await program.get(
        f"/api/bank-returns/{number}/lines",
        params={"outcome": "unknown"}, headers={"Accept-Language": "en"},
    )  # fmt: skip
    rest = await program.get(
        f"/api/bank-returns/{number}/lines", params={"after": lines[0]["id"], "limit": 1}
    )

    assert (begun.status_code, begun.json()["status"]) == (201, "waiting")
    assert (done["status"], done["payments"], done["to_be_seen"]) == ("done", 1, 1)
    assert (done["paid"], done["fees"], done["lines"], done["total"]) == ("100.00", "2.10", 4, 2)
    assert [line["outcome"] for line in lines] == ["settled", "unknown"]
    assert lines[0]["invoice_code"] == "F1"
    assert [line["why"] for line in unknown.json()] == ["No invoice has this number."]
    assert [line["id"] for line in rest.json()] == [lines[1]["id"]]
    assert [run["id"] for run in (await program.get("/api/bank-returns")).json()] == [number]
    async with web.database.read() as session:
        started = list(await session.exec(select(OutboxEntry.workflow)))
        actions = list(await session.exec(select(AuditEntry.action)))
    assert "BankReturn" in started
    assert actions == ["bank_return.send"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "ReturnEmpty"),
        (b"codigo;valor\r\nF1;1\r\n", "NotABankFile"),
        (b"PK\x03\x04", "ReturnNotText"),
        (sent(file_400("999", liquidation_400("1"))), "BankNotKnown"),
        (sent(file_400("341", liquidation_400("1"))[:-1]), "ReturnCut"),
    ],
)
async def test_a_bad_file_is_refused_and_nothing_is_kept(web: Web, settings, content, code):
    program = await web.program(*ALL)

    answer = await program.post("/api/bank-returns", files={"file": ("a.ret", content)})

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["field"] == "file"
    async with web.database.read() as session:
        assert list(await session.exec(select(BulkRun))) == []
    uploads = Path(settings.data) / "uploads"
    assert [each.name for each in uploads.iterdir()] == []


async def test_the_same_file_again_names_the_first(web: Web):
    program = await web.program(*ALL)
    first = await program.post("/api/bank-returns", files={"file": a_file()})

    again = await program.post("/api/bank-returns", files={"file": a_file()})

    assert again.json()["code"] == "ReturnAlreadyRead"
    assert f"retorno {first.json()['id']}" in again.json()["detail"]


async def test_stop_resume_and_what_has_ended(web: Web):
    await collect_by_boleto(web.database, an_invoice())
    program = await web.program(*ALL)
    number = (await program.post("/api/bank-returns", files={"file": a_file()})).json()["id"]
    path = f"/api/bank-returns/{number}"

    stopping = await program.post(f"{path}/stop")
    early = await program.post(f"{path}/resume")
    await write_out(web.database, await run_of(web, number))
    resumed = await program.post(f"{path}/resume")
    await write_out(web.database, await run_of(web, number))
    late = await program.post(f"{path}/stop")

    assert stopping.json()["is_stopping"] is True
    assert early.json()["code"] == "ReturnNotStopped"
    assert resumed.json()["status"] == "waiting"
    assert late.json()["code"] == "ReturnNotUnderWay"
    assert (await program.get("/api/bank-returns/99")).status_code == 404


async def test_a_person_sends_a_file_and_reads_the_report(web: Web):
    await collect_by_boleto(web.database, an_invoice())
    browser = await web.browser(*ALL)
    file = a_file(liquidation_400("00000001", paid="130.00"), liquidation_400("00000009"))

    sent_in = await browser.post(PATH, files={"file": file})
    page = sent_in.headers["location"]
    waiting = (await browser.get(page)).text
    await write_out(web.database, await run_of(web, 1))
    report = (await browser.get(page)).text
    narrowed = (await browser.get(f"{page}?situacao=unknown")).text
    csv = (await browser.get(f"{page}?formato=csv")).text
    again = await browser.post(PATH, files={"file": file})
    payments = (await browser.get("/pagamentos?situacao=excess")).text

    assert "Parar" in waiting
    assert "<progress" in waiting
    assert "Paga a mais" in report
    assert "Nenhuma fatura tem este número." in report
    assert "Ana Souza" not in narrowed
    assert "Paga a mais;" in csv
    assert again.status_code == 422
    assert "já foi enviado" in again.text
    assert "Ana Souza" in payments
    assert "30,00" in payments


async def test_no_file_is_said_beside_the_field(web: Web):
    browser = await web.browser(*ALL)

    answer = await browser.post(PATH)

    assert answer.status_code == 422
    assert "Escolha o arquivo de retorno do banco." in answer.text


async def test_who_may_only_see_sends_nothing(web: Web):
    browser = await web.browser("payments:see")

    assert (await browser.post(PATH, files={"file": a_file()})).status_code == 403
    assert 'type="file"' not in (await browser.get(PATH)).text
    async with web.database.read() as session:
        assert list(await session.exec(select(Payment))) == []


async def test_a_line_in_question_is_answered_on_the_page_and_by_program(web: Web):
    await collect_by_boleto(web.database, an_invoice("F1"), an_invoice("F2"))
    program, browser = await web.program(*ALL), await web.browser(*ALL)
    reader = await web.program("payments:see", login="leitor")
    numbers = [1, 2]
    for titles in (["00000001", "00000002"], ["00000009", "00000001", "00000002"]):
        file = a_file(*(liquidation_400(title) for title in titles))
        sent_in = await program.post(
            "/api/bank-returns", files={"file": file}, data={"is_corrected": "true"}
        )
        await write_out(web.database, await run_of(web, sent_in.json()["id"]))
    lines = (await program.get(f"/api/bank-returns/{numbers[1]}/lines")).json()
    asking = [line["id"] for line in lines if line["outcome"] == "question"]
    path = f"/api/bank-return-lines/{asking[0]}/answer"

    shown = await browser.get(f"{PATH}/2", params={"situacao": "question"})
    nobody = await browser.post(f"{PATH}/2/perguntas/mesmo", data={})
    forbidden = await reader.post(path, json={"is_second": True})
    first = await program.post(path, json={"is_second": True})
    again = await program.post(path, json={"is_second": True})
    on_page = await browser.post(f"{PATH}/2/perguntas/mesmo", data={"filtro": "*"})
    gone = await program.post("/api/bank-return-lines/999/answer", json={"is_second": True})

    assert len(asking) == 2
    assert "É um segundo pagamento" in shown.text
    assert (nobody.status_code, forbidden.status_code, gone.status_code) == (422, 403, 404)
    assert (first.json()["outcome"], first.json()["excess"]) == ("double", "100.00")
    assert (again.status_code, again.json()["code"]) == (409, "LineAlreadyDone")
    assert on_page.status_code == 303
    left = (await program.get(f"/api/bank-returns/{numbers[1]}/lines")).json()
    assert [line["outcome"] for line in left] == ["unknown", "double", "repeated"]
