"""The ladder's run over rows: letters, blocks, lifts, pauses, and nothing twice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col, select
from temporalio.testing import ActivityEnvironment

from activities.ladder import LadderActivities, start_ladder
from activities.ladder_pauses import NewException, except_contract, pause, resume
from activities.payments import reverse_payment
from activities.renegotiation import NewTerms, renegotiate
from models.bulk import BulkRun
from models.connections import Connection
from models.contracts import Contract
from models.database import Database
from models.default_ladder import ensure_default_ladder
from models.invoices import Invoice
from models.ladder_tables import LadderStep
from models.ladders import LadderExecution
from models.messages import Message
from models.outbox import OutboxEntry
from models.payments import Payment
from models.people import Deed
from models.policies import change_value
from models.provisioning import ProvisioningOrder
from models.tasks import Task
from rules.business_days import at_local_time, local_date
from rules.ladder import DAILY_AT, PauseReason
from rules.ladder_exceptions import ExceptionKind, ReleaseTooSoon
from rules.policies import setting_of
from tests.builders import AT, a_contract, a_customer, an_invoice, pay

DUE = date(2026, 11, 3)
REACHABLE = {"email": "ana@exemplo.test", "mobile": "+5511987654321"}


def morning(number: int) -> datetime:
    """Half past seven, so many days after the due date."""
    return at_local_time(DUE + timedelta(days=number), at=DAILY_AT)


@dataclass
class Street:
    """A customer with a contract and an invoice on the default ladder."""

    database: Database

    async def settle(self, **customer) -> None:
        async with self.database.write() as session:
            await ensure_default_ladder(session)
            self.customer = await a_customer(session, **(REACHABLE | customer))
            self.contract = await a_contract(session, self.customer)
            self.invoice = await self.bill(session)

    async def bill(self, session, **values) -> Invoice:
        fresh = {"collection_stage": None, "stage_since": None, "due_date": DUE,
                 "contract_id": self.contract.id}  # fmt: skip
        return await an_invoice(session, self.customer, **(fresh | values))

    async def climb(self, number: int) -> BulkRun:
        """The morning's run, so many days after the due date."""
        async with self.database.write() as session:
            run = await start_ladder(session, by="ana", at=morning(number))
        await ActivityEnvironment().run(LadderActivities(self.database).climb_ladder, run.number)
        async with self.database.read() as session:
            return await session.get_one(BulkRun, run.id)

    async def deliver(self, number: int) -> None:
        """What waits leaves in the course of that day."""
        async with self.database.write() as session:
            await session.exec(
                update(Message)
                .where(col(Message.status) == "queued")
                .values(status="delivered", sent_at=morning(number) + timedelta(hours=3))
            )

    async def climb_all(self, *days: int) -> None:
        for number in days:
            await self.climb(number)
            await self.deliver(number)

    async def told(self) -> list[str]:
        """The purposes of the customer's messages, in order."""
        async with self.database.read() as session:
            rows = await session.exec(select(Message).order_by(col(Message.id)))
            return [f"{each.purpose}/{each.channel}" for each in rows]

    async def steps(self) -> list[tuple[str, str]]:
        async with self.database.read() as session:
            rows = await session.exec(
                select(LadderStep.name, LadderExecution.outcome)
                .join(LadderExecution, col(LadderExecution.step_id) == col(LadderStep.id))
                .order_by(col(LadderExecution.id))
            )
            return list(rows)

    async def state(self) -> tuple[str, str]:
        """Of the connection, and of the contract."""
        async with self.database.read() as session:
            connection = (await session.exec(select(Connection))).one_or_none()
            contract = await session.get_one(Contract, self.contract.id)
            return (connection.state if connection else "none", contract.stage)


@pytest.fixture
async def street(database: Database) -> Street:
    street = Street(database)
    await street.settle()
    return street


async def test_every_step_comes_on_its_day_and_the_run_twice_makes_nothing_twice(street: Street):
    await street.climb_all(-5, -1, 0, 1, 5)
    again = await street.climb(5)

    assert await street.told() == [
        "ladder_reminder/email", "ladder_reminder/sms", "ladder_due/sms",
        "ladder_overdue/email", "ladder_overdue/sms",
        "ladder_suspension_notice/email", "ladder_suspension_notice/sms",
    ]  # fmt: skip
    assert (again.status, again.changed, again.done) == ("done", 0, 0)
    async with street.database.read() as session:
        starts = (await session.exec(select(OutboxEntry.workflow))).all()
        invoice = await session.get_one(Invoice, street.invoice.id)
    assert starts.count("MessageDelivery") == 7
    assert invoice.ladder_next_on == DUE + timedelta(days=18)


