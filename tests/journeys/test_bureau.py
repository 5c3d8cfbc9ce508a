"""Diaries of bureau records: noticed, registered, paid, in conflict, removed in time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import col, select
from temporalio.client import WorkflowUpdateFailedError

from activities.payments import reverse_payment
from models import outbox
from models.agreement_lists import agreement_invoices
from models.bureau import BureauRecord
from models.cases import Case, case_of
from models.collections import PanelTotal
from models.invoices import Invoice
from models.messages import Message
from models.payments import Payment
from models.policies import PolicyValue
from models.tasks import Task
from rules.agreement_terms import AgreementKind, InstalmentRow, MakeAgreement
from rules.bureau import AddToBureau, RemoveFromBureau
from rules.business_days import (
    Calendar,
    CalendarKind,
    add_business_days,
    at_local_time,
    local_date,
)
from rules.cases import Process
from tests import builders
from tests.builders import days
from tests.conftest import House
from workflows.bureau import BureauRecordJourney
from workflows.collections import CollectionsJourney

NOON = time(12)
BANK = Calendar(kind=CalendarKind.BANK)


class Diary:
    """An overdue invoice of 100, put under bureau control today; its notice arrives at once."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.today = local_date(house.clock.now)

    async def begin(self, *, notice: str = "delivered", **invoice: Any) -> Diary:
        async with self.house.database.write() as session:
            manager = await builders.a_user(session, "rui")
            ana = await builders.a_user(session, "ana")
            await builders.a_team(session, ana, manager=manager)
            customer = await builders.a_customer(session, mobile="+5511987654321")
            values = {"due_date": days(-40, since=self.today), **invoice}
            self.invoice = await builders.an_invoice(session, customer, **values)
            at = self.house.clock.now
            self.account = await builders.a_collections_case(session, customer, at=at)
            outbox.start_case(session, self.account, at=at)
        await self.house.clock.settle()
        await self.add()
        await self.notice_is(notice)
        return self

    async def add(self) -> None:
        """Somebody puts the invoice under bureau control."""
        answer = await self.collections.execute_update(
            CollectionsJourney.add_to_bureau,
            AddToBureau(by="ana", invoice_ids=(self.invoice.key,), details="não pagou"),
        )
        (self.record_id,) = answer["record_ids"]
        async with self.house.database.read() as session:
            case = await case_of(session, process=Process.BUREAU, subject_id=self.record_id)
        assert case is not None
        self.case = case
        self.handle = self.house.client.get_workflow_handle_for(
            BureauRecordJourney.run, case.workflow_id
        )

    @property
    def collections(self) -> Any:
        return self.house.client.get_workflow_handle_for(
            CollectionsJourney.run, self.account.workflow_id
        )

    async def notice_is(self, status: str) -> None:
        """The provider reports on the notice before its delivery even looks at it."""
        async with self.house.database.write() as session:
            statement = select(Message).where(Message.case_id == self.case.id)
            for message in await session.exec(statement):
                if message.status == "queued" and status != "queued":
                    message.status, message.sent_at = status, self.house.clock.now
                    session.add(message)
            outbox.tell_case(
                session, self.case, news_id=f"notice/{status}", at=self.house.clock.now
            )
        await self.house.clock.settle()

    async def day(self, day: date, at: time = NOON) -> None:
        await self.house.clock.forward_to_local(day, at)

    async def pass_notice_period(self) -> None:
        """Ten whole days, and the minutes over which many cases are spread."""
        await self.house.clock.forward(days=10, minutes=11)

    async def pay(self) -> None:
        """The customer pays today, and the money is at hand today."""
        async with self.house.database.write() as session:
            await builders.pay(session, self.invoice, at=self.house.clock.now)
        await self.house.clock.settle()

    async def stages(self) -> tuple[str, str | None]:
        """Of the record, and of its invoice at the bureau."""
        async with self.house.database.read() as session:
            record = await session.get_one(BureauRecord, self.record_id)
            invoice = await session.get_one(Invoice, self.invoice.id)
        return record.stage, invoice.bureau_stage

    async def record(self) -> BureauRecord:
        async with self.house.database.read() as session:
            return await session.get_one(BureauRecord, self.record_id)

    async def tasks(self) -> list[tuple[str, str, str | None]]:
        async with self.house.database.read() as session:
            statement = select(Task).where(Task.for_case_id == self.case.id).order_by(col(Task.id))
            return [(t.kind, t.status, t.assignee) for t in await session.exec(statement)]

    async def panels(self) -> dict[int, int]:
        """How many invoices the panels of the bureau hold."""
        async with self.house.database.read() as session:
            totals = await session.exec(select(PanelTotal))
            return {t.panel: t.invoices for t in totals if t.panel >= 7 and t.invoices}

    async def remove(self, details: str) -> None:
        await self.handle.execute_update(
            BureauRecordJourney.remove, RemoveFromBureau(by="bia", details=details)
        )
        await self.house.clock.settle()


