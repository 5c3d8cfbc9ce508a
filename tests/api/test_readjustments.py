"""How a customer was told of a new price, by page and by program: on record, refused, repeated."""

from __future__ import annotations

import pytest

from activities.readjustments import decide
from models.readjustments import ContractReadjustment
from rules.business_days import local_date
from rules.cases import Elapsed
from tests.activities.test_renewals import index, opened
from tests.builders import AT
from tests.conftest import House
from tests.support.web import Web


@pytest.fixture
async def untold(running: Web, house: House) -> int:
    """A contract whose new price nobody could be told of."""
    async with running.database.write() as session:
        found = await index(session, *["1"] * 12)
        contract, _, case = await opened(session, found, email=None)
        await decide(session, case, Elapsed("decide"), AT)
    await house.clock.settle()
    return contract.key


async def test_who_was_told_otherwise_gets_the_new_price(running: Web, untold: int) -> None:
    browser = await running.browser("contracts:see", "contracts:act")
    program = await running.program("contracts:act")
    reader = await running.program("contracts:see", login="rui")
    today, place = local_date(running.now), f"/api/contracts/{untold}/readjustment/notice"

    page = (await browser.get(f"/contratos/{untold}")).text
    refused = await reader.post(place, json={"proven_on": f"{today}", "proof": "Carta"})
    early = await program.post(place, json={"proven_on": "2020-01-01", "proof": "Carta"})
    unreached = await program.post(f"{place}/repetition")
    blank = await browser.post(
        f"/contratos/{untold}/reajuste/aviso", data={"proven_on": f"{today:%d/%m/%Y}", "proof": ""}
    )
    proven = await program.post(place, json={"proven_on": f"{today}", "proof": "Carta BR123"})
    again = await program.post(place, json={"proven_on": f"{today}", "proof": "Carta BR123"})
    told = (await browser.get(f"/contratos/{untold}")).text

    assert "O aviso não chegou ao cliente por nenhum canal" in page
    assert (refused.status_code, early.status_code, unreached.status_code) == (403, 422, 422)
    assert (early.json()["field"], blank.status_code) == ("proven_on", 422)
    assert "Diga como o aviso foi entregue" in blank.text
    assert (proven.status_code, proven.json()["stage"]) == (200, "told")
    assert again.status_code == 422
    assert "Carta BR123" in told
    [kept] = await running.rows(ContractReadjustment)
    assert (kept.told_on, kept.told_how) == (today, "Carta BR123")
