"""Billing's pages and JSON: started, watched, stopped; what it made and what it left off."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlmodel import select
from temporalio.testing import ActivityEnvironment

from activities.billing import BillingActivities
from models.charges import Charge
from models.people import AuditEntry
from tests.builders import a_contract, a_customer
from tests.support.web import NOW, Web

PATH = "/contratos/faturamento"


async def two_charges(web: Web) -> None:
    """One that is billed, and one of a courtesy."""
    async with web.database.write() as session:
        customer = await a_customer(session, name="Ana Souza")
        for method in ("grouped", "courtesy"):
            contract = await a_contract(session, customer, billing_method=method)
            session.add(
                Charge(
                    key=method, contract_id=contract.key, customer_id=customer.id or 0,
                    kind="monthly", description="Fibra", issue_date=date(2026, 11, 5),
                    due_date=date(2026, 11, 15), amount=Decimal("89.90"), created_at=NOW,
                    created_by="system",
                )
            )  # fmt: skip


async def test_billing_is_run_once_watched_and_told(web: Web) -> None:
    await two_charges(web)
    program = await web.program("billing:see", "billing:act")
    started = await program.post("/api/billing/runs")
    again = await program.post("/api/billing/runs")
    run_id = started.json()["id"]
    assert (started.status_code, again.json()["id"]) == (202, run_id)

    await ActivityEnvironment().run(BillingActivities(web.database).bill, run_id)

    told = (await program.get(f"/api/billing/runs/{run_id}")).json()
    assert (told["status"], told["invoices"], told["left_off"]) == ("done", 1, {"courtesy": 1})
    assert Decimal(told["amount"]) == Decimal("89.90")
    left = (await program.get(f"/api/billing/runs/{run_id}/skipped")).json()
    assert [each["reason"] for each in left] == ["courtesy"]
    beyond = await program.get(f"/api/billing/runs/{run_id}/skipped?after={left[0]['id']}")
    assert beyond.json() == []
    stopped = await program.post(f"/api/billing/runs/{run_id}/stop")
    assert stopped.json()["status"] == "done"
    assert (await program.get("/api/billing/runs/999")).status_code == 404
    async with web.database.read() as session:
        actions = list(await session.exec(select(AuditEntry.action)))
    assert actions.count("billing.start") == 2

    browser = await web.browser("billing:see", "contracts:see")
    assert PATH in (await browser.get("/contratos")).text
    assert f"{PATH}/{run_id}" in (await browser.get(PATH)).text
    assert "Cortesia" in (await browser.get(f"{PATH}/{run_id}")).text
    assert "Ana Souza" in (await browser.get(f"{PATH}/{run_id}/faturas")).text
    assert "Cortesia" in (await browser.get(f"{PATH}/{run_id}/fora")).text
    assert "every 1s" not in (await browser.get(f"{PATH}/{run_id}/andamento")).text


async def test_a_run_is_started_and_stopped_on_its_pages(web: Web) -> None:
    browser = await web.browser("billing:see", "billing:act")
    assert "Faturar agora" in (await browser.get(PATH)).text

    page = await browser.post(PATH, follow_redirects=True)
    assert "Na fila" in page.text
    page = await browser.post(f"{page.url.path}/parada", follow_redirects=True)

    assert "Parando…" in page.text
