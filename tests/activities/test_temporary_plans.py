"""A plan for a time costs what is more than the price of its days, when that changes meanwhile."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contract_changes import ask_change, decide
from activities.readjustments import decide as decide_readjustment
from activities.renewal_effects import renew
from activities.renewals import queue_renewal
from models.cases import Case, case_of
from models.contracts import Contract
from models.database import Database
from rules.cases import Elapsed, Process
from rules.contract_changes import AskedChange, ChangeKind, EndNow
from rules.contracts import RenewalForm
from tests.activities.test_renewals import index, opened
from tests.builders import AT
from tests.contracts import a_plan, activated, charges, day


async def renewed(session: AsyncSession, form: RenewalForm) -> Contract:
    """100 reais a month until 16 January, 120 from then on: its renewal is made already."""
    contract = await activated(session, await a_plan(session), ends_on=day("16/01/2027"))
    renewal = await queue_renewal(session, contract, at=AT)
    assert renewal is not None
    renewal.amount, renewal.form = Decimal("120.00"), form
    await renew(session, contract, renewal, by="ana", at=AT)
    await session.flush()
    return contract


async def upgraded(session: AsyncSession, contract: Contract, *, since: str, until: str) -> Case:
    """160 reais for a time; gives its case."""
    faster = await a_plan(session, amount=Decimal("160.00"))
    asked = AskedChange(ChangeKind.UPGRADE, day(since), until=day(until), plan_id=faster.id)
    change = await ask_change(session, contract, asked, by="ana", at=AT)
    case = await case_of(session, process=Process.CONTRACT_CHANGES, subject_id=change.number)
    if change.stage == "scheduled":
        await decide(session, case, Elapsed("begin"), AT + (day(since) - AT.date()))
    return case


async def differences(
    session: AsyncSession, contract: Contract
) -> list[tuple[date | None, Decimal]]:
    found = [
        each for kind in ("pro_rata", "credit")
        for each in await charges(session, contract, kind=kind)
        if each.status != "cancelled"
    ]  # fmt: skip
    return [(each.period_end, each.amount) for each in found]


@pytest.mark.parametrize("form", list(RenewalForm))
async def test_before_the_next_term_it_counts_from_this_ones_price(
    database: Database, form: RenewalForm
) -> None:
    async with database.write() as session:
        contract = await renewed(session, form)
        await upgraded(session, contract, since="16/11/2026", until="01/12/2026")

        told = await differences(session, contract)

    assert told == [(day("01/12/2026"), Decimal("30.00"))]  # 15 of 30 days of 60 reais


@pytest.mark.parametrize("form", list(RenewalForm))
async def test_across_the_end_of_a_term_each_day_has_its_own_price(
    database: Database, form: RenewalForm
) -> None:
    async with database.write() as session:
        contract = await renewed(session, form)
        case = await upgraded(session, contract, since="01/01/2027", until="16/02/2027")

        # 15 of 31 days of 60 reais, then a month of 40
        assert await differences(session, contract) == [
            (day("16/01/2027"), Decimal("29.03")), (day("16/02/2027"), Decimal("40.00")),
        ]  # fmt: skip

        await decide(session, case, EndNow(by="ana"), AT + timedelta(days=76))  # 31 January
        assert await differences(session, contract) == [
            (day("16/01/2027"), Decimal("29.03")), (day("31/01/2027"), Decimal("19.35")),
        ]  # fmt: skip


async def test_a_readjusted_price_counts_from_the_first_period_that_has_it(
    database: Database,
) -> None:
    async with database.write() as session:
        contract, _, case = await opened(session, await index(session, *["1"] * 12))
        await decide_readjustment(session, case, Elapsed("decide"), AT)
        monthly = await charges(session, contract, kind="monthly")
        assert [each.amount for each in monthly[:2]] == [Decimal("100.00"), Decimal("112.68")]

        await upgraded(session, contract, since="01/12/2026", until="31/12/2026")

        assert await differences(session, contract) == [
            (day("16/12/2026"), Decimal("30.00")), (day("31/12/2026"), Decimal("22.90")),
        ]  # fmt: skip
