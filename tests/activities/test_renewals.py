"""The daily scan, renewals and readjustments: what is opened when, and what it does to charges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from activities.contract_upkeep import KeptUp, keep_up
from activities.index_asking import months_informed
from activities.readjustments import decide as decide_readjustment
from activities.readjustments import open_readjustment
from activities.renewal_effects import renew
from activities.renewals import decide as decide_renewal
from activities.renewals import queue_renewal
from models.cases import case_of
from models.cases_seen import overtaken_since
from models.contract_scans import open_invoices_of
from models.customers import Customer
from models.database import Database
from models.messages import Message
from models.outbox import OutboxEntry
from models.plans import PriceIndex, PriceIndexMonth
from models.readjustments import ContractReadjustment
from models.renewals import ContractRenewal
from models.tasks import Task
from rules.business_days import BRASILIA, add_months
from rules.cases import ChangedBy, Elapsed, News, Process
from rules.readjustments import DecideReadjustment, due_month, readjusted_on
from rules.renewals import EditRenewal, LetExpire, NoticesNotGiven, RenewNow
from tests import builders
from tests.builders import AT, TODAY
from tests.contracts import a_plan, activated, charges, day, made


async def settle(session, contract, *, left: int) -> None:
    """All but so many of the term's charges were billed, due and paid."""
    for charge in (await charges(session, contract, kind="monthly"))[: 12 - left]:
        charge.status = "cancelled"


async def test_a_term_with_three_open_invoices_enters_the_queue(database: Database):
    async with database.write() as session:
        contract = await activated(session, await a_plan(session))
        await settle(session, contract, left=4)
    assert (await keep_up(database, at=AT)).queued == 0

    async with database.write() as session:
        await settle(session, contract, left=3)
    assert [(await keep_up(database, at=AT)).queued for _ in range(2)] == [1, 0]

    async with database.read() as session:
        renewal = (await session.exec(select(ContractRenewal))).one()
    assert (renewal.stage, renewal.amount, renewal.months) == ("queued", Decimal("100.00"), 12)


async def test_contracts_without_an_end_are_charged_twelve_periods_ahead(database: Database):
    async with database.write() as session:
        contract = await activated(session, await a_plan(session), ends_on=None)
        assert len(await charges(session, contract)) == 12

    kept = await keep_up(database, at=AT + timedelta(days=40))

    assert kept == KeptUp(extended=1, queued=0, readjusted=0)
    async with database.read() as session:
        everything = await charges(session, contract)
    assert len(everything) == 14
    assert {each.amount for each in everything} == {Decimal("100.00")}


async def test_a_renewal_waits_for_its_notices_and_then_for_two_open_invoices(database: Database):
    async with database.write() as session:
        contract = await activated(session, await a_plan(session))
        await settle(session, contract, left=2)
    await keep_up(database, at=AT)
    async with database.write() as session:
        renewal = (await session.exec(select(ContractRenewal))).one()
        case = await case_of(session, process=Process.RENEWALS, subject_id=renewal.number)
        assert case.next_kind == "first_notice"
        with pytest.raises(NoticesNotGiven):
            await decide_renewal(session, case, RenewNow(by="ana"), AT)
        await decide_renewal(session, case, Elapsed("first_notice"), AT + timedelta(days=306))
        await decide_renewal(session, case, Elapsed("second_notice"), AT + timedelta(days=336))
        assert case.next_kind == "renew"

        await decide_renewal(session, case, Elapsed("renew"), AT + timedelta(days=336))

        assert (renewal.stage, case.closed_at is None) == ("renewed", False)
        contract = await session.get_one(type(contract), contract.id)
        assert (contract.term, contract.ends_on) == (2, day("16/11/2028"))
        assert len(await charges(session, contract, status="open")) == 14
        purposes = [each.purpose for each in await session.exec(select(Message))]
    assert purposes.count("contract_renewal") == 4
    assert purposes.count("contract_renewed") == 2


