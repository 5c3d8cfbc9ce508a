"""A contract moves to another address, or to another owner: who owes what, and what goes on."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contract_changes import ask_change
from activities.contract_services import NewService, add_service
from models.connections import connections_of
from models.contracts import Contract
from models.provisioning import ProvisioningOrder
from models.tasks import Task
from rules.charges import Recurrence
from rules.contract_changes import (
    Address,
    AskedChange,
    ChangeKind,
    ChangeNeedsAddress,
    ChangeNeedsOwner,
)
from tests import builders
from tests.builders import AT, TODAY, days
from tests.contracts import a_plan, activated, charges

LATER = AT + timedelta(days=15)


@pytest.fixture
async def session(database):
    async with database.write() as session:
        yield session


async def move(session: AsyncSession, contract: Contract, kind: ChangeKind, **asked: Any):
    """Asked for and carried out fifteen days after the activation."""
    wanted = AskedChange(kind, days(15), **asked)
    return await ask_change(session, contract, wanted, by="ana", at=LATER)


async def transferred(session: AsyncSession, **values: Any) -> tuple[Contract, Contract]:
    """The old owner's contract and the new owner's, after half of the first month."""
    contract = await activated(session, await a_plan(session), **values)
    owner = await builders.a_customer(session, name="Rui Lima")
    await move(session, contract, ChangeKind.OWNERSHIP, to_customer_id=owner.id)
    newest = select(Contract).order_by(col(Contract.id).desc())
    return contract, (await session.exec(newest)).first()


async def live(session: AsyncSession, contract: Contract) -> list[tuple[int, Decimal]]:
    found = await charges(session, contract)
    return [(each.customer_id, each.amount) for each in found if each.status != "cancelled"]


async def test_the_old_owner_owes_the_days_until_then_and_the_new_one_those_after(session):
    old, new = await transferred(session)

    assert await live(session, old) == [(old.customer_id, Decimal("50.00"))]
    assert (await live(session, new))[0] == (new.customer_id, Decimal("100.00"))
    assert (old.stage, new.stage, new.starts_on) == ("cancelled", "active", days(15))
    assert (new.origin, new.origin_ref, new.ends_on) == (
        "transfer", old.code, TODAY.replace(year=TODAY.year + 1),
    )  # fmt: skip


async def test_the_service_goes_on_and_no_fee_is_due(session):
    old, new = await transferred(session, minimum_term_months=12, minimum_term_fee=Decimal(300))

    assert await connections_of(session, old.key) == []
    assert [each.state for each in await connections_of(session, new.key)] == ["active"]
    told = [each.state for each in await session.exec(select(ProvisioningOrder))]
    assert told == ["active"]  # by the activation alone
    assert await charges(session, old, kind="fee") == []


async def test_an_open_invoice_stays_with_the_old_owner(session):
    contract = await activated(session, await a_plan(session))
    owner = await builders.a_customer(session)
    debtor = await session.get_one(builders.Customer, contract.customer_id)
    owed = await builders.an_invoice(session, debtor, contract_id=contract.key)

    await move(session, contract, ChangeKind.OWNERSHIP, to_customer_id=owner.id)

    assert (owed.customer_id, owed.contract_id, owed.status) == (debtor.id, contract.id, "open")


async def test_additional_services_go_along_with_the_periods_that_are_left(session):
    contract = await activated(session, await a_plan(session))
    for recurrence, periods in ((Recurrence.UNTIL_REMOVED, None), (Recurrence.PERIODS, 3)):
        service = NewService(
            TODAY, recurrence, description="IP fixo", amount=Decimal(20), periods=periods
        )
        await add_service(session, contract, service, by="ana", at=AT)
    owner = await builders.a_customer(session)

    await move(session, contract, ChangeKind.OWNERSHIP, to_customer_id=owner.id)

    new = (await session.exec(select(Contract).where(Contract.customer_id == owner.id))).one()
    going_on = await charges(session, new, kind="service")
    assert len(going_on) == 12 + 3
    assert await owed(session, contract, new) == Decimal(300)  # twelve periods of 20, and three
    assert [each.amount for each in await charges(session, contract, kind="service")][:2] == [
        Decimal("10.00"), Decimal("10.00"),
    ]  # fmt: skip


async def test_a_service_of_three_periods_costs_three_whatever_was_invoiced(session):
    contract = await activated(session, await a_plan(session))
    three = NewService(
        TODAY, Recurrence.PERIODS, description="Roteador", amount=Decimal(20), periods=3
    )
    await add_service(session, contract, three, by="ana", at=AT)
    first = (await charges(session, contract, kind="service"))[0]
    first.status = "invoiced"
    owner = await builders.a_customer(session)

    await move(session, contract, ChangeKind.OWNERSHIP, to_customer_id=owner.id)

    new = (await session.exec(select(Contract).where(Contract.customer_id == owner.id))).one()
    assert await owed(session, contract, new) == Decimal(60)


async def owed(session, *contracts: Contract) -> Decimal:
    """What services come to in all, with what came back of them."""
    found = [
        each
        for contract in contracts
        for kind in ("service", "credit")
        for each in await charges(session, contract, kind=kind)
        if each.status != "cancelled"
    ]
    return sum((each.amount for each in found), Decimal(0))


async def test_the_owner_must_be_somebody_else(session):
    contract = await activated(session, await a_plan(session))
    forgotten = await builders.a_customer(session, anonymised_at=AT)

    for nobody in (None, contract.customer_id, 999, forgotten.id):
        with pytest.raises(ChangeNeedsOwner):
            await move(session, contract, ChangeKind.OWNERSHIP, to_customer_id=nobody)


async def test_another_address_is_kept_and_the_team_asked_to_go_there(session):
    contract = await activated(session, await a_plan(session))
    place = Address("Rua Nova, 10", "Recife", "PE", "50000-000")

    await move(session, contract, ChangeKind.ADDRESS, address=place)

    assert contract.address["city"] == "Recife"
    tasks = (await session.exec(select(Task).where(Task.kind == "move_installation"))).all()
    assert [each.description for each in tasks] == [f"{contract.code}: {place.line}"]
    assert (await live(session, contract))[0][1] == Decimal("100.00")


@pytest.mark.parametrize("place", [None, Address("", "Recife", "PE"), Address("R", "Recife", "XX")])
async def test_an_address_must_be_one(session, place):
    contract = await activated(session, await a_plan(session))

    with pytest.raises(ChangeNeedsAddress):
        await move(session, contract, ChangeKind.ADDRESS, address=place)
