"""Audit rules tried on past invoices: what they would have found, and nothing saved."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import select

from activities.rule_trials import Found, try_rules
from models.carrier_agreements import settings_of
from models.database import Database
from models.findings import Finding
from rules.audit_rules import Rule
from rules.carrier_terms import RuleSetting
from tests.support.contestations import RULES, Dispute
from tests.support.web import Web

OFF = RuleSetting(is_on=False)


async def test_a_rule_is_tried_without_writing_anything(database: Database, tmp_path: Path) -> None:
    dispute = await Dispute(database, tmp_path).begin()
    first, second = RULES

    trial = await try_rules(database, 1, {first: OFF})

    by_rule = {each.rule: each for each in trial.rules}
    assert [each.number for each in trial.invoices] == [dispute.sample.bill.invoice_number]
    assert by_rule[first].then == Found()
    assert by_rule[first].now.count == by_rule[second].then.count == 1
    async with database.read() as session:
        assert await settings_of(session, 1) == {}
        assert len((await session.exec(select(Finding).order_by("id"))).all()) == len(RULES)


async def test_the_page_tells_both_ways(web: Web, database: Database, tmp_path: Path) -> None:
    await Dispute(database, tmp_path).begin()
    browser = await web.browser("carriers:see", "carriers:act")
    on = {f"on_{rule}": "1" for rule in Rule if rule != RULES[0]}
    path = "/operadoras/contratos/1/regras/experimento"

    tried = await browser.post(path, data=on)
    wrong = await browser.post(path, data={f"tolerance_{RULES[0]}": "muito"})
    page = (await browser.get("/operadoras/contratos/1")).text

    assert tried.status_code == 200
    assert "Nada foi salvo" in tried.text
    assert "Tarifa diferente" in tried.text
    assert wrong.status_code == 422
    assert path in page


async def test_a_program_tries_rules_and_sets_them(
    web: Web, database: Database, tmp_path: Path
) -> None:
    await Dispute(database, tmp_path).begin()
    program = await web.program("carriers:see", "carriers:act")
    reader = await web.program("carriers:see", login="leitor")
    first, second = (str(rule) for rule in RULES)
    one, off = "/api/carrier-agreements/1", {"rules": {first: {"is_on": False}}}

    tried = (await program.post(f"{one}/rule-trials", json=off)).json()
    before = (await program.get(f"{one}/rules")).json()
    refused = await reader.put(f"{one}/rules", json=off)
    written = await program.put(f"{one}/rules", json=off)
    again = (await program.post(f"{one}/rule-trials", json={"rules": {}})).json()

    found = {each["rule"]: (each["now"]["count"], each["then"]["count"]) for each in tried["rules"]}
    assert found == {first: (1, 0), second: (1, 1)}
    assert [each["id"] for each in tried["invoices"]] == [1]
    assert all(each["is_on"] for each in before)
    assert (refused.status_code, written.status_code) == (403, 200)
    assert [each["rule"] for each in written.json() if not each["is_on"]] == [first]
    assert [each["rule"] for each in again["rules"]] == [second]
    assert [each["id"] for each in (await reader.get("/api/carrier-agreements")).json()] == [1]


@pytest.mark.parametrize(
    "rules",
    [
        {"no_such_rule": {}},
        {"rate_differs": {"tolerance": "-0.01"}},
        {"rate_differs": {"tolerance": "0.001"}},
        {"rate_differs": {"tolerance": "muito"}},
        {"rate_differs": {"is_off": True}},
    ],
)
async def test_rules_that_are_none_are_refused_to_programs(web: Web, rules) -> None:
    program = await web.program("carriers:see", "carriers:act")

    tried = await program.post("/api/carrier-agreements/1/rule-trials", json={"rules": rules})
    missing = await program.post("/api/carrier-agreements/9/rule-trials", json={"rules": {}})

    assert (tried.status_code, missing.status_code) == (422, 404)
