"""The ladder's run over rows: letters, blocks, lifts, pauses, and nothing twice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import update
from sqlmodel import col, select
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities import ladder
from activities.ladder import LadderActivities, start_ladder
from activities.ladder_pauses import NewException, except_contract, pause, resume
from activities.ladder_refresh import refresh
from activities.payments import reverse_payment
from activities.renegotiation import NewTerms, renegotiate
from models.bulk import BulkRun
from models.connections import Connection
from models.contracts import Contract
from models.customers import Customer
from models.database import Database
from models.default_ladder import ensure_default_ladder
from models.invoices import Invoice
from models.ladder_tables import LadderStep
from models.ladders import LadderExecution
from models.messages import Message, OptOut
from models.outbox import OutboxEntry
from models.payments import Payment
from models.provisioning import ProvisioningOrder
from models.runs import request_stop
from models.tasks import Task
from rules.business_days import at_local_time
from rules.ladder import DAILY_AT, PauseReason
from rules.ladder_exceptions import ExceptionKind, ReleaseTooSoon
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
        fresh = {"collection_stage": None, "stage_since": None, "due_date": DUE}
        return await an_invoice(
            session, self.customer, contract_id=self.contract.id, **(fresh | values)
        )

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


async def test_the_connection_is_blocked_and_a_payment_lifts_it_at_once(street: Street):
    await street.climb_all(1, 5, 18)
    assert await street.state() == ("none", "active")

    await street.climb(20)
    assert await street.state() == ("blocked", "blocked")

    async with street.database.write() as session:
        await pay(session, street.invoice, at=morning(21))
    assert await street.state() == ("active", "active")
    async with street.database.read() as session:
        orders = (await session.exec(select(ProvisioningOrder))).all()
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


async def test_several_invoices_go_in_one_letter(street: Street):
    async with street.database.write() as session:
        await street.bill(session)

    await street.climb(1)

    assert await street.told() == ["ladder_overdue/email", "ladder_overdue/sms"]
    async with street.database.read() as session:
        mail = (await session.exec(select(Message).where(Message.channel == "email"))).one()
        executions = (await session.exec(select(LadderExecution))).all()
    assert "R$\xa0200,00" in mail.text
    assert [each.contact for each in executions if each.outcome == "done"] == [mail.contact] * 2


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


async def test_a_ladder_edited_during_its_run_holds_from_the_next_run_on(street: Street):
    async with street.database.write() as session:
        run = await start_ladder(session, by="ana", at=morning(1))
    climber = ladder.Climber(street.database, run.number, morning(1))
    customers = await _in_activity(climber.customers)
    async with street.database.write() as session:
        overdue = select(LadderStep).where(LadderStep.name == "Aviso de atraso")
        step = (await session.exec(overdue)).one()
        step.offset_days = 3

    page = partial(ladder.climb_page, first=customers[0][0], last=customers[-1][0])
    await _in_activity(climber.page, page)

    assert await street.told() == ["ladder_overdue/email", "ladder_overdue/sms"]


async def _in_activity(work, *arguments):
    async def inside():
        return await work(*arguments)

    return await ActivityEnvironment().run(inside)


async def test_a_later_letter_takes_the_place_of_one_that_still_waits(street: Street):
    await street.climb(0)
    await street.climb(1)

    async with street.database.read() as session:
        waiting = (await session.exec(select(Message).order_by(col(Message.id)))).all()
    assert [(each.purpose, each.status, each.reason) for each in waiting] == [
        ("ladder_due", "suppressed", "superseded"),
        ("ladder_overdue", "queued", ""),
        ("ladder_overdue", "queued", ""),
    ]


async def test_a_customer_without_addresses_keeps_the_others_of_the_page(street: Street):
    async with street.database.write() as session:
        silent = await a_customer(session, name="Bruno Lima")
        contract = await a_contract(session, silent)
        fresh = {"collection_stage": None, "stage_since": None, "due_date": DUE}
        await an_invoice(session, silent, contract_id=contract.id, **fresh)

    run = await street.climb(1)

    assert run.done == 2
    async with street.database.read() as session:
        rows = await session.exec(select(Customer.name, Message.status).join(Message))
    assert sorted(rows) == [
        ("Ana Souza", "queued"), ("Ana Souza", "queued"),
        ("Bruno Lima", "suppressed"), ("Bruno Lima", "suppressed"),
    ]  # fmt: skip


async def test_the_daily_run_is_made_once_and_not_before_its_hour(database: Database):
    async def opened(at: datetime) -> int:
        environment = ActivityEnvironment()
        environment.info = replace(environment.info, started_time=at)
        return await environment.run(LadderActivities(database).open_daily_ladder)

    first = await opened(morning(1))

    assert await opened(morning(1) - timedelta(minutes=1)) == 0
    assert await opened(morning(1) + timedelta(hours=9)) == first > 0
    assert await opened(morning(2)) != first


async def test_a_run_stops_when_asked_and_the_next_goes_on(street: Street):
    async with street.database.write() as session:
        run = await start_ladder(session, by="ana", at=morning(1))
        await request_stop(session, run.number)

    activities = LadderActivities(street.database)
    assert await ActivityEnvironment().run(activities.climb_ladder, run.number) == "stopped"
    assert await street.told() == []
    assert (await street.climb(1)).changed == 1


async def test_a_run_killed_between_pages_does_the_rest_once(
    street: Street, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(ladder, "PAGE", 1)
    async with street.database.write() as session:
        other = await a_customer(session, name="Bruno Lima", **REACHABLE)
        fresh = {"collection_stage": None, "stage_since": None, "due_date": DUE}
        await an_invoice(session, other, **fresh)
        run = await start_ladder(session, by="ana", at=morning(1))
    whole, pages = ladder.carry_out, []

    async def second_page_dies(*arguments, **values):
        pages.append(await whole(*arguments, **values))
        if len(pages) == 2:
            raise ApplicationError("killed")
        return pages[-1]

    monkeypatch.setattr(ladder, "carry_out", second_page_dies)
    activities = LadderActivities(street.database)
    with pytest.raises(ApplicationError):
        await ActivityEnvironment().run(activities.climb_ladder, run.number)
    assert len(await street.told()) == 2

    await ActivityEnvironment().run(activities.climb_ladder, run.number)

    assert len(await street.told()) == 4
    async with street.database.read() as session:
        run = await session.get_one(BulkRun, run.id)
    assert (run.status, run.done, run.total, run.changed) == ("done", 2, 2, 2)
    assert run.summary["letters"] == 2


async def test_what_was_paid_since_a_letter_was_written_is_not_in_it_any_more(street: Street):
    async with street.database.write() as session:
        await street.bill(session, number="PAGA-1")
    await street.climb(1)
    async with street.database.write() as session:
        paid = (await session.exec(select(Invoice).where(Invoice.number == "PAGA-1"))).one()
        await pay(session, paid, at=morning(1))
        mail = (await session.exec(select(Message).where(Message.channel == "email"))).one()
        assert "PAGA-1" in mail.text

        await refresh(session, mail, at=morning(1))

    assert "PAGA-1" not in mail.text
    assert "R$\xa0100,00" in mail.text


async def test_a_legal_notice_goes_out_in_spite_of_an_opt_out(street: Street):
    async with street.database.write() as session:
        for channel in ("email", "sms"):
            session.add(OptOut(customer_id=street.customer.id, channel=channel, at=AT, by="ana"))
    await street.climb(1)
    await street.climb(5)

    async with street.database.read() as session:
        rows = await session.exec(select(Message.purpose, Message.status).distinct())
    assert set(rows) == {
        ("ladder_overdue", "suppressed"), ("ladder_suspension_notice", "queued"),
    }  # fmt: skip
