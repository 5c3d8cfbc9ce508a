"""Every branch of what moves a contract: its activation, dated changes, renewals, readjustments."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select

from activities.contract_changes import ask_change
from activities.contract_succession import successor_of
from activities.contract_upkeep import keep_up
from docs.journeys import activation, contract_changes, readjustments, renewals
from models import outbox
from models.cases import case_of
from models.contracts import Contract, lock_contract
from models.database import Database
from models.messages import Message
from models.people import Deed
from models.plans import PriceIndex, PriceIndexMonth
from models.policies import change_value
from models.readjustments import ContractReadjustment
from models.renewals import ContractRenewal
from models.tasks import Task
from rules.activation import Activate
from rules.business_days import local_date
from rules.cases import Process
from rules.contract_changes import AskedChange, CallOff, ChangeKind, EndNow
from rules.policies import setting_of
from rules.readjustments import DecideReadjustment, ProveReadjustment, TellReadjustmentAgain
from rules.renewals import EditRenewal, LetExpire, ProveRenewal, RenewNow, TellRenewalAgain
from rules.tasks import ConcludeTask
from settings import Settings
from tests import builders
from tests.contracts import a_plan, made
from tests.support.paper import Paper


class Shop:
    """A plan to sell, and journeys on paper."""

    def __init__(self, paper: Paper) -> None:
        self.paper, self.database = paper, paper.database

    @property
    def today(self) -> date:
        return local_date(self.paper.now)

    async def sell(self, *, is_active: bool = True, **asked: Any) -> Contract:
        """A contract, in service unless it is to wait."""
        async with self.database.write() as session:
            plan = await a_plan(session)
            contract = await made(session, plan, at=self.paper.now, **asked)
        await self.paper.settle()
        if is_active:
            await self.paper.give(Process.ACTIVATION, contract.key, Activate(by="ana"))
        return contract

    async def change(
        self, contract: Contract, kind: ChangeKind, *, in_days: int = 0, until: int | None = None
    ) -> int:
        """A dated change of it; gives its number."""
        async with self.database.write() as session:
            plan = await a_plan(session) if kind is ChangeKind.PLAN_CHANGE else None
            asked = AskedChange(
                kind, self.today + timedelta(days=in_days),
                until=None if until is None else self.today + timedelta(days=until),
                plan_id=plan.id if plan else None, reason="pedido",
            )  # fmt: skip
            locked = await lock_contract(session, contract.key)
            change = await ask_change(session, locked, asked, by="ana", at=self.paper.now)
        await self.paper.settle()
        return change.number

    async def scan(self) -> None:
        """The morning's look at every contract."""
        await keep_up(self.database, at=self.paper.now)
        await self.paper.settle()

    async def successor(self, contract: Contract) -> Contract:
        """The contract that was made to follow it."""
        async with self.database.read() as session:
            found = await successor_of(session, contract.key)
        assert found is not None
        return found

    async def become(self, readjustment: ContractReadjustment, status: str) -> None:
        """What becomes of the letters about a new price, as their case is told."""
        async with self.database.write() as session:
            case = await case_of(
                session, process=Process.READJUSTMENTS, subject_id=readjustment.number
            )
            assert case is not None
            for letter in await session.exec(select(Message).where(Message.case_id == case.id)):
                letter.status = status if letter.status != "suppressed" else letter.status
                letter.sent_at = self.paper.now
                session.add(letter)
            outbox.tell_case(session, case, news_id=f"{case.id}/{status}", at=self.paper.now)
        await self.paper.settle()

    async def stage(self, contract: Contract) -> str:
        async with self.database.read() as session:
            return (await session.get_one(Contract, contract.id)).stage


@pytest.fixture
def shop(database: Database, settings: Settings) -> Shop:
    return Shop(Paper(database, settings))


