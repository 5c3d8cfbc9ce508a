"""One invoice of several contracts: what comes of not paying reaches all that owe some of it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import col, select

from activities.connections import CutBeforeTheLaw, set_by_hand
from activities.contract_takeover import take_over
from activities.ladder_pauses import NewException, end_exception, except_contract, pause
from activities.ladder_preview import preview_of_day
from activities.ladder_why import why_of
from models import bureau_facts
from models.classification import customers_to_classify, load_forwarding
from models.connections import Connection
from models.contracts import Contract
from models.customer_links import releasable_contracts
from models.database import Database
from models.invoice_contracts import InvoiceContract, further_contracts
from models.invoices import Invoice
from models.ladder_tables import Ladder, LadderStep
from models.ladders import LadderExecution, LadderReach
from models.people import Deed
from rules.billing import DueCharge, gather
from rules.business_days import local_date
from rules.connections import ConnectionState
from rules.ladder import PauseReason
from rules.ladder_exceptions import ExceptionKind, ReleaseTooSoon
from rules.ladder_steps import Action
from tests.activities.test_ladder import DUE, Street, morning
from tests.builders import a_contract, pay, stored


class Building(Street):
    """A customer whose three contracts stand on one invoice, booked to the first of them."""

    async def settle(self, **customer) -> None:
        await super().settle(**customer)
        async with self.database.write() as session:
            self.second = await a_contract(session, self.customer)
            self.third = await a_contract(session, self.customer)
            for each in (self.second, self.third):
                await stored(
                    session, InvoiceContract(invoice_id=self.invoice.id, contract_id=each.id)
                )

    async def stages(self) -> list[str]:
        async with self.database.read() as session:
            rows = await session.exec(select(Contract.stage).order_by(col(Contract.id)))
            return list(rows)

    async def follow(self, contract: Contract, *actions: tuple[Action, int]) -> None:
        """The contract has a ladder of its own."""
        async with self.database.write() as session:
            ladder = await stored(session, Ladder(code="OWN", name="Própria"))
            for position, (action, days) in enumerate(actions):
                session.add(LadderStep(ladder_id=ladder.id, action=action, offset_days=days,
                                       position=position))  # fmt: skip
            row = await session.get_one(Contract, contract.id)
            row.ladder_id = ladder.id
            session.add(row)


@pytest.fixture
async def building(database: Database) -> Building:
    building = Building(database)
    await building.settle()
    return building


async def test_all_that_owe_it_are_blocked_once_and_a_payment_lifts_all(building: Building):
    await building.climb_all(1, 5, 18, 20, 21)
    assert await building.stages() == ["blocked", "blocked", "blocked"]
    async with building.database.read() as session:
        blocks = await session.exec(
            select(LadderExecution).where(LadderExecution.action == Action.BLOCK)
        )
        reaches = (await session.exec(select(LadderReach.contract_id).order_by("id"))).all()
    assert len(blocks.all()) == 1
    assert reaches == [building.second.id, building.third.id]

    async with building.database.write() as session:
        await pay(session, building.invoice, at=morning(21))

    assert await building.stages() == ["active", "active", "active"]


async def test_what_one_owes_alone_keeps_it_blocked(building: Building):
    async with building.database.write() as session:
        own = await building.bill(session, contract_id=building.third.id)
    await building.climb_all(1, 5, 18, 20)

    async with building.database.write() as session:
        await pay(session, building.invoice, at=morning(21))
    assert await building.stages() == ["active", "active", "blocked"]
    async with building.database.write() as session:
        await pay(session, own, at=morning(22))
    assert await building.stages() == ["active", "active", "active"]


async def test_a_ladder_of_its_own_says_what_is_done_to_a_contract(building: Building):
    await building.follow(building.second, (Action.REDUCE, 30))
    await building.climb_all(1, 5, 18, 20)

    assert await building.stages() == ["blocked", "reduced", "blocked"]


async def test_whose_ladder_never_blocks_is_not_blocked_with_the_others(building: Building):
    await building.follow(building.second, (Action.TASK, 5), (Action.TERMINATE, 80))
    await building.climb_all(1, 5, 18, 20, 70, 80)

    # it is a telecom service: never suspended, it is not ended either
    assert await building.stages() == ["terminated", "active", "terminated"]


async def test_all_end_for_non_payment(building: Building):
    await building.climb_all(1, 5, 18, 20, 70, 80)

    assert await building.stages() == ["terminated"] * 3


async def test_one_that_is_over_does_not_keep_the_others_in_service(building: Building):
    async with building.database.write() as session:
        first = await session.get_one(Contract, building.contract.id)
        first.stage, first.cancelled_on = "cancelled", DUE
        session.add(first)
    await building.climb_all(1, 5, 18, 20)

    assert await building.stages() == ["cancelled", "blocked", "blocked"]


async def test_the_law_binds_for_a_telecom_service_among_others(building: Building):
    async with building.database.write() as session:
        first = await session.get_one(Contract, building.contract.id)
        first.telecom_service = False
        session.add(first)

    await building.climb_all(20)
    assert await building.stages() == ["active", "active", "active"]
    await building.climb_all(35)

    assert await building.stages() == ["blocked", "blocked", "blocked"]


async def test_a_release_of_one_is_of_the_whole_debt_and_once_in_thirty_days(building: Building):
    await building.climb_all(1, 5, 18, 20)
    trusted = NewException(ExceptionKind.RELEASE, DUE + timedelta(days=24), "Paga na sexta")
    async with building.database.write() as session:
        await except_contract(
            session, building.second.id, trusted, may_override=False, by="ana", at=morning(21)
        )
    assert await building.stages() == ["active", "active", "active"]
    with pytest.raises(ReleaseTooSoon):
        async with building.database.write() as session:
            await except_contract(
                session, building.third.id, trusted, may_override=False, by="ana", at=morning(22)
            )

    await building.climb(23)
    assert await building.stages() == ["active", "active", "active"]
    await building.climb(24)

    assert await building.stages() == ["blocked", "blocked", "blocked"]


async def test_the_customers_link_offers_no_second_release_of_one_debt(building: Building):
    await building.climb_all(1, 5, 18, 20)
    trusted = NewException(ExceptionKind.RELEASE, DUE + timedelta(days=24), "Paga na sexta")

    async def offered(number: int) -> int:
        async with building.database.read() as session:
            return len(
                await releasable_contracts(
                    session, building.customer.id, today=local_date(morning(number)),
                    every_days=30,
                )
            )  # fmt: skip

    assert await offered(21) == 3
    async with building.database.write() as session:
        await except_contract(
            session, building.second.id, trusted, may_override=False, by="ana", at=morning(21)
        )
    await building.climb(24)

    assert (await building.stages(), await offered(25)) == (["blocked"] * 3, 0)


async def test_an_exception_that_ends_blocks_all_again_at_once(building: Building):
    await building.climb_all(1, 5, 18, 20)
    until = NewException(ExceptionKind.EXCEPTION, DUE + timedelta(days=60), "Hospital")
    async with building.database.write() as session:
        await except_contract(
            session, building.third.id, until, may_override=False, by="ana", at=morning(21)
        )
    assert await building.stages() == ["active", "active", "active"]

    async with building.database.write() as session:
        await end_exception(session, building.third.id, by="ana", at=morning(22))

    assert await building.stages() == ["blocked", "blocked", "blocked"]


async def test_while_one_is_excepted_no_step_runs_and_the_rest_comes_later(building: Building):
    await building.climb_all(1, 5)
    until = NewException(ExceptionKind.EXCEPTION, DUE + timedelta(days=25), "Hospital")
    async with building.database.write() as session:
        await except_contract(
            session, building.second.id, until, may_override=False, by="ana", at=morning(10)
        )

    await building.climb_all(20, 33, 34)
    assert await building.stages() == ["active", "active", "active"]
    await building.climb_all(35)

    assert await building.stages() == ["blocked", "blocked", "blocked"]


async def test_what_is_contested_asks_nothing_of_any_of_them(building: Building):
    await building.climb_all(1, 5, 18, 20)

    async with building.database.write() as session:
        invoice = await session.get_one(Invoice, building.invoice.id)
        await pause(session, invoice, reason=PauseReason.CONTESTATION, reference="c/1", by="ana",
                    at=morning(21))  # fmt: skip

    assert await building.stages() == ["active", "active", "active"]


async def test_by_hand_one_of_them_is_cut_when_the_law_lets_their_debt(building: Building):
    await building.climb_all(1, 5)
    async with building.database.write() as session:
        service = Connection(
            contract_id=building.third.id, kind="internet", state="active", since=morning(0)
        )
        await stored(session, service)

    async def block(number: int) -> None:
        async with building.database.write() as session:
            await set_by_hand(
                session, service.id or 0, ConnectionState.BLOCKED, reason="Deve",
                may_override=False, deed=Deed("ana", morning(number)),
            )  # fmt: skip

    with pytest.raises(CutBeforeTheLaw):
        await block(10)
    await block(40)

    async with building.database.read() as session:
        assert (await session.get_one(Connection, service.id)).state == "blocked"


async def test_the_preview_counts_every_contract(building: Building):
    await building.climb_all(1, 5, 18)

    async with building.database.read() as session:
        today = local_date(morning(19))
        shown = await preview_of_day(session, at=morning(19), today=today)

    blocks = [each.invoices for each in shown.effects if each.rung.action == Action.BLOCK]
    assert (shown.suspensions, blocks) == (3, [1])


async def test_the_page_of_the_why_names_who_was_reached(building: Building):
    await building.climb_all(1, 5, 18, 20)

    async with building.database.read() as session:
        told = await why_of(session, building.invoice.key, today=local_date(morning(20)))

    block = next(each for each in told.steps if each.action == Action.BLOCK)
    assert block.contracts == (
        building.contract.code, building.second.code, building.third.code,
    )  # fmt: skip


async def test_the_bureau_waits_for_the_end_of_all(building: Building):
    async with building.database.write() as session:
        first = await session.get_one(Contract, building.contract.id)
        first.stage, first.terminated_on = "terminated", DUE
        session.add(first)
    async with building.database.read() as session:
        invoice = await session.get_one(Invoice, building.invoice.id)
        before, _ = await bureau_facts._services(session, [invoice], DUE + timedelta(days=1))

    assert before == {invoice.key}


async def test_a_successor_takes_the_place_of_one_of_them(building: Building):
    await building.climb_all(1, 5, 18, 20)
    async with building.database.write() as session:
        old = await session.get_one(Contract, building.second.id)
        new = await a_contract(session, building.customer, starts_on=DUE + timedelta(days=21),
                               stage="awaiting_activation")  # fmt: skip
        await take_over(session, old, new, by="system", at=morning(21))
    async with building.database.read() as session:
        assert (await further_contracts(session, [building.invoice.key]))[building.invoice.key] == [
            building.third.id,
            new.id,
        ]

    async with building.database.write() as session:
        await pay(session, building.invoice, at=morning(22))

    assert await building.stages() == ["active", "expired", "active", "active"]


async def test_a_successor_that_owes_some_of_the_invoice_too_owes_it_once(building: Building):
    async with building.database.write() as session:
        new = await a_contract(session, building.customer, starts_on=DUE + timedelta(days=21),
                               stage="awaiting_activation")  # fmt: skip
        await stored(session, InvoiceContract(invoice_id=building.invoice.id, contract_id=new.id))
    await building.climb_all(1, 5, 18, 20)

    async with building.database.write() as session:
        old = await session.get_one(Contract, building.second.id)
        taker = await session.get_one(Contract, new.id)
        await take_over(session, old, taker, by="system", at=morning(21))

    async with building.database.read() as session:
        owing = await further_contracts(session, [building.invoice.key])
        reached = (await session.exec(select(LadderReach.contract_id).order_by("id"))).all()
    assert owing[building.invoice.key] == [building.third.id, new.id]
    assert sorted(reached) == [building.third.id, new.id]


async def test_a_successor_of_whom_it_is_booked_to_owes_it_no_second_time(building: Building):
    async with building.database.write() as session:
        new = await a_contract(session, building.customer, starts_on=DUE + timedelta(days=21),
                               stage="awaiting_activation")  # fmt: skip
        await stored(session, InvoiceContract(invoice_id=building.invoice.id, contract_id=new.id))
        old = await session.get_one(Contract, building.contract.id)
        await take_over(session, old, new, by="system", at=morning(21))

    async with building.database.read() as session:
        invoice = await session.get_one(Invoice, building.invoice.id)
        owing = await further_contracts(session, [invoice.key])
    assert invoice.contract_id == new.id
    assert owing[invoice.key] == [building.second.id, building.third.id]


async def test_a_successor_owes_what_waits_in_an_agreement_too(building: Building):
    async with building.database.write() as session:
        invoice = await session.get_one(Invoice, building.invoice.id)
        invoice.status = "replaced"
        session.add(invoice)
        old = await session.get_one(Contract, building.second.id)
        new = await a_contract(session, building.customer, starts_on=DUE + timedelta(days=21),
                               stage="awaiting_activation")  # fmt: skip
        await take_over(session, old, new, by="system", at=morning(21))

    async with building.database.read() as session:
        owing = await further_contracts(session, [building.invoice.key])
    assert owing[building.invoice.key] == [building.third.id, new.id]


async def test_the_classifier_leaves_alone_what_an_excepted_contract_owes_with_others(
    building: Building,
):
    day = DUE + timedelta(days=30)
    async with building.database.write() as session:
        forwarding = await load_forwarding(session, day)
        assert await customers_to_classify(session, forwarding) == [building.customer.id]
        until = NewException(ExceptionKind.EXCEPTION, day + timedelta(days=9), "Hospital")
        await except_contract(
            session, building.second.id, until, may_override=False, by="ana", at=morning(30)
        )

        assert await customers_to_classify(session, forwarding) == []


def test_who_only_has_a_credit_on_it_owes_nothing():
    def due(number: int, contract_id: int, net: str) -> DueCharge:
        return DueCharge(
            number, 1, contract_id, f"K{contract_id}", 7, "grouped", None, "open", DUE, DUE,
            f"Plano {contract_id}", Decimal(net), Decimal(0),
        )  # fmt: skip

    [bundle] = gather([due(1, 1, "-10"), due(2, 2, "100"), due(3, 3, "50")], today=DUE).bundles

    assert (bundle.first.contract_id, bundle.owing) == (2, [2, 3])
