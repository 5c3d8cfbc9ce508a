"""The nightly scan's pages and JSON: started, watched, stopped."""

from __future__ import annotations

from tests.support.web import Web

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
