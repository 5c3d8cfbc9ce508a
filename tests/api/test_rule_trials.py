"""Audit rules tried on past invoices: what they would have found, and nothing saved."""

from __future__ import annotations

from pathlib import Path

from sqlmodel import select

from activities.rule_trials import Found, try_rules
from models.carrier_agreements import settings_of
from models.database import Database
from models.findings import Finding
from rules.carrier_terms import Rule, RuleSetting
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
        assert len((await session.exec(select(Finding))).all()) == len(RULES)


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
