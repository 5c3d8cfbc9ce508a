"""Two people at the same instant: one is obeyed, the other hears who was first, nothing doubles."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlmodel import SQLModel, func, select

from activities.kickoff import begin_kickoff
from activities.tickets import NewTicket, open_ticket
from models.bulk import BulkRun
from models.cases import CaseEvent, case_of
from models.charges import Charge
from models.contract_changes import ContractChange
from models.customers import CustomerContact
from models.default_ladder import ensure_default_ladder
from models.kickoff import KickoffTemplateItem
from models.ladders import LadderVersion
from models.messages import Message
from models.outbox import OutboxEntry
from rules.business_days import local_date
from rules.cases import Process
from rules.contestation_commands import FileContestation
from rules.contracts import ContractStage, PlanType
from rules.tickets import Channel
from tests import builders
from tests.conftest import House
from tests.contracts import a_plan, activated, made
from tests.support.contestations import Dispute, a_protocol
from tests.support.web import NOW, Web
from workflows.contestation import ContestationJourney


async def both(web: Web, method: str, path: str, **body: Any) -> list[httpx2.Response]:
    """Ana and Bia ask for the same at once; the one who was obeyed comes first."""
    people = [await web.program("*", login=login) for login in ("ana", "bia")]
    return await at_once(people, method, path, body)


async def at_once(
    people: list[httpx2.AsyncClient], method: str, path: str, body: dict[str, Any]
) -> list[httpx2.Response]:
    answers = await asyncio.gather(*(who.request(method, path, json=body) for who in people))
    return sorted(answers, key=lambda each: each.status_code)


def names_who_was_first(refused: httpx2.Response) -> bool:
    """Whether the sentence names Ana or Bia, in both languages."""
    told = refused.json()
    return all(any(who in told[name] for who in ("ana", "bia")) for name in ("detail", "detail_en"))


async def count(web: Web, table: type[SQLModel], *where: Any) -> int:
    async with web.database.read() as session:
        return (await session.exec(select(func.count()).select_from(table).where(*where))).one()


# --- commands on journeys -------------------------------------------------------------------------


@pytest.fixture
async def scene(house: House, running: Web, tmp_path: Path) -> dict[str, str]:
    """What two people may want at once, with its address."""
    at = house.clock.now
    async with house.database.write() as session:
        customer = await builders.a_customer(session)
        contract = await made(session, await a_plan(session), customer=customer, at=at)
        session.add(KickoffTemplateItem(code="t1", name="Carregar inventário"))
        signed = await builders.a_contract(
            session, customer, plan_type=PlanType.TEM, stage=ContractStage.AWAITING_ACTIVATION
        )
        kickoff = await begin_kickoff(session, signed, by="system", at=at)
        new = NewTicket(
            key="race", subject="x", text="y", channel=Channel.PHONE, customer_id=customer.id
        )
        ticket = await open_ticket(session, new, by="system", at=at)
    dispute = await contested(house, tmp_path)
    assert kickoff is not None
    return {
        "activation": f"/api/contracts/{contract.key}/activation",
        "contract": str(contract.key),
        "kickoff": f"/api/kickoffs/{kickoff.number}",
        "ticket": f"/api/tickets/{ticket.number}",
        "contestation": f"/api/contestations/{dispute.number}",
        "today": str(dispute.today),
    }


async def contested(house: House, folder: Path) -> Dispute:
    """A contestation that awaits the carrier's answer."""
    dispute = Dispute(house.database, folder)
    dispute.issue_on(local_date(house.clock.now))
    await dispute.begin()
    await dispute.contest()
    await house.clock.settle()
    async with house.database.read() as session:
        case = await case_of(session, process=Process.CONTESTATION, subject_id=dispute.number)
    assert case is not None
    handle = house.client.get_workflow_handle_for(ContestationJourney.run, case.workflow_id)
    await handle.execute_update(ContestationJourney.file, FileContestation("system"))
    protocol = a_protocol(house.clock.now, by="system")
    await handle.execute_update(ContestationJourney.record_protocol, protocol)
    return dispute