async def test_a_charge_that_was_never_billed_does_not_hold_a_renewal_up(database: Database):
    async with database.write() as session:
        contract = await activated(session, await a_plan(session), ends_on=day("17/01/2027"))
        held, *_ = await charges(session, contract, kind="monthly")
        held.status, held.due_date = "waiting", day("10/12/2026")
    await keep_up(database, at=AT)
    async with database.write() as session:
        renewal = (await session.exec(select(ContractRenewal))).one()
        case = await case_of(session, process=Process.RENEWALS, subject_id=renewal.number)
        at = AT + timedelta(days=32)  # past its day, and both notices are given, a day apart
        await decide_renewal(session, case, Elapsed("first_notice"), at)
        assert (case.next_kind, renewal.notices) == ("second_notice", 1)
        await decide_renewal(session, case, Elapsed("second_notice"), at)
        assert renewal.notices == 1
        at += timedelta(days=1)
        await decide_renewal(session, case, Elapsed("second_notice"), at)

        assert (case.next_kind, case.next_at >= at) == ("renew", True)
        await decide_renewal(session, case, Elapsed("renew"), case.next_at)

        assert renewal.stage == "renewed"


async def test_an_invoice_whose_day_was_put_off_is_waited_for(database: Database):
    async with database.write() as session:
        contract = await activated(session, await a_plan(session))
        await settle(session, contract, left=3)
        charge = (await charges(session, contract, kind="monthly"))[-3]
        invoice = await builders.an_invoice(
            session, await session.get_one(Customer, contract.customer_id),
            contract_id=contract.id, due_date=charge.due_date + timedelta(days=20),
        )  # fmt: skip
        charge.status, charge.invoice_id = "invoiced", invoice.id
        today = charge.due_date + timedelta(days=5)

        due = await open_invoices_of(session, contract.key, today=today)

    assert min(due) == invoice.due_date


async def test_another_price_is_told_anew(database: Database):
    async with database.write() as session:
        contract = await activated(session, await a_plan(session))
        await settle(session, contract, left=3)
    await keep_up(database, at=AT)
    async with database.write() as session:
        renewal = (await session.exec(select(ContractRenewal))).one()
        renewal.notices = 2
        case = await case_of(session, process=Process.RENEWALS, subject_id=renewal.number)

        await decide_renewal(session, case, EditRenewal("ana", Decimal("109.90"), 24), AT)

        assert (renewal.notices, renewal.amount, renewal.months) == (0, Decimal("109.90"), 24)
        later = await overtaken_since(session, case, seen_version=case.version - 1)
        assert isinstance(later, ChangedBy)


async def test_a_price_that_comes_back_is_told_once_more(database: Database):
    async with database.write() as session:
        contract = await activated(session, await a_plan(session))
        await settle(session, contract, left=3)
    await keep_up(database, at=AT)
    async with database.write() as session:
        renewal = (await session.exec(select(ContractRenewal))).one()
        first, months = renewal.amount, renewal.months
        case = await case_of(session, process=Process.RENEWALS, subject_id=renewal.number)
        at = AT + timedelta(days=400)

        for amount in (first, first + 10, first):
            await decide_renewal(session, case, EditRenewal("ana", amount, months), at)
            await decide_renewal(session, case, Elapsed("first_notice"), at)
            case.version += 1  # as every transition does

        told = (await session.exec(select(Message.subject, Message.text).where(
            Message.purpose == "contract_renewal", Message.channel == "email"))).all()  # fmt: skip
    assert len(told) == 3
    assert told[0] == told[2] != told[1]


async def test_every_next_term_is_as_long_as_the_one_before(database: Database):
    async with database.write() as session:
        contract = await activated(session, await a_plan(session), ends_on=None, term_months=24)
        lengths = []
        for _ in range(2):
            renewal = await queue_renewal(session, contract, at=AT)
            lengths.append(renewal.months)
            await renew(session, contract, renewal, by="ana", at=AT)

        assert lengths == [24, 24]
        assert contract.ends_on == day("16/11/2032")


