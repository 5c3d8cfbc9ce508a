"""Diaries of agreements: kept, broken, renegotiated, undone, called off, kept late."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import col, select
from temporalio.client import WorkflowUpdateFailedError

from activities.payments import reverse_payment
from models import outbox
from models.agreement_lists import agreement_invoices
from models.agreements import Agreement
from models.cases import Case, case_of
from models.invoices import Invoice
from models.messages import Message
from models.payments import Payment
from models.tasks import Task
from rules.agreement_terms import AgreementKind, InstalmentRow, MakeAgreement
from rules.agreements import CancelAgreement, Renegotiate, RestoreOriginals
from rules.business_days import ONE_DAY, local_date
from rules.cases import Process
from rules.proposals import Components
from tests import builders
from tests.builders import days
from tests.conftest import House
from workflows.agreements import AgreementJourney
from workflows.collections import CollectionsJourney

NOON = time(12)


class Diary:
    """An agreement on 600 and 400 with 10 % off: three instalments of 300, a week apart."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.today = local_date(house.clock.now)
        self.first_due, self.second_due, self.last_due = (
            days(7 * week, since=self.today) for week in (1, 2, 3)
        )
        self.tolerance = days(4, since=self.last_due)

    async def begin(self, **values: Any) -> Diary:
        """The agreement is made by an update of the customer's collections."""
        await self._set_the_scene()
        command = MakeAgreement(**{**self._proposal(), **values})
        collections = self.house.client.get_workflow_handle_for(
            CollectionsJourney.run, self.account.workflow_id
        )
        answer = await collections.execute_update(CollectionsJourney.make_agreement, command)
        self.agreement_id = answer["agreement_id"]
        await self.house.clock.settle()
        async with self.house.database.read() as session:
            case = await case_of(session, process=Process.AGREEMENTS, subject_id=self.agreement_id)
        assert case is not None
        self.handle = self.house.client.get_workflow_handle_for(
            AgreementJourney.run, case.workflow_id
        )
        self.case = case
        return self

    async def _set_the_scene(self) -> None:
        async with self.house.database.write() as session:
            self.at = self.house.clock.now
            await builders.a_team(session, await builders.a_user(session, "ana"))
            customer = await builders.a_customer(session)
            self.older = await builders.an_invoice(
                session, customer, "600.00", due_date=days(-60, since=self.today)
            )
            self.newer = await builders.an_invoice(
                session, customer, "400.00", due_date=days(-30, since=self.today)
            )
            self.account = await builders.a_collections_case(session, customer, at=self.at)
            self.category = await builders.a_category(session)
            self.ledger = await builders.a_ledger_account(session)
            outbox.start_case(session, self.account, at=self.at)
        await self.house.clock.settle()

    def _proposal(self) -> dict[str, Any]:
        return {
            "by": "ana",
            "invoice_ids": (self.older.key, self.newer.key),
            "agreement_kind": AgreementKind.PROPOSAL,
            "tolerance_date": self.tolerance,
            "category_id": self.category.id,
            "components": Components(
                discount_percent=Decimal(10), discount_account_id=self.ledger.id
            ),
            "rows": tuple(
                InstalmentRow(day, Decimal(300))
                for day in (self.first_due, self.second_due, self.last_due)
            ),
            "confirm_new_invoice": True,
        }

    async def day(self, day: date) -> None:
        """It is noon of that day."""
        await self.house.clock.forward_to_local(day, NOON)

    async def pay(self, *ordinals: int, amount: str | None = None) -> None:
        """The customer pays these instalments."""
        async with self.house.database.write() as session:
            for invoice in await self._kept_by(session):
                if invoice.code.endswith(tuple(f"-{n}" for n in ordinals)):
                    await builders.pay(session, invoice, amount, at=self.house.clock.now)
        await self.house.clock.settle()

    async def _kept_by(self, session: Any) -> list[Invoice]:
        rows = await agreement_invoices(session, self.agreement_id)
        return [row.invoice for row in rows if row.link.role == row.agreement.kept_by]

    async def stages(self) -> list[str | None]:
        """Where the instalments stand."""
        async with self.house.database.read() as session:
            return [invoice.collection_stage for invoice in await self._kept_by(session)]

    async def originals(self) -> list[tuple[str, str | None, Decimal]]:
        """What the two originals are, where, and what they owe."""
        async with self.house.database.read() as session:
            rows = [await session.get_one(Invoice, i.id) for i in (self.older, self.newer)]
        return [(row.status, row.collection_stage, row.open_amount) for row in rows]

    async def agreement(self) -> Agreement:
        async with self.house.database.read() as session:
            return await session.get_one(Agreement, self.agreement_id)

    async def status(self) -> str:
        return (await self.agreement()).status

    async def history(self) -> list[str]:
        """What happened, beside what became of messages."""
        async with self.house.database.read() as session:
            kinds = await builders.events_of(session, self.case)
        return [kind for kind in kinds if not kind.startswith("message_")]

    async def tasks(self) -> list[tuple[str, str, str | None]]:
        """The tasks that the agreement asked for: kind, status, whose."""
        async with self.house.database.read() as session:
            statement = select(Task).where(Task.for_case_id == self.case.id).order_by(col(Task.id))
            return [(t.kind, t.status, t.assignee) for t in await session.exec(statement)]

    async def next_at(self) -> datetime | None:
        async with self.house.database.read() as session:
            return (await session.get_one(Case, self.case.id)).next_at


