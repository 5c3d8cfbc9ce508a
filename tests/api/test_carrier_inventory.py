"""Agreements, accounts and lines by program: as their pages make and refuse them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from models.carriers import Carrier
from models.client_services import ClientService
from tests.builders import AT, a_customer, a_team, stored
from tests.support.contestations import Dispute
from tests.support.web import Web

ALL = ("carriers:see", "carriers:act")
AGREEMENT = {"code": "PADRAO", "name": "Corporativo", "fine_percent": "2.00"}
LINE = {"number": "(11) 98765-4321", "kind": "mobile", "owner": "Ana", "cost_centre": "VENDAS"}


@pytest.fixture
async def account(web: Web) -> dict:
    """A carrier and a company, and how an account between them is said."""
    async with web.database.write() as session:
        company = await a_customer(session, name="Indústria Aurora Ltda")
        await stored(session, Carrier(code="claro", name="Claro"))
        return {"carrier": "claro", "company": company.code, "number": "00123"}


async def test_a_program_sets_up_an_agreement_and_an_account(web: Web, account: dict) -> None:
    program = await web.program(*ALL)

    agreement = (await program.post("/api/carrier-agreements", json=AGREEMENT)).json()["id"]
    await program.put(f"/api/carrier-agreements/{agreement}", json=AGREEMENT | {"name": "Novo"})
    asked = account | {"agreement_id": agreement, "expected_since": "2026-11-19"}
    made = await program.post("/api/carrier-accounts", json=asked)
    one = f"/api/carrier-accounts/{made.json()['id']}"
    changed = await program.put(one, json=asked | {"name": "Matriz", "is_active": False})

    assert (made.status_code, changed.status_code) == (201, 204)
    [known] = (await program.get("/api/carrier-agreements")).json()
    assert known["name"] == "Novo"
    [listed] = (await program.get("/api/carrier-accounts")).json()
    told = asked | {"number": "123", "name": "Matriz", "is_active": False}
    assert listed | told | {"expected_since": "2026-11-01"} == listed
    assert (await program.get(f"/api/carrier-accounts?after={listed['id']}")).json() == []


async def test_an_account_is_refused_as_its_form_refuses_it(web: Web, account: dict) -> None:
    program = await web.program(*ALL)
    await program.post("/api/carrier-accounts", json=account)

    refused = [
        (await program.post("/api/carrier-accounts", json=account | wrong)).json()["code"]
        for wrong in ({}, {"carrier": "tim"}, {"company": "x"}, {"agreement_id": 9},
                      {"number": "1", "agreement_id": 2**63})
    ]  # fmt: skip
    missing = await program.put("/api/carrier-accounts/9", json=account)

    assert refused == [
        "CarrierAccountTaken", "CarrierChosenUnknown", "CompanyChosenUnknown",
        "CarrierAgreementNotFound", "InvalidFields",
    ]  # fmt: skip
    assert (missing.status_code, missing.json()["code"]) == (404, "CarrierAccountNotFound")


async def test_a_program_keeps_the_inventory(web: Web, account: dict) -> None:
    program, line = await web.program(*ALL), LINE | {"company": account["company"]}

    made = await program.post("/api/lines", json=line)
    again = await program.post("/api/lines", json=line)
    one = f"/api/lines/{made.json()['id']}"
    handed = await program.put(one, json=line | {"owner": "Bia"})
    ended = await program.put(one, json=line | {"status": "cancelled"})

    assert (again.status_code, again.json()["code"]) == (422, "LineTaken")
    assert handed.status_code == 204
    assert (ended.status_code, ended.json()["field"]) == (422, "active_until")
    [listed] = (await program.get("/api/lines")).json()
    assert (listed["number"], listed["owner"], listed["company"]) == (
        "11987654321", "Bia", account["company"],
    )  # fmt: skip


async def test_a_clients_program_keeps_its_own_lines_alone(web: Web, account: dict) -> None:
    async with web.database.write() as session:
        other = await a_customer(session, name="Comércio Boreal Ltda")
        team = await a_team(session, code="boreal")
        await stored(
            session,
            ClientService(
                customer_id=other.id, model="advanced", team_id=team.id, changed_at=AT,
                changed_by="ana",
            ),
        )  # fmt: skip
    house = await web.program(*ALL)
    await house.post("/api/lines", json=LINE | {"company": account["company"]})
    own = await web.program(*ALL, login="cliente", company_id=other.id)

    seen = (await own.get("/api/lines")).json()
    made = await own.post("/api/lines", json=LINE | {"company": other.code})
    foreign = await own.post("/api/lines", json=LINE | {"company": account["company"]})
    account_made = await own.post("/api/carrier-accounts", json=account)

    assert (seen, made.status_code) == ([], 201)
    assert foreign.json()["code"] == "CompanyChosenUnknown"
    assert account_made.status_code == 403


async def test_findings_are_picked_and_a_payment_is_noted(web: Web, tmp_path: Path) -> None:
    await Dispute(web.database, tmp_path).begin()
    web.now += timedelta(days=12)
    program = await web.program(*ALL, "findings:see", "findings:act")
    one, *others = [each["id"] for each in (await program.get("/api/findings")).json()]
    path = "/api/carrier-invoices/1/payment"

    picked = await program.put("/api/findings/picked", json={"ids": [one, *others, 999]})
    back = await program.put("/api/findings/picked", json={"ids": [one], "is_picked": False})
    nothing = await program.put("/api/findings/picked", json={"ids": []})
    paid = (await program.put(path, json={"paid_on": "2026-12-01"})).json()
    unpaid = (await program.put(path, json={"paid_on": None})).json()
    missing = await program.put("/api/carrier-invoices/99/payment", json={})

    assert picked.json() == {"changed": 1 + len(others)}
    assert (back.json(), nothing.status_code) == ({"changed": 1}, 422)
    found = (await program.get("/api/findings")).json()
    assert [each["id"] for each in found if each["status"] == "open"] == [one]
    assert (paid["paid_on"], unpaid["paid_on"], missing.status_code) == ("2026-12-01", None, 404)