async def test_a_notice_tells_how_soon_the_house_restores(street: Street):
    async with street.database.write() as session:
        deed = Deed("ana", AT, "", frozenset())
        await change_value(session, setting_of("LadderPolicy.restore_hours"), 6, deed=deed)

    await street.climb_all(5)

    async with street.database.read() as session:
        notices = (
            await session.exec(
                select(Message).where(
                    Message.purpose == "ladder_suspension_notice", Message.channel == "email"
                )
            )
        ).all()
    assert all("em até 6 hora" in text for each in notices for text in (each.text, each.html))
    assert notices


async def test_the_connection_is_blocked_and_a_payment_lifts_it_at_once(street: Street):
    await street.climb_all(1, 5, 18)
    assert await street.state() == ("none", "active")

    await street.climb(20)
    assert await street.state() == ("blocked", "blocked")

    async with street.database.write() as session:
        await pay(session, street.invoice, at=morning(21))
    assert await street.state() == ("active", "active")
    async with street.database.read() as session:
        orders = (await session.exec(select(ProvisioningOrder).order_by("id"))).all()
    assert [(each.was, each.state) for each in orders] == [
        ("active", "blocked"), ("blocked", "active"),
    ]  # fmt: skip
    assert orders[1].due_by == morning(21) + timedelta(hours=24)


async def test_a_payment_taken_back_blocks_again_in_the_morning(street: Street):
    await street.climb_all(1, 5, 20)
    async with street.database.write() as session:
        await pay(session, street.invoice, at=morning(21))
        payment = (await session.exec(select(Payment))).one()
        await reverse_payment(session, payment.id, reason="estorno", by="ana", at=morning(22))
    assert await street.state() == ("active", "active")

    await street.climb(23)

    assert await street.state() == ("blocked", "blocked")


async def test_another_due_date_lifts_the_block_until_it_passes_unpaid(street: Street):
    await street.climb_all(1, 5, 20)
    assert await street.state() == ("blocked", "blocked")
    later = DUE + timedelta(days=28)

    async with street.database.write() as session:
        new = NewTerms(later, keeps_charges=True, reason="pediu")
        await renegotiate(session, street.invoice.key, new, by="ana", at=morning(21))
    assert await street.state() == ("active", "active")
    await street.climb(28)
    assert await street.state() == ("active", "active")

    await street.climb(32)

    assert await street.state() == ("blocked", "blocked")


async def test_nobody_is_cut_before_the_day_that_was_renegotiated(street: Street):
    await street.climb_all(1, 5)
    later = DUE + timedelta(days=35)  # a Tuesday
    async with street.database.write() as session:
        new = NewTerms(later, keeps_charges=True, reason="pediu")
        await renegotiate(session, street.invoice.key, new, by="ana", at=morning(7))

    # Fifteen days after the notice, and the new due date itself: nothing is late.
    await street.climb_all(18, 20, 34, 35)
    assert (await street.steps())[-1] == ("Notificação de suspensão", "done")
    assert await street.state() == ("none", "active")

    # Two of the fifteen days had passed when the date was moved.
    await street.climb_all(36, 46, 47)
    assert await street.state() == ("none", "active")
    await street.climb(48)
    assert await street.state() == ("blocked", "blocked")


async def test_a_day_that_is_moved_twice_is_waited_for_to_the_last(street: Street):
    await street.climb_all(1, 5)
    for on, later in ((7, 20), (15, 40)):
        async with street.database.write() as session:
            new = NewTerms(DUE + timedelta(days=later), keeps_charges=False, reason="pediu")
            await renegotiate(session, street.invoice.key, new, by="ana", at=morning(on))

    await street.climb_all(20, 21, 35, 40, 52)
    assert await street.state() == ("none", "active")

    await street.climb(53)
    assert await street.state() == ("blocked", "blocked")


async def test_a_day_that_another_system_moved_lifts_the_block_too(street: Street):
    await street.climb_all(1, 5, 20)
    async with street.database.write() as session:
        invoice = await session.get_one(Invoice, street.invoice.id)
        invoice.due_date = DUE + timedelta(days=90)
        session.add(invoice)

    await street.climb_all(21, 80)

    assert await street.state() == ("active", "active")


async def test_no_contract_ends_before_the_day_that_was_renegotiated(street: Street):
    await street.climb_all(1, 5, 20)
    later = DUE + timedelta(days=100)
    async with street.database.write() as session:
        deed = Deed("ana", AT, "", frozenset())
        await change_value(
            session, setting_of("PaymentPolicy.most_new_due_days"), 180, deed=deed
        )  # fmt: skip
        new = NewTerms(later, keeps_charges=True, reason="pediu")
        await renegotiate(session, street.invoice.key, new, by="ana", at=morning(21))

    await street.climb_all(70, 80, 99)

    assert await street.state() == ("active", "active")
    assert "ladder_termination_notice/email" not in await street.told()


