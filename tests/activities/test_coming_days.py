"""Steps and messages kept out of tomorrow: honoured by the move, undone until it came."""

from __future__ import annotations

from datetime import date, time, timedelta

from sqlmodel import select

from activities import collections
from activities.coming_days import Picked, approve_steps, put_back_steps, take_out_steps
from activities.delivery import delivery_facts
from models.cases import Case, CaseEvent
from models.coming import coming_on, messages_on
from models.coming_days import ComingDay
from models.database import Database
from models.messages import Message, MessageEvent
from models.outbox import OutboxEntry
from models.people import AuditEntry, Deed
from models.policies import PolicyValue, change_value
from rules.business_days import at_local_time, local_date
from rules.cases import Elapsed, Process
from rules.policies import setting_of
from tests import builders
from tests.builders import AT

ALL = (Process.COLLECTIONS, Process.AGREEMENTS, Process.BUREAU)


async def a_negotiation(database: Database) -> tuple[int, date]:
    """An account whose first message of the cadence comes a day after AT; gives the eve too."""
    async with database.write() as session:
        customer = await builders.a_customer(session, email="ana@example.com")
        await builders.an_invoice(session, customer, collection_stage="negotiating", stage_since=AT)
        case = await builders.a_collections_case(session, customer)
        await collections.decide(session, case, Elapsed(step="cadence"), AT)
        assert case.next_kind == "cadence"
        return case.number, local_date(case.next_at) - timedelta(days=1)


async def elapsed(database: Database, case_id: int, *, days: int) -> list[str]:
    """What was written once the step falls due, that many days after AT."""
    async with database.write() as session:
        case = await session.get_one(Case, case_id)
        at = AT + timedelta(days=days, minutes=20)
        await collections.decide(session, case, Elapsed(step="cadence"), at)
        return [each.purpose for each in await session.exec(select(Message))]


async def taken_out(database: Database, case_id: int, today: date, **picked) -> int:
    async with database.write() as session:
        chosen = Picked(**{"case_ids": [case_id], "processes": ALL, **picked})
        return await take_out_steps(
            session, chosen, reason="em conversa", today=today, deed=Deed("ana", AT)
        )


async def test_a_message_taken_out_of_tomorrow_comes_the_day_after(database: Database) -> None:
    case_id, today = await a_negotiation(database)

    assert await taken_out(database, case_id, today) == 1
    assert await taken_out(database, case_id, today) == 0
    on_the_day = await elapsed(database, case_id, days=1)
    after = await elapsed(database, case_id, days=2)

    assert on_the_day == []
    assert set(after) == {"contact_cadence_1"}
    async with database.read() as session:
        case = await session.get_one(Case, case_id)
        assert "taken_out" in await builders.events_of(session, case)
        news = [each.news_id for each in await session.exec(select(OutboxEntry))]
        assert any(each and each.startswith("coming/out") for each in news)
        trail = (await session.exec(select(AuditEntry.action))).all()
        assert "coming.take_out" in trail


async def test_what_was_put_back_comes_on_its_day(database: Database) -> None:
    case_id, today = await a_negotiation(database)
    await taken_out(database, case_id, today)

    async with database.write() as session:
        chosen = Picked([case_id], processes=ALL)
        back = await put_back_steps(session, chosen, today=today, deed=Deed("ana", AT))

    assert back == 1
    assert set(await elapsed(database, case_id, days=1)) == {"contact_cadence_1"}


async def test_only_what_comes_and_what_is_seen_is_taken_out(database: Database) -> None:
    case_id, today = await a_negotiation(database)

    assert await taken_out(database, case_id, today + timedelta(days=1)) == 0
    assert await taken_out(database, case_id, today, processes=(Process.BUREAU,)) == 0
    async with database.write() as session:
        case = await session.get_one(Case, case_id)
        case.next_kind = "follow_up"
    assert await taken_out(database, case_id, today) == 0


