"""Orders to the bureau follow their records, and the records what the bureau answers."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.bureau import add_records
from activities.bureau_moves import decide
from activities.bureau_orders import answer_order, hand_out, send_again
from activities.customer_marks import mark_customer, unmark_customer
from models.bureau import BureauRecord
from models.bureau_orders import BureauOrder
from models.cases import Case, CaseEvent, case_of
from models.database import Database
from models.invoices import Invoice, InvoiceEvent
from models.ladders import LadderPause
from models.messages import Message
from models.people import Deed
from models.policies import PolicyValue
from models.tasks import Task
from rules.bureau import AddToBureau, RemoveFromBureau
from rules.bureau_orders import BureauAnswer, BureauOrderNotRefused, NothingToSend
from rules.cases import Elapsed, News, Process
from rules.customer_marks import MarkKind
from tests import builders
from tests.builders import AT

DEED = Deed("ana", AT)
LATER = AT + timedelta(days=11)
GONE = RemoveFromBureau(by="ana", details="engano")


async def a_registered_record(session: AsyncSession) -> tuple[Case, BureauRecord]:
    """A record whose notice left eleven days ago, and that holds from today."""
    session.add(PolicyValue(name="BureauPolicy.exchanges_orders", value=True, changed_at=AT,
                            changed_by="ana"))  # fmt: skip
    customer = await builders.a_customer(session, email="ana@example.com")
    invoice = await builders.an_invoice(session, customer, collection_stage="broken")
    account = await builders.a_collections_case(session, customer)
    command = AddToBureau(by="ana", invoice_ids=(invoice.key,), details="não pagou")
    [record_id] = (await add_records(session, account, command, AT))["record_ids"]
    for message in await session.exec(select(Message)):
        message.status, message.sent_at = "sent", AT
    case = await case_of(session, process=Process.BUREAU, subject_id=record_id)
    assert case is not None
    await decide(session, case, Elapsed(step="register"), LATER)
    return case, await session.get_one(BureauRecord, record_id)


async def orders(session: AsyncSession) -> list[tuple[str, str]]:
    found = await session.exec(select(BureauOrder).order_by(col(BureauOrder.id)))
    return [(each.kind, each.status) for each in found]


async def answer(session: AsyncSession, number: int, **said: Any) -> None:
    await answer_order(session, BureauAnswer(number, **said), deed=DEED)


async def tasks(session: AsyncSession) -> list[tuple[str, str]]:
    found = await session.exec(select(Task).where(Task.process == "bureau").order_by(col(Task.id)))
    return [(each.kind, each.status) for each in found]


async def finish(session: AsyncSession, kind: str) -> None:
    task = (await session.exec(select(Task).where(Task.kind == kind))).one()
    task.status, task.finished_at = "done", LATER


async def contest(session: AsyncSession, invoice: Invoice) -> None:
    made = len((await session.exec(select(LadderPause).order_by("id"))).all())
    await builders.stored(
        session,
        LadderPause(
            invoice_id=invoice.key, reason="contestation", reference=f"contestation/{made}",
            since=LATER.date(), at=LATER, by="ana",
        ),
    )  # fmt: skip


async def end_contestation(session: AsyncSession) -> None:
    pause = (await session.exec(select(LadderPause))).one()
    pause.until = LATER.date()
    await builders.stored(session, pause)


async def test_a_record_is_asked_for_sent_accepted_and_asked_out_again(
    database: Database,
) -> None:
    async with database.write() as session:
        case, _ = await a_registered_record(session)
        batch = await hand_out(session, deed=DEED)
        with pytest.raises(NothingToSend):
            await hand_out(session, deed=DEED)
        for _ in range(2):
            await answer(session, 1, is_accepted=True)

        await decide(session, case, GONE, LATER)
        assert await orders(session) == [("include", "accepted"), ("remove", "waiting")]
        assert await tasks(session) == [("send_removal", "open")]
        await hand_out(session, deed=DEED)
        await answer(session, 2, is_accepted=True)

        first = await session.get_one(BureauOrder, 1)
        assert (first.batch, first.answered_by) == (batch, "ana")
        assert await orders(session) == [("include", "accepted"), ("remove", "accepted")]
        assert await tasks(session) == [("send_removal", "cancelled")]


async def test_a_record_tells_the_rule_its_version_and_the_facts_that_made_it(
    database: Database,
) -> None:
    async with database.write() as session:
        case, record = await a_registered_record(session)

        own = select(CaseEvent).where(CaseEvent.case_id == case.number)
        [told] = (await session.exec(own.where(CaseEvent.kind == "register"))).all()
        history = select(InvoiceEvent).where(InvoiceEvent.kind == "bureau_registered")
        [on_invoice] = (await session.exec(history)).all()

        assert told.parameters["BureauPolicy.grace_days"] == "10 · v0"
        assert (told.parameters["notice"], told.by) == ("sent", "system")
        assert told.parameters["expires_on"] == record.expires_on.isoformat()
        assert told.parameters.items() <= on_invoice.parameters.items()


async def test_what_never_left_is_void_and_asks_for_no_removal(database: Database) -> None:
    async with database.write() as session:
        case, _ = await a_registered_record(session)

        await decide(session, case, GONE, LATER)

        assert await orders(session) == [("include", "void")]


async def test_a_refused_inclusion_ends_the_record_and_is_somebodys_task(
    database: Database,
) -> None:
    async with database.write() as session:
        case, record = await a_registered_record(session)
        await hand_out(session, deed=DEED)
        await answer(session, 1, is_accepted=False, code="E12", note="CPF não confere")

        await decide(session, case, News(), LATER)

        invoice = await session.get_one(Invoice, record.invoice_id)
        assert (record.stage, record.registered_at, invoice.bureau_stage) == (
            "withdrawn", None, None,
        )  # fmt: skip
        assert await orders(session) == [("include", "refused")]
        assert await tasks(session) == [("bureau_refused", "open")]


async def test_a_refused_removal_is_the_managers_and_can_be_sent_again(
    database: Database,
) -> None:
    async with database.write() as session:
        case, _ = await a_registered_record(session)
        await hand_out(session, deed=DEED)
        await answer(session, 1, is_accepted=True)
        await decide(session, case, GONE, LATER)
        await hand_out(session, deed=DEED)
        await answer(session, 2, is_accepted=False, code="R01")
        assert await tasks(session) == [("send_removal", "open"), ("stays_there", "open")]
        with pytest.raises(BureauOrderNotRefused):
            await send_again(session, 1, deed=DEED)

        await send_again(session, 2, deed=DEED)
        with pytest.raises(BureauOrderNotRefused):
            await send_again(session, 2, deed=DEED)
        await hand_out(session, deed=DEED)
        await finish(session, "stays_there")
        await answer(session, 3, is_accepted=False, code="R01")
        assert await tasks(session) == [
            ("send_removal", "open"), ("stays_there", "done"), ("stays_there", "open"),
        ]  # fmt: skip
        await send_again(session, 3, deed=DEED)
        await hand_out(session, deed=DEED)
        await answer(session, 4, is_accepted=True)

        assert {status for _, status in await tasks(session)} == {"cancelled", "done"}


async def test_a_house_that_keeps_its_control_alone_has_no_orders(database: Database) -> None:
    async with database.write() as session:
        case, _ = await a_registered_record(session)
        policy = await session.get_one(PolicyValue, "BureauPolicy.exchanges_orders")
        await session.delete(policy)
        await session.flush()

        await decide(session, case, GONE, LATER)

        assert await orders(session) == [("include", "void")]
        assert await tasks(session) == []


async def test_what_was_paid_or_contested_before_it_left_is_not_sent(database: Database) -> None:
    async with database.write() as session:
        case, record = await a_registered_record(session)
        invoice = await session.get_one(Invoice, record.invoice_id)
        invoice.status, invoice.settled_on = "settled", LATER.date()
        with pytest.raises(NothingToSend):
            await hand_out(session, deed=DEED)

        await decide(session, case, News(), LATER)
        assert (record.stage, await orders(session)) == ("conflict", [("include", "void")])
        invoice.status, invoice.settled_on = "open", None
        await contest(session, invoice)
        await decide(session, case, News(), LATER)
        assert (record.stage, await orders(session)) == ("conflict", [("include", "void")])

        await end_contestation(session)
        await decide(session, case, News(), LATER)
        again = [("include", "void"), ("include", "waiting")]
        assert (record.stage, await orders(session)) == ("registered", again)
        await contest(session, invoice)
        with pytest.raises(NothingToSend):
            await hand_out(session, deed=DEED)


async def test_who_is_marked_before_the_batch_leaves_is_not_in_it(database: Database) -> None:
    async with database.write() as session:
        _, record = await a_registered_record(session)
        deed = Deed("ana", LATER)
        mark = await mark_customer(
            session, record.customer_id, MarkKind.FRAUD, reason="boletim", deed=deed
        )
        with pytest.raises(NothingToSend):
            await hand_out(session, deed=DEED)

        await unmark_customer(session, mark.id or 0, deed=deed)
        await hand_out(session, deed=DEED)

        assert await orders(session) == [("include", "sent")]


async def test_an_inclusion_leaves_with_what_is_owed_by_then(database: Database) -> None:
    async with database.write() as session:
        _, record = await a_registered_record(session)
        invoice = await session.get_one(Invoice, record.invoice_id)
        invoice.open_amount = Decimal("40.00")

        await hand_out(session, deed=DEED)

        assert (await session.get_one(BureauOrder, 1)).amount == Decimal("40.00")
