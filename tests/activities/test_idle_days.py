"""Days without service are not owed: blocked, suspended, twice in a month, billed already, at the
end of a contract; and a debt that still asks for a block outlives the customer's own suspension."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.connections import set_by_hand
from activities.contract_changes import ask_change
from activities.contract_changes import decide as decide_change
from activities.contract_ends import cancel_contract
from activities.idle_days import end_idle
from models.cases import case_of
from models.connections import connections_of
from models.contracts import Contract
from models.default_ladder import ensure_default_ladder
from models.ladders import LadderExecution
from models.people import Deed
from models.policies import change_value
from rules.cases import Process
from rules.connections import ConnectionState
from rules.contract_changes import AskedChange, ChangeKind, EndNow
from rules.policies import setting_of
from tests import builders
from tests.builders import AT, TODAY
from tests.contracts import a_plan, activated, charges

ACTIVE, BLOCKED = ConnectionState.ACTIVE, ConnectionState.BLOCKED


@pytest.fixture
async def session(database):
    async with database.write() as session:
        yield session


async def put(session: AsyncSession, contract: Contract, state: ConnectionState, day: int) -> None:
    """An operator blocks or restores, so many days after the activation."""
    [connection] = await connections_of(session, contract.key)
    deed = Deed("ana", AT + timedelta(days=day), "", frozenset({"*"}))
    await set_by_hand(
        session, connection.id or 0, state, reason="Pedido", may_override=True, deed=deed
    )


async def in_service(session: AsyncSession, **values: Any) -> Contract:
    """A contract of 100 reais for the thirty days from the 16th of November on."""
    return await activated(session, await a_plan(session, **values))


async def amounts(session: AsyncSession, contract: Contract) -> list[tuple[str, str]]:
    found = await charges(session, contract)
    return [(str(each.amount), each.status) for each in found][:2]


async def test_blocked_days_come_off_what_is_not_billed_yet(session):
    contract = await in_service(session)

    await put(session, contract, BLOCKED, 3)
    assert {each[1] for each in await amounts(session, contract)} == {"waiting"}
    await put(session, contract, ACTIVE, 6)

    assert await amounts(session, contract) == [("90.00", "open"), ("100.00", "open")]


async def test_of_a_month_with_two_blocks_only_the_served_days_are_owed(session):
    contract = await in_service(session)

    for first, last in ((0, 15), (20, 25)):
        await put(session, contract, BLOCKED, first)
        await put(session, contract, ACTIVE, last)

    assert (await amounts(session, contract))[0] == ("33.33", "open")  # 10 of 30 days


async def test_a_day_comes_off_once_whatever_kept_the_service_off(session):
    contract = await in_service(session)
    since, until = TODAY + timedelta(days=3), TODAY + timedelta(days=9)

    for first, last in ((since, until), (since, until), (since - timedelta(days=3), until)):
        await end_idle(session, contract, since=first, until=last, by="ana", at=AT)

    assert (await amounts(session, contract))[0] == ("70.00", "open")  # 9 of 30 days


async def test_of_a_billed_month_they_come_back_as_a_credit(session):
    contract = await in_service(session)
    (await charges(session, contract))[0].status = "invoiced"

    await put(session, contract, BLOCKED, 3)
    await put(session, contract, ACTIVE, 6)

    [credit] = await charges(session, contract, kind="credit")
    assert (credit.amount, credit.status) == (Decimal("-10.00"), "open")


async def test_what_is_restored_the_same_day_costs_what_it_did(session):
    contract = await in_service(session)

    await put(session, contract, BLOCKED, 3)
    await put(session, contract, ACTIVE, 3)

    assert await amounts(session, contract) == [("100.00", "open"), ("100.00", "open")]


@pytest.mark.parametrize(
    ("telecom", "discount", "charged_by_setting", "owed"),
    [
        (True, False, False, "90.00"),
        (True, False, True, "100.00"),
        (True, True, True, "90.00"),
        (False, False, False, "100.00"),
        (False, True, False, "90.00"),
    ],
)
async def test_who_is_forgiven(session, telecom, discount, charged_by_setting, owed):
    setting = setting_of("ContractPolicy.charge_while_suspended")
    await change_value(session, setting, charged_by_setting, deed=Deed("ana", AT, "", frozenset()))
    contract = await in_service(session, telecom_service=telecom)
    contract.inactivity_discount = discount

    await put(session, contract, BLOCKED, 3)
    await put(session, contract, ACTIVE, 6)

    assert (await amounts(session, contract))[0] == (owed, "open")


async def suspend(session: AsyncSession, contract: Contract):
    asked = AskedChange(ChangeKind.SUSPENSION, TODAY)
    change = await ask_change(session, contract, asked, by="ana", at=AT)
    return await case_of(session, process=Process.CONTRACT_CHANGES, subject_id=change.number)


async def test_cancelled_while_suspended_only_the_served_days_are_owed(session):
    contract = await in_service(session)
    await suspend(session, contract)

    on = TODAY + timedelta(days=10)
    await cancel_contract(
        session, contract, on=on, reason="Mudou", by="ana", at=AT + timedelta(days=10)
    )

    left = [each for each in await charges(session, contract) if each.status != "cancelled"]
    assert [(each.kind, each.amount) for each in left] == []
    [connection] = await connections_of(session, contract.key)
    assert (contract.stage, connection.state, contract.suspended_from) == (
        "cancelled", "off", None,
    )  # fmt: skip


async def test_a_debt_that_asks_for_the_block_outlives_a_suspension(session):
    contract = await in_service(session)
    case = await suspend(session, contract)
    owing = await builders.an_invoice(
        session, await session.get_one(builders.Customer, contract.customer_id),
        contract_id=contract.key,
    )  # fmt: skip
    ladder = await ensure_default_ladder(session)
    blocked = LadderExecution(
        invoice_id=owing.key, step_id=8, ladder_id=ladder.key, version=1, fell_on=TODAY,
        customer_id=owing.customer_id, contract_id=contract.key, action="block", outcome="done",
        executed_on=TODAY, at=AT, facts={},
    )  # fmt: skip
    await builders.stored(session, blocked)

    await decide_change(session, case, EndNow(by="ana"), AT + timedelta(days=3))

    [connection] = await connections_of(session, contract.key)
    assert (contract.stage, connection.state) == ("blocked", "blocked")
    assert (await amounts(session, contract))[0] == ("90.00", "waiting")
