"""Diaries of the ladder: from the reminder to the block and back, and what stands in its way."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal

from sqlmodel import col, select

from activities.bulk_runs import RunRequest
from activities.classification import start_classification
from activities.ladder import start_ladder
from models.cases import case_of
from models.connections import Connection
from models.contracts import Contract
from models.default_ladder import ensure_default_ladder
from models.invoices import Invoice
from models.ladder_tables import LadderStep
from models.ladders import LadderExecution
from models.messages import Message
from models.provisioning import ProvisioningOrder
from rules.agreement_terms import AgreementKind, InstalmentRow, MakeAgreement
from rules.business_days import Calendar, is_business_day, local_date
from rules.cases import Process
from rules.collection_commands import ConfirmProcess, StartCollection
from rules.proposals import Components
from tests import builders
from tests.conftest import House
from workflows.collections import CollectionsJourney
from workflows.ladder import LadderRun
from workflows.options import JOURNEYS_QUEUE

MORNING = time(8, 30)


def a_due_date(today: date) -> date:
    """A day in a week or more whose fifth day after is one on which letters leave."""
    due = today + timedelta(days=8)
    while not is_business_day(due + timedelta(days=5), calendar=Calendar(uf="SP")):
        due += timedelta(days=1)
    return due


class Diary:
    """A customer with a contract, and an invoice on the default ladder."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.due = a_due_date(local_date(house.clock.now))

    async def begin(self) -> Diary:
        fresh = {"collection_stage": None, "stage_since": None, "due_date": self.due}
        reach = {"email": "ana@exemplo.test", "mobile": "+5511987654321"}
        async with self.house.database.write() as session:
            await ensure_default_ladder(session)
            self.customer = await builders.a_customer(session, **reach)
            self.contract = await builders.a_contract(session, self.customer)
            self.invoice = await builders.an_invoice(
                session, self.customer, contract_id=self.contract.id, **fresh
            )
        return self

    async def morning(self, number: int) -> None:
        """So many days after the due date: classifier and ladder run, letters leave by noon."""
        day = self.due + timedelta(days=number)
        await self.house.clock.forward_to_local(day, MORNING)
        async with self.house.database.write() as session:
            await start_classification(session, by="system", at=self.house.clock.now)
            await start_ladder(session, by="system", at=self.house.clock.now)
        await self.house.clock.settle()
        await self.house.clock.forward_to_local(day, time(12))

    async def told(self) -> list[str]:
        async with self.house.database.read() as session:
            left = select(Message.purpose).where(Message.status == "sent")
            return list(await session.exec(left.order_by(col(Message.sent_at), col(Message.id))))

    async def state(self) -> tuple[str, str]:
        """Of the connection, as the network was told, and of the contract."""
        async with self.house.database.read() as session:
            contract = await session.get_one(Contract, self.contract.id)
            orders = select(ProvisioningOrder.state).where(ProvisioningOrder.status == "done")
            told = list(await session.exec(orders.order_by(col(ProvisioningOrder.id))))
            connection = (await session.exec(select(Connection))).one_or_none()
        assert not told or (connection is not None and told[-1] == connection.state)
        return (told[-1] if told else "untold", contract.stage)

    async def stage(self) -> str | None:
        async with self.house.database.read() as session:
            return (await session.get_one(Invoice, self.invoice.id)).collection_stage


async def test_from_the_reminder_to_the_block_and_back_by_a_payment(house: House) -> None:
    diary = await Diary(house).begin()

    # Five days before: a friendly word
    await diary.morning(-5)
    assert await diary.told() == ["ladder_reminder"]

    # Day 5: the notice of suspension, by e-mail and SMS
    await diary.morning(5)
    assert await diary.told() == ["ladder_reminder", *["ladder_suspension_notice"] * 2]

    # Day 10: forwarded to collections
    await diary.morning(10)
    assert await diary.stage() == "classified"

    # Day 19: not yet; day 20: suspended
    await diary.morning(19)
    assert await diary.state() == ("untold", "active")
    await diary.morning(20)
    assert await diary.state() == ("blocked", "blocked")

    # Day 20, afternoon: paid, and restored at once
    async with house.database.write() as session:
        await builders.pay(session, diary.invoice, at=house.clock.now)
    await house.clock.settle()
    assert await diary.state() == ("active", "active")

    # The why of each step is kept
    async with house.database.read() as session:
        why = await session.exec(
            select(LadderStep.name, LadderExecution.executed_on)
            .join(LadderExecution, col(LadderExecution.step_id) == col(LadderStep.id))
            .where(LadderExecution.outcome == "done")
            .order_by(col(LadderExecution.id))
        )
        days = [(name, (on - diary.due).days) for name, on in why]
    assert days == [
        ("Lembrete", -5), ("Notificação de suspensão", 5), ("Suspensão próxima", 19),
        ("Suspensão", 20),
    ]  # fmt: skip


async def test_an_agreement_keeps_the_block_until_its_first_instalment(house: House) -> None:
    diary = await Diary(house).begin()
    for number in (5, 20):
        await diary.morning(number)
    assert await diary.state() == ("blocked", "blocked")

    # Day 20: an agreement in two instalments
    first = await _agree(house, diary)
    await diary.morning(21)
    assert await diary.state() == ("blocked", "blocked")

    # Day 21: the first is paid
    async with house.database.write() as session:
        await builders.pay(session, first, at=house.clock.now)
    await house.clock.settle()
    assert await diary.state() == ("active", "active")


async def test_started_by_the_clock_it_makes_the_days_run_itself(house: House) -> None:
    handle = await house.client.start_workflow(
        LadderRun.run, RunRequest(), id="ladder-daily", task_queue=JOURNEYS_QUEUE
    )

    assert await handle.result() in {"done", "not yet"}


async def _agree(house: House, diary: Diary) -> Invoice:
    """Two instalments; gives the first."""
    today = local_date(house.clock.now)
    async with house.database.write() as session:
        category = await builders.a_category(session)
        account = await case_of(
            session, process=Process.COLLECTIONS, subject_id=diary.customer.id or 0
        )
    assert account is not None
    handle = house.client.get_workflow_handle_for(CollectionsJourney.run, account.workflow_id)
    start = StartCollection(by="ana", invoice_ids=(diary.invoice.key,))
    await handle.execute_update(CollectionsJourney.start_collection, start)
    await handle.execute_update(CollectionsJourney.confirm_process, ConfirmProcess(by="ana"))
    command = MakeAgreement(
        by="ana", invoice_ids=(diary.invoice.key,), agreement_kind=AgreementKind.PROPOSAL,
        tolerance_date=today + timedelta(days=60), category_id=category.id or 0,
        components=Components(),
        rows=tuple(
            InstalmentRow(today + timedelta(days=number), Decimal(50)) for number in (10, 40)
        ),
        confirm_new_invoice=True,
    )  # fmt: skip
    await handle.execute_update(CollectionsJourney.make_agreement, command)
    await house.clock.settle()
    async with house.database.read() as session:
        made = select(Invoice).where(col(Invoice.id) != diary.invoice.id)
        return (await session.exec(made.order_by(col(Invoice.due_date)))).all()[0]