async def test_tomorrow_no_longer_lists_what_was_taken_out_of_it(database: Database) -> None:
    case_id, today = await a_negotiation(database)
    tomorrow = today + timedelta(days=1)

    async with database.read() as session:
        before = await coming_on(session, ALL, tomorrow)
    await taken_out(database, case_id, today)

    async with database.read() as session:
        assert [(each.kind, each.count, each.may_wait) for each in before] == [("cadence", 1, True)]
        assert await coming_on(session, ALL, tomorrow) == []
        assert await coming_on(session, ALL, tomorrow + timedelta(days=1)) == []


async def test_tomorrow_tells_when_its_letters_leave(database: Database) -> None:
    case_id, today = await a_negotiation(database)
    tomorrow = today + timedelta(days=1)
    early = at_local_time(tomorrow, at=time(6, 18))
    async with database.write() as session:
        case = await session.get_one(Case, case_id)
        case.next_at = early

        [told] = await coming_on(session, ALL, tomorrow)

    assert [each.at for each in told.cases] == [at_local_time(tomorrow, at=time(8))]


async def test_where_the_house_wants_a_word_what_nobody_approved_waits(database: Database) -> None:
    case_id, today = await a_negotiation(database)
    name = "LadderPolicy.waits_for_approval"
    async with database.write() as session:
        session.add(PolicyValue(name=name, value=True, changed_at=AT, changed_by="ana"))

    silent = await elapsed(database, case_id, days=1)
    async with database.write() as session:
        [kept] = (await session.exec(select(ComingDay).order_by("id"))).all()
        assert (kept.by, kept.verdict) == ("system", "out")
        deed = Deed("ana", AT + timedelta(days=1))
        tomorrow = today + timedelta(days=1)
        assert await approve_steps(session, None, ALL, today=tomorrow, deed=deed) == 1
        assert await approve_steps(session, None, ALL, today=tomorrow, deed=deed) == 0
    approved = await elapsed(database, case_id, days=2)

    assert silent == []
    assert set(approved) == {"contact_cadence_1"}


async def test_a_message_that_waits_for_tomorrow_is_kept_out_of_it(database: Database) -> None:
    async with database.write() as session:
        customer = await builders.a_customer(session)
        message = Message(
            key="x/email", channel="email", purpose="promise_reminder", to_address="a@b.example",
            customer_id=customer.id, not_before=AT + timedelta(days=1), created_at=AT,
            created_by="system",
        )  # fmt: skip
        session.add(message)
        await session.flush()
        today, message_id = local_date(AT), message.number

    async with database.read() as session:
        count, [coming] = await messages_on(session, today + timedelta(days=1))
        assert (count, coming.message_id, coming.customer_id) == (1, message_id, customer.id)
    assert await taken_out(database, 0, today, case_ids=(), message_ids=[message_id]) == 1
    assert await taken_out(database, 0, today, case_ids=(), message_ids=[message_id]) == 0

    async with database.write() as session:
        message = await session.get_one(Message, message_id)
        for days, is_out in ((1, True), (2, False)):
            facts = await delivery_facts(session, message, AT + timedelta(days=days))
            assert facts.is_taken_out is is_out
        assert (await messages_on(session, today + timedelta(days=1)))[0] == 0


async def test_whoever_asks_why_is_told_the_rule_its_version_and_the_facts(
    database: Database,
) -> None:
    case_id, _ = await a_negotiation(database)
    name, deed = "CollectionsPolicy.cadence", Deed("ana", AT)
    setting = setting_of(name)
    async with database.write() as session:
        first, second, *rest = setting.default
        changed = [first, [second[0] + 1, second[1]], *rest]
        await change_value(session, setting, changed, deed=deed)

    await elapsed(database, case_id, days=1)

    async with database.read() as session:
        statement = select(CaseEvent).where(CaseEvent.case_id == case_id)
        [told] = (await session.exec(statement.where(CaseEvent.kind == "cadence"))).all()
        written = (await session.exec(select(MessageEvent))).first()
    assert told.parameters[name].endswith("· v1")
    assert "[7, 'contact_cadence_2']" in told.parameters[name]
    assert (told.parameters["invoices"], told.by) == (1, "system")
    assert {"negotiating_since", "open_amount", "oldest_due_date"} <= set(told.parameters)
    assert written is not None
    assert written.facts[name] == told.parameters[name]
