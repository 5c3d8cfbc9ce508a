"""A contract handed over to another owner, who is named before."""

from __future__ import annotations

from tests import builders
from tests.api.test_contracts import hidden
from tests.contracts import a_plan, activated
from tests.support.web import NOW, Web


async def test_a_contract_passes_to_another_owner_by_page_and_by_program(web: Web) -> None:
    async with web.database.write() as session:
        contract = await activated(session, await a_plan(session), at=NOW)
        await builders.a_customer(session, code="RUI", name="Rui Lima")
    browser = await web.browser("contracts:see", "contracts:act", "contracts:end")
    program = await web.program("contracts:see", "contracts:act")
    wanted = {"kind": "ownership", "to_customer": "RUI"}

    refused = await program.post(f"/api/contracts/{contract.id}/changes", json=wanted)
    unknown = await browser.post(
        f"/contratos/{contract.id}/alteracoes", data={**wanted, "to_customer": "ninguém"}
    )
    asked = await browser.post(f"/contratos/{contract.id}/alteracoes", data=wanted)
    seen = {"owner_seen": hidden(asked.text)["owner_seen"]}
    passed = await browser.post(f"/contratos/{contract.id}/alteracoes", data={**wanted, **seen})
    shown = await browser.get(f"/contratos/{contract.key + 1}")

    assert (refused.status_code, unknown.status_code, passed.status_code) == (403, 422, 303)
    assert "O novo titular é Rui Lima (código RUI" in asked.text
    assert "Titularidade recebida de" in shown.text
