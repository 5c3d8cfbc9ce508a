"""Fiscal documents before people and programs."""

from __future__ import annotations

from tests.activities.test_fiscal_documents import KEY, a_series, billed
from tests.support.web import Web

ALL = ("billing:see", "billing:act")
PATH = "/contratos/documentos-fiscais"
API = "/api/fiscal-documents"


async def test_documents_are_exported_authorised_and_cancelled(web: Web) -> None:
    program, reader = await web.program(*ALL), await web.program("billing:see", login="leitor")
    nothing = await program.post(f"{API}/export")
    async with web.database.write() as session:
        await a_series(session, "nfcom")
        await billed(session, ("monthly", "100.00"))

    forbidden = await reader.post(f"{API}/export")
    twice = [await program.post(f"{API}/export", headers={"Idempotency-Key": "k1"}) for _ in "ab"]
    made = twice[0].json()
    assert made == twice[1].json()
    again = (await reader.get(f"{API}/batches/{made['batch']}")).json()
    bad = await program.post(f"{API}/1/authorisation", json={"access_key": "1"})
    done = await program.post(f"{API}/1/authorisation", json={"access_key": KEY})
    listed = (await reader.get(API, params={"status": "authorised"})).json()
    void = await program.post(f"{API}/1/cancellation", json={"reason": "valor errado"})
    unknown = await program.post(f"{API}/9/cancellation", json={"reason": "x"})
    no_invoice = await program.post(API, json={"invoice": "F999"})

    assert (nothing.json()["code"], forbidden.status_code) == ("NothingToExport", 403)
    assert made["documents"] == again
    assert (bad.json()["code"], done.json()["status"]) == ("AccessKeyNotValid", "authorised")
    assert [each["number"] for each in listed] == [1]
    assert (void.json()["status"], unknown.status_code) == ("cancelled", 404)
    assert no_invoice.status_code == 404
    assert (await reader.get(f"{API}/1")).json()["reason"] == "valor errado"


async def test_a_key_with_letters_is_typed_in_any_case_and_in_groups(web: Web) -> None:
    typed = " ".join(KEY.lower()[at : at + 4] for at in range(0, 44, 4))
    async with web.database.write() as session:
        await a_series(session, "nfcom")
        await billed(session, ("monthly", "100.00"))
        await billed(session, ("monthly", "30.00"))
    program, browser = await web.program(*ALL), await web.browser(*ALL)
    await program.post(f"{API}/export")

    shown = await browser.get(f"{PATH}/1")
    by_hand = await browser.post(f"{PATH}/1/autorizacao", data={"access_key": typed})
    told = await program.post(f"{API}/2/authorisation", json={"access_key": typed})

    assert 'inputmode="numeric"' not in shown.text  # a telephone would offer no letters
    assert (by_hand.status_code, told.status_code) == (303, 200)
    assert told.json()["access_key"] == KEY


async def test_documents_on_their_pages(web: Web) -> None:
    async with web.database.write() as session:
        await a_series(session, "nfcom")
        await billed(session, ("monthly", "100.00"))
        by_hand = await billed(session, ("monthly", "30.00"), fiscal_document=False)
    browser = await web.browser(*ALL)

    file = await browser.post(PATH)
    numbered = await browser.post(f"{PATH}/fatura", data={"invoice": by_hand.code})
    listed = await browser.get(PATH)
    shown = await browser.get(f"{PATH}/1")
    wrong = await browser.post(f"{PATH}/1/autorizacao", data={"access_key": "12"})
    done = await browser.post(f"{PATH}/1/autorizacao", data={"access_key": f" {KEY} "})
    void = await browser.post(f"{PATH}/2/cancelamento", data={"reason": "engano"})

    assert "attachment" in file.headers["content-disposition"]
    assert [each["number"] for each in file.json()] == [1]
    assert (numbered.status_code, done.status_code, void.status_code) == (303, 303, 303)
    assert ("NFCom" in listed.text, "Registrar autorização" in shown.text) == (True, True)
    assert wrong.status_code == 422
    assert "Autorizado" in (await browser.get(f"{PATH}/1")).text
