"""Repair: what rows and engine do not agree on is found, said, mended; the journey goes on."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from sqlmodel import select

import activities
import models
from activities import repair
from activities.engine_counts import _by_stage
from activities.repair import RUN_BY, find_disagreements
from activities.tasks import NewTask, make_task
from api.app import create_app
from models.bulk import BulkRun
from models.cases import Case, CaseEvent, case_of
from models.collections import PanelTotal
from models.connections import Connection
from models.messages import Message
from models.outbox import OutboxEntry, start_message
from models.people import AuditEntry
from models.provisioning import ProvisioningOrder
from models.webhooks import BusinessEvent, WebhookDelivery, WebhookEndpoint
from rules.business_days import local_date
from rules.cases import Process
from rules.repair import Disagreement, Fault, Work, judge_work
from rules.task_reminders import TaskStep
from tests import builders
from tests.conftest import House
from tests.support.carriers import on_disk
from tests.support.web import Web
from workflows.worker import WORKFLOWS


async def a_waiting_case(house: House) -> Case:
    new = NewTask(
        key="call/1", title="Ligar", due_at=house.clock.now + timedelta(days=3),
        process=Process.COLLECTIONS,
    )  # fmt: skip
    async with house.database.write() as session:
        task = await make_task(session, new, by="ana", at=house.clock.now)
        case = await case_of(session, process=Process.TASKS, subject_id=task.id or 0)
    assert case is not None
    await house.clock.settle()
    return case


async def found_in(house: House) -> list[Disagreement]:
    return await find_disagreements(house.database, house.client, now=house.clock.now, pause=0.05)


async def mend(house: House, found: list[Disagreement]) -> None:
    await repair.mend(house.database, house.client, found, by="ana", at=house.clock.now)
    await house.clock.settle()


async def test_a_house_in_order_has_nothing_to_repair(house: House) -> None:
    await a_waiting_case(house)

    assert await found_in(house) == []


async def test_a_journey_that_was_lost_goes_on(house: House) -> None:
    case = await a_waiting_case(house)
    await house.client.get_workflow_handle(case.workflow_id).terminate()

    found = await found_in(house)
    now = house.clock.now
    told = await repair.repair(house.database, house.client, apply=True, at=now)
    await house.clock.settle()

    assert told == [
        f"{case.workflow_id} está aberto e nenhum processo o acompanha."
        " → iniciar o processo a partir do registro"
    ]
    assert [(each.fault, each.subject) for each in found] == [(Fault.MISSING, case.workflow_id)]
    assert await found_in(house) == []
    await house.clock.forward(days=3)
    async with house.database.read() as session:
        kinds = list(await session.exec(select(CaseEvent.kind).where(CaseEvent.case_id == case.id)))
    assert kinds == ["opened", "repaired", TaskStep.UNTAKEN, TaskStep.REMIND]


async def test_a_journey_of_a_closed_case_is_ended(house: House) -> None:
    case = await a_waiting_case(house)
    async with house.database.write() as session:
        stored = await session.get(Case, case.id)
        assert stored is not None
        stored.closed_at = house.clock.now

    found = await found_in(house)
    await mend(house, found)

    assert [each.fault for each in found] == [Fault.ORPHAN]
    description = await house.client.get_workflow_handle(case.workflow_id).describe()
    assert description.status is not None
    assert description.status.name == "TERMINATED"


async def test_a_journey_in_another_stage_is_started_from_its_row(house: House) -> None:
    case = await a_waiting_case(house)
    async with house.database.write() as session:
        stored = await session.get(Case, case.id)
        assert stored is not None
        stored.stage = "elsewhere"

    found = await found_in(house)
    await mend(house, found)

    assert [(each.fault, each.facts) for each in found] == [
        (Fault.STAGE, (("row", "elsewhere"), ("engine", "open")))
    ]
    assert await found_in(house) == []


async def test_what_the_outbox_holds_too_long_is_said(house: House) -> None:
    case = await a_waiting_case(house)
    async with house.database.write() as session:
        session.add(
            OutboxEntry(
                verb="signal", workflow="TaskJourney", workflow_id=case.workflow_id,
                argument={"case_id": case.id, "epoch": 1}, news_id="n1",
                created_at=house.clock.now - timedelta(hours=1),
                claimed_until=house.clock.now + timedelta(hours=1),
            )
        )  # fmt: skip

    found = await found_in(house)
    await mend(house, found)

    assert [each.fault for each in found] == [Fault.UNDELIVERED]
    assert await found_in(house) == []


async def test_totals_that_drifted_are_counted_anew(house: House) -> None:
    async with house.database.write() as session:
        session.add(PanelTotal(panel=1, customers=1, invoices=1))

    found = await found_in(house)
    await mend(house, found)

    assert [(each.fault, each.subject) for each in found] == [(Fault.TOTALS, "1")]
    assert await found_in(house) == []


async def a_letter(house: House, status: str) -> str:
    """A message that waits for tomorrow, without anything that delivers it."""
    async with house.database.write() as session:
        customer = await builders.a_customer(session, email="ana@example.com")
        message = Message(
            key=f"lost/{status}", channel="email", purpose="by_hand", text="Olá", status=status,
            to_address="ana@example.com", customer_id=customer.id, respects_window=False,
            not_before=house.clock.now, created_at=house.clock.now, created_by="ana",
            attempted_at=house.clock.now if status == "sending" else None,
        )  # fmt: skip
        session.add(message)
        await session.flush()
        return f"messages/{message.id}"


@pytest.mark.parametrize("status", ["queued", "sending"])
async def test_a_message_whose_delivery_was_lost_is_sent(house: House, status: str) -> None:
    lost = await a_letter(house, status)

    found = await found_in(house)
    await mend(house, found)

    assert [(each.fault, each.subject) for each in found] == [(Fault.UNSENT, lost)]
    async with house.database.read() as session:
        assert (await session.exec(select(Message.status))).one() == "sent"
        assert (await session.exec(select(AuditEntry.action))).one() == "repair.unsent"
    assert await found_in(house) == []


async def test_a_message_that_waits_in_its_delivery_is_left_alone(house: House) -> None:
    lost = await a_letter(house, "queued")
    async with house.database.write() as session:
        message = (await session.exec(select(Message))).one()
        message.not_before = house.clock.now + timedelta(days=2)
        start_message(session, message.number, at=house.clock.now)

    await house.clock.settle()

    assert await found_in(house) == []
    assert (await house.client.get_workflow_handle(lost).describe()).status == 1


async def a_run(house: House, kind: str, status: str, **values: object) -> str:
    async with house.database.write() as session:
        run = BulkRun(
            key=f"{kind}/lost", kind=kind, status=status, requested_by="ana",
            business_date=local_date(house.clock.now), requested_at=house.clock.now, **values,
        )  # fmt: skip
        session.add(run)
        await session.flush()
        return f"{kind}/{run.id}"


@pytest.mark.parametrize("status", ["waiting", "running"])
async def test_a_classification_whose_workflow_was_lost_goes_on(house: House, status: str) -> None:
    lost = await a_run(house, "classification", status)

    found = await found_in(house)
    await mend(house, found)

    assert [(each.fault, each.subject) for each in found] == [(Fault.UNATTENDED, lost)]
    async with house.database.read() as session:
        assert (await session.exec(select(BulkRun.status))).one() == "done"
    assert await found_in(house) == []


async def test_an_import_whose_workflow_was_lost_goes_on(house: House, tmp_path: Path) -> None:
    file = tmp_path / "clientes.csv"
    file.write_text("nonsense\n1\n")
    uploaded = {"path": str(file), "name": file.name, "sha256": "", "size": 1, "kind": ""}
    lost = await a_run(
        house, "import", "running", parameters={"files": [{**uploaded, "is_ours": True}]}
    )

    found = await found_in(house)
    await mend(house, found)

    assert [(each.fault, each.subject) for each in found] == [(Fault.UNATTENDED, lost)]
    async with house.database.read() as session:
        assert (await session.exec(select(BulkRun.status))).one() == "failed"


async def test_a_carriers_file_whose_workflow_was_lost_goes_on(
    house: House, tmp_path: Path
) -> None:
    file = on_disk(tmp_path, b"nonsense")
    lost = await a_run(
        house, "carrier-file", "running", parameters={"file": asdict(file), "is_preview": False}
    )

    found = await found_in(house)
    await mend(house, found)

    assert [(each.fault, each.subject) for each in found] == [(Fault.UNATTENDED, lost)]
    async with house.database.read() as session:
        assert (await session.exec(select(BulkRun.status))).one() == "failed"


async def test_an_order_whose_delivery_was_lost_reaches_the_network(house: House) -> None:
    async with house.database.write() as session:
        contract = await builders.a_contract(session, await builders.a_customer(session))
        connection = await builders.stored(
            session,
            Connection(contract_id=contract.key, kind="internet", since=house.clock.now),
        )
        order = await builders.stored(
            session,
            ProvisioningOrder(
                connection_id=connection.id, contract_id=contract.key, state="blocked",
                customer_id=contract.customer_id, was="active", asked_at=house.clock.now,
                asked_by="system",
            ),
        )  # fmt: skip

    found = await found_in(house)
    await mend(house, found)

    lost = f"provisioning/{order.id}"
    assert [(each.fault, each.subject) for each in found] == [(Fault.UNTOLD, lost)]
    async with house.database.read() as session:
        assert (await session.exec(select(ProvisioningOrder.status))).one() == "done"
    assert await found_in(house) == []


async def test_an_event_whose_telling_was_lost_reaches_the_other_system(house: House) -> None:
    at = house.clock.now
    async with house.database.write() as session:
        endpoint = WebhookEndpoint(
            name="CRM", url="https://crm.invalid", salt="x", is_active=False, created_at=at,
            created_by="ana",
        )  # fmt: skip
        endpoint = await builders.stored(session, endpoint)
        event = BusinessEvent(kind="invoice.paid", subject="invoice/1", at=at)
        event = await builders.stored(session, event)
        await builders.stored(
            session,
            WebhookDelivery(
                event_id=event.id, endpoint_id=endpoint.id, kind=event.kind, created_at=at
            ),
        )

    found = await found_in(house)
    await mend(house, found)

    assert [(each.fault, each.subject) for each in found] == [(Fault.UNHEARD, "webhooks/1")]
    async with house.database.read() as session:
        status = (await session.exec(select(WebhookDelivery.status))).one()
    assert status == "failed"  # taken up, and the address is switched off by now
    assert await found_in(house) == []


def test_every_kind_of_run_can_be_taken_up_again() -> None:
    modules = [
        import_module(f"{package.__name__}.{found.name}")
        for package in (activities, models)
        for found in iter_modules(package.__path__)
    ]
    kinds = {module.KIND for module in modules if hasattr(module, "KIND")}

    assert kinds >= {"billing", "import", "ladder"}
    assert set(RUN_BY) == kinds
    assert set(RUN_BY.values()) <= {workflow.__name__ for workflow in WORKFLOWS}


async def test_an_import_that_the_command_line_reads_is_left_alone(house: House) -> None:
    await a_run(house, "import", "running", parameters={"files": [{"is_ours": False}]})

    assert await found_in(house) == []
    late = house.clock.now + timedelta(hours=13)
    found = await find_disagreements(house.database, house.client, now=late, pause=0.05)
    assert [each.fault for each in found] == [Fault.UNATTENDED]


def test_the_daily_run_is_done_by_the_clocks_workflow() -> None:
    work = Work(4, "classification/4", Fault.UNATTENDED, ("classification-daily",))

    assert judge_work([work], running={"classification-daily-2026-11-23"}, told=()) == []
    assert judge_work([work], running=(), told={"classification/4"}) == []
    assert [each.row_id for each in judge_work([work], running={"import/4"}, told=())] == [4]


async def test_the_page_tells_and_mends(house: House) -> None:
    lost = await a_run(house, "classification", "running")
    web = Web(create_app(house.settings, house.database, house.client), house.database)
    web.now = house.clock.now
    sees, acts = (
        await web.browser("system:see"),
        await web.browser("system:see", "system:act", login="bia"),
    )

    shown = await sees.get("/gestao/conferencia")
    refused = await sees.post("/gestao/conferencia")
    mended = await acts.post("/gestao/conferencia")
    await house.clock.settle()
    after = await sees.get("/gestao/conferencia")

    assert f"{lost} consta em andamento" in shown.text
    assert (refused.status_code, mended.status_code) == (403, 303)
    assert "Tudo confere" in after.text


async def test_the_engine_counts_what_the_rows_have_open(house: House) -> None:
    at = house.clock.now
    async with house.database.write() as session:
        for n in range(2):
            new = NewTask(
                key=f"t{n}", title="Ligar", due_at=at + timedelta(days=9), process="tasks"
            )
            await make_task(session, new, by="ana", at=at)
    await house.clock.settle()
    web = Web(create_app(house.settings, house.database, house.client), house.database)
    web.now = at
    program = await web.program("management:see", "tasks:see")
    browser = await web.browser("management:see", "tasks:see")

    counted = await _until_counted(program, 2)
    page = await browser.get("/gestao/motor")

    whole, stage = counted["cases"]
    assert (whole["stage"], whole["rows"], whole["running"]) == (None, 2, 2)
    assert (stage["stage"], stage["rows"], stage["running"]) == ("open", 2, 2)
    assert (counted["undelivered"], counted["unsent_messages"]) == (0, 0)
    assert "confere" in page.text
    assert "difere" not in page.text


async def test_stages_without_rows_are_asked_for_only_where_some_are_missing() -> None:
    asked: list[str] = []
    running = {"move": 2, "elsewhere": 1}

    class Engine:
        async def running(self, *conditions: str) -> int:
            asked.append(conditions[-1])
            return next((n for stage, n in running.items() if stage in conditions[-1]), 0)

    stages = ["move", "elsewhere", "nowhere"]
    rows = {("tasks", "move"): 2}
    agreed = await _by_stage(Engine(), "tasks", stages, rows, running=2)
    first, asked = list(asked), []
    missing = await _by_stage(Engine(), "tasks", stages, rows, running=3)

    assert (agreed, first) == ({"move": 2}, ["AcertoStage='move'"])
    assert missing == {"move": 2, "elsewhere": 1, "nowhere": 0}


async def _until_counted(program, running: int) -> dict:
    """The engine's visibility follows a moment after what happened."""
    for _ in range(100):
        found = (await program.get("/api/management/engine")).json()
        if all(line["running"] == running for line in found["cases"]):
            return found
        await asyncio.sleep(0.1)
    raise AssertionError(found)
