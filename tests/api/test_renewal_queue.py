"""The renewal queue as people and programs read it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from activities.renewals import decide, queue_renewal
from models.cases import case_of
from rules.cases import Elapsed, Process
from tests import builders
from tests.builders import AT, TODAY
from tests.conftest import House
from tests.contracts import a_plan, activated
from tests.support.web import Web

SEE = "contracts:see"


@pytest.fixture
async def queued(web: Web) -> int:
    """A contract whose term is in the queue, and one whose term is not."""
    async with web.database.write() as session:
        plan = await a_plan(session)
        contract = await activated(session, plan, ignore_automatic_renewal=True)
        await queue_renewal(session, contract, at=AT)
        await activated(session, plan)
    return contract.key


async def test_the_queue_tells_what_comes_next(web: Web, queued: int) -> None:
    browser = await web.browser(SEE)

    page = (await browser.get("/contratos/renovacoes")).text
    others = (await browser.get("/contratos/renovacoes?situacao=renewed")).text
    contract = (await browser.get(f"/contratos/{queued}")).text

    assert f"/contratos/{queued}#renovacao" in page
    for words in ("0 de 2", "Por uma pessoa", "Primeiro aviso de renovação", "16/11/2027"):
        assert words in page
    assert f"/contratos/{queued}" not in others
    assert 'id="renovacao"' in contract


async def test_a_program_reads_the_queue(web: Web, queued: int) -> None:
    program = await web.program(SEE)

    [renewal] = (await program.get("/api/contract-renewals")).json()
    after = (await program.get("/api/contract-renewals", params={"after": renewal["id"]})).json()
    wrong = await program.get("/api/contract-renewals", params={"stage": "sold"})

    assert (renewal["contract_id"], renewal["stage"]) == (queued, "queued")
    assert (renewal["left"], renewal["notices"], renewal["amount"]) == (12, 0, "100.00")
    assert after == []
    assert wrong.status_code == 422


async def test_the_queue_is_for_who_sees_contracts(web: Web, queued: int) -> None:
    browser = await web.browser("tasks:see")

    assert (await browser.get("/contratos/renovacoes")).status_code == 403


async def test_whom_no_notice_reached_is_seen_and_told_otherwise(
    running: Web, house: House
) -> None:
    async with running.database.write() as session:
        customer = await builders.a_customer(session)
        contract = await activated(session, await a_plan(session), customer=customer)
        renewal = await queue_renewal(session, contract, at=AT)
        assert renewal is not None
        case = await case_of(session, process=Process.RENEWALS, subject_id=renewal.number)
        assert case is not None
        await decide(session, case, Elapsed("first_notice"), AT + timedelta(days=306))
    await house.clock.settle()
    browser = await running.browser(SEE, "contracts:act")
    reader = await running.program(SEE, login="rui")
    place, told = f"/api/contracts/{contract.key}/renewal/notice", {"proven_on": f"{TODAY}"}

    queue = (await browser.get("/contratos/renovacoes")).text
    page = (await browser.get(f"/contratos/{contract.key}")).text
    refused = await reader.post(place, json={**told, "proof": "Carta"})
    program = await running.program("contracts:act")
    again = await program.post(f"{place}/repetition")
    nobody_knows = await program.post(place, json={**told, "proof": ""})
    proven = await browser.post(
        f"/contratos/{contract.key}/renovacao/aviso",
        data={"proven_on": f"{TODAY:%d/%m/%Y}", "proof": "Entregue em mãos"},
    )
    after = (await browser.get(f"/contratos/{contract.key}")).text

    assert "1 de 2, sem alcançar o cliente" in queue
    assert "Um aviso não chegou ao cliente por nenhum canal" in page
    assert (refused.status_code, again.status_code, nobody_knows.status_code) == (403, 422, 422)
    assert nobody_knows.json()["field"] == "proof"
    assert proven.status_code == 303
    assert "Entregue em mãos" in after
    assert "Um aviso não chegou ao cliente por nenhum canal" not in after
