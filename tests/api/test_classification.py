"""The classifier over HTTP: asked for once, watched, and stopped."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import select

from models.bulk import BulkRun
from models.ladder_tables import Ladder, LadderStep
from rules.business_days import local_date
from tests.builders import a_customer, an_invoice
from tests.conftest import House
from tests.support.collections import START
from tests.support.web import Web


async def test_the_classifier_runs_now_and_shows_how_far_it_is(house: House, running: Web) -> None:
    async with house.database.write() as session:
        ladder = Ladder(code="padrao", name="Padrão", is_default=True)
        session.add(ladder)
        await session.flush()
        session.add(
            LadderStep(ladder_id=ladder.id, action="forward_to_collections", offset_days=15)
        )
        customer = await a_customer(session)
        due = local_date(running.now) - timedelta(days=40)
        await an_invoice(session, customer, collection_stage=None, due_date=due)
    browser = await running.browser(*START)

    begun = await browser.post("/cobrancas/classificacoes")
    await house.clock.settle()
    async with house.database.read() as session:
        run = (await session.exec(select(BulkRun))).one()
    handle = house.client.get_workflow_handle(f"classification/{run.id}")
    await handle.result()

    assert begun.headers["location"] == f"/cobrancas/classificacoes/{run.id}"
    shown = await browser.get(begun.headers["location"])
    assert "Concluída" in shown.text
    part = await browser.get(f"{begun.headers['location']}/andamento")
    assert "1 de 1" in part.text
    assert "hx-get" not in part.text
    assert "Classificados" in (await browser.get("/cobrancas/classificados")).text


async def test_a_run_is_asked_for_once_and_stopped(web: Web) -> None:
    program = await web.program(*START)

    first = (await program.post("/api/collections/classifications")).json()
    second = (await program.post("/api/collections/classifications")).json()
    assert first["id"] == second["id"]
    stopped = await program.post(f"/api/collections/classifications/{first['id']}/stop")
    assert stopped.json()["stop_requested"] is True
    browser = await web.browser(*START)
    part = await browser.get(f"/cobrancas/classificacoes/{first['id']}/andamento")
    assert "Parando" in part.text
    assert (await program.get("/api/collections/classifications/404")).status_code == 404
