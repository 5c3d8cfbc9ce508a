"""The nightly scan's pages and JSON: started, watched, stopped."""

from __future__ import annotations

from datetime import timedelta

import pytest
from temporalio.testing import ActivityEnvironment

from activities import bulk_runs, contract_upkeep
from activities.contract_upkeep import UpkeepActivities, UpkeepRequest, start_upkeep
from tests.builders import AT
from tests.contracts import a_plan, activated
from tests.support.web import Web

LATER = AT + timedelta(days=35)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_runs, "now", lambda: LATER)


PATH = "/contratos/rotina"


async def test_a_scan_is_started_once_watched_and_stopped(web: Web) -> None:
    browser = await web.browser("billing:see", "billing:act", "contracts:see")
    program = await web.program("billing:see", "billing:act")
    reader = await web.browser("billing:see", login="rui")

    started = await browser.post(PATH)
    again = await program.post("/api/contract-upkeep/runs")
    watched = await browser.get(started.headers["location"])
    part = await browser.get(f"{started.headers['location']}/andamento")
    stopped = await browser.post(f"{started.headers['location']}/parada")
    told = (await program.get(f"/api/contract-upkeep/runs/{again.json()['id']}")).json()

    assert (started.status_code, again.status_code, stopped.status_code) == (303, 202, 303)
    assert started.headers["location"] == f"{PATH}/{again.json()['id']}"
    assert "Contratos com contas geradas à frente" in watched.text
    assert "Parar" in part.text
    assert (told["stop_requested"], told["status"]) == (True, "waiting")
    assert "Rotina de contratos" in (await reader.get(PATH)).text
    assert (await reader.post(PATH)).status_code == 403
    assert (await program.get("/api/contract-upkeep/runs/99")).status_code == 404
    assert (await program.post("/api/contract-upkeep/runs/1/stop")).json()["stop_requested"]


@pytest.mark.usefixtures("later")
async def test_every_figure_of_a_scan_opens_what_it_counts(web: Web) -> None:
    async with web.database.write() as session:
        plan = await a_plan(session)
        await activated(session, plan, ends_on=None)
        ending = await activated(session, plan, ends_on=(AT + timedelta(days=40)).date())
        run = await start_upkeep(session, by="ana", at=LATER)
        run_id = run.number
    await ActivityEnvironment().run(
        UpkeepActivities(web.database).keep_contracts_up, UpkeepRequest(run_id=run_id)
    )
    browser = await web.browser("billing:see", "contracts:see")
    program = await web.program("billing:see")
    stranger = await web.browser("contracts:see", login="rui")

    page = (await browser.get(f"{PATH}/{run_id}")).text
    told = (await program.get(f"/api/contract-upkeep/runs/{run_id}")).json()["summary"]
    for figure in contract_upkeep.STEPS:
        listed = await program.get(f"/api/contract-upkeep/runs/{run_id}/done/{figure}")
        assert len(listed.json()) == told[figure]
        assert (await browser.get(f"{PATH}/{run_id}/feito/{figure}")).status_code == 200
        assert (f"{PATH}/{run_id}/feito/{figure}" in page) is bool(told[figure])
    queued = (await browser.get(f"{PATH}/{run_id}/feito/queued")).text
    csv = await browser.get(f"{PATH}/{run_id}/feito/queued", params={"formato": "csv"})

    assert (told["extended"], told["queued"]) == (1, 1)
    assert f'href="/contratos/{ending.key}"' in queued
    assert ending.code in csv.text
    assert (await stranger.get(f"{PATH}/{run_id}/feito/queued")).status_code == 403
    assert (await browser.get(f"{PATH}/{run_id}/feito/sold")).status_code in {404, 422}
    assert (await browser.get(f"{PATH}/99/feito/queued")).status_code == 404