async def test_noticed_registered_paid_in_conflict_removed(house: House) -> None:
    diary = await Diary(house).begin()

    # Nine days after the notice: the customer may still react
    await diary.house.clock.forward(days=9, hours=23)
    assert await diary.stages() == ("noticed", "noticed")

    # Ten whole days after it: registered, and shown in panel 7
    await diary.house.clock.forward(hours=1, minutes=11)
    assert await diary.stages() == ("registered", "registered")
    assert await diary.panels() == {7: 1}

    # Paid: a conflict, in panel 8, until the fifth business day
    await diary.pay()
    paid_on = local_date(house.clock.now)
    assert await diary.stages() == ("conflict", "conflict")
    assert await diary.panels() == {8: 1}
    last = add_business_days(paid_on, days=5, calendar=BANK)
    assert (await diary.record()).remove_by == last

    # The first day of the legal clock: a task
    await diary.day(add_business_days(paid_on, days=1, calendar=BANK))
    assert await diary.tasks() == [("ask_removal", "open", "ana")]

    # Two business days before the last: the manager hears of it
    await diary.day(add_business_days(last, days=-2, calendar=BANK))
    assert await diary.tasks() == [
        ("ask_removal", "open", "ana"), ("alert_removal", "open", "rui"),
    ]  # fmt: skip

    # Removed, with details: panel 9, and nobody is asked any more
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await diary.remove(" ")
    assert refused.value.cause.type == "BureauDetailsRequired"  # type: ignore[attr-defined]
    await diary.remove("protocolo 17")
    assert await diary.handle.result() == "removed"
    assert await diary.stages() == ("removed", "removed")
    assert await diary.panels() == {9: 1}
    assert {status for _, status, _ in await diary.tasks()} == {"cancelled"}
    assert (await diary.record()).removal_details == "protocolo 17"


async def test_paid_during_the_notice_it_never_reaches_the_bureau(house: House) -> None:
    diary = await Diary(house).begin()
    await diary.house.clock.forward(days=3)

    await diary.pay()

    assert await diary.handle.result() == "withdrawn"
    assert await diary.stages() == ("withdrawn", None)
    assert await diary.panels() == {}


async def test_a_notice_that_bounced_never_becomes_a_record(house: House) -> None:
    diary = await Diary(house).begin(notice="bounced")

    await diary.pass_notice_period()

    assert await diary.stages() == ("noticed", "noticed")

    # Withdrawn and put there again with a right number, it runs anew
    await diary.remove("celular errado")
    await diary.add()
    await diary.notice_is("delivered")
    await diary.pass_notice_period()
    assert await diary.stages() == ("registered", "registered")


