"""The renewal queue as people and programs read it."""

from __future__ import annotations

import pytest

from activities.renewals import queue_renewal
from tests.builders import AT
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
