"""Diaries of personal data: asked for, waited for, taken back; and the night that lets go."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import select

from activities.anonymisation import ask_anonymisation
from models.cases import case_of
from models.customers import Customer
from models.people import AuditEntry, Deed, audit
from rules.anonymisation import WithdrawAnonymisation
from rules.cases import Process
from tests import builders
from tests.conftest import House
from workflows.anonymisation import AnonymisationJourney, PersonalDataRetention
from workflows.options import JOURNEYS_QUEUE


async def test_a_customer_who_asks_to_be_forgotten_is(house: House) -> None:
    async with house.database.write() as session:
        free, kept = [await builders.a_customer(session) for _ in range(2)]
        await builders.an_invoice(
            session,
            kept,
            status="settled",
            open_amount=0,
            collection_stage=None,
            stage_since=None,
        )
        for each in (free, kept):
            await ask_anonymisation(
                session,
                each.id or 0,
                reason="pedido",
                wait=True,
                deed=Deed("ana", house.clock.now),
            )
        audit(
            session, by="ana", action="x", at=house.clock.now - timedelta(days=400), ip="10.0.0.1"
        )

    # Nothing stands against the one: it goes at once
    await house.clock.forward(minutes=1)
    async with house.database.read() as session:
        assert (await session.get_one(Customer, free.id)).anonymised_at is not None

    # The other waits for years, and changes its mind
    async with house.database.read() as session:
        case = await case_of(session, process=Process.ANONYMISATION, subject_id=2)
    assert case is not None
    handle = house.client.get_workflow_handle(case.workflow_id)
    await handle.execute_update(
        AnonymisationJourney.withdraw, WithdrawAnonymisation("ana", "ficou"), id="w1"
    )
    await house.clock.settle()
    async with house.database.read() as session:
        assert (await session.get_one(Customer, kept.id)).anonymised_at is None

    # By night, an access of last year no longer says from where it came
    forgotten = await house.client.execute_workflow(
        PersonalDataRetention.run, id="night", task_queue=JOURNEYS_QUEUE
    )
    async with house.database.read() as session:
        old = (await session.exec(select(AuditEntry).where(AuditEntry.action == "x"))).one()
    assert (forgotten, old.ip) == (1, "")
