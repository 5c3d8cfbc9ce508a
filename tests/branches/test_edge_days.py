"""Days that happen seldom: the first that is also the last, the 29th of February, the 31st."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise

import pytest
from sqlmodel import select

from activities.contract_changes import ask_change
from activities.renewals import queue_renewal
from models.charges import Charge
from models.contracts import Contract, lock_contract
from models.database import Database
from models.plans import DueDayRule
from models.renewals import ContractRenewal
from rules.activation import Activate
from rules.business_days import local_date
from rules.cases import Process
from rules.contract_changes import AskedChange, ChangeEndsBeforeItBegins, ChangeKind, EndNow
from rules.renewals import RenewNow
from settings import Settings
from tests import builders
from tests.contracts import a_plan, charges, made
from tests.support.paper import Paper


async def sold(paper: Paper, *, due_day: int = 10, **asked: object) -> Contract:
    """A contract in service from today, billed on that day of the month."""
    async with paper.database.write() as session:
        rule = await builders.stored(
            session,
            DueDayRule(code=f"V{due_day}", name="Vencimento", due_day=due_day, days_before=5),
        )
        plan = await a_plan(session, due_day_rule_id=rule.id)
        contract = await made(session, plan, at=paper.now, **asked)
    await paper.settle()
    await paper.give(Process.ACTIVATION, contract.key, Activate(by="ana"))
    return contract


async def changed(paper: Paper, contract: Contract, asked: AskedChange) -> int:
    async with paper.database.write() as session:
        locked = await lock_contract(session, contract.key)
        change = await ask_change(session, locked, asked, by="ana", at=paper.now)
    await paper.settle()
    return change.number


async def owed(paper: Paper, contract: Contract) -> dict[str, Decimal]:
    """What is still to be paid of each kind."""
    sums: dict[str, Decimal] = {}
    async with paper.database.read() as session:
        for each in await session.exec(select(Charge).where(Charge.contract_id == contract.id)):
            if each.status != "cancelled":
                sums[each.kind] = sums.get(each.kind, Decimal(0)) + each.amount
    return sums


async def test_a_contract_that_starts_and_ends_the_same_day_owes_its_fee_alone(
    database: Database, settings: Settings
) -> None:
    paper = Paper(database, settings)
    contract = await sold(paper, minimum_term_months=12, minimum_term_fee=Decimal("240.00"))

    first = local_date(paper.now)
    await changed(paper, contract, AskedChange(ChangeKind.CANCELLATION, first, reason="x"))
    await paper.forward(days=400)

    left = await owed(paper, contract)
    assert left.pop("fee") == Decimal("240.00")
    assert all(amount == 0 for amount in left.values()), left
    async with database.read() as session:
        stored = await session.get_one(Contract, contract.id)
        renewals = (await session.exec(select(ContractRenewal).order_by("id"))).all()
    assert (stored.stage, stored.cancelled_on) == ("cancelled", first)
    assert list(renewals) == []


async def test_a_suspension_that_ends_the_day_it_began_changes_no_amount(
    database: Database, settings: Settings
) -> None:
    paper = Paper(database, settings)
    contract = await sold(paper)
    before = await owed(paper, contract)
    today = local_date(paper.now)

    with pytest.raises(ChangeEndsBeforeItBegins):
        await changed(paper, contract, AskedChange(ChangeKind.SUSPENSION, today, until=today))
    number = await changed(paper, contract, AskedChange(ChangeKind.SUSPENSION, today))
    await paper.give(Process.CONTRACT_CHANGES, number, EndNow(by="ana"))

    assert sum((await owed(paper, contract)).values()) == sum(before.values())
    async with database.read() as session:
        assert (await session.get_one(Contract, contract.id)).stage == "active"


@pytest.mark.parametrize("due_day", [29, 30, 31])
async def test_a_year_of_the_last_days_of_months_is_charged_whole(
    database: Database, settings: Settings, due_day: int
) -> None:
    paper = Paper(database, settings, now=datetime(2027, 8, 31, 13, tzinfo=UTC))
    contract = await sold(paper, due_day=due_day, ends_on=date(2028, 8, 31))

    async with database.read() as session:
        due = [each.due_date for each in await charges(session, contract, kind="monthly")]
    total = (await owed(paper, contract))["monthly"]
    assert total == Decimal("1200.00")
    assert len({(each.year, each.month) for each in due}) == len(due)
    assert {each.day for each in due if each.month == 2} == {29}  # 2028 is a leap year


async def test_a_term_that_ends_on_29_february_goes_on_for_a_year(
    database: Database, settings: Settings
) -> None:
    paper = Paper(database, settings, now=datetime(2027, 3, 1, 13, tzinfo=UTC))
    contract = await sold(paper, starts_on=date(2027, 3, 1), ends_on=date(2028, 2, 29))
    async with database.write() as session:
        locked = await lock_contract(session, contract.key)
        renewal = await queue_renewal(session, locked, at=paper.now)
        assert renewal is not None
        renewal.notices = 2
        session.add(renewal)

    await paper.give(Process.RENEWALS, renewal.number, RenewNow("ana"))

    async with database.read() as session:
        ends_on = (await session.get_one(Contract, contract.id)).ends_on
        periods = await charges(session, contract, kind="monthly")
    assert ends_on == date(2029, 3, 1)
    covered = sorted((each.period_start, each.period_end) for each in periods)
    gaps = [(end, start) for (_, end), (start, _) in pairwise(covered) if end != start]
    assert gaps == []
