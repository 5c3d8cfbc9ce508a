"""A classified page writes what the journeys' own moves would write, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import cases
from models.account_facts import load_facts
from models.cases import Case, CaseEvent, case_of
from models.classification import (
    Classified,
    classify_page,
    customers_to_classify,
    load_forwarding,
)
from models.classified_page import Page
from models.collections import PanelTotal, Standing
from models.customer_marks import CustomerMark
from models.database import Database
from models.invoices import Invoice, InvoiceEvent, put_in_stage
from models.ladder_tables import Ladder, LadderStep
from models.ladders import LadderException, LadderPause
from models.outbox import OutboxEntry
from models.standings import rebuild_standings, refresh_standings
from rules import collections
from rules.cases import Process, Step, spread
from rules.classification import FORWARD
from rules.collections import CollectionsPolicy, MoveReason
from tests.builders import AT, TODAY, a_contract, a_customer, an_invoice, events_of

#: Two business days after the Monday on which everything is classified.
FIRST = Step("start_task", AT + timedelta(days=2))
PAGE = Page(first=1, last=10_000, at=AT, by="ana", run_id=1, step=FIRST)


async def a_ladder(session: AsyncSession, *, days: int | None, is_default: bool = False) -> Ladder:
    """A ladder that forwards after so many days; None: never."""
    ladder = Ladder(code=f"L{days}", name="Régua", is_default=is_default)
    session.add(ladder)
    await session.flush()
    if days is not None:
        session.add(LadderStep(ladder_id=ladder.id or 0, action=FORWARD, offset_days=days))
        await session.flush()
    return ladder


async def overdue(session: AsyncSession, customer: Any, days: int, **values: Any) -> Invoice:
    """An invoice so many days overdue, in no stage yet."""
    due = TODAY - timedelta(days=days)
    unclassified = {"collection_stage": None, "stage_since": None, "due_date": due}
    return await an_invoice(session, customer, **{**unclassified, **values})


async def classify(session: AsyncSession, page: Page = PAGE) -> Classified:
    forwarding = await load_forwarding(session, TODAY)
    done = await classify_page(session, page, forwarding)
    session.expunge_all()
    return done


async def classified_codes(session: AsyncSession) -> set[str]:
    statement = select(Invoice.code).where(Invoice.collection_stage == "classified")
    return set(await session.exec(statement))


async def test_each_invoice_goes_by_its_contracts_ladder(database: Database) -> None:
    async with database.write() as session:
        await a_ladder(session, days=10, is_default=True)
        mild, never = await a_ladder(session, days=30), await a_ladder(session, days=None)
        customer = await a_customer(session)
        plain = await a_contract(session, customer)
        patient = await a_contract(session, customer, ladder_id=mild.id)
        spared = await a_contract(session, customer, ladder_id=never.id)
        expected = [
            await overdue(session, customer, 10),
            await overdue(session, customer, 11, contract_id=plain.id),
            await overdue(session, customer, 30, contract_id=patient.id),
        ]
        await overdue(session, customer, 9)
        await overdue(session, customer, 29, contract_id=patient.id)
        await overdue(session, customer, 400, contract_id=spared.id)
        await overdue(session, customer, 400, status="settled")
        await overdue(session, customer, 400, collection_stage="recovered")
        codes = {invoice.code for invoice in expected}

        found = await customers_to_classify(session, await load_forwarding(session, TODAY))
        done = await classify(session)

        assert found == [customer.id]
        assert done == Classified(invoices=3, customers=1)
        assert await classified_codes(session) == codes


@pytest.mark.parametrize("why", ["exception", "mark", "promise"])
async def test_days_on_which_the_ladder_stood_still_do_not_count(
    database: Database, why: str
) -> None:
    since, until = TODAY - timedelta(days=6), TODAY - timedelta(days=3)
    async with database.write() as session:
        await a_ladder(session, days=10, is_default=True)
        customer = await a_customer(session)
        contract = await a_contract(session, customer)
        stood = [
            await overdue(session, customer, days, contract_id=contract.id) for days in (12, 13)
        ]
        told = {"since": since, "until": until, "reason": "Acordado", "at": AT, "by": "ana"}
        rows = {
            "exception": [LadderException(contract_id=contract.key, kind="exception", **told)],
            "mark": [CustomerMark(customer_id=customer.id or 0, kind="fraud", **told)],
            "promise": [
                LadderPause(invoice_id=each.key, **{**told, "reason": "promise"}, reference="1")
                for each in stood
            ],
        }  # fmt: skip
        session.add_all(rows[why])
        await session.flush()

        await classify(session)

        assert await classified_codes(session) == {stood[1].code}


async def test_without_any_ladder_nothing_goes(database: Database) -> None:
    async with database.write() as session:
        await overdue(session, await a_customer(session), 400)

        assert await customers_to_classify(session, await load_forwarding(session, TODAY)) == []


async def test_the_second_time_nothing_changes(database: Database) -> None:
    async with database.write() as session:
        await a_ladder(session, days=10, is_default=True)
        await overdue(session, await a_customer(session), 20)
        await classify(session)
        before = await everything(session)

        done = await classify(session, replace(PAGE, at=AT + timedelta(minutes=1)))

        assert done == Classified()
        assert await customers_to_classify(session, await load_forwarding(session, TODAY)) == []
        assert await everything(session) == before


async def test_a_page_reads_as_the_journey_would_have_written_it(database: Database) -> None:
    async with database.write() as session:
        await a_ladder(session, days=10, is_default=True)
        bulk, alone = await a_customer(session), await a_customer(session)
        for customer in (bulk, alone):
            for amount in ("100.05", "0.10"):
                await overdue(session, customer, 20, amount=amount)
        await classify(session, replace(PAGE, first=bulk.id or 0, last=bulk.id or 0))
        await as_the_journey_would(session, alone.id or 0)
        session.expunge_all()

        assert await written_for(session, bulk.id or 0) == await written_for(session, alone.id or 0)


async def test_the_next_step_is_the_rules_own_spread_by_case(database: Database) -> None:
    async with database.write() as session:
        await a_ladder(session, days=10, is_default=True)
        for _ in range(20):
            await overdue(session, await a_customer(session), 20)
        await classify(session)

        for case in (await session.exec(select(Case).order_by("id"))).all():
            rule = collections.next_step(await load_facts(session, case), CollectionsPolicy())
            assert rule == FIRST
            assert case.next_step == Step(FIRST.kind, spread(FIRST.at, case.number))


async def test_accounts_are_opened_opened_again_or_told(database: Database) -> None:
    async with database.write() as session:
        await a_ladder(session, days=10, is_default=True)
        new, closed, working = [await a_customer(session) for _ in range(3)]
        for customer in (new, closed, working):
            await overdue(session, customer, 20)
        for customer, stage in ((closed, "closed"), (working, "negotiating")):
            case = await cases.open_case(
                session, process=Process.COLLECTIONS, subject_id=customer.id or 0,
                customer_id=customer.id, stage=stage, by="ana", at=AT - timedelta(days=90),
            )  # fmt: skip
            case.closed_at = AT - timedelta(days=60) if stage == "closed" else None
        await session.flush()

        await classify(session)

        states = {}
        for name, customer in (("new", new), ("closed", closed), ("working", working)):
            found = await case_of(session, process=Process.COLLECTIONS, subject_id=customer.id or 0)
            assert found is not None
            entry = (
                await session.exec(
                    select(OutboxEntry).where(OutboxEntry.workflow_id == found.workflow_id)
                )
            ).one()
            assert entry.argument == {"case_id": found.id, "epoch": found.epoch}
            states[name] = (found.stage, found.epoch, found.closed_at, entry.verb)
            assert (await events_of(session, found))[-1] == "classified"
        assert states == {
            "new": ("classified", 1, None, "start"),
            "closed": ("classified", 2, None, "restart"),
            "working": ("negotiating", 1, None, "signal"),
        }


async def test_the_kept_numbers_follow(database: Database) -> None:
    async with database.write() as session:
        await a_ladder(session, days=10, is_default=True)
        for _ in range(3):
            customer = await a_customer(session)
            await overdue(session, customer, 20)
            await an_invoice(session, customer, stage_since=AT - timedelta(days=3))
        await classify(session)
        kept = await numbers(session)

        await rebuild_standings(session)
        session.expunge_all()

        assert kept == await numbers(session)
        assert kept[-1][:3] == (3, 3, 3)


async def as_the_journey_would(session: AsyncSession, customer_id: int) -> None:
    """The same classification by the mutators that the journeys use, row by row."""
    invoices = (await session.exec(select(Invoice).where(Invoice.customer_id == customer_id))).all()
    for invoice in invoices:
        put_in_stage(session, invoice, "classified", by="ana", at=AT, reason=MoveReason.OVERDUE)
    case = Case(
        process=Process.COLLECTIONS, subject_id=customer_id, customer_id=customer_id,
        stage="classified", stage_since=AT, opened_at=AT,
    )  # fmt: skip
    session.add(case)
    await session.flush()
    amount = str(sum(invoice.open_amount for invoice in invoices))
    cases.record_event(
        session, case, kind="classified", by="ana", at=AT, invoices=len(invoices), amount=amount
    )
    step = collections.next_step(await load_facts(session, case), CollectionsPolicy())
    cases.schedule(case, step)
    await refresh_standings(session, [customer_id])


async def written_for(session: AsyncSession, customer_id: int) -> list[Any]:
    """All that was written for a customer, but for identities and the spread of its next step."""
    case = await case_of(session, process=Process.COLLECTIONS, subject_id=customer_id)
    assert case is not None
    events = await session.exec(select(CaseEvent).where(CaseEvent.case_id == case.id))
    moves = await session.exec(
        select(InvoiceEvent)
        .join(Invoice, col(Invoice.id) == col(InvoiceEvent.invoice_id))
        .where(Invoice.customer_id == customer_id)
    )
    standing = (
        await session.exec(select(Standing).where(Standing.customer_id == customer_id))
    ).one()
    leave_out = {"id", "subject_id", "customer_id", "next_at", "case_id", "invoice_id"}
    rows = [case, *events, *moves, standing]
    return [row.model_dump(exclude=leave_out) for row in rows]


async def numbers(session: AsyncSession) -> list[tuple[Any, ...]]:
    """Standings and totals, comparable."""
    standings = await session.exec(
        select(Standing).order_by(col(Standing.panel), col(Standing.customer_id))
    )
    totals = await session.exec(select(PanelTotal).order_by(col(PanelTotal.panel)))
    return [
        *(tuple(row.model_dump().values()) for row in standings),
        *((total.panel, total.customers, total.invoices, total.amount) for total in totals),
    ]


async def everything(session: AsyncSession) -> list[Any]:
    """Every row that a classification writes."""
    tables: list[Any] = [Invoice, InvoiceEvent, Case, CaseEvent, OutboxEntry, Standing, PanelTotal]
    return [row.model_dump() for table in tables for row in await session.exec(select(table))]
