"""Dated changes of contracts: suspensions, other plans, upgrades for a time, and what they cost."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from activities.contract_billing import bill_at_once
from activities.contract_changes import ask_change
from activities.contract_changes import decide as decide_change
from activities.idle_days import HELD
from activities.provisioning import put_all, restore_all
from activities.renewal_effects import renew
from activities.renewals import queue_renewal
from models.cases import case_of
from models.contracts import put_in_stage
from models.invoices import Invoice
from rules.cases import Elapsed, Process
from rules.connections import ConnectionState
from rules.contract_changes import (
    AskedChange,
    ChangePlanOfOtherType,
    ChangeUnderWay,
    EndNow,
)
from rules.contracts import ContractStage
from tests.activities.test_contracts import C, ask, plan, session, states
from tests.builders import AT, TODAY, days, pay
from tests.contracts import a_plan, activated, charges

__all__ = ["plan", "session"]


async def open_invoices(session) -> list[Invoice]:
    """What the one customer is to pay, by due date."""
    statement = select(Invoice).where(Invoice.status == "open").order_by(Invoice.due_date)
    return list(await session.exec(statement.execution_options(populate_existing=True)))


async def test_a_telecom_contract_pays_nothing_for_suspended_days(session, plan):
    contract = await activated(session, plan)
    change = await ask(session, contract, C.SUSPENSION, starts_on=TODAY, until=days(15))
    held = await charges(session, contract, reason=HELD)
    assert {each.status for each in held} == {"waiting"}
    assert contract.stage == "suspended"

    case = await case_of(session, process=Process.CONTRACT_CHANGES, subject_id=change.number)
    await decide_change(session, case, Elapsed("end"), AT + timedelta(days=15))

    first, second, *_ = await charges(session, contract)
    assert (first.amount, first.status) == (Decimal("50.00"), "open")  # 15 of 30 days
    assert second.amount == Decimal("100.00")
    assert (contract.stage, change.stage) == ("active", "done")
    assert await states(session, contract) == ["active"]


async def test_a_suspension_lifted_early_costs_only_its_days(session, plan):
    contract = await activated(session, plan)
    change = await ask(session, contract, C.SUSPENSION, until=days(90))
    case = await case_of(session, process=Process.CONTRACT_CHANGES, subject_id=change.number)

    await decide_change(session, case, EndNow(by="ana"), AT + timedelta(days=3))

    assert [each.amount for each in await charges(session, contract)][:2] == [
        Decimal("90.00"), Decimal("100.00"),
    ]  # fmt: skip


async def test_another_plan_is_charged_from_its_day_on(session, plan):
    contract = await activated(session, plan)
    faster = await a_plan(session, name="Fibra 500", amount=Decimal("160.00"))
    change = await ask(session, contract, C.PLAN_CHANGE, starts_on=days(15), plan_id=faster.id)
    case = await case_of(session, process=Process.CONTRACT_CHANGES, subject_id=change.number)

    await decide_change(session, case, Elapsed("begin"), AT + timedelta(days=15))

    assert [each.amount for each in await charges(session, contract)][:2] == [
        Decimal("130.00"), Decimal("160.00"),
    ]  # fmt: skip
    assert (contract.plan_id, contract.monthly_amount) == (faster.id, Decimal("160.00"))


async def test_charges_say_the_plan_that_they_are_for(session, plan):
    contract = await activated(session, plan)
    faster = await a_plan(session, name="Fibra 500")

    await ask(session, contract, C.PLAN_CHANGE, plan_id=faster.id, starts_on=TODAY)
    later = AskedChange(C.PLAN_CHANGE, days(40), plan_id=plan.id)
    await ask_change(session, contract, later, by="ana", at=AT + timedelta(days=40))

    said = [each.description for each in await charges(session, contract)]
    assert said[:3] == [
        "Fibra 500, 16/11/2026 a 15/12/2026",
        "Fibra 500, 16/12/2026 a 15/01/2027; Fibra 300 desde 26/12/2026",
        "Fibra 300, 16/01/2027 a 15/02/2027",
    ]


async def test_a_plan_of_another_type_is_another_contract(session, plan):
    contract = await activated(session, plan)
    other = await a_plan(session, plan_type="tv")

    with pytest.raises(ChangePlanOfOtherType):
        await ask(session, contract, C.PLAN_CHANGE, plan_id=other.id)


async def test_a_billed_period_gets_the_difference_as_a_charge_of_its_own(session, plan):
    contract = await activated(session, plan)
    first = (await charges(session, contract))[0]
    first.status = "invoiced"
    slower = await a_plan(session, name="Fibra 100", amount=Decimal("70.00"))

    await ask(session, contract, C.PLAN_CHANGE, plan_id=slower.id)

    [credit] = await charges(session, contract, kind="credit")
    assert credit.amount == Decimal("-30.00")
    assert first.amount == Decimal("100.00")


async def test_invoices_made_for_the_whole_term_are_made_anew_at_the_new_price(session, plan):
    contract = await activated(session, plan, billing_method="per_charge")
    slower = await a_plan(session, name="Fibra 100", amount=Decimal("70.00"))
    before = await open_invoices(session)
    await pay(session, before[0])

    change = await ask(session, contract, C.PLAN_CHANGE, plan_id=slower.id, starts_on=days(15))
    case = await case_of(session, process=Process.CONTRACT_CHANGES, subject_id=change.number)
    await decide_change(session, case, Elapsed("begin"), AT + timedelta(days=15))

    after = await open_invoices(session)
    assert len(after) == len(before) - 1
    assert after[0].amount == Decimal("55.00")  # with 35 for half a month, and 50 that come back
    assert {each.amount for each in after[1:]} == {Decimal("70.00")}
    assert [each.due_date for each in after[1:]] == [each.due_date for each in before[2:]]
    found = await charges(session, contract)
    assert sum(each.amount for each in found if each.status != "cancelled") == Decimal("855.00")


@pytest.mark.parametrize("kept", ["suspended", "blocked"])
async def test_another_plan_while_nothing_is_served_costs_the_served_days_alone(
    session, plan, kept
):
    """100 reais, 160 from the 15th day; no service from the fifth to the twentieth."""
    contract = await activated(session, plan, billing_method="per_charge")
    faster = await a_plan(session, name="Fibra 500", amount=Decimal("160.00"))
    before = await open_invoices(session)
    await pay(session, before[0])
    lift = await taken_off(session, contract, kept, at=AT + timedelta(days=5))

    change = await ask(session, contract, C.PLAN_CHANGE, plan_id=faster.id, starts_on=days(15))
    case = await case_of(session, process=Process.CONTRACT_CHANGES, subject_id=change.number)
    await decide_change(session, case, Elapsed("begin"), AT + timedelta(days=15))

    assert await open_invoices(session) == []  # not used, not paid: to be made anew
    held = await charges(session, contract, status="waiting")
    assert {each.reason for each in held} == {HELD}
    assert [each.amount for each in held] == [Decimal("80.00"), *[Decimal("160.00")] * 11]
    assert contract.monthly_amount == Decimal("160.00")

    await lift(AT + timedelta(days=20))

    found = [each for each in await charges(session, contract) if each.status != "cancelled"]
    of_first = [each for each in found if each.period_start < days(30)]
    # 5 of 30 days of 100 reais, and 10 of 160
    assert sum(each.amount for each in of_first) == Decimal("70.00")
    assert sum(each.amount for each in found) == Decimal("1830.00")
    assert await bill_at_once(session, contract, by="ana", at=AT + timedelta(days=20)) == 11
    after = await open_invoices(session)
    assert sum(each.amount for each in after) == Decimal("1730.00")  # 100 are paid


async def taken_off(session, contract, kept: str, *, at: datetime):
    """The service ends for a while; gives what brings it back."""
    if kept == "suspended":
        asked = AskedChange(C.SUSPENSION, at.date())
        change = await ask_change(session, contract, asked, by="ana", at=at)
        case = await case_of(session, process=Process.CONTRACT_CHANGES, subject_id=change.number)
        return lambda later: decide_change(session, case, EndNow(by="ana"), later)
    put_in_stage(session, contract, ContractStage.BLOCKED, by="ana", at=at)
    await put_all(session, contract, ConnectionState.BLOCKED, reason="", by="ana", at=at)
    return lambda later: restore_all(session, contract, today=later.date(), by="ana", at=later)


@pytest.mark.parametrize("status", ["open", "invoiced"])
async def test_a_change_after_an_early_renewal_counts_from_the_price_of_its_days(
    session, plan, status
):
    contract = await activated(session, plan)
    renewal = await queue_renewal(session, contract, at=AT)
    renewal.amount = Decimal("120.00")
    await renew(session, contract, renewal, by="ana", at=AT)
    (await charges(session, contract))[0].status = status
    other = await a_plan(session, amount=Decimal("200.00"))

    change = await ask(session, contract, C.PLAN_CHANGE, starts_on=days(15), plan_id=other.id)
    case = await case_of(session, process=Process.CONTRACT_CHANGES, subject_id=change.number)
    await decide_change(session, case, Elapsed("begin"), AT + timedelta(days=15))

    found = [each for each in await charges(session, contract) if each.status != "cancelled"]
    of_first = [each for each in found if each.period_start < days(30)]
    assert sum(each.amount for each in of_first) == Decimal("150.00")  # half of 100, half of 200
    assert {each.amount for each in found if each not in of_first} == {Decimal("200.00")}


@pytest.mark.parametrize("status", ["open", "invoiced"])
async def test_two_changes_of_plan_in_one_period_cost_each_its_days(session, plan, status):
    contract = await activated(session, plan)
    first = (await charges(session, contract))[0]
    first.status = status
    for day_on, amount in ((10, "200.00"), (20, "300.00")):
        other = await a_plan(session, amount=Decimal(amount))
        change = await ask(
            session, contract, C.PLAN_CHANGE, starts_on=days(day_on), plan_id=other.id
        )
        case = await case_of(session, process=Process.CONTRACT_CHANGES, subject_id=change.number)
        await decide_change(session, case, Elapsed("begin"), AT + timedelta(days=day_on))

    more = await charges(session, contract, kind="pro_rata")
    assert first.amount + sum(each.amount for each in more) == Decimal("200.00")
    assert (await charges(session, contract, kind="monthly"))[1].amount == Decimal("300.00")


async def test_another_plan_leaves_days_off_that_were_not_owed(session, plan):
    contract = await activated(session, plan)
    change = await ask(session, contract, C.SUSPENSION, until=days(90))
    case = await case_of(session, process=Process.CONTRACT_CHANGES, subject_id=change.number)
    await decide_change(session, case, EndNow(by="ana"), AT + timedelta(days=3))
    faster = await a_plan(session, amount=Decimal("160.00"))
    change = await ask(session, contract, C.PLAN_CHANGE, starts_on=days(15), plan_id=faster.id)
    case = await case_of(session, process=Process.CONTRACT_CHANGES, subject_id=change.number)

    await decide_change(session, case, Elapsed("begin"), AT + timedelta(days=15))

    assert (await charges(session, contract))[0].amount == Decimal("120.00")


async def test_an_upgrade_for_a_time_costs_both_differences_and_comes_back(session, plan):
    contract = await activated(session, plan)
    faster = await a_plan(session, amount=Decimal("160.00"))
    change = await ask(session, contract, C.UPGRADE, plan_id=faster.id, until=days(45))

    extra = await charges(session, contract, kind="pro_rata")
    assert [each.amount for each in extra] == [Decimal("60.00"), Decimal("29.03")]

    case = await case_of(session, process=Process.CONTRACT_CHANGES, subject_id=change.number)
    await decide_change(session, case, EndNow(by="ana"), AT + timedelta(days=15))

    assert [(each.amount, each.status) for each in extra] == [
        (Decimal("30.00"), "open"), (Decimal("29.03"), "cancelled"),
    ]  # fmt: skip
    assert await charges(session, contract, kind="credit") == []
    assert contract.monthly_amount == Decimal("100.00")


async def test_an_upgrade_falls_due_with_its_periods_and_what_was_billed_comes_back(session, plan):
    contract = await activated(session, plan)
    faster = await a_plan(session, amount=Decimal("160.00"))
    change = await ask(session, contract, C.UPGRADE, plan_id=faster.id, until=days(45))

    monthly = await charges(session, contract, kind="monthly")
    extra = await charges(session, contract, kind="pro_rata")
    assert [each.due_date for each in extra] == [each.due_date for each in monthly[:2]]

    extra[0].status = "invoiced"
    case = await case_of(session, process=Process.CONTRACT_CHANGES, subject_id=change.number)
    await decide_change(session, case, EndNow(by="ana"), AT + timedelta(days=15))

    [credit] = await charges(session, contract, kind="credit")
    assert (credit.amount, extra[1].status) == (Decimal("-30.00"), "cancelled")


async def test_an_upgrade_asked_for_ahead_is_more_than_the_price_of_its_first_day(session, plan):
    contract = await activated(session, plan)
    faster = await a_plan(session, amount=Decimal("160.00"))
    change = await ask(
        session, contract, C.UPGRADE, plan_id=faster.id, starts_on=days(30), until=days(61)
    )
    case = await case_of(session, process=Process.CONTRACT_CHANGES, subject_id=change.number)
    contract.monthly_amount = Decimal("110.00")  # readjusted meanwhile

    await decide_change(session, case, Elapsed("begin"), AT + timedelta(days=30))

    [extra] = await charges(session, contract, kind="pro_rata")
    assert extra.amount == Decimal("50.00")


async def test_one_suspension_at_a_time(session, plan):
    contract = await activated(session, plan)
    await ask(session, contract, C.SUSPENSION, starts_on=days(5))

    with pytest.raises(ChangeUnderWay):
        await ask(session, contract, C.SUSPENSION, starts_on=days(9))
