"""A running contract charged in other periods: pro-rata, priced and invoiced anew."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contract_billing import bill_ahead
from activities.contract_changes import ask_change
from activities.contract_services import NewService, add_service
from activities.contract_succession import successor_of
from activities.contract_upkeep import keep_up
from activities.renewal_effects import renew
from activities.renewals import queue_renewal
from models.charges import Charge
from models.contracts import Contract, ContractEvent, ContractService
from models.database import Database
from rules.charges import Recurrence
from rules.contract_changes import (
    AskedChange,
    ChangeKind,
    ChangeNeedsPeriodicity,
    ChangesCollide,
    ChangeUnderWay,
    PeriodicityNeedsMonthly,
)
from rules.refusals import Refusal
from tests.builders import AT
from tests.contracts import a_plan, activated, charges

TODAY = AT.date()  # Monday, 16 November 2026
LATER = AT + timedelta(days=24)  # 10 December


async def change(
    session: AsyncSession, contract: Contract, months: int | None, *, on: date, at=LATER
) -> None:
    asked = AskedChange(ChangeKind.PERIODICITY, on, months=months)
    await ask_change(session, contract, asked, by="ana", at=at)


async def standing(session: AsyncSession, contract: Contract) -> list[Charge]:
    found = await charges(session, contract)
    return [each for each in found if each.status != "cancelled"]


def days_of(found: list[Charge]) -> list[tuple[date | None, date | None, Decimal]]:
    return [(each.period_start, each.period_end, each.amount) for each in found]


async def test_days_before_stay_monthly_and_the_rest_of_the_quarter_follows(
    database: Database,
) -> None:
    async with database.write() as session:
        contract = await activated(session, await a_plan(session))
        await change(session, contract, 3, on=LATER.date())
        await session.flush()
        found = await standing(session, contract)
        events = list(await session.exec(select(ContractEvent.kind)))

    begins, cut, quarter = TODAY, LATER.date(), date(2027, 2, 16)
    first, rest, second = days_of(found)[:3]
    assert first == (begins, cut, Decimal("80.00"))  # 24 of 30 days
    assert [each.description for each in found[:2]] == [
        "Fibra 300, 16/11/2026 a 09/12/2026", "Fibra 300, 10/12/2026 a 15/02/2027",
    ]  # fmt: skip
    assert rest == (cut, quarter, Decimal("221.74"))  # 68 of 92 days of 300 reais
    assert second == (quarter, date(2027, 5, 16), Decimal("300.00"))
    assert found[-1].period_end == contract.ends_on
    assert (contract.monthly_amount, contract.periodicity_months) == (Decimal("300.00"), 3)
    assert "periodicity_changed" in events


async def test_what_was_invoiced_beyond_the_day_comes_back(database: Database) -> None:
    async with database.write() as session:
        contract = await activated(session, await a_plan(session))
        due = (await charges(session, contract))[0].due_date
        await bill_ahead(session, contract, until=due, by="ana", at=AT)
        await change(session, contract, 12, on=LATER.date())
        credits = await charges(session, contract, kind="credit")
        monthly = [each for each in await standing(session, contract) if each.kind == "monthly"]

    assert [each.amount for each in credits] == [Decimal("-20.00")]  # 6 of 30 days
    assert [each.status for each in monthly] == ["invoiced", "open"]
    assert monthly[1].period_start == LATER.date()
    assert monthly[1].period_end == contract.ends_on


async def test_services_follow_at_the_price_of_the_new_periods(database: Database) -> None:
    async with database.write() as session:
        contract = await activated(session, await a_plan(session))
        new = NewService(TODAY, description="IP fixo", amount=Decimal("30.00"))
        await add_service(session, contract, new, by="ana", at=AT)
        await change(session, contract, 2, on=LATER.date())
        services = list(await session.exec(select(ContractService).order_by(ContractService.id)))
        found = [each for each in await standing(session, contract) if each.service_id]

    assert [(each.amount, each.until) for each in services] == [
        (Decimal("30.00"), LATER.date()), (Decimal("60.00"), None),
    ]  # fmt: skip
    assert days_of(found)[0] == (TODAY, LATER.date(), Decimal("24.00"))
    assert days_of(found)[1] == (LATER.date(), date(2027, 1, 16), Decimal("36.39"))  # 37 of 61
    assert days_of(found)[2][2] == Decimal("60.00")


async def test_back_again_charges_each_day_once(database: Database) -> None:
    async with database.write() as session:
        contract = await activated(session, await a_plan(session))
        await change(session, contract, 3, on=LATER.date())
        at = AT + timedelta(days=51)  # 6 January
        await change(session, contract, 1, on=at.date(), at=at)
        found = await standing(session, contract)

    edges = [(each.period_start, each.period_end) for each in found]
    assert edges[0][0] == TODAY
    assert edges[-1][1] == contract.ends_on
    assert all(one[1] == two[0] for one, two in pairwise(edges))
    assert contract.monthly_amount == Decimal("100.00")
    assert found[-1].amount == Decimal("100.00")


@pytest.mark.parametrize("months", [None, 1, 5])
async def test_other_periods_than_there_are_is_refused(database: Database, months) -> None:
    async with database.write() as session:
        contract = await activated(session, await a_plan(session))
        with pytest.raises(ChangeNeedsPeriodicity):
            await change(session, contract, months, on=LATER.date())


async def test_what_counts_by_the_present_periods_stands_against_it(database: Database) -> None:
    async with database.write() as session:
        plan = await a_plan(session)
        idle = await activated(session, plan, inactivity_discount=True)
        changed, faster = await activated(session, plan), await a_plan(session)
        await change(session, changed, 6, on=LATER.date() + timedelta(days=5))
        upgrade = AskedChange(
            ChangeKind.UPGRADE, LATER.date(), until=date(2027, 1, 5), plan_id=faster.id
        )

        async def refused(refusal: type[Refusal], asking) -> None:
            with pytest.raises(refusal):
                await asking

        day = LATER.date()
        await refused(PeriodicityNeedsMonthly, change(session, idle, 3, on=day))
        await refused(ChangesCollide, ask_change(session, changed, upgrade, by="ana", at=LATER))
        await refused(ChangeUnderWay, change(session, changed, 3, on=day))


async def test_a_plan_changed_later_prices_each_day_once(database: Database) -> None:
    async with database.write() as session:
        contract = await activated(session, await a_plan(session))
        due = (await charges(session, contract))[0].due_date
        await bill_ahead(session, contract, until=due, by="ana", at=AT)
        await change(session, contract, 3, on=LATER.date())
        faster = await a_plan(session, amount=Decimal("200.00"))
        at = LATER + timedelta(days=2)  # within the month that was invoiced
        asked = AskedChange(ChangeKind.PLAN_CHANGE, at.date(), plan_id=faster.id)
        await ask_change(session, contract, asked, by="ana", at=at)
        await session.flush()
        quarter = [
            each for each in await standing(session, contract)
            if each.period_start and each.period_start < date(2027, 2, 16)
        ]  # fmt: skip
        whole = sum(each.amount for each in quarter)

    # 24 days of a month at 100, then 2 of 92 days of a quarter at 300 and 66 at 600
    assert whole == Decimal("80.00") + Decimal("221.74") + Decimal("215.22")


@pytest.mark.parametrize(("first", "then", "days"), [(1, 3, 1_300), (3, 1, 400), (12, 1, 400)])
async def test_a_contract_without_an_end_goes_on_being_charged_each_day_once(
    database: Database, first: int, then: int, days: int
) -> None:
    at = AT + timedelta(days=130)
    async with database.write() as session:
        plan = await a_plan(session)
        contract = await activated(session, plan, ends_on=None, periodicity_months=first)
        new = NewService(TODAY, description="IP fixo", amount=Decimal("30.00"))
        await add_service(session, contract, new, by="ana", at=AT)
        await change(session, contract, then, on=at.date(), at=at)

    kept = await keep_up(database, at=at + timedelta(days=days))

    async with database.read() as session:
        found = await standing(session, contract)
    assert kept.extended == 1
    for is_service in (False, True):
        mine = [each for each in found if bool(each.service_id) is is_service]
        edges = sorted((each.period_start, each.period_end) for each in mine)
        assert edges[0][0] == TODAY
        assert all(one[1] == two[0] for one, two in pairwise(edges)), edges
        assert edges[-1][1] > (at + timedelta(days=days + 300)).date()


@pytest.mark.parametrize(("first", "then"), [(1, 3), (3, 1)])
async def test_a_renewal_charges_no_day_of_a_service_again(
    database: Database, first: int, then: int
) -> None:
    at = AT + timedelta(days=130)
    async with database.write() as session:
        contract = await activated(session, await a_plan(session), periodicity_months=first)
        new = NewService(TODAY, description="IP fixo", amount=Decimal("30.00"))
        await add_service(session, contract, new, by="ana", at=AT)
        await change(session, contract, then, on=at.date(), at=at)
        renewal = await queue_renewal(session, contract, at=at)
        assert renewal is not None

        await renew(session, contract, renewal, by="ana", at=at)

        found = [each for each in await standing(session, contract) if each.service_id]
    edges = sorted((each.period_start, each.period_end) for each in found)
    assert all(one[1] == two[0] for one, two in pairwise(edges)), edges
    assert edges[-1][1] == date(2028, 11, 16)


async def test_a_renewal_within_a_period_charges_the_rest_of_a_services_days(
    database: Database,
) -> None:
    async with database.write() as session:
        ends_on = date(2027, 12, 31)  # in the middle of the fourteenth month
        contract = await activated(session, await a_plan(session), ends_on=ends_on)
        new = NewService(TODAY, description="IP fixo", amount=Decimal("30.00"))
        await add_service(session, contract, new, by="ana", at=AT)
        renewal = await queue_renewal(session, contract, at=AT)
        assert renewal is not None

        await renew(session, contract, renewal, by="ana", at=AT)

        found = [each for each in await standing(session, contract) if each.service_id]
    edges = sorted((each.period_start, each.period_end) for each in found)
    assert all(one[1] == two[0] for one, two in pairwise(edges)), edges
    cut = [
        each.amount for each in found if date(2027, 12, 16) <= each.period_start < date(2028, 1, 16)
    ]
    assert cut == [Decimal("14.52"), Decimal("15.48")]  # 15 and 16 of 31 days


async def test_a_service_of_some_periods_that_is_over_stands_in_no_ones_way(
    database: Database,
) -> None:
    async with database.write() as session:
        contract = await activated(session, await a_plan(session))
        counted = NewService(
            TODAY, Recurrence.PERIODS, description="Roteador", amount=Decimal(10), periods=2
        )
        service = await add_service(session, contract, counted, by="ana", at=AT)
        over = date(2027, 1, 16)
        at = AT + timedelta(days=61)
        await change(session, contract, 3, on=over, at=at)

        found = [each for each in await standing(session, contract) if each.service_id]
    assert [each.amount for each in found] == [Decimal("10.00")] * 2
    assert (found[-1].period_end, service.until) == (over, over)
    assert contract.periodicity_months == 3


@pytest.mark.parametrize("months", [[3], [12], [2, 6], [3, 1]])
@pytest.mark.parametrize("billed", ["grouped", "per_charge"])
async def test_a_counted_service_ends_on_its_day_and_costs_what_was_agreed(
    database: Database, months: list[int], billed: str
) -> None:
    async with database.write() as session:
        plan = await a_plan(session)
        contract = await activated(session, plan, billing_method=billed, ends_on=None)
        began = TODAY + timedelta(days=9)
        counted = NewService(
            began, Recurrence.PERIODS, description="Roteador", amount=Decimal("10.01"), periods=7
        )
        service = await add_service(session, contract, counted, by="ana", at=AT)
        for turn, each in enumerate(months):
            at = LATER + timedelta(days=47 * turn)
            await change(session, contract, each, on=at.date(), at=at)

        found = [each for each in await standing(session, contract) if each.service_id]
        billed_ahead = [
            each for each in await standing(session, contract)
            if each.kind == "credit" and "Roteador" in each.description
        ]  # fmt: skip

    assert (service.period_months, service.until) == (1, None)
    assert found[-1].period_end == date(2027, 6, 25)  # seven months after it began
    assert sum(each.amount for each in [*found, *billed_ahead]) == Decimal("70.07")
    assert contract.periodicity_months == months[-1]


async def test_one_that_is_to_begin_later_keeps_its_count_too(database: Database) -> None:
    async with database.write() as session:
        contract = await activated(session, await a_plan(session))
        later = LATER.date() + timedelta(days=20)
        counted = NewService(
            later, Recurrence.PERIODS, description="Roteador", amount=Decimal(10), periods=2
        )
        await add_service(session, contract, counted, by="ana", at=AT)
        await change(session, contract, 6, on=LATER.date())

        found = [each for each in await standing(session, contract) if each.service_id]

    assert (found[0].period_start, found[-1].period_end) == (later, date(2027, 3, 1))
    assert sum(each.amount for each in found) == Decimal(20)


async def test_a_renewal_and_a_new_owner_go_on_with_the_count(database: Database) -> None:
    async with database.write() as session:
        contract = await activated(session, await a_plan(session))
        counted = NewService(
            TODAY, Recurrence.PERIODS, description="Roteador", amount=Decimal("9.99"), periods=14
        )
        service = await add_service(session, contract, counted, by="ana", at=AT)
        await change(session, contract, 3, on=LATER.date())
        renewal = await queue_renewal(session, contract, at=LATER)
        assert renewal is not None
        renewal.form = "successor"
        await renew(session, contract, renewal, by="ana", at=LATER)
        new = await successor_of(session, contract.key)
        assert new is not None
        own = [each for each in await standing(session, contract) if each.service_id]
        others = [each for each in await standing(session, new) if each.service_id]

    assert own[-1].period_end == others[0].period_start == contract.ends_on
    assert others[-1].period_end == date(2028, 1, 16)
    assert sum(each.amount for each in [*own, *others]) == Decimal("139.86")
    assert service.period_months == 1
