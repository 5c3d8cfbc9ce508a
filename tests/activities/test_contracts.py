"""Contracts made, activated, changed and ended: rows and charges, without the engine."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.activation import put_in_service
from activities.contract_changes import ask_change
from activities.contract_changes import decide as decide_change
from activities.contract_charges import release_charges
from activities.contract_services import NewService, add_service, remove_service
from activities.contracts import fill_in
from activities.renewals import queue_renewal
from models.cases import case_of
from models.charges import Charge
from models.connections import connections_of
from models.contract_changes import ContractChange
from models.contracts import Contract, ContractEvent
from models.database import Database
from models.invoices import Invoice
from models.messages import Message
from models.plans import Plan
from models.tasks import Task
from rules import contract_checks as checks
from rules.business_days import ONE_DAY
from rules.cases import Elapsed, Process
from rules.charges import Recurrence
from rules.contract_changes import (
    AskedChange,
    ChangeKind,
)
from rules.contract_terms import Source
from rules.contract_welcome import Welcome
from tests import builders
from tests.builders import AT, TODAY, days
from tests.contracts import a_plan, activated, charges, day, made

C = ChangeKind


@pytest.fixture
async def session(database: Database) -> AsyncIterator[AsyncSession]:
    async with database.write() as session:
        yield session


@pytest.fixture
async def plan(session: AsyncSession) -> Plan:
    return await a_plan(session)


async def ask(session: AsyncSession, contract: Contract, kind: C, **values: Any) -> ContractChange:
    """The change, asked for today."""
    asked = AskedChange(kind, values.pop("starts_on", TODAY), **values)
    return await ask_change(session, contract, asked, by="ana", at=AT)


async def states(session: AsyncSession, contract: Contract) -> list[str]:
    return [each.state for each in await connections_of(session, contract.key)]


async def test_a_contract_takes_its_defaults_and_says_whose_they_are(session, plan):
    customer = await builders.a_customer(session, email="ana@exemplo.test")

    filled = await fill_in(session, customer.id, {"plan_id": plan.id}, today=TODAY)

    assert filled.faults == ()
    assert filled.new.monthly_amount == Decimal("100.00")
    assert {name: filled.defaults[name].source for name in ("due_day_rule_id", "starts_on")} == {
        "due_day_rule_id": Source.PLAN, "starts_on": Source.GENERAL,
    }  # fmt: skip
    assert filled.defaults["welcome_to"].source == Source.CUSTOMER


async def test_a_second_contract_defaults_to_the_customers_first(session, plan):
    customer = await builders.a_customer(session)
    other = await a_plan(session)
    await made(session, plan, customer=customer)

    filled = await fill_in(session, customer.id, {"plan_id": other.id}, today=TODAY)

    assert filled.new.due_day_rule_id == plan.due_day_rule_id
    assert filled.defaults["due_day_rule_id"].source == Source.CUSTOMER


async def test_a_contract_waits_for_its_activation_without_charges(session, plan):
    contract = await made(session, plan)

    assert contract.stage == "awaiting_activation"
    assert await charges(session, contract) == []
    assert await states(session, contract) == ["pending"]
    task = (await session.exec(select(Task))).one()
    assert task.kind == "install"


async def test_the_setup_can_be_charged_while_it_waits(session, plan):
    account = await builders.a_ledger_account(session)
    contract = await made(
        session, plan, setup_fee=Decimal("100.00"), setup_instalments=3,
        setup_account_id=account.id, generate_setup_now=True,
    )  # fmt: skip

    setup = await charges(session, contract, kind="setup")

    assert [each.amount for each in setup] == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    assert {each.ledger_account_id for each in setup} == {account.id}


async def test_what_is_refused_leaves_nothing_behind(session, plan):
    with pytest.raises(checks.SetupAccountRequired):
        await made(session, plan, setup_fee=Decimal("100.00"))

    assert (await session.exec(select(Contract))).all() == []


async def test_the_welcome_goes_out_once_to_the_address_given(session, plan):
    welcome = Welcome(to="casa@exemplo.test", subject="Olá!")

    await made(session, plan, welcome=welcome)

    message = (await session.exec(select(Message))).one()
    assert (message.to_address, message.subject) == ("casa@exemplo.test", "Olá!")
    assert "Fibra 300" in message.text


async def test_activation_makes_the_charges_of_the_term(session, plan):
    contract = await activated(session, plan)

    made_now = await charges(session, contract)

    assert contract.stage == "active"
    assert len(made_now) == 12
    assert {each.status for each in made_now} == {"open"}
    assert (made_now[0].issue_date, made_now[0].due_date) == (day("30/11/2026"), day("10/12/2026"))
    assert await states(session, contract) == ["active"]


async def test_a_term_in_months_counts_from_the_signature(session, plan):
    contract = await made(session, plan, ends_on=None, term_months=24, signed_on=TODAY - ONE_DAY)

    assert contract.ends_on == day("15/11/2028")
    with pytest.raises(checks.EndsBesideTerm):
        await made(session, plan, term_months=24)


async def test_an_end_that_was_given_wins_over_the_plans_term(session):
    plan = await a_plan(session, term_months=24)

    by_plan = await made(session, plan, ends_on=None)
    told = await made(session, plan)

    assert (by_plan.term_months, by_plan.ends_on) == (24, day("16/11/2028"))
    assert (told.term_months, told.ends_on) == (0, day("16/11/2027"))


async def test_charges_that_stand_alone_are_invoiced_with_the_contract(session, plan):
    contract = await activated(session, plan, billing_method="per_charge")

    invoices = (await session.exec(select(Invoice).order_by(Invoice.due_date))).all()
    assert [each.contract_id for each in invoices] == [contract.id] * 12
    assert len({each.due_date for each in invoices}) == 12
    assert {each.status for each in await charges(session, contract)} == {"invoiced"}


async def test_charges_to_be_reviewed_are_invoiced_when_they_are_released(session, plan):
    contract = await activated(session, plan, billing_method="per_charge", review_charges=True)
    assert (await session.exec(select(Invoice))).all() == []

    assert await release_charges(session, contract, by="ana", at=AT) == 12

    assert len((await session.exec(select(Invoice))).all()) == 12


async def test_a_courtesy_is_never_charged(session, plan):
    contract = await activated(session, plan, billing_method="courtesy")

    assert await charges(session, contract) == []


@pytest.mark.parametrize(("amount", "due"), [("200.00", "66.67"), ("70.00", "45.00")])
async def test_the_end_gives_back_the_days_of_a_difference_too(session, plan, amount, due):
    contract = await activated(session, plan)
    (await charges(session, contract))[0].status = "invoiced"
    other = await a_plan(session, amount=Decimal(amount))
    changes = (
        (C.PLAN_CHANGE, 10, {"plan_id": other.id}), (C.CANCELLATION, 15, {"reason": "Mudança"}),
    )  # fmt: skip
    for kind, day_on, values in changes:
        change = await ask(session, contract, kind, starts_on=days(day_on), **values)
        case = await case_of(session, process=Process.CONTRACT_CHANGES, subject_id=change.number)
        await decide_change(session, case, Elapsed("begin"), AT + timedelta(days=day_on))

    left = [
        each.amount for each in await charges(session, contract)
        if each.status != "cancelled" and each.kind != "fee"
    ]  # fmt: skip
    assert abs(sum(left) - Decimal(due)) <= Decimal("0.01")


async def test_leaving_early_costs_what_is_left_of_the_minimum_term(session):
    plan = await a_plan(session, minimum_term_months=12, minimum_term_fee=Decimal("365.00"))
    contract = await activated(session, plan)

    await ask(session, contract, C.CANCELLATION, reason="Mudança")

    [fee] = await charges(session, contract, kind="fee")
    assert fee.amount == Decimal("365.00")
    assert {each.status for each in await charges(session, contract, kind="monthly")} == {
        "cancelled"
    }
    assert (contract.stage, contract.cancelled_on) == ("cancelled", TODAY)
    assert await states(session, contract) == ["off"]


async def test_cancelling_within_a_period_charges_the_days_used(session, plan):
    contract = await activated(session, plan)
    change = await ask(session, contract, C.CANCELLATION, starts_on=days(15), reason="Mudança")
    case = await case_of(session, process=Process.CONTRACT_CHANGES, subject_id=change.number)

    await decide_change(session, case, Elapsed("begin"), AT + timedelta(days=15))

    kept = await charges(session, contract, status="open")
    assert [each.amount for each in kept] == [Decimal("50.00")]


async def test_what_was_paid_ahead_comes_back_as_a_credit(session, plan):
    contract = await activated(session, plan)
    first = (await charges(session, contract))[0]
    first.status = "invoiced"
    change = await ask(session, contract, C.CANCELLATION, starts_on=days(15), reason="Mudança")
    case = await case_of(session, process=Process.CONTRACT_CHANGES, subject_id=change.number)

    await decide_change(session, case, Elapsed("begin"), AT + timedelta(days=15))

    [credit] = await charges(session, contract, kind="credit")
    assert credit.amount == Decimal("-50.00")


async def test_invoices_of_the_future_are_cancelled_with_the_contract(session, plan):
    contract = await activated(session, plan)
    customer = await session.get_one(builders.Customer, contract.customer_id)
    future = (await charges(session, contract))[3]
    invoice = await builders.an_invoice(
        session, customer, due_date=future.due_date, collection_stage=None
    )
    future.status, future.invoice_id = "invoiced", invoice.id

    await ask(session, contract, C.CANCELLATION, reason="Mudança")

    assert (invoice.status, future.status) == ("cancelled", "cancelled")
    assert await charges(session, contract, kind="credit") == []


async def test_a_service_is_charged_until_it_is_removed(session, plan):
    contract = await activated(session, plan)
    new = NewService(TODAY, description="IP fixo", amount=Decimal("30.00"))
    service = await add_service(session, contract, new, by="ana", at=AT)
    assert len(await charges(session, contract, kind="service")) == 12

    await remove_service(session, contract, service.id, on=days(45), by="ana", at=AT)

    kept = await charges(session, contract, kind="service", status="open")
    assert [each.amount for each in kept] == [Decimal("30.00"), Decimal("14.52")]
    monthly = await charges(session, contract, kind="monthly", status="open")
    assert len(monthly) == 12


async def test_a_service_charged_once(session, plan):
    contract = await activated(session, plan)
    new = NewService(TODAY, Recurrence.ONCE, description="Visita", amount=Decimal("80.00"))

    await add_service(session, contract, new, by="ana", at=AT)

    assert len(await charges(session, contract, kind="service")) == 1


async def test_services_wait_for_activation_with_everything_else(session, plan):
    contract = await made(session, plan)
    new = NewService(TODAY, description="IP fixo", amount=Decimal("30.00"))

    await add_service(session, contract, new, by="ana", at=AT)

    assert (await session.exec(select(Charge))).all() == []

    await put_in_service(session, contract, by="ana", on=AT, at=AT)

    every = [*await charges(session, contract, kind="monthly"),
             *await charges(session, contract, kind="service")]  # fmt: skip
    told = select(ContractEvent.parameters).where(ContractEvent.kind == "charges_made")
    assert list(await session.exec(told)) == [
        {"charges": 24, "amount": str(sum(each.net for each in every))}
    ]


@pytest.mark.parametrize(
    ("of_plan", "asked", "amount"), [(1, 3, "300.00"), (12, 1, "8.33"), (3, 3, "100.00")]
)
async def test_a_longer_period_costs_as_many_months_of_the_plan(
    database: Database, of_plan: int, asked: int, amount: str
) -> None:
    async with database.write() as session:
        plan = await a_plan(session, periodicity_months=of_plan)
        contract = await activated(session, plan, periodicity_months=asked)

        assert contract.monthly_amount == Decimal(amount)
        renewal = await queue_renewal(session, contract, at=AT)
        assert renewal.amount == Decimal(amount)
        dearer = await a_plan(session, amount=Decimal(200))
        change = AskedChange(ChangeKind.PLAN_CHANGE, TODAY, plan_id=dearer.id)
        await ask_change(session, contract, change, by="ana", at=AT)
        assert contract.monthly_amount == Decimal(200) * asked