async def test_one_of_two_debts_paid_leaves_the_block(street: Street):
    async with street.database.write() as session:
        other = await street.bill(session)
    await street.climb_all(1, 5, 20)

    async with street.database.write() as session:
        await pay(session, street.invoice, at=morning(21))
    assert await street.state() == ("blocked", "blocked")
    async with street.database.write() as session:
        await pay(session, other, at=morning(21))
    assert await street.state() == ("active", "active")


async def test_without_a_notice_that_left_nothing_is_blocked_and_a_person_is_asked(
    database: Database,
):
    street = Street(database)
    await street.settle(email=None, mobile=None)

    for number in (1, 5, 20, 21):
        await street.climb(number)

    assert await street.state() == ("none", "active")
    async with database.read() as session:
        tasks = (await session.exec(select(Task.title))).all()
    assert tasks == ["Provar a entrega da notificação"]


async def test_after_an_outage_only_the_last_is_said_and_the_notice_is_never_dropped(
    street: Street,
):
    await street.climb(9)

    assert await street.told() == [
        "ladder_suspension_notice/email", "ladder_suspension_notice/sms",
    ]  # fmt: skip
    assert dict(await street.steps()) == {
        "Lembrete": "lapsed", "Véspera do vencimento": "lapsed", "Dia do vencimento": "lapsed",
        "Aviso de atraso": "superseded", "Notificação de suspensão": "done",
    }  # fmt: skip
    await street.deliver(9)
    await street.climb(23)
    assert await street.state() == ("none", "active")
    await street.climb(24)
    assert await street.state() == ("blocked", "blocked")


async def test_a_settled_invoice_leaves_the_ladder(street: Street):
    await street.climb_all(1)
    async with street.database.write() as session:
        await pay(session, street.invoice, at=morning(2))

    run = await street.climb(5)

    assert (run.done, run.changed) == (0, 0)


async def test_a_contested_invoice_stands_still_and_goes_on_where_it_stood(street: Street):
    await street.climb_all(1, 5)
    contested = {"reason": PauseReason.CONTESTATION, "reference": "contestation/1", "by": "ana"}
    async with street.database.write() as session:
        invoice = await session.get_one(Invoice, street.invoice.id)
        await pause(session, invoice, **contested, at=morning(10))
    await street.climb_all(18, 20, 25)
    assert await street.state() == ("active", "active")
    async with street.database.write() as session:
        invoice = await session.get_one(Invoice, street.invoice.id)
        await resume(session, invoice, **contested, at=morning(30))

    await street.climb_all(38, 39)
    assert await street.state() == ("active", "active")
    await street.climb(40)

    assert await street.state() == ("blocked", "blocked")


async def test_a_release_lifts_for_its_days_and_is_given_once_in_thirty(street: Street):
    await street.climb_all(1, 5, 20)
    trusted = NewException(ExceptionKind.RELEASE, DUE + timedelta(days=24), "Paga na sexta")
    async with street.database.write() as session:
        await except_contract(
            session, street.contract.id, trusted, may_override=False, by="ana", at=morning(21)
        )
    assert await street.state() == ("active", "active")
    await street.climb(23)
    assert await street.state() == ("active", "active")

    await street.climb(24)

    assert await street.state() == ("blocked", "blocked")
    later = replace(trusted, until=DUE + timedelta(days=27))
    with pytest.raises(ReleaseTooSoon):
        async with street.database.write() as session:
            await except_contract(
                session, street.contract.id, later, may_override=False, by="ana", at=morning(25)
            )


async def test_the_contract_ends_sixty_days_after_the_block(street: Street):
    await street.climb_all(1, 5, 20, 70, 79)
    assert await street.state() == ("blocked", "blocked")

    await street.climb_all(80)

    assert await street.state() == ("off", "terminated")
    await street.climb(81)
    async with street.database.read() as session:
        tasks = (await session.exec(select(Task.title))).all()
        contract = await session.get_one(Contract, street.contract.id)
    assert tasks == ["Propor registro no SPC"]
    assert contract.terminated_on == DUE + timedelta(days=80)


async def test_a_chain_of_the_older_resolution_keeps_to_its_days_and_asks_for_proof_of_its_end(
    street: Street,
):
    # As if Resolução 765/2023 came into force only later: notice on day 5, so no block before 50.
    async with street.database.write() as session:
        setting = setting_of("LadderPolicy.regime_effective_from")
        await change_value(session, setting, "2027-06-01", deed=Deed("ana", AT))
    await street.climb_all(5, 49)
    assert (await street.state())[1] == "active"
    await street.climb_all(50, 100, 109)
    assert await street.state() == ("blocked", "blocked")

    await street.climb(110)

    assert (await street.state())[1] == "terminated"
    async with street.database.read() as session:
        title = "Enviar ao cliente a prova escrita da rescisão"
        asked = (await session.exec(select(Task).where(Task.title == title))).one()
    assert local_date(asked.due_at) == DUE + timedelta(days=117)