async def test_one_of_two_commands_is_obeyed_and_the_other_hears_of_it(
    house: House, running: Web, scene: dict[str, str]
) -> None:
    meeting = (house.clock.now + timedelta(hours=30)).isoformat()
    minutes = {
        "held_at": house.clock.now.isoformat(), "minutes": "Ata", "attendees": "Ana e Rui",
    }  # fmt: skip
    cancellation = {"requested_by": "Rui", "channel": "phone", "reason": "desistiu"}
    asked: tuple[tuple[str, dict[str, Any]], ...] = (
        (scene["activation"], {}),
        (f"{scene['contestation']}/answer", {"answered_on": scene["today"], "accepts_all": True}),
        (f"{scene['kickoff']}/minutes", minutes),
        (f"{scene['kickoff']}/cancellation", cancellation),
        (f"{scene['ticket']}/resolution", {"text": "Trocado"}),
    )  # fmt: skip
    program = await running.program("*", login="carla")
    await program.post(f"{scene['kickoff']}/meeting", json={"at": meeting})
    await program.post(f"{scene['ticket']}/assignment", json={})

    people = [await running.program("*", login=login) for login in ("ana", "bia")]
    for path, body in asked:
        done, refused = await at_once(people, "POST", path, body)

        assert (done.status_code, refused.status_code) == (200, 409), (path, refused.text)
        assert names_who_was_first(refused), (path, refused.text)

    contract = int(scene["contract"])
    assert await count(running, Charge, Charge.contract_id == contract) == 12
    assert await count(running, CaseEvent, CaseEvent.kind == "answered") == 1
    assert await count(running, Message, Message.purpose == "ticket_resolved") <= 1


# --- writing in the rows --------------------------------------------------------------------------


async def test_a_contract_is_cancelled_once(web: Web) -> None:
    async with web.database.write() as session:
        contract = await activated(session, await a_plan(session), at=NOW)

    done, refused = await both(
        web, "POST", f"/api/contracts/{contract.key}/changes", kind="cancellation", reason="x"
    )

    assert (done.status_code, refused.status_code) == (201, 422), refused.text
    assert names_who_was_first(refused), refused.text
    assert await count(web, ContractChange) == 1


async def test_a_suspension_is_asked_for_once(web: Web) -> None:
    async with web.database.write() as session:
        contract = await activated(session, await a_plan(session), at=NOW)

    done, refused = await both(
        web, "POST", f"/api/contracts/{contract.key}/changes", kind="suspension"
    )

    assert (done.status_code, refused.status_code) == (201, 422), refused.text
    assert names_who_was_first(refused), refused.text
    assert await count(web, ContractChange) == 1


@pytest.mark.parametrize(
    "path", ["/api/billing/runs", "/api/ladder-runs", "/api/collections/classifications"]
)
async def test_a_run_is_started_once_and_both_are_led_to_it(web: Web, path: str) -> None:
    first, second = await both(web, "POST", path)

    assert (first.status_code, second.status_code) == (202, 202), second.text
    assert first.json()["id"] == second.json()["id"]
    assert first.json()["requested_by"] in {"ana", "bia"}
    assert await count(web, BulkRun) == 1
    assert await count(web, OutboxEntry) == 1


async def test_a_ladder_is_edited_by_one_and_the_other_sees_the_new_one_first(web: Web) -> None:
    async with web.database.write() as session:
        ladder = await ensure_default_ladder(session)
    program = await web.program("*", login="carla")
    read = (await program.get(f"/api/ladders/{ladder.key}")).json()
    body = {
        "name": "Outra", "seen_version": read["version"],
        "steps": [{"name": "Lembrete", "action": "message", "offset_days": -3,
                   "purpose": "ladder_reminder", "channels": ["email"]}],
    }  # fmt: skip

    done, refused = await both(web, "PUT", f"/api/ladders/{ladder.key}", **body)

    assert (done.status_code, refused.status_code) == (200, 409), refused.text
    assert names_who_was_first(refused), refused.text
    assert await count(web, LadderVersion) == 1


async def test_one_contact_saved_by_two_at_once_is_one(web: Web) -> None:
    async with web.database.write() as session:
        customer = await builders.a_customer(session)
    path = f"/api/customers/{customer.id}/contacts"

    answers = await both(web, "POST", path, name="Rui Lima", email="rui@aurora.test")

    assert [each.status_code for each in answers] == [201, 201]
    assert await count(web, CustomerContact) == 1
