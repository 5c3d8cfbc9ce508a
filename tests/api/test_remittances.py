"""Remittances, by page and by program."""

from __future__ import annotations

import re

from sqlmodel import select

from models.invoices import Invoice
from models.people import AuditEntry
from rules.cnab_240 import problems_of
from tests.activities.test_remittances import a_profile, owed
from tests.support.web import Web

SEE, ACT = "payments:see", "payments:act"
PATH = "/pagamentos/remessas"


async def test_a_file_is_made_and_taken_by_page(web: Web) -> None:
    async with web.database.write() as session:
        profile = await a_profile(session, name="Boletos BB")
        await a_profile(session, name="Boletos Itaú", bank="341", wallet="109")
        invoice = await owed(session, profile)
    browser = await web.browser(SEE, ACT)
    before = (await browser.get(PATH)).text

    made = await browser.post(PATH, data={"payment_profile_id": str(profile.id)})
    shown = (await browser.get(PATH)).text
    again = await browser.post(PATH, data={"payment_profile_id": str(profile.id)})
    path, *_ = re.findall(r'href="(/pagamentos/remessas/\d+\.rem)"', shown)
    file = await browser.get(path)

    assert "Gerar remessa de Boletos BB" in before
    assert "Sem remessa por aqui: Itaú." in before
    assert (made.status_code, again.status_code) == (303, 422)
    assert "Não há boletos a registrar" in again.text
    assert "remessa-" in file.headers["content-disposition"]
    assert problems_of(file.text.split("\r\n")[:-1]) == ()
    async with web.database.read() as session:
        assert (await session.get_one(Invoice, invoice.id)).remittance_generated


async def test_a_program_makes_a_file_and_is_refused_what_cannot_be_one(web: Web) -> None:
    async with web.database.write() as session:
        profile = await a_profile(session)
        other = await a_profile(session, bank="341", wallet="109")
        lacking = await a_profile(session, variation="")
        invoice = await owed(session, profile)
    program, reader = await web.program(SEE, ACT), await web.program(SEE, login="leitor")

    made = await program.post("/api/remittances", json={"payment_profile_id": profile.id})
    refused = [
        await program.post("/api/remittances", json={"payment_profile_id": each})
        for each in (other.id, lacking.id, 999, None)
    ]
    listed = (await reader.get("/api/remittances")).json()
    number = made.json()["id"]
    file = await program.get(f"/api/remittances/{number}/file")

    assert (made.status_code, made.json()["titles"]) == (201, 1)
    assert [each.json()["code"] for each in refused] == [
        "RemittanceBankNotKnown", "RemittanceNeeds", "RemittanceProfileNotFound",
        "RemittanceProfileNotFound",
    ]  # fmt: skip
    assert {each.json()["field"] for each in refused} == {"payment_profile_id"}
    assert [(each["sequence"], each["amount"]) for each in listed] == [(1, "199.90")]
    assert invoice.code in file.text
    assert (await reader.get(f"/api/remittances/{number}/file")).status_code == 403
    assert (await reader.post("/api/remittances", json={})).status_code == 403
    assert (await program.get("/api/remittances/999/file")).status_code == 404
    async with web.database.read() as session:
        deeds = [each.action for each in await session.exec(select(AuditEntry))]
    assert "remittance.make" in deeds
