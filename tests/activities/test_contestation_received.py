"""Contestations received, without the engine: money, clocks, letters, every way to an end."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select

from activities import bureau_moves, collections, contestation_moves
from activities.contestation_received import receive_contestation
from activities.payments import NewPayment, record_payment
from models.account_facts import load_facts
from models.bureau import BureauRecord
from models.cases import Case, case_of, open_case
from models.charges import Charge
from models.classification import customers_to_classify, load_forwarding
from models.collections import Standing
from models.contestations import Contestation
from models.contracts import Ladder, LadderStep
from models.database import Database
from models.invoices import Invoice
from models.ladders import LadderPause
from models.messages import Message
from models.received_contestations import ReceivedContestation
from models.tasks import Task
from rules.agreement_terms import AgreementKind, MakeAgreement
from rules.bureau import AddToBureau
from rules.cases import Elapsed, News, Process
from rules.collection_commands import StartCollection
from rules.collections import CollectionsPolicy, next_step, stage_of
from rules.contestation_commands import ApprovalRequired, NotInThisStage, WithdrawContestation
from rules.contestation_received import RefundChannel
from rules.contestation_received_commands import (
    AlreadyContested,
    AnswerCustomer,
    AnsweredReasonRequired,
    AnswerTooLate,
    ContestedAmountWrong,
    ContestedTooLate,
    InvoiceInAgreementContested,
    InvoiceNotContestable,
    NewContestation,
    RecordCustomerTold,
    RecordRefund,
    UpheldTooMuch,
)
from rules.contested import InvoiceUnderContestation
from tests import builders

DAY_0 = date(2026, 11, 16)
DUE = date(2026, 11, 10)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(15), tzinfo=UTC)


class Claim:
    """A customer with a contract and an invoice of R$ 100, contested without the engine."""

    def __init__(self, database: Database) -> None:
        self.database, self.today = database, DAY_0

    async def begin(self, **invoice: Any) -> Claim:
        told = {
            "due_date": DUE, "issue_date": date(2026, 10, 20), "collection_stage": None,
            "stage_since": None, **invoice,
        }  # fmt: skip
        async with self.database.write() as session:
            self.customer = await builders.a_customer(session, email="maria@cliente.example")
            self.contract = await builders.a_contract(session, self.customer)
            self.invoice_id = (
                await builders.an_invoice(
                    session, self.customer, contract_id=self.contract.id, **told
                )
            ).key
        return self

    async def contest(self, amount: str | None = None, **values: Any) -> Contestation:
        told = Decimal(amount) if amount else None
        new = NewContestation(self.invoice_id, "Não contratei a TV", told, **values)
        async with self.database.write() as session:
            made = await receive_contestation(session, new, by="ana", at=noon(self.today))
            self.number = made.number
        return made

    async def do(self, command: Any) -> None:
        async with self.database.write() as session:
            await contestation_moves.decide(
                session, await self.case(session), command, noon(self.today)
            )

    async def letter_leaves(self) -> None:
        """The answer reaches the customer, and the journey hears of it."""
        async with self.database.write() as session:
            statement = select(Message).where(Message.purpose == "contestation_answered")
            for message in await session.exec(statement):
                message.status, message.sent_at = "sent", noon(self.today)
                session.add(message)
        await self.do(News())

    async def pass_time(self, *, until: date) -> list[str]:
        """What happens by itself until that day, each at its instant."""
        taken: list[str] = []
        while True:
            async with self.database.read() as session:
                case = await self.case(session)
            if case.next_at is None or case.next_at.date() > until:
                break
            self.today = max(self.today, case.next_at.date())
            taken.append(case.next_kind or "")
            await self.do(Elapsed(step=case.next_kind or ""))
        self.today = max(self.today, until)
        return taken

    async def case(self, session: Any) -> Case:
        found = await case_of(session, process=Process.CONTESTATION, subject_id=self.number)
        assert found is not None
        return found

    async def one(self, model: Any, key: int | None = None) -> Any:
        async with self.database.read() as session:
            return await session.get_one(model, key or self.number)

    async def all(self, model: Any) -> Any:
        async with self.database.read() as session:
            return (await session.exec(select(model))).all()

    async def invoice(self) -> Invoice:
        return await self.one(Invoice, self.invoice_id)

    async def is_frozen(self) -> bool:
        return any(pause.until is None for pause in await self.all(LadderPause))


@pytest.fixture
async def claim(database: Database) -> Claim:
    return await Claim(database).begin()


def days(number: int) -> date:
    return DAY_0 + timedelta(days=number)


async def test_a_part_is_contested_and_the_rest_gets_a_bill_of_its_own(claim: Claim):
    await claim.contest("40.00")

    [received] = await claim.all(ReceivedContestation)
    bill = await claim.one(Invoice, received.bill_id)
    letters = await claim.all(Message)
    assert (await claim.invoice()).open_amount == Decimal("40.00")
    assert (bill.amount, bill.due_date) == (Decimal("60.00"), days(10))
    assert await claim.is_frozen()
    assert [each.purpose for each in letters] == ["contestation_received"] * 2
    assert received.protocol in letters[0].text
    assert "R$\xa060,00" in letters[0].text
    row = await claim.one(Contestation)
    assert (row.stage, row.due_on) == ("awaiting_answer", days(30))


async def test_upheld_and_unpaid_it_is_cancelled_and_over_once_the_customer_knows(claim: Claim):
    await claim.contest()

    await claim.do(AnswerCustomer("ana", Decimal("100.00")))
    frozen = await claim.is_frozen()
    await claim.letter_leaves()

    row, invoice = await claim.one(Contestation), await claim.invoice()
    assert frozen
    assert (invoice.status, invoice.open_amount) == ("cancelled", Decimal(0))
    assert (row.stage, row.credited) == ("closed", Decimal("100.00"))
    assert not await claim.is_frozen()


async def test_upheld_after_it_was_paid_it_goes_back_in_double_with_interest(claim: Claim):
    await pay(claim, "100.00", on=days(-5))
    await claim.contest("30.00")
    claim.today = days(25)

    await claim.do(AnswerCustomer("ana", Decimal("30.00")))
    await claim.letter_leaves()

    [charge] = await claim.all(Charge)
    row, received = await claim.one(Contestation), await claim.one(ReceivedContestation)
    assert (received.was_paid, received.interest) == (Decimal("30.00"), Decimal("0.60"))
    assert (charge.amount, charge.status) == (Decimal("-60.60"), "open")
    assert row.stage == "awaiting_credit"

    async with claim.database.write() as session:
        session.add(charge)
        charge.status, charge.invoice_id = "invoiced", claim.invoice_id
    await claim.do(News())

    row = await claim.one(Contestation)
    assert (row.stage, row.credited) == ("closed", Decimal("60.60"))


async def test_by_bank_it_waits_for_the_receipt(claim: Claim):
    await pay(claim, "100.00", on=days(0))
    await claim.contest("30.00", refund_channel=RefundChannel.BANK)
    await claim.do(AnswerCustomer("ana", Decimal("30.00")))
    await claim.letter_leaves()

    taken = await claim.pass_time(until=days(6))
    await claim.do(RecordRefund("ana", claim.today, "TED 991"))

    received = await claim.one(ReceivedContestation)
    assert taken == ["chase_refund"]
    assert (received.refund, received.receipt) == (Decimal("60.00"), "TED 991")
    assert (await claim.one(Contestation)).stage == "closed"
    assert {each.status for each in await claim.all(Task)} == {"cancelled"}


async def test_a_credit_taken_off_the_books_goes_by_bank_instead(claim: Claim):
    await pay(claim, "100.00", on=days(0))
    await claim.contest("30.00")
    await claim.do(AnswerCustomer("ana", Decimal("30.00")))
    await claim.letter_leaves()

    async with claim.database.write() as session:
        [charge] = (await session.exec(select(Charge))).all()
        charge.status = "cancelled"
    await claim.do(News())

    received = await claim.one(ReceivedContestation)
    assert (received.refund_channel, received.charge_id) == ("bank", None)
    assert (await claim.one(Contestation)).due_on == days(5)


async def test_unanswered_at_the_limit_the_customer_is_right(claim: Claim):
    await claim.contest()

    taken = await claim.pass_time(until=days(31))

    row = await claim.one(Contestation)
    async with claim.database.read() as session:
        case = await claim.case(session)
    assert taken == ["ask_answer", "warn_manager", "concede"]
    assert (row.stage, row.accepted) == ("accepted", Decimal("100.00"))
    assert case.breached_at is not None
    assert (await claim.invoice()).status == "cancelled"
    assert "Não respondemos no prazo" in (await claim.all(Message))[-2].text


async def test_refused_with_reasons_it_is_owed_again_once_the_customer_knows(claim: Claim):
    await claim.contest()
    claim.today = days(12)

    await claim.do(AnswerCustomer("ana", Decimal(0), "O plano inclui a TV."))
    before = await claim.is_frozen()
    claim.today = days(13)
    await claim.letter_leaves()

    [pause] = await claim.all(LadderPause)
    assert before
    assert (pause.since, pause.until) == (DAY_0, days(13))
    assert ((await claim.invoice()).open_amount, (await claim.one(Contestation)).stage) == (
        Decimal("100.00"),
        "closed",
    )


async def test_a_customer_who_cannot_be_written_to_is_told_by_a_person(database: Database):
    claim = await Claim(database).begin()
    async with database.write() as session:
        session.add(claim.customer)
        claim.customer.email = ""
    await claim.contest()
    await claim.do(AnswerCustomer("ana", Decimal(0), "O plano inclui a TV."))

    taken = await claim.pass_time(until=days(1))
    frozen = await claim.is_frozen()
    await claim.do(RecordCustomerTold("ana", claim.today, "Por telefone"))

    assert taken == ["tell_customer"]
    assert frozen
    assert not await claim.is_frozen()
    assert (await claim.one(Contestation)).stage == "closed"


async def test_partly_upheld_the_rest_stays_owed(claim: Claim):
    await claim.contest("40.00")

    await claim.do(AnswerCustomer("ana", Decimal("15.00"), "O resto é do plano."))
    await claim.letter_leaves()

    invoice = await claim.invoice()
    assert (invoice.amount, invoice.open_amount) == (Decimal("25.00"), Decimal("25.00"))
    assert invoice.status == "open"
    assert (await claim.one(Contestation)).credited == Decimal("15.00")


async def test_the_customer_gives_it_up_and_the_clocks_go_on(claim: Claim):
    await claim.contest()
    claim.today = days(4)

    await claim.do(WithdrawContestation("ana", "Entendeu a cobrança"))

    assert (await claim.one(Contestation)).stage == "withdrawn"
    assert not await claim.is_frozen()


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (AnswerCustomer("ana", Decimal("100.01")), UpheldTooMuch),
        (AnswerCustomer("ana", Decimal("99.00")), AnsweredReasonRequired),
        (RecordCustomerTold("ana", DAY_0, "Telefone"), NotInThisStage),
        (RecordRefund("ana", DAY_0, "TED"), NotInThisStage),
    ],
)
async def test_what_cannot_be_answered_changes_nothing(claim: Claim, command, refusal):
    await claim.contest()

    with pytest.raises(refusal):
        await claim.do(command)

    assert (await claim.one(Contestation)).stage == "awaiting_answer"


async def test_after_the_term_only_yes_is_left(claim: Claim):
    await claim.contest()
    claim.today = days(31)

    with pytest.raises(AnswerTooLate):
        await claim.do(AnswerCustomer("ana", Decimal(0), "Tarde"))


async def test_giving_much_away_needs_approval(database: Database):
    claim = await Claim(database).begin(amount=Decimal("60000.00"), open_amount=Decimal("60000.00"))
    await claim.contest()

    with pytest.raises(ApprovalRequired):
        await claim.do(AnswerCustomer("ana", Decimal("60000.00")))
    await claim.do(AnswerCustomer("gil", Decimal("60000.00"), approves=True))

    assert (await claim.invoice()).status == "cancelled"


@pytest.mark.parametrize(
    ("values", "amount", "refusal"),
    [
        ({"status": "cancelled"}, None, InvoiceNotContestable),
        (
            {"collection_stage": "in_agreement", "stage_since": noon(DAY_0)},
            None,
            InvoiceInAgreementContested,
        ),
        ({"issue_date": date(2023, 11, 15)}, None, ContestedTooLate),
        ({}, "100.01", ContestedAmountWrong),
        ({}, "0.00", ContestedAmountWrong),
    ],
)
async def test_what_cannot_be_contested_is_refused(database: Database, values, amount, refusal):
    claim = await Claim(database).begin(**values)

    with pytest.raises(refusal):
        await claim.contest(amount)

    assert await claim.all(Contestation) == []


async def test_an_invoice_is_contested_once_at_a_time(claim: Claim):
    await claim.contest("40.00")

    with pytest.raises(AlreadyContested):
        await claim.contest("10.00")


async def test_its_collection_stands_still_and_goes_on_where_it_stood(database: Database):
    claim = await Claim(database).begin(collection_stage="classified", stage_since=noon(DAY_0))
    async with database.write() as session:
        account = await builders.a_collections_case(
            session, claim.customer, stage="classified", at=noon(DAY_0)
        )
    before = await next_of(database, account)
    claim.today = days(1)
    await claim.contest()
    during = await next_of(database, account)
    claim.today = days(15)
    await claim.do(WithdrawContestation("ana", "Entendeu"))

    after = await next_of(database, account)
    assert during is None
    assert before is not None
    assert after is not None
    assert (before.kind, after.kind) == ("start_task", "start_task")
    assert (after.at - before.at).days == 14


async def test_panels_show_what_an_answer_left_before_the_customer_knows_of_it(database: Database):
    claim = await Claim(database).begin(collection_stage="classified", stage_since=noon(DAY_0))
    await claim.contest()

    await claim.do(AnswerCustomer("ana", Decimal(40), "O resto foi contratado"))

    assert [each.amount for each in await claim.all(Standing)] == [Decimal("60.00")]


async def test_nobody_starts_to_collect_what_is_contested(database: Database):
    claim = await Claim(database).begin(collection_stage="classified", stage_since=noon(DAY_0))
    async with database.write() as session:
        account = await builders.a_collections_case(
            session, claim.customer, stage="classified", at=noon(DAY_0)
        )
    await claim.contest()

    async with database.write() as session:
        case = await session.get_one(Case, account.number)
        command = StartCollection("ana", (claim.invoice_id,))
        with pytest.raises(InvoiceUnderContestation):
            await collections.decide(session, case, command, noon(DAY_0))


async def test_it_goes_to_collections_later_by_the_days_it_was_contested(database: Database):
    claim = await Claim(database).begin(due_date=days(-3))
    async with database.write() as session:
        ladder = await builders.stored(session, Ladder(code="R", name="Régua", is_default=True))
        session.add(LadderStep(ladder_id=ladder.id, action="forward_to_collections", offset_days=5))
    await claim.contest()
    claim.today = days(10)
    await claim.do(WithdrawContestation("ana", "Entendeu"))

    assert await to_classify(database, days(11)) == []
    assert await to_classify(database, days(12)) == [claim.customer.id]


async def next_of(database: Database, account: Case):
    async with database.read() as session:
        facts = await load_facts(session, account)
    assert stage_of(facts) == "classified"
    return next_step(facts, CollectionsPolicy())


async def to_classify(database: Database, day: date) -> list[int]:
    async with database.read() as session:
        return await customers_to_classify(session, await load_forwarding(session, day))


async def pay(claim: Claim, amount: str, *, on: date) -> None:
    async with claim.database.write() as session:
        new = NewPayment(f"P-{amount}", claim.invoice_id, Decimal(amount), on)
        await record_payment(session, new, by="ana", at=noon(DAY_0))


async def test_a_record_that_was_only_noticed_waits_and_counts_on_afterwards(database: Database):
    claim, record = await at_the_bureau(database)
    planned = await bureau_step(database, record)
    await claim.contest()
    held = await bureau_step(database, record)
    claim.today = days(7)
    await claim.do(WithdrawContestation("ana", "Entendeu"))

    after = await bureau_step(database, record)
    assert (planned[0], held[0], after[0]) == ("register", "expire", "register")
    assert (after[1] - planned[1]).days == 7


async def test_a_record_that_stands_is_a_conflict_until_the_customer_was_refused(
    database: Database,
):
    claim, record = await at_the_bureau(database, stage="registered", registered_at=noon(DAY_0))
    await claim.contest()
    await bureau_step(database, record)
    contested = (await claim.one(BureauRecord, record)).stage
    await claim.do(AnswerCustomer("ana", Decimal(0), "O plano inclui a TV."))
    await claim.letter_leaves()
    await bureau_step(database, record)

    assert contested == "conflict"
    assert (await claim.one(BureauRecord, record)).stage == "registered"


async def test_what_is_contested_goes_neither_to_the_bureau_nor_into_an_agreement(
    database: Database,
):
    claim = await Claim(database).begin(collection_stage="negotiating", stage_since=noon(DAY_0))
    async with database.write() as session:
        account = await builders.a_collections_case(session, claim.customer, at=noon(DAY_0))
    await claim.contest()
    commands = (
        AddToBureau("ana", (claim.invoice_id,), "não pagou"),
        MakeAgreement(
            by="ana",
            agreement_kind=AgreementKind.UNCHANGED,
            invoice_ids=(claim.invoice_id,),
            tolerance_date=days(20),
            category_id=1,
        ),
    )

    async with database.write() as session:
        case = await session.get_one(Case, account.number)
        for command in commands:
            with pytest.raises(InvoiceUnderContestation):
                await collections.decide(session, case, command, noon(DAY_0))


async def at_the_bureau(database: Database, **values: Any) -> tuple[Claim, int]:
    """An invoice with a record at the bureau, and its case."""
    claim = await Claim(database).begin(
        collection_stage="negotiating", stage_since=noon(DAY_0),
        bureau_stage=values.get("stage", "noticed"),
    )  # fmt: skip
    async with database.write() as session:
        told = {
            "stage": "noticed", "details": "não pagou", "added_by": "ana",
            "noticed_at": noon(DAY_0), "expires_on": days(1800), **values,
        }  # fmt: skip
        record = await builders.stored(
            session,
            BureauRecord(invoice_id=claim.invoice_id, customer_id=claim.customer.id, **told),
        )
        case = await open_case(
            session, process=Process.BUREAU, subject_id=record.number,
            customer_id=claim.customer.id, stage=record.stage, by="ana", at=noon(DAY_0),
        )  # fmt: skip
        notice = Message(
            key="n", channel="email", purpose="bureau_notice", to_address="m@x", status="sent",
            sent_at=noon(DAY_0), not_before=noon(DAY_0), created_at=noon(DAY_0),
            created_by="ana", case_id=case.number, text="",
        )  # fmt: skip
        session.add(notice)
    return claim, record.number


async def bureau_step(database: Database, record_id: int) -> tuple[str, datetime]:
    """The record hears the news; what comes next then."""
    async with database.write() as session:
        case = await case_of(session, process=Process.BUREAU, subject_id=record_id)
        assert case is not None
        await bureau_moves.decide(session, case, News(), noon(DAY_0))
    assert case.next_at is not None
    return case.next_kind or "", case.next_at