async def test_who_ignores_renewal_is_asked_for_and_expires(database: Database):
    async with database.write() as session:
        contract = await activated(session, await a_plan(session), ignore_automatic_renewal=True)
        await settle(session, contract, left=0)
    await keep_up(database, at=AT)
    async with database.write() as session:
        renewal = (await session.exec(select(ContractRenewal))).one()
        case = await case_of(session, process=Process.RENEWALS, subject_id=renewal.number)
        kinds = []
        while case.closed_at is None:
            kinds.append(case.next_kind)
            await decide_renewal(session, case, Elapsed(case.next_kind), case.next_at)

        contract = await session.get_one(type(contract), contract.id)
        assert kinds == ["first_notice", "second_notice", "ask", "expire"]
        assert (contract.stage, renewal.stage) == ("expired", "expired")


@pytest.mark.parametrize(
    ("since", "data_base", "today", "month"),
    [
        ("05/01/2023", None, "04/01/2024", None),
        ("05/01/2023", None, "05/01/2024", "01/01/2024"),
        ("05/01/2023", 3, "29/02/2024", None),
        ("05/01/2023", 3, "01/03/2024", "01/03/2024"),
        ("05/01/2020", None, "10/06/2024", "01/01/2024"),
    ],
)
def test_a_price_changes_no_earlier_than_after_twelve_months(since, data_base, today, month):
    found = due_month(day(since), data_base_month=data_base, today=day(today))

    assert found == (day(month) if month else None)


@pytest.mark.parametrize(
    ("signed_on", "data_base", "first", "next_year"),
    [
        ("05/01/2023", 3, "01/03/2024", "01/03/2025"),
        ("31/01/2023", None, "31/01/2024", "31/01/2025"),
        ("29/02/2024", None, "01/03/2025", "01/03/2026"),
    ],
)
def test_a_readjustment_comes_back_every_year(signed_on, data_base, first, next_year):
    month = day(first).replace(day=1)

    on = readjusted_on(month, since=day(signed_on), data_base_month=data_base)

    eve = day(next_year) - timedelta(days=1)
    assert due_month(on, data_base_month=data_base, today=eve) is None
    found = due_month(on, data_base_month=data_base, today=day(next_year))
    assert found == day(next_year).replace(day=1)


async def index(session, *rates: str) -> PriceIndex:
    """An index with these monthly rates, up to last month."""
    index = await builders.stored(session, PriceIndex(code="IGP-DI", name="IGP-DI"))
    first = TODAY.replace(day=1)
    for back, rate in enumerate(reversed(rates), start=1):
        month = add_months(first, months=-back)
        session.add(
            PriceIndexMonth(
                price_index_id=index.id, kind="monthly_rates", month=month, value=Decimal(rate)
            )
        )
    await session.flush()
    return index


async def opened(session, found: PriceIndex, *, email: str | None = "casa@exemplo.test", **values):
    """A contract of two years whose price has stood for one, and its readjustment."""
    contract = await activated(
        session, await a_plan(session), price_index_id=found.id, signed_on=day("16/11/2025"),
        customer=await builders.a_customer(session, email=email),
        readjustment_method="monthly_rates", **values,
    )  # fmt: skip
    readjustment = await open_readjustment(session, contract, at=AT)
    assert await open_readjustment(session, contract, at=AT) is None
    case = await case_of(session, process=Process.READJUSTMENTS, subject_id=readjustment.number)
    return contract, readjustment, case


async def test_a_known_index_reprices_what_is_issued_thirty_days_later(database: Database):
    async with database.write() as session:
        contract, readjustment, case = await opened(session, await index(session, *["1"] * 12))

        await decide_readjustment(session, case, Elapsed("decide"), AT)

        assert readjustment.stage == "told"
        assert contract.monthly_amount == Decimal("112.68")
        amounts = [each.amount for each in await charges(session, contract)]
        assert amounts[:2] == [Decimal("100.00"), Decimal("112.68")]  # issued 30/11 and 31/12
        assert await open_readjustment(session, contract, at=AT + timedelta(days=60)) is None


