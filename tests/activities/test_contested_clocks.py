"""What stands still while a customer contests, and goes on where it stood: collections, bureau."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from activities import bureau_moves, collections
from models.account_facts import load_facts
from models.bureau import BureauRecord
from models.cases import Case, case_of, open_case
from models.classification import customers_to_classify, load_forwarding
from models.collections import Standing
from models.database import Database
from models.ladder_tables import Ladder, LadderStep
from models.messages import Message
from rules.agreement_terms import AgreementKind, MakeAgreement
from rules.bureau import AddToBureau
from rules.cases import News, Process
from rules.collection_commands import StartCollection
from rules.collections import CollectionsPolicy, next_step, stage_of
from rules.contestation_commands import WithdrawContestation
from rules.contestation_received_commands import (
    AnswerCustomer,
)
from rules.contested import InvoiceUnderContestation
from tests import builders
from tests.support.received_claims import DAY_0, Claim, days, noon


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