async def test_every_branch_of_an_activation(shop: Shop) -> None:
    later = {"moment": "after_due", "amount": 2, "unit": "hours", "to": "lead"}
    async with shop.database.write() as session:
        await change_value(
            session, setting_of("ContractPolicy.activation_reminders"),
            [{**later, "moment": "before_due"}, later], deed=Deed("ana", shop.paper.now),
        )  # fmt: skip
    late = await shop.sell(is_active=False)
    given_up = await shop.sell(is_active=False)
    quick = await shop.sell()

    # The next day, past every step of the policy: one is cancelled, the other's task is concluded
    await shop.paper.forward(days=2)
    await shop.change(given_up, ChangeKind.CANCELLATION)
    async with shop.database.read() as session:
        case = await case_of(session, process=Process.ACTIVATION, subject_id=late.key)
        task = (
            await session.exec(
                select(Task).where(Task.for_case_id == case.id, Task.kind == "install")
            )
        ).one()
    await shop.paper.give(Process.TASKS, task.number, ConcludeTask(by="ana"))

    stages = [await shop.stage(each) for each in (late, given_up, quick)]
    assert stages == ["active", "cancelled", "active"]
    assert shop.paper.left_out(activation.JOURNEY) == []


async def test_every_branch_of_a_dated_change(shop: Shop) -> None:
    contracts = [await shop.sell() for _ in range(5)]
    suspended, upgraded, unsure, leaving, by_hand = contracts
    await shop.change(suspended, ChangeKind.SUSPENSION, in_days=2, until=12)
    await shop.change(upgraded, ChangeKind.PLAN_CHANGE, in_days=3)
    called_off = await shop.change(unsure, ChangeKind.SUSPENSION, in_days=5)
    await shop.change(leaving, ChangeKind.SUSPENSION, in_days=20)
    ended = await shop.change(by_hand, ChangeKind.SUSPENSION)

    await shop.paper.give(Process.CONTRACT_CHANGES, called_off, CallOff(by="ana"))
    await shop.change(leaving, ChangeKind.CANCELLATION)
    await shop.paper.forward(days=4)
    assert [await shop.stage(each) for each in contracts] == [
        "suspended", "active", "active", "cancelled", "suspended",
    ]  # fmt: skip
    await shop.paper.give(Process.CONTRACT_CHANGES, ended, EndNow(by="ana"))
    await shop.paper.forward(days=20)

    assert [await shop.stage(each) for each in contracts] == [
        "active", "active", "active", "cancelled", "active",
    ]  # fmt: skip
    assert shop.paper.left_out(contract_changes.JOURNEY) == []


async def test_every_branch_of_a_renewal(shop: Shop) -> None:
    ends = {"ends_on": shop.today + timedelta(days=62)}
    contracts = [await shop.sell(**ends) for _ in range(8)]
    _, at_once, edited, expiring, asked, leaving, *unreached = contracts
    follows = {**ends, "renewal_form": "successor"}
    followed, by_hand, undone, given_up = [await shop.sell(**follows) for _ in range(4)]
    await manual(shop, asked, at_once, by_hand)
    numbers = await queued(shop)
    assert len(numbers) == 12
    give = shop.paper.give
    await give(Process.RENEWALS, numbers[edited.key], EditRenewal("ana", Decimal(120), 24))
    await give(Process.RENEWALS, numbers[expiring.key], LetExpire("ana", "mudou-se"))
    await shop.change(leaving, ChangeKind.CANCELLATION)

    # Both notices are given on the way, two otherwise; one is renewed before its time
    await shop.paper.forward(days=1)
    await reach_otherwise(shop, [numbers[each.key] for each in unreached])
    await shop.paper.forward(days=32)
    for each in (at_once, by_hand):
        await give(Process.RENEWALS, numbers[each.key], RenewNow("ana"))
    await shop.paper.forward(days=2)
    await shop.change(given_up, ChangeKind.CANCELLATION)
    await shop.change(await shop.successor(undone), ChangeKind.CANCELLATION)
    await shop.paper.forward(days=35)

    ended = [await shop.stage(each) for each in (followed, by_hand, undone, given_up)]
    assert ended == ["expired", "expired", "expired", "cancelled"]
    for each, stage in ((followed, "active"), (by_hand, "active"), (given_up, "cancelled")):
        assert await shop.stage(await shop.successor(each)) == stage

    async with shop.database.read() as session:
        kinds = [task.kind for task in await session.exec(select(Task))]
    assert [await shop.stage(each) for each in contracts] == [
        "active",
        "active",
        "active",
        "expired",
        "expired",
        "cancelled",
        "active",
        "active",
    ]
    assert kinds.count("ask") == 1
    assert shop.paper.left_out(renewals.JOURNEY) == []


async def queued(shop: Shop) -> dict[int, int]:
    """The renewals that the scan of the third day puts into the queue, by contract."""
    await shop.paper.forward(days=3)
    await shop.scan()
    async with shop.database.read() as session:
        found = await session.exec(select(ContractRenewal))
        return {each.contract_id: each.number for each in found}


