"""A diary of a contestation: filed, silent, escalated, answered, credited short, then whole."""

from __future__ import annotations

from pathlib import Path

from sqlmodel import col, select

from models.cases import Case, case_of
from models.contestations import Contestation
from models.messages import Message
from rules.business_days import local_date
from rules.cases import Process
from rules.contestation_commands import (
    FileContestation,
    RecordAnswer,
    RecordInvoicePayment,
)
from tests import builders
from tests.conftest import House
from tests.support.contestations import Dispute, a_protocol, next_bill, whole_credits
from workflows.contestation import ContestationJourney


async def test_a_contestation_from_the_letter_to_the_last_credit(
    house: House, tmp_path: Path
) -> None:
    async with house.database.write() as session:
        await builders.a_team(session, await builders.a_user(session, "ana"), code="contestacao")
    dispute = Dispute(house.database, tmp_path)
    dispute.issue_on(local_date(house.clock.now))
    await dispute.begin()
    await dispute.contest()
    await house.clock.settle()
    handle = house.client.get_workflow_handle_for(
        ContestationJourney.run, (await case(house)).workflow_id
    )

    # Filed: the letter leaves by itself, with its files; the protocol starts the clock
    await handle.execute_update(ContestationJourney.file, FileContestation("ana"))
    await house.clock.settle()
    assert [each.status for each in await letters(house)] == ["sent"]
    await handle.execute_update(ContestationJourney.record_protocol, a_protocol(house.clock.now))
    assert (await row(house)).stage == "awaiting_answer"

    # Day 33: the carrier was silent; the second level is written to
    await house.clock.forward(days=33)
    silent = await row(house)
    assert (silent.stage, silent.level) == ("escalated", 1)
    assert silent.deemed_accepted_on is not None
    assert len(await letters(house)) == 2

    # It pays, the carrier accepts: the credit must come on an invoice after today
    today = local_date(house.clock.now)
    await handle.execute_update(
        ContestationJourney.record_invoice_payment, RecordInvoicePayment("ana", today)
    )
    await handle.execute_update(
        ContestationJourney.record_answer, RecordAnswer("ana", today, accepts_all=True)
    )
    assert (await row(house)).stage == "awaiting_credit"

    # The next invoice comes with it: nothing is left to be proved either
    dispute.today = builders.days(35, since=dispute.issued)
    credits = whole_credits(dispute, paid_on=today, day=dispute.today)
    await dispute.receive(next_bill(dispute, *credits, issued=dispute.today))
    await house.clock.settle()
    ended = await row(house)
    assert (ended.stage, ended.credited) == ("closed", 2 * ended.claimed + ended.interest)


async def case(house: House) -> Case:
    async with house.database.read() as session:
        found = await case_of(session, process=Process.CONTESTATION, subject_id=1)
    assert found is not None
    return found


async def row(house: House) -> Contestation:
    async with house.database.read() as session:
        return await session.get_one(Contestation, 1)


async def letters(house: House) -> list[Message]:
    async with house.database.read() as session:
        statement = select(Message).where(col(Message.purpose).startswith("contestation"))
        return list(await session.exec(statement.order_by(col(Message.id))))
