"""Tools of the panels on more rows than one request carries out: judged, done, watched, stopped."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import select
from temporalio.testing import ActivityEnvironment

from activities.panel_runs import PanelToolActivities
from api.panel_runs import RUNS
from api.panels import PAGE_OF
from models.bulk import BulkRun
from models.invoices import Invoice
from models.outbox import OutboxEntry, start_case
from rules.panels import Panel
from tests import builders
from tests.conftest import House
from tests.support.web import Web

SEES = ("collections.broken:see",)
ACTS = (*SEES, "collections.broken:act")
PANEL, API = PAGE_OF[Panel.BROKEN].path, "/api/collections/tool-runs"
TOOL = "inclusao-no-spc"


async def some_broken(web: Web, count: int, *, house: House | None = None) -> list[int]:
    """Broken invoices, one a customer."""
    ids = []
    at = house.clock.now if house else web.now
    async with web.database.write() as session:
        for number in range(count):
            customer = await builders.a_customer(session, email=f"c{number}@example.com")
            invoice = await builders.an_invoice(
                session, customer, collection_stage="broken", stage_since=at
            )
            ids.append(invoice.key)
            case = await builders.a_collections_case(session, customer, stage="broken", at=at)
            if house:
                start_case(session, case, at=at)
    return ids


async def worked_off(web: Web, run_id: int, client: Any = None) -> str:
    environment = ActivityEnvironment()
    environment.info = replace(environment.info, started_time=web.now)
    work = PanelToolActivities(web.database, client).use_panel_tool
    return await environment.run(work, run_id)


async def test_many_are_asked_about_together_and_judged_before(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.panel_picks.MOST_PICKED", 2)
    await some_broken(web, 3)
    browser, seer = await web.browser(*ACTS), await web.browser(*SEES, login="rui")

    asked = await browser.get(f"{PANEL}/{TOOL}", params={"filtro": "*"})
    begun = await browser.post(f"{PANEL}/{TOOL}/lote", data={"filtro": "", "simulate": "1"})
    status = await worked_off(web, 1)
    page = (await browser.get(f"{RUNS}/1")).text
    part = await browser.get(f"{RUNS}/1/andamento")
    shown = await seer.get(f"{RUNS}/1")
    refused = await seer.post(f"{RUNS}/1/execucao", data={"details": "x", "confirmed": "1"})
    again = await browser.post(f"{RUNS}/1/execucao", data={"details": "x", "confirmed": "1"})

    assert (asked.status_code, "Linhas do filtro" in asked.text) == (200, True)
    assert (begun.status_code, begun.headers["location"]) == (303, f"{RUNS}/1")
    assert (status, part.status_code, shown.status_code) == ("done", 200, 200)
    assert ("Pode ir" in page, "Fazer o que foi simulado" in page) == (True, True)
    assert "Fazer o que foi simulado" not in shown.text
    assert (refused.status_code, again.headers["location"]) == (403, f"{RUNS}/2")
    async with web.database.read() as session:
        runs = (await session.exec(select(BulkRun).order_by("id"))).all()
        assert [(each.is_dry_run, each.done, each.changed) for each in runs] == [
            (True, 3, 0), (False, 0, 0),
        ]  # fmt: skip
        started = (await session.exec(select(OutboxEntry.workflow_id))).all()
        assert {"panel-tool/1", "panel-tool/2"} <= set(started)
        assert set(await session.exec(select(Invoice.bureau_stage))) == {None}


async def test_what_is_missing_is_said_before_anything_begins(web: Web) -> None:
    await some_broken(web, 1)
    browser, program = await web.browser(*ACTS), await web.program(*ACTS)
    body = {"panel": 6, "tool": TOOL, "details": "x"}

    bare = await browser.post(f"{PANEL}/{TOOL}/lote", data={"filtro": "", "confirmed": "1"})
    unconfirmed = await browser.post(f"{PANEL}/{TOOL}/lote", data={"details": "x"})
    wrong = [
        (await program.post(API, json={**body, **change})).status_code
        for change in (
            {"tool": "inicio"}, {"details": ""}, {"override": True}, {"panel": 4}, {"panel": 10},
            {"filter": {"uf": 3}},
        )
    ]  # fmt: skip

    assert (bare.status_code, unconfirmed.status_code) == (422, 422)
    assert wrong == [422, 422, 403, 403, 422, 422]
    assert (await program.get(f"{API}/9")).status_code == 404
    async with web.database.read() as session:
        assert (await session.exec(select(BulkRun).order_by("id"))).all() == []


async def test_a_run_that_is_to_stop_stops_and_a_repeated_one_goes_on(web: Web) -> None:
    await some_broken(web, 2)
    program = await web.program(*ACTS)
    body = {"panel": 6, "tool": TOOL, "dry_run": True}

    stopped = (await program.post(API, json=body)).json()["id"]
    await program.post(f"{API}/{stopped}/stop")
    ended = await worked_off(web, stopped)
    done = (await program.post(API, json=body)).json()["id"]
    twice = [await worked_off(web, done) for _ in range(2)]
    told = (await program.get(f"{API}/{done}")).json()

    assert (ended, twice) == ("stopped", ["done", "done"])
    assert (told["done"], told["total"], told["verdicts"]["free"]["invoices"]) == (2, 2, 2)


async def test_each_row_is_its_own_command_and_a_refusal_is_kept_beside_it(
    running: Web, house: House
) -> None:
    web = running
    ids = await some_broken(web, 3, house=house)
    await house.clock.settle()
    program = await web.program(*ACTS, "collections.account:act")
    one = f"/api/invoices/{ids[0]}/bureau-record"
    assert (await program.post(one, json={"details": "antes"})).status_code == 201

    body = {"panel": 6, "tool": TOOL, "details": "Não pagaram"}
    run = (await program.post(API, json=body)).json()["id"]
    await house.clock.settle()
    told = (await program.get(f"{API}/{run}")).json()
    page = (await (await web.browser(*SEES)).get(f"{RUNS}/{run}")).text

    assert (told["status"], told["done"], told["changed"], told["errors"]) == ("done", 3, 2, 1)
    assert "já está no controle" in page or "já tem" in page
    async with web.database.read() as session:
        stages = (await session.exec(select(Invoice.bureau_stage))).all()
        assert set(stages) == {"noticed"}
