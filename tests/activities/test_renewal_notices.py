"""A renewal waits until both of its notices reached the customer, or somebody says how else."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.renewals import decide, queue_renewal
from models.cases import Case, case_of
from models.contracts import Contract
from models.customers import Customer
from models.database import Database
from models.messages import Message
from models.renewals import ContractRenewal
from models.tasks import Task
from rules.bureau_notices import NoticeProvenOnNotPossible
from rules.business_days import local_date
from rules.cases import Elapsed, News, Process
from rules.notices import NobodyReached
from rules.renewals import (
    EditRenewal,
    LetExpire,
    ProveRenewal,
    RenewalNoticeNotWanted,
    RenewalUntold,
    RenewNow,
    TellRenewalAgain,
)
from tests import builders
from tests.activities.test_renewals import settle
from tests.builders import AT
from tests.contracts import a_plan, activated

#: The second notice of a year's term that began today.
TOLD = AT + timedelta(days=336)


async def told_twice(
    session: AsyncSession, *, email: str | None = None
) -> tuple[Contract, ContractRenewal, Case]:
    """A term with two open invoices left, after both days of its notices."""
    customer = await builders.a_customer(session, email=email)
    contract = await activated(session, await a_plan(session), customer=customer)
    await settle(session, contract, left=2)
    renewal = await queue_renewal(session, contract, at=AT)
    assert renewal is not None
    case = await case_of(session, process=Process.RENEWALS, subject_id=renewal.number)
    assert case is not None
    for step, days in (("first_notice", 306), ("second_notice", 336)):
        await decide(session, case, Elapsed(step), AT + timedelta(days=days))
        case.version += 1  # as every transition does
    return contract, renewal, case


async def asked(session: AsyncSession) -> list[str]:
    found = await session.exec(select(Task).where(Task.kind == "renewal_untold").order_by("id"))
    return [each.status for each in found]


async def become(session: AsyncSession, case: Case, status: str, **which: Any) -> None:
    letters = select(Message).where(Message.status != "suppressed").order_by("id")
    found = list(await session.exec(letters))
    for letter in found[which.get("first", 0) :]:
        letter.status, letter.sent_at = status, TOLD
        session.add(letter)
    await decide(session, case, News(), TOLD)


async def test_who_was_reached_on_no_channel_is_not_renewed(database: Database) -> None:
    async with database.write() as session:
        contract, renewal, case = await told_twice(session)

        assert (renewal.notices, case.next_kind, await asked(session)) == (2, "expire", ["open"])
        with pytest.raises(RenewalUntold):
            await decide(session, case, RenewNow("ana"), TOLD)
        await decide(session, case, Elapsed("renew"), TOLD)
        assert renewal.stage == "queued"

        await decide(session, case, Elapsed("expire"), AT + timedelta(days=366))
        assert (contract.stage, renewal.stage) == ("expired", "expired")
        assert await asked(session) == ["cancelled"]


async def test_who_was_told_by_letter_is_renewed(database: Database) -> None:
    async with database.write() as session:
        contract, renewal, case = await told_twice(session)
        for day in (local_date(AT) - timedelta(days=1), local_date(TOLD) + timedelta(days=1)):
            with pytest.raises(NoticeProvenOnNotPossible):
                await decide(session, case, ProveRenewal("ana", day, "Carta"), TOLD)

        await decide(session, case, ProveRenewal("ana", local_date(TOLD), "Carta BR9"), TOLD)

        assert (renewal.told_how, case.next_kind) == ("Carta BR9", "renew")
        assert await asked(session) == ["cancelled"]
        await decide(session, case, Elapsed("renew"), TOLD)
        assert (renewal.stage, contract.term) == ("renewed", 2)


async def test_a_letter_that_comes_back_holds_the_renewal(database: Database) -> None:
    async with database.write() as session:
        _, renewal, case = await told_twice(session, email="casa@exemplo.test")
        assert (case.next_kind, await asked(session)) == ("renew", [])
        await become(session, case, "sent")
        assert case.next_kind == "renew"

        await become(session, case, "bounced", first=1)

        assert (case.next_kind, await asked(session)) == ("expire", ["open"])
        assert renewal.stage == "queued"


async def test_a_corrected_address_is_written_to_again(database: Database) -> None:
    async with database.write() as session:
        contract, _, case = await told_twice(session)
        with pytest.raises(NobodyReached):
            await decide(session, case, TellRenewalAgain("ana"), TOLD)
        (await session.get_one(Customer, contract.customer_id)).email = "nova@exemplo.test"
        case.version += 1

        await decide(session, case, TellRenewalAgain("ana"), TOLD)

        [letter] = await session.exec(select(Message).where(Message.status == "queued"))
        assert (letter.to_address, letter.purpose) == ("nova@exemplo.test", "contract_renewal")
        assert (case.next_kind, await asked(session)) == ("renew", ["cancelled"])


async def test_what_is_told_wants_no_other_notice(database: Database) -> None:
    async with database.write() as session:
        _, _, case = await told_twice(session, email="casa@exemplo.test")

        for command in (ProveRenewal("ana", local_date(TOLD), "Carta"), TellRenewalAgain("ana")):
            with pytest.raises(RenewalNoticeNotWanted):
                await decide(session, case, command, TOLD)


async def test_another_price_is_told_anew_and_a_proof_of_the_old_one_says_nothing(
    database: Database,
) -> None:
    async with database.write() as session:
        _, renewal, case = await told_twice(session)
        await decide(session, case, ProveRenewal("ana", local_date(TOLD), "Carta"), TOLD)

        await decide(session, case, EditRenewal("ana", Decimal("120.00"), 12), TOLD)

        assert (renewal.notices, renewal.notices_proven, renewal.told_how) == (0, 0, "")
        assert case.next_kind == "first_notice"


async def test_nobody_is_asked_to_tell_who_is_not_to_be_renewed(database: Database) -> None:
    async with database.write() as session:
        customer = await builders.a_customer(session)
        contract = await activated(session, await a_plan(session), customer=customer)
        renewal = await queue_renewal(session, contract, at=AT)
        assert renewal is not None
        case = await case_of(session, process=Process.RENEWALS, subject_id=renewal.number)
        at = AT + timedelta(days=306)
        await decide(session, case, Elapsed("first_notice"), at)
        assert await asked(session) == ["open"]

        await decide(session, case, LetExpire("ana", "mudou-se"), at)

        assert await asked(session) == ["cancelled"]
