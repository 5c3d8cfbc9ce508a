"""Diaries of a customer's collections: started, confirmed, forgotten, paid, classified again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import col, select
from temporalio.client import WorkflowUpdateFailedError

from activities.classification import start_classification
from models.cases import Case, case_of
from models.collections import CollectionAccount, NewContact, account_of, add_contact
from models.customers import Customer
from models.invoices import Invoice, InvoiceEvent
from models.ladder_tables import Ladder, LadderStep
from models.standings import refresh_standings
from models.tasks import Task
from rules.business_days import OFFICE_HOURS, Calendar, CalendarKind, deadline, local_date
from rules.cases import Process
from rules.classification import FORWARD
from rules.collection_commands import ConfirmProcess, StartCollection
from rules.tasks import TaskStatus
from tests.builders import (
    a_contact_category,
    a_customer,
    a_team,
    a_user,
    an_invoice,
    events_of,
    pay,
)
from tests.conftest import House

BANK = Calendar(kind=CalendarKind.BANK, windows=OFFICE_HOURS)
#: Beyond the ten minutes over which deadlines are spread.
SLACK = timedelta(minutes=20)


@dataclass
class Debtor:
    """A customer in the house, and what a test asks about them."""

    house: House
    customer_id: int
    invoice_ids: list[int]

    async def case(self) -> Case:
        async with self.house.database.read() as session:
            case = await case_of(session, process=Process.COLLECTIONS, subject_id=self.customer_id)
        assert case is not None
        return case

    async def stages(self) -> list[str | None]:
        async with self.house.database.read() as session:
            statement = select(Invoice.collection_stage).where(
                Invoice.customer_id == self.customer_id
            )
            return list(await session.exec(statement.order_by(col(Invoice.id))))

    async def history(self) -> list[str]:
        case = await self.case()
        async with self.house.database.read() as session:
            return await events_of(session, case)

    async def tasks(self) -> Sequence[Task]:
        case = await self.case()
        async with self.house.database.read() as session:
            statement = select(Task).where(Task.for_case_id == case.id).order_by(col(Task.id))
            return (await session.exec(statement)).all()

    async def command(self, command: Any, *, id: str | None = None) -> dict[str, Any]:
        case = await self.case()
        answer: dict[str, Any] = await self.house.client.get_workflow_handle(
            case.workflow_id
        ).execute_update(command.kind, command, id=id, result_type=dict)
        await self.house.clock.settle()
        return answer

    async def start(self, *invoice_ids: int, by: str = "ana") -> dict[str, Any]:
        return await self.command(StartCollection(by, invoice_ids or tuple(self.invoice_ids)))

    async def confirm(self) -> dict[str, Any]:
        return await self.command(ConfirmProcess("ana"))

    async def pay(self, *invoice_ids: int) -> None:
        async with self.house.database.write() as session:
            for invoice_id in invoice_ids or self.invoice_ids:
                invoice = await session.get_one(Invoice, invoice_id)
                await pay(session, invoice, at=self.house.clock.now)
        await self.house.clock.settle()

    async def business_days_later(self, days: int) -> None:
        """To that business day after the last change of stage, a little later in the day."""
        since = (await self.case()).stage_since
        at = deadline(since, business_days=days, calendar=BANK) + SLACK
        await self.house.clock.forward_to(at)


async def classify(house: House) -> None:
    """The classifier runs now."""
    async with house.database.write() as session:
        await start_classification(session, by="ana", at=house.clock.now)
    await house.clock.settle()


@pytest.fixture
async def debtor(house: House) -> Debtor:
    """Two overdue invoices, classified on a working morning; a team with a manager."""
    async with house.database.write() as session:
        ladder = Ladder(code="padrao", name="Padrão", is_default=True)
        session.add(ladder)
        await session.flush()
        session.add(LadderStep(ladder_id=ladder.id or 0, action=FORWARD, offset_days=10))
        ana = await a_user(session, "ana")
        manager = await a_user(session, "rui")
        await a_team(session, ana, manager=manager)
        customer = await a_customer(session)
        day = local_date(house.clock.now) - timedelta(days=20)
        overdue: dict[str, Any] = {"due_date": day, "collection_stage": None, "stage_since": None}
        invoices = [await an_invoice(session, customer, **overdue) for _ in range(2)]
    await house.clock.forward_to(deadline(house.clock.now, business_days=1, calendar=BANK))
    await classify(house)
    return Debtor(house, customer.id or 0, [invoice.key for invoice in invoices])


async def test_nobody_starts(debtor: Debtor) -> None:
    # Day 0: classified
    assert await debtor.stages() == ["classified", "classified"]
    assert (await debtor.case()).next_kind == "start_task"

    # Day 1: nothing yet
    await debtor.business_days_later(1)
    assert await debtor.tasks() == []

    # Day 2: the team is asked
    await debtor.business_days_later(2)
    [asked] = await debtor.tasks()
    assert (asked.kind, asked.assignee, asked.status) == ("start_task", None, TaskStatus.OPEN)
    assert asked.team_id is not None
    assert (await debtor.case()).next_kind == "escalate"

    # Day 5: the manager is told
    await debtor.business_days_later(5)
    told = (await debtor.tasks())[-1]
    assert (told.kind, told.assignee, told.priority) == ("escalate", "rui", 1)
    case = await debtor.case()
    assert case.breached_at is not None
    assert (case.next_kind, case.next_at) == (None, None)

    # Day 6: somebody starts after all, and nobody is asked any more
    await debtor.business_days_later(6)
    await debtor.start()
    assert {task.status for task in await debtor.tasks()} == {TaskStatus.CANCELLED}
    assert (await debtor.case()).breached_at is None
    assert await debtor.history() == [
        "classified", "start_task", "escalate", "started", "stage",
    ]  # fmt: skip


async def test_started_confirmed_and_then_silence(debtor: Debtor) -> None:
    # Day 0: started, not confirmed
    await debtor.start()
    assert await debtor.stages() == ["in_contact", "in_contact"]

    # Day 1: reminded
    await debtor.business_days_later(1)
    [reminder] = await debtor.tasks()
    assert (reminder.kind, reminder.assignee) == ("confirm_task", "ana")

    # Confirmed: the account is opened, the reminder withdrawn
    answer = await debtor.confirm()
    assert await debtor.stages() == ["negotiating", "negotiating"]
    assert (await debtor.tasks())[0].result == "withdrawn"
    case = await debtor.case()
    assert (case.stage, case.owner, case.next_kind) == ("negotiating", "ana", "follow_up")

    # Two business days of silence: nothing; on the third: a follow-up
    await debtor.business_days_later(2)
    assert len(await debtor.tasks()) == 1
    await debtor.business_days_later(3)
    follow_up = (await debtor.tasks())[-1]
    assert (follow_up.kind, follow_up.assignee) == ("follow_up", "ana")
    assert (await debtor.case()).next_at is None

    # Ana calls: that was the follow-up, and silence counts anew
    called_at = debtor.house.clock.now
    async with debtor.house.database.write() as session:
        account = await session.get_one(CollectionAccount, answer["account_id"])
        category = await a_contact_category(session)
        call = NewContact("active", "telefone", category.id or 0, "Débito", "Retorna amanhã")
        await add_contact(session, account, call, by="ana", at=called_at)
    await debtor.house.clock.settle()
    assert (await debtor.tasks())[-1].result == "withdrawn"
    case = await debtor.case()
    assert case.next_kind == "follow_up"
    assert case.next_at is not None
    assert case.next_at >= deadline(called_at, business_days=3, calendar=BANK)


async def test_the_customer_is_written_to_until_they_answer(debtor: Debtor) -> None:
    async with debtor.house.database.write() as session:
        customer = await session.get_one(Customer, debtor.customer_id)
        customer.mobile = "+5511987654321"
    await debtor.start()
    answer = await debtor.confirm()
    confirmed_at = (await debtor.case()).stage_since
    assert (await debtor.case()).next_kind == "cadence"

    # Day 1: the first message
    await debtor.house.clock.forward_to(confirmed_at + timedelta(days=1) + SLACK)
    assert (await debtor.history()).count("cadence") == 1

    # Day 2: the customer calls
    await debtor.house.clock.forward(days=1)
    async with debtor.house.database.write() as session:
        account = await session.get_one(CollectionAccount, answer["account_id"])
        category = await a_contact_category(session)
        call = NewContact("reactive", "telefone", category.id or 0, "Débito", "Paga na sexta")
        await add_contact(session, account, call, by="ana", at=debtor.house.clock.now)
    await debtor.house.clock.settle()
    assert (await debtor.case()).next_kind == "follow_up"

    # Three weeks later: no further message, only people's own work
    await debtor.house.clock.forward(days=21)
    assert (await debtor.history()).count("cadence") == 1


@pytest.mark.parametrize("stage", ["classified", "in_contact", "negotiating"])
async def test_a_payment_recovers_the_debt_at_any_stage(debtor: Debtor, stage: str) -> None:
    if stage != "classified":
        await debtor.start()
    if stage == "negotiating":
        await debtor.confirm()

    await debtor.pay(debtor.invoice_ids[0])
    assert await debtor.stages() == ["recovered", stage]
    assert (await debtor.case()).stage == stage

    await debtor.pay(debtor.invoice_ids[1])
    assert await debtor.stages() == ["recovered", "recovered"]
    case = await debtor.case()
    assert (case.stage, case.next_kind) == ("closed", None)
    assert case.closed_at is not None
    assert await debtor.house.client.get_workflow_handle(case.workflow_id).result() == "closed"


async def test_an_invoice_taken_out_of_the_books_is_withdrawn(debtor: Debtor) -> None:
    async with debtor.house.database.write() as session:
        invoice = await session.get_one(Invoice, debtor.invoice_ids[0])
        invoice.status = "cancelled"
        await refresh_standings(session, [debtor.customer_id])
    await debtor.start(debtor.invoice_ids[1])

    assert await debtor.stages() == ["withdrawn", "in_contact"]


async def test_classified_again_after_closing(debtor: Debtor) -> None:
    await debtor.start()
    await debtor.confirm()
    await debtor.pay()
    closed = await debtor.case()

    # Next month another invoice is overdue
    await debtor.house.clock.forward(days=30)
    async with debtor.house.database.write() as session:
        customer_id = debtor.customer_id
        due = local_date(debtor.house.clock.now) - timedelta(days=10)
        invoice = Invoice(
            code="F-again",
            customer_id=customer_id,
            due_date=due,
            amount=Decimal(50),
            open_amount=Decimal(50),
        )
        session.add(invoice)
    await classify(debtor.house)

    again = await debtor.case()
    assert (again.id, again.epoch, again.stage) == (closed.id, closed.epoch + 1, "classified")
    assert (again.closed_at, again.next_kind) == (None, "start_task")
    assert (await debtor.history())[-2:] == ["reopened", "classified"]

    # And it works as the first time, in the same account
    await debtor.start(invoice.key)
    await debtor.confirm()
    assert (await debtor.stages())[-1] == "negotiating"
    assert (await debtor.history()).count("account_opened") == 1


async def test_an_open_account_hears_of_newly_classified_invoices(debtor: Debtor) -> None:
    await debtor.start()
    async with debtor.house.database.write() as session:
        due = local_date(debtor.house.clock.now) - timedelta(days=10)
        session.add(
            Invoice(
                code="F-new",
                customer_id=debtor.customer_id,
                due_date=due,
                amount=Decimal(9),
                open_amount=Decimal(9),
            )
        )
    await classify(debtor.house)

    assert await debtor.stages() == ["in_contact", "in_contact", "classified"]
    assert (await debtor.case()).stage == "in_contact"

    await debtor.pay()
    case = await debtor.case()
    assert (case.stage, case.next_kind) == ("classified", "start_task")


async def test_a_refused_start_changes_nothing(debtor: Debtor) -> None:
    async with debtor.house.database.write() as session:
        stranger = await a_customer(session)
        foreign = await an_invoice(session, stranger, collection_stage="classified")
    first, second = debtor.invoice_ids
    await debtor.start(first)
    before = await debtor.history()

    for invoice_ids, code in (
        ((second, foreign.key), "ForeignInvoice"),
        ((second, first), "AlreadyStarted"),
        ((second, 999_999), "UnknownInvoice"),
    ):
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await debtor.start(*invoice_ids)
        assert refused.value.cause.type == code  # type: ignore[attr-defined]

    assert await debtor.stages() == ["in_contact", "classified"]
    assert await debtor.history() == before


async def test_nothing_in_contact_cannot_be_confirmed(debtor: Debtor) -> None:
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await debtor.confirm()

    assert refused.value.cause.type == "NothingToConfirm"  # type: ignore[attr-defined]
    async with debtor.house.database.read() as session:
        assert await account_of(session, debtor.customer_id) is None


async def test_a_repeated_command_gets_its_first_answer(debtor: Debtor) -> None:
    command = StartCollection("ana", tuple(debtor.invoice_ids))

    first = await debtor.command(command, id="ana/1")
    again = await debtor.command(command, id="ana/1")

    assert first == again == {"stage": "in_contact", "invoice_ids": debtor.invoice_ids}
    assert (await debtor.history()).count("started") == 1


async def test_of_two_operators_at_once_one_starts(debtor: Debtor) -> None:
    both = await asyncio.gather(
        debtor.start(by="ana"), debtor.start(by="bia"), return_exceptions=True
    )

    refused = [answer for answer in both if isinstance(answer, WorkflowUpdateFailedError)]
    assert [getattr(answer.cause, "type", None) for answer in refused] == ["AlreadyStarted"]
    assert (await debtor.history()).count("started") == 1


async def test_every_move_stands_in_the_invoices_own_history(debtor: Debtor) -> None:
    await debtor.start()
    await debtor.confirm()
    await debtor.pay()

    async with debtor.house.database.read() as session:
        statement = select(InvoiceEvent).where(
            InvoiceEvent.invoice_id == debtor.invoice_ids[0], InvoiceEvent.kind == "stage"
        )
        moves = [
            (event.by, event.parameters["now"], event.parameters["reason"])
            for event in await session.exec(statement.order_by(col(InvoiceEvent.id)))
        ]
    assert moves == [
        ("ana", "classified", "overdue"),
        ("ana", "in_contact", "started"),
        ("ana", "negotiating", "confirmed"),
        ("system", "recovered", "settled"),
    ]