async def test_a_missing_month_is_asked_for_once_and_waits(database: Database):
    async with database.write() as session:
        found = await index(session, *["1"] * 11)
        contract, readjustment, case = await opened(session, found)
        for _ in range(2):
            await decide_readjustment(session, case, Elapsed("decide"), AT)

        assert (readjustment.stage, case.next_kind) == ("waiting", "decide")
        [task] = [t for t in await session.exec(select(Task)) if t.kind == "index_missing"]
        told, leads_to = task.description.splitlines()
        assert told == "IGP-DI: 11/2025"
        assert leads_to.startswith("/cadastros/valores-de-indices/novo?price_index_id=")
        assert leads_to.endswith("month=2025-11-01")
        assert contract.monthly_amount == Decimal("100.00")


@pytest.mark.parametrize("method", ["monthly_rates", "number_indices"])
async def test_the_index_that_takes_the_place_of_another_goes_on_from_its_last_month(
    database: Database, method: str
):
    ended = add_months(TODAY.replace(day=1), months=-7)
    async with database.write() as session:
        heir = await index(session, *["1"] * 6)
        old = PriceIndex(code="IGP-OLD", name="IGP antigo", successor_id=heir.id)
        old = await builders.stored(session, old)
        for back in range(7):
            value = Decimal(2) if method == "monthly_rates" else Decimal("1.02") ** (7 - back)
            month = add_months(ended, months=-back)
            session.add(
                PriceIndexMonth(price_index_id=old.id, kind=method, month=month, value=value)
            )
        contract, readjustment, case = await opened(session, old)
        contract.readjustment_method = method

        await decide_readjustment(session, case, Elapsed("decide"), AT)

        assert readjustment.stage == "told"
        assert contract.monthly_amount == Decimal("119.54")  # 1.02^6 x 1.01^6


async def test_an_index_that_fell_asks_somebody(database: Database):
    async with database.write() as session:
        contract, readjustment, case = await opened(session, await index(session, *["-1"] * 12))
        await decide_readjustment(session, case, Elapsed("decide"), AT)
        assert readjustment.stage == "asked"

        await decide_readjustment(session, case, DecideReadjustment("ana", reduce=True), AT)

        assert (readjustment.stage, contract.monthly_amount) == ("told", Decimal("88.64"))


async def test_a_price_that_stays_is_told_to_nobody(database: Database):
    async with database.write() as session:
        _, readjustment, case = await opened(
            session, await index(session, *["-1"] * 12), negative_readjustment="keep"
        )

        await decide_readjustment(session, case, Elapsed("decide"), AT)

        assert readjustment.stage == "kept"
        assert (await session.exec(select(Message).order_by("id"))).all() == []


@pytest.mark.parametrize(("resets", "outcome"), [(False, "kept"), (True, "raised")])
async def test_a_price_that_was_kept_keeps_its_base_too(database: Database, resets, outcome):
    async with database.write() as session:
        found = await index(session, *["-1"] * 12, *["0.5"] * 12)
        contract, readjustment, case = await opened(
            session, found, negative_readjustment="keep", kept_price_resets_base=resets
        )
        session.add(
            ContractReadjustment(
                contract_id=contract.key, month=day("01/11/2025"), price_index_id=found.id,
                stage="kept", amount_before=contract.monthly_amount,
            )
        )  # fmt: skip

        await decide_readjustment(session, case, Elapsed("decide"), AT)

        assert readjustment.outcome == outcome