async def test_a_record_goes_by_itself_after_five_years(house: House) -> None:
    # Five years end in twelve days: just enough for the notice
    due = days(-5 * 365 + 10, since=Diary(house).today)
    diary = await Diary(house).begin(due_date=due)
    await diary.pass_notice_period()
    last_day = (await diary.record()).expires_on
    assert await diary.stages() == ("registered", "registered")

    # The last day
    await diary.day(last_day, at=time(23, 30))
    assert await diary.stages() == ("registered", "registered")

    # The day after
    await diary.day(last_day + timedelta(days=1), at=time(0, 30))
    assert await diary.handle.result() == "removed"
    assert await diary.stages() == ("removed", "removed")
    assert (await diary.record()).removed_by == "system"


async def test_a_payment_taken_back_ends_the_conflict(house: House) -> None:
    diary = await Diary(house).begin()
    await diary.pass_notice_period()
    await diary.pay()
    await diary.house.clock.forward(days=6)
    assert await diary.stages() == ("conflict", "conflict")

    async with house.database.write() as session:
        payment = (await session.exec(select(Payment))).one()
        await reverse_payment(
            session, payment.id or 0, reason="estorno", by="bia", at=house.clock.now
        )
    await house.clock.settle()

    assert await diary.stages() == ("registered", "registered")
    assert {status for _, status, _ in await diary.tasks()} == {"cancelled"}
    assert (await diary.record()).remove_by is None


async def agreed_in_two(diary: Diary) -> list[Invoice]:
    """The invoice at the bureau enters an agreement in two instalments, a week apart."""
    today = local_date(diary.house.clock.now)
    rows = tuple(InstalmentRow(days(7 * n, since=today), Decimal(50)) for n in (1, 2))
    async with diary.house.database.write() as session:
        category = await builders.a_category(session)
    answer = await diary.collections.execute_update(
        CollectionsJourney.make_agreement,
        MakeAgreement(
            by="ana", invoice_ids=(diary.invoice.key,), agreement_kind=AgreementKind.PROPOSAL,
            tolerance_date=days(20, since=today), category_id=category.id, rows=rows,
            confirm_new_invoice=True,
        ),
    )  # fmt: skip
    await diary.house.clock.settle()
    async with diary.house.database.read() as session:
        found = await agreement_invoices(session, answer["agreement_id"])
        return [row.invoice for row in found if row.link.role == "instalment"]


@pytest.mark.parametrize(
    ("remove_on", "expected"),
    [("first_installment", ["conflict", "conflict"]), ("full_payment", ["registered", "conflict"])],
)
async def test_a_replaced_invoice_leaves_by_the_instalments_in_its_place(
    house: House, remove_on: str, expected: list[str]
) -> None:
    async with house.database.write() as session:
        session.add(
            PolicyValue(
                name="BureauPolicy.remove_on", value=remove_on, changed_at=house.clock.now,
                changed_by="admin",
            )
        )  # fmt: skip
    diary = await Diary(house).begin()
    await diary.pass_notice_period()
    instalments = await agreed_in_two(diary)
    assert await diary.stages() == ("registered", "registered")

    seen = []
    for instalment in instalments:
        async with house.database.write() as session:
            await builders.pay(session, instalment, at=house.clock.now)
        await house.clock.settle()
        seen.append((await diary.stages())[0])

    assert seen == expected


async def test_an_agreement_made_during_the_notice_withdraws_it(house: House) -> None:
    diary = await Diary(house).begin()

    await agreed_in_two(diary)

    assert await diary.handle.result() == "withdrawn"
    assert await diary.stages() == ("withdrawn", None)


async def test_the_page_knows_what_comes_next(house: House) -> None:
    diary = await Diary(house).begin()
    async with house.database.read() as session:
        case = await session.get_one(Case, diary.case.id)
    assert case.next_kind == "register"

    await diary.pass_notice_period()
    await diary.pay()
    async with house.database.read() as session:
        case = await session.get_one(Case, diary.case.id)
    record = await diary.record()
    assert record.remove_by is not None
    assert case.next_kind == "ask_removal"
    assert case.due_at == _closing(record.remove_by)


def _closing(day: date) -> datetime:
    return at_local_time(day, at=time(18))
