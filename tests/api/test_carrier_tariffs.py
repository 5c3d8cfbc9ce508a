"""Tariffs of agreements with carriers, as programs keep them."""

from __future__ import annotations

from rules.carrier_samples import make_sample
from tests.support.carriers import a_company
from tests.support.web import Web


async def test_a_program_reads_makes_and_changes_tariffs_by_the_checks_of_the_form(web: Web):
    async with web.database.write() as session:
        await a_company(session, make_sample())
    program = await web.program("carriers:see", "carriers:act")
    path = "/api/carrier-agreements/1/tariffs"
    own = {
        "kind": "fee", "code": "PCRP", "price": "39.9000", "number": "(11) 98765-4321",
        "valid_from": "2026-01-01",
    }  # fmt: skip

    made = await program.post(path, json=own)
    changed = await program.put(f"{path}/{made.json()['id']}", json={**own, "price": "38.50"})
    pool = {
        "kind": "allowance", "code": "PDAD", "quantity": 2048, "unit": "megabyte",
        "base_code": "STD", "sharing": "summed",
    }  # fmt: skip
    pooled = await program.post(path, json=pool)
    wrong = [
        (await program.post(path, json={**pool, **change})).json()["code"]
        for change in ({"unit": "each"}, {"number": "11987654321"}, {"base_code": ""})
    ]
    shared_fee = await program.post(path, json={**own, "sharing": "summed"})
    rows = (await program.get(path)).json()

    assert (made.status_code, changed.status_code, pooled.status_code) == (201, 200, 201)
    assert wrong == ["AllowanceUnitWrong", "TariffOfLineWrong", "TariffBaseMissing"]
    assert shared_fee.json()["code"] == "SharingWithoutAllowance"
    assert [(r["number"], r["price"]) for r in rows if r["number"]] == [("11987654321", "38.5000")]
    assert [r["sharing"] for r in rows if r["sharing"] != "line"] == ["summed"]
    assert (await program.get("/api/carrier-agreements/9/tariffs")).status_code == 404
    assert (await program.put(f"{path}/999", json=own)).status_code == 404