async def test_an_agreement_paid_in_time_is_fulfilled(house: House) -> None:
    diary = await Diary(house).begin()
    assert await diary.originals() == [("replaced", "replaced", Decimal(0))] * 2

    # Three days before the first due date: reminded of; on it, paid
    await diary.day(days(-3, since=diary.first_due))
    assert await diary.history() == ["opened", "remind"]
    await diary.pay(1)
    assert await diary.stages() == ["fulfilled", "in_agreement", "in_agreement"]

    # Two days later: nobody is reminded of what is paid
    await diary.day(days(2, since=diary.first_due))
    assert await diary.history() == ["opened", "remind", "agreed_settled"]

    # The last due date: the other two are paid
    await diary.day(diary.last_due)
    await diary.pay(2, 3)

    assert await diary.stages() == ["fulfilled"] * 3
    assert await diary.handle.result() == "fulfilled"
    assert await diary.tasks() == []
    async with house.database.read() as session:
        account = await session.get_one(Case, diary.account.id)
    assert account.stage == "closed"


async def test_reminders_are_messages_bound_to_their_invoice(house: House) -> None:
    diary = await Diary(house).begin()

    await diary.day(days(2, since=diary.first_due))

    async with house.database.read() as session:
        every = await session.exec(select(Message.purpose, Message.invoice_id).order_by(Message.id))
        written = [each for each in every if each[0] != "agreement_made"]
    purposes = ["agreement_reminder_before", "agreement_reminder_due", "agreement_reminder_late"]
    assert [purpose for purpose, _ in written[::2]] == purposes
    assert len({invoice_id for _, invoice_id in written}) == 1


async def one_paid_then_broken(house: House) -> Diary:
    diary = await Diary(house).begin()
    await diary.day(diary.first_due)
    await diary.pay(1)
    await diary.day(diary.second_due)
    await diary.pay(2)

    # The tolerance date: somebody is asked what became of the promise
    await diary.day(diary.tolerance)
    assert await diary.tasks() == [("check_promise", "open", "ana")]
    assert await diary.stages() == ["fulfilled", "fulfilled", "in_agreement"]

    # The day after: broken
    await diary.day(diary.tolerance + ONE_DAY)
    assert await diary.status() == "broken"
    assert await diary.stages() == ["fulfilled", "fulfilled", "broken"]
    assert await diary.tasks() == [("check_promise", "cancelled", "ana"), ("break", "open", "ana")]
    assert await diary.next_at() is None
    return diary


async def test_what_is_unsettled_of_a_broken_agreement_is_negotiated_anew(house: House) -> None:
    diary = await one_paid_then_broken(house)

    await diary.handle.execute_update(AgreementJourney.renegotiate, Renegotiate(by="bia"))
    await house.clock.settle()

    assert await diary.handle.result() == "renegotiated"
    assert await diary.stages() == ["fulfilled", "fulfilled", "negotiating"]
    assert await diary.originals() == [("replaced", "replaced", Decimal(0))] * 2
    assert (await diary.tasks())[1] == ("break", "cancelled", "ana")
    async with house.database.read() as session:
        account = await session.get_one(Case, diary.account.id)
    assert account.stage == "negotiating"