async def reach_otherwise(shop: Shop, renewals: list[int]) -> None:
    """Two first notices come back: one is given by a letter, the other is written again."""
    told = (ProveRenewal("ana", shop.today, "Carta"), TellRenewalAgain("ana"))
    for number, command in zip(renewals, told, strict=True):
        await lose_notice(shop, number)
        await shop.paper.give(Process.RENEWALS, number, command)


async def lose_notice(shop: Shop, number: int) -> None:
    """Its first notice comes back."""
    async with shop.database.write() as session:
        case = await case_of(session, process=Process.RENEWALS, subject_id=number)
        assert case is not None
        for letter in await session.exec(select(Message).where(Message.case_id == case.id)):
            letter.status = "bounced" if letter.status == "queued" else letter.status
            session.add(letter)
        outbox.tell_case(session, case, news_id=f"{case.id}/bounced", at=shop.paper.now)
    await shop.paper.settle()


async def manual(shop: Shop, *contracts: Contract) -> None:
    """They do not renew by themselves."""
    async with shop.database.write() as session:
        for contract in contracts:
            locked = await lock_contract(session, contract.key)
            locked.ignore_automatic_renewal = True
            session.add(locked)


async def test_every_branch_of_a_readjustment(shop: Shop) -> None:
    async with shop.database.write() as session:
        rising, falling, missing = [await an_index(session, rate) for rate in ("0.5", "-0.5", None)]
    signed = {"signed_on": shop.today - timedelta(days=380)}

    async def sold(
        index: int, negative: str = "ask", *, email: str | None = "casa@exemplo.test"
    ) -> Contract:
        async with shop.database.write() as session:
            customer = await builders.a_customer(session, email=email)
        return await shop.sell(
            price_index_id=index, readjustment_method="monthly_rates", customer=customer,
            negative_readjustment=negative, **signed,
        )  # fmt: skip

    told, kept = await sold(rising), await sold(falling, "keep")
    lost, unreached = await sold(rising), await sold(rising, email=None)
    lowered, held, leaving = [await sold(falling) for _ in range(3)]
    waiting = await sold(missing)
    await shop.scan()
    await shop.paper.forward(days=2)
    async with shop.database.read() as session:
        rows = {each.contract_id: each for each in await session.exec(select(ContractReadjustment))}
    assert {contract_id: row.stage for contract_id, row in rows.items()} == {
        told.key: "told", lost.key: "told", unreached.key: "untold", kept.key: "kept",
        lowered.key: "asked", held.key: "asked",
        leaving.key: "asked", waiting.key: "waiting",
    }  # fmt: skip

    await shop.paper.give(
        Process.READJUSTMENTS, rows[lowered.key].number, DecideReadjustment("ana", reduce=True)
    )
    await shop.paper.give(
        Process.READJUSTMENTS, rows[held.key].number, DecideReadjustment("ana", reduce=False)
    )
    for contract in (leaving, waiting):
        await shop.change(contract, ChangeKind.CANCELLATION)

    # One is reached by a letter alone; of two e-mails one comes back, and is written again
    proven = ProveReadjustment("ana", shop.today, "Carta registrada")
    await shop.paper.give(Process.READJUSTMENTS, rows[unreached.key].number, proven)
    await shop.become(rows[told.key], "sent")
    await shop.become(rows[lost.key], "bounced")
    again = TellReadjustmentAgain("ana")
    await shop.paper.give(Process.READJUSTMENTS, rows[lost.key].number, again)
    await shop.paper.forward(days=40)
    async with shop.database.read() as session:
        stages = [
            (await session.get_one(ContractReadjustment, rows[each.key].number)).stage
            for each in (told, lost, unreached)
        ]
    assert stages == ["in_force", "told", "in_force"]

    assert shop.paper.left_out(readjustments.JOURNEY) == []


async def an_index(session: Any, rate: str | None) -> int:
    """Two years of one monthly rate; None: of none."""
    index = await builders.stored(session, PriceIndex(code=f"I{rate}", name="Índice"))
    for months in range(26 if rate else 0):
        year, month = divmod(2024 * 12 + 9 + months, 12)
        first = date(year, month + 1, 1)
        session.add(
            PriceIndexMonth(price_index_id=index.id, month=first, value=Decimal(rate or "0"))
        )
    number: int = index.id
    return number
