"""Repair: what rows and engine do not agree on is found, said, mended; the journey goes on."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import select

from activities import repair
from activities.repair import find_disagreements
from activities.tasks import NewTask, make_task
from models.cases import Case, CaseEvent, case_of
from models.collections import PanelTotal
from models.outbox import OutboxEntry
from rules.cases import Process
from rules.repair import Disagreement, Fault
from rules.tasks import TaskStep
from tests.conftest import House


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
    assert kinds == ["opened", "repaired", TaskStep.REMIND]


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
