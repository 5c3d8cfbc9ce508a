"""A new price waits until its customer was told: by any channel, or otherwise, on record."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.coming_prices import prices_from
from activities.contract_prices import Adjustment, forgive
from activities.readjustments import decide
from activities.renewals import decide as decide_renewal
from activities.renewals import queue_renewal
from models.cases import Case, case_of
from models.contracts import Contract, ContractEvent
from models.customers import Customer
from models.database import Database
from models.messages import Message
from models.readjustments import ContractReadjustment
from models.tasks import Task
from rules.bureau_notices import NoticeProofRequired, NoticeProvenOnNotPossible
from rules.business_days import local_date
from rules.cases import Elapsed, News, Process
from rules.notices import NobodyReached
from rules.plan_prices import PriceFrom
from rules.proration import Period
from rules.readjustments import (
    ProveReadjustment,
    ReadjustmentNoticeNotWanted,
    TellReadjustmentAgain,
)
from rules.refusals import Refusal
from rules.renewals import RenewNow
from tests.activities.test_renewals import index, opened
from tests.builders import AT, TODAY, days
from tests.contracts import charges

OLD, NEW = Decimal("100.00"), Decimal("112.68")
Opened = tuple[Contract, ContractReadjustment, Case]


async def decided(session: AsyncSession, **customer: Any) -> Opened:
    """The new price is known; the customer has these addresses."""
    found = await opened(session, await index(session, *["1"] * 12))
    known = await session.get_one(Customer, found[0].customer_id)
    for name, value in {"email": None, "mobile": None, **customer}.items():
        setattr(known, name, value)
    await decide(session, found[2], Elapsed("decide"), AT)
    await session.flush()
    return found


async def amounts(session: AsyncSession, contract: Contract) -> list[Decimal]:
    """Of the charges issued on 30 November, 31 December and 31 January."""
    return [each.amount for each in await charges(session, contract, kind="monthly")][:3]


async def become(session: AsyncSession, status: str, *, at: datetime = AT) -> None:
    for message in await session.exec(select(Message).where(Message.status != "suppressed")):
        message.status, message.sent_at = status, at
        session.add(message)
    await session.flush()


async def asked(session: AsyncSession) -> list[str]:
    found = await session.exec(select(Task).where(Task.kind == "readjustment_untold"))
    return [each.status for each in found]


async def test_who_has_no_address_pays_the_old_price_until_told_otherwise(
    database: Database,
) -> None:
    async with database.write() as session:
        contract, readjustment, case = await decided(session)
        assert (readjustment.stage, readjustment.told_on) == ("untold", None)
        assert (contract.monthly_amount, await asked(session)) == (OLD, ["open"])
        assert await amounts(session, contract) == [OLD, OLD, OLD]

        at = AT + timedelta(days=40)
        await decide(session, case, News(), at)
        told = ProveReadjustment("ana", days(38), "Carta registrada BR123")
        await decide(session, case, told, at)

        assert (readjustment.stage, readjustment.told_on) == ("told", days(38))
        assert (contract.monthly_amount, await asked(session)) == (NEW, ["cancelled"])
        # told on 24 December: invoices issued from 23 January on
        assert await amounts(session, contract) == [OLD, OLD, NEW]
        kinds = list(await session.exec(select(ContractEvent.kind)))
    assert {"readjustment_untold", "readjustment_proven", "readjusted"} <= set(kinds)


async def test_a_letter_that_comes_back_takes_the_price_back(database: Database) -> None:
    async with database.write() as session:
        contract, readjustment, case = await decided(session, email="casa@exemplo.test")
        assert (readjustment.stage, contract.monthly_amount) == ("told", NEW)
        assert case.next_kind == "take_effect"
        await become(session, "sent")
        await decide(session, case, News(), AT)
        assert await amounts(session, contract) == [OLD, NEW, NEW]

        await become(session, "bounced")
        await decide(session, case, News(), AT + timedelta(days=1))

        assert readjustment.stage == "untold"
        assert not readjustment.told_on
        assert not case.next_kind
        assert (contract.monthly_amount, await asked(session)) == (OLD, ["open"])
        assert await amounts(session, contract) == [OLD, OLD, OLD]
        assert case.closed_at is None


async def renewed_ahead(session: AsyncSession, contract: Contract, amount: Decimal) -> None:
    """The next term is there already, at a price of its own, of which the customer was told."""
    renewal = await queue_renewal(session, contract, at=AT)
    assert renewal is not None
    renewal.amount, renewal.notices = amount, 2
    case = await case_of(session, process=Process.RENEWALS, subject_id=renewal.number)
    assert case is not None
    await decide_renewal(session, case, RenewNow(by="ana"), AT + timedelta(hours=1))
    await session.flush()


async def amounts_by_term(
    session: AsyncSession, contract: Contract, ends_on: date
) -> tuple[set[Decimal], set[Decimal]]:
    """What is asked for the days until the term ends, and after."""
    found = await charges(session, contract, kind="monthly")
    asked = [(each.amount, each.period_start) for each in found if each.period_start]
    return (
        {amount for amount, since in asked if since < ends_on},
        {amount for amount, since in asked if since >= ends_on},
    )


@pytest.mark.parametrize("next_price", [Decimal("130.00"), NEW])
async def test_a_letter_that_comes_back_after_a_renewal_takes_back_this_terms_price_alone(
    database: Database, next_price: Decimal
) -> None:
    async with database.write() as session:
        contract, readjustment, case = await decided(session, email="casa@exemplo.test")
        await become(session, "sent")
        await decide(session, case, News(), AT)
        ends_on = contract.ends_on or TODAY
        await renewed_ahead(session, contract, next_price)
        assert await amounts_by_term(session, contract, ends_on) == ({OLD, NEW}, {next_price})

        await become(session, "bounced")
        await decide(session, case, News(), AT + timedelta(days=1))

        assert await amounts_by_term(session, contract, ends_on) == ({OLD}, {next_price})
        assert (readjustment.stage, contract.monthly_amount) == ("withdrawn", next_price)
        kinds = list(await session.exec(select(ContractEvent.kind)))
    assert "readjustment_untold" in kinds


async def test_a_readjustment_after_a_renewal_ahead_is_of_the_next_term(
    database: Database,
) -> None:
    async with database.write() as session:
        contract, readjustment, case = await opened(session, await index(session, *["1"] * 12))
        ends_on = contract.ends_on or TODAY
        await renewed_ahead(session, contract, Decimal("130.00"))

        await decide(session, case, Elapsed("decide"), AT + timedelta(hours=2))

        new = Decimal("146.49")  # 130.00 x 1.01 ** 12
        assert (readjustment.stage, contract.monthly_amount) == ("told", new)
        assert await amounts_by_term(session, contract, ends_on) == ({OLD}, {new})
        coming = await prices_from(session, contract, since=TODAY)
        assert coming == [PriceFrom(TODAY, OLD), PriceFrom(ends_on, new)]


async def test_days_that_are_not_owed_stay_free_at_the_new_price(database: Database) -> None:
    async with database.write() as session:
        contract, _, case = await opened(session, await index(session, *["1"] * 12))
        _, second, *_ = await charges(session, contract, kind="monthly")
        assert second.period_start is not None
        lost = Period(second.period_start, second.period_start + timedelta(days=10))
        await forgive(session, contract, Adjustment("x", "Suspenso", "ana", AT), lost=lost)
        assert (second.amount, second.lost_days) == (Decimal("67.74"), 10)

        await decide(session, case, Elapsed("decide"), AT)

        assert second.amount == Decimal("76.33")  # 112.68 for 21 of 31 days


async def test_the_days_count_from_when_it_left_and_then_the_price_is_in_force(
    database: Database,
) -> None:
    async with database.write() as session:
        contract, readjustment, case = await decided(session, email="casa@exemplo.test")
        assert await amounts(session, contract) == [OLD, NEW, NEW]

        late = AT + timedelta(days=20)  # the provider was away
        await become(session, "sent", at=late)
        await decide(session, case, News(), late)

        assert readjustment.told_on == days(20)
        assert await amounts(session, contract) == [OLD, OLD, NEW]  # from 5 January on
        assert case.next_at is not None
        assert local_date(case.next_at) == days(50)
        await decide(session, case, Elapsed("take_effect"), AT + timedelta(days=50))
        assert (readjustment.stage, case.closed_at is None) == ("in_force", False)


async def test_a_letter_that_leaves_late_changes_no_charge_of_another_plan(
    database: Database,
) -> None:
    async with database.write() as session:
        contract, readjustment, case = await decided(session, email="casa@exemplo.test")
        contract.monthly_amount = another = Decimal("130.00")
        for charge in await charges(session, contract, kind="monthly"):
            charge.amount = another
            session.add(charge)

        late = AT + timedelta(days=20)
        await become(session, "sent", at=late)
        await decide(session, case, News(), late)

        assert readjustment.told_on == days(20)
        assert await amounts(session, contract) == [another, another, another]


async def test_a_corrected_address_is_written_to_again(database: Database) -> None:
    async with database.write() as session:
        contract, readjustment, case = await decided(session)
        with pytest.raises(NobodyReached):
            await decide(session, case, TellReadjustmentAgain("ana"), AT)
        customer = await session.get_one(Customer, contract.customer_id)
        customer.email = "nova@exemplo.test"
        case.version += 1  # as every transition does

        await decide(session, case, TellReadjustmentAgain("ana"), AT + timedelta(days=2))

        assert (readjustment.stage, readjustment.told_on) == ("told", days(2))
        [letter] = await session.exec(select(Message).where(Message.status == "queued"))
        assert (letter.to_address, "112,68" in letter.text) == ("nova@exemplo.test", True)
        assert (contract.monthly_amount, await asked(session)) == (NEW, ["cancelled"])


@pytest.mark.parametrize(
    ("on", "proof", "refusal"),
    [
        (TODAY - timedelta(days=1), "Carta", NoticeProvenOnNotPossible),
        (TODAY + timedelta(days=1), "Carta", NoticeProvenOnNotPossible),
        (TODAY, " ", NoticeProofRequired),
    ],
)
async def test_a_notice_nobody_can_have_given_is_refused(
    database: Database, on: Any, proof: str, refusal: type[Refusal]
) -> None:
    async with database.write() as session:
        contract, readjustment, case = await decided(session)

        with pytest.raises(refusal):
            await decide(session, case, ProveReadjustment("ana", on, proof), AT)

        assert (readjustment.stage, contract.monthly_amount) == ("untold", OLD)


async def test_what_was_told_wants_no_other_notice(database: Database) -> None:
    async with database.write() as session:
        _, _, case = await decided(session, email="casa@exemplo.test")

        for command in (ProveReadjustment("ana", TODAY, "Carta"), TellReadjustmentAgain("ana")):
            with pytest.raises(ReadjustmentNoticeNotWanted):
                await decide(session, case, command, AT)
        assert case.process == Process.READJUSTMENTS


async def test_another_price_meanwhile_ends_a_readjustment_that_nobody_heard_of(
    database: Database,
) -> None:
    async with database.write() as session:
        contract, readjustment, case = await decided(session)
        contract.monthly_amount = Decimal("130.00")  # another plan

        await decide(session, case, ProveReadjustment("ana", TODAY, "Carta"), AT)

        assert (readjustment.stage, contract.monthly_amount) == ("withdrawn", Decimal("130.00"))
        assert await asked(session) == ["cancelled"]


async def test_the_next_terms_price_ends_a_readjustment_that_nobody_heard_of(
    database: Database,
) -> None:
    async with database.write() as session:
        contract, readjustment, case = await decided(session)
        ends_on = contract.ends_on or TODAY
        await renewed_ahead(session, contract, OLD)

        await decide(session, case, ProveReadjustment("ana", TODAY, "Carta"), AT)

        assert (readjustment.stage, contract.monthly_amount) == ("withdrawn", OLD)
        assert await amounts_by_term(session, contract, ends_on) == ({OLD}, {OLD})