async def test_a_broken_agreement_is_undone_less_what_was_paid(house: House) -> None:
    diary = await one_paid_then_broken(house)

    await diary.handle.execute_update(AgreementJourney.restore, RestoreOriginals(by="bia"))
    await house.clock.settle()

    # 600 of 1000 was paid; the 10 % are withdrawn: the older is paid in whole, the newer owes all
    assert await diary.handle.result() == "restored"
    assert await diary.originals() == [
        ("settled", "recovered", Decimal(0)), ("open", "negotiating", Decimal(400)),
    ]  # fmt: skip
    assert await diary.stages() == ["fulfilled", "fulfilled", "withdrawn"]


async def test_what_is_paid_late_fulfils_it_late(house: House) -> None:
    diary = await one_paid_then_broken(house)

    await diary.pay(3)

    assert await diary.handle.result() == "fulfilled_late"
    assert await diary.stages() == ["fulfilled"] * 3
    assert (await diary.tasks())[1] == ("break", "cancelled", "ana")


async def test_a_cancelled_agreement_gives_the_originals_back(house: House) -> None:
    diary = await Diary(house).begin()
    await diary.day(diary.first_due)
    await diary.pay(1, amount="250.00")

    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await diary.handle.execute_update(
            AgreementJourney.cancel, CancelAgreement(by="ana", reason=" ")
        )
    assert refused.value.cause.type == "ReasonRequired"  # type: ignore[attr-defined]
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await diary.handle.execute_update(AgreementJourney.renegotiate, Renegotiate(by="ana"))
    assert refused.value.cause.type == "AgreementNotBroken"  # type: ignore[attr-defined]

    await diary.handle.execute_update(
        AgreementJourney.cancel, CancelAgreement(by="ana", reason="desistiu")
    )
    await house.clock.settle()

    assert await diary.handle.result() == "cancelled"
    assert await diary.originals() == [
        ("open", "negotiating", Decimal(350)), ("open", "negotiating", Decimal(400)),
    ]  # fmt: skip
    assert await diary.stages() == ["withdrawn"] * 3
    agreement = await diary.agreement()
    assert (agreement.reason, agreement.ended_by) == ("desistiu", "ana")


async def test_an_instalment_thirty_one_days_late_breaks_it(house: House) -> None:
    diary = Diary(house)
    await diary.begin(tolerance_date=days(60, since=diary.today))

    # Day 30 after the first due date, unpaid: still in progress
    await diary.day(days(30, since=diary.first_due))
    assert await diary.status() == "in_progress"

    # Day 31: broken, long before the tolerance date
    await diary.day(days(31, since=diary.first_due))
    assert await diary.status() == "broken"
    assert await diary.stages() == ["broken"] * 3
    assert await diary.tasks() == [("break", "open", "ana")]


async def test_an_unchanged_agreement_is_kept_by_its_own_invoices(house: House) -> None:
    diary = Diary(house)
    tolerance = days(5, since=diary.today)
    await diary.begin(agreement_kind=AgreementKind.UNCHANGED, tolerance_date=tolerance)
    assert await diary.originals() == [
        ("open", "in_agreement", Decimal(600)), ("open", "in_agreement", Decimal(400)),
    ]  # fmt: skip

    # The day after its tolerance date: both show as broken
    await diary.day(tolerance + ONE_DAY)
    assert [stage for _, stage, _ in await diary.originals()] == ["broken", "broken"]

    # Undone: they are negotiated anew, as they were
    await diary.handle.execute_update(AgreementJourney.restore, RestoreOriginals(by="ana"))
    assert await diary.originals() == [
        ("open", "negotiating", Decimal(600)), ("open", "negotiating", Decimal(400)),
    ]  # fmt: skip


async def test_a_payment_taken_back_puts_a_fulfilled_agreement_in_force_again(
    house: House,
) -> None:
    diary = await Diary(house).begin()
    await diary.day(diary.first_due)
    await diary.pay(1, 2, 3)
    assert await diary.status() == "fulfilled"

    async with house.database.write() as session:
        newest = (await session.exec(select(Payment).order_by(col(Payment.id).desc()))).first()
        assert newest is not None
        await reverse_payment(
            session, newest.id or 0, reason="estorno do cartão", by="bia", at=house.clock.now
        )
    await house.clock.settle()

    assert await diary.status() == "in_progress"
    assert await diary.stages() == ["fulfilled", "fulfilled", "in_agreement"]
    async with house.database.read() as session:
        account = await session.get_one(Case, diary.account.id)
    assert account.stage == "in_agreement"