@pytest.mark.parametrize(
    ("decided", "told"),  # in São Paulo until 20h, on Saturday the 28th until 14h
    [
        ("27/11/2026 10:00", "27/11/2026"),
        ("27/11/2026 21:00", "28/11/2026"),
        ("28/11/2026 15:00", "30/11/2026"),
    ],
)
async def test_the_notice_of_a_new_price_counts_from_the_day_on_which_it_may_leave(
    database: Database, decided: str, told: str
):
    at = datetime.strptime(decided, "%d/%m/%Y %H:%M").replace(tzinfo=ZoneInfo(BRASILIA))
    async with database.write() as session:
        contract, readjustment, case = await opened(session, await index(session, *["1"] * 12))
        holds_from = day(told) + timedelta(days=30)
        [_, first, second, *_] = await charges(session, contract, kind="monthly")
        first.issue_date, second.issue_date = holds_from - timedelta(days=1), holds_from
        await session.flush()

        await decide_readjustment(session, case, Elapsed("decide"), at.astimezone(UTC))

        assert readjustment.told_on == day(told)
        assert [first.amount, second.amount] == [Decimal("100.00"), Decimal("112.68")]
        [letter] = await session.exec(
            select(Message).where(
                Message.purpose == "contract_readjustment", Message.channel == "email"
            )
        )
        assert f"{holds_from:%d/%m/%Y}" in letter.text


async def test_an_ended_contract_is_not_readjusted(database: Database):
    async with database.write() as session:
        contract, readjustment, case = await opened(session, await index(session, *["1"] * 12))
        contract.stage = "cancelled"

        await decide_readjustment(session, case, News(), AT)

        assert readjustment.stage == "withdrawn"


async def test_the_scan_opens_readjustments_of_contracts_with_an_index(database: Database):
    async with database.write() as session:
        found = await index(session, *["1"] * 12)
        plan = await a_plan(session)
        await activated(session, plan, price_index_id=found.id, signed_on=day("16/11/2025"))
        await activated(session, plan, price_index_id=found.id, signed_on=day("17/11/2025"))
        await made(session, plan, price_index_id=found.id, signed_on=day("16/11/2025"))

    assert [(await keep_up(database, at=AT)).readjusted for _ in range(2)] == [1, 0]

    async with database.read() as session:
        assert len((await session.exec(select(ContractReadjustment).order_by("id"))).all()) == 1


async def test_what_was_declined_is_not_renewed_without_its_notices(database: Database) -> None:
    async with database.write() as session:
        contract = await activated(session, await a_plan(session), ends_on=day("17/01/2027"))
        renewal = await queue_renewal(session, contract, at=AT)
        case = await case_of(session, process=Process.RENEWALS, subject_id=renewal.number)
        at = AT + timedelta(days=5)
        await decide_renewal(session, case, Elapsed("first_notice"), at)

        await decide_renewal(session, case, LetExpire("ana", "mudou-se"), at)

        assert (case.next_kind, renewal.notices) == ("expire", 1)  # nobody is told of it any more
        with pytest.raises(NoticesNotGiven):
            await decide_renewal(session, case, RenewNow("ana"), at)
        again = EditRenewal("ana", renewal.amount, renewal.months)
        await decide_renewal(session, case, again, at)
        assert case.next_kind == "second_notice"


async def test_a_month_that_is_informed_goes_on_with_the_prices_that_wait(database: Database):
    async with database.write() as session:
        found = await index(session, *["1"] * 11)
        _, readjustment, case = await opened(session, found)
        await decide_readjustment(session, case, Elapsed("decide"), AT)
        month, rate = day("01/11/2025"), Decimal(1)
        session.add(
            PriceIndexMonth(price_index_id=found.id, kind="monthly_rates", month=month, value=rate)
        )
        await months_informed(session, found.id, [month], at=AT)
        told = [each for each in await session.exec(select(OutboxEntry)) if each.news_id]
        await decide_readjustment(session, case, News(), AT)

    assert told[-1].workflow_id == case.workflow_id
    assert readjustment.stage == "told"
