"""What an index adds to a refund that was given before anybody knew it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select

from activities.index_asking import months_informed
from models.charges import Charge
from models.contestations import Contestation
from models.database import Database
from models.outbox import OutboxEntry
from models.plans import PriceIndex, PriceIndexMonth
from models.received_contestations import ReceivedContestation
from models.tasks import Task
from rules.cases import News
from rules.contestation_commands import NotInThisStage
from rules.contestation_received import RefundChannel
from rules.contestation_received_commands import AnswerCustomer, RecordRefund
from tests.support.received_claims import Claim, bill, days, know_ipca, noon, owe, pay

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


@pytest.fixture
async def claim(database: Database) -> Claim:
    return await Claim(database).begin()


async def test_what_an_index_adds_to_a_refund_by_bank_goes_back_once_it_is_known(claim: Claim):
    await know_ipca(claim, {})
    await pay(claim, "100.00", on=days(0))
    await claim.contest("30.00", refund_channel=RefundChannel.BANK)
    await claim.do(AnswerCustomer("ana", Decimal("30.00")))
    await claim.letter_leaves()
    claim.today = days(20)

    await claim.do(RecordRefund("ana", days(20), "TED 991"))  # 6 December: November is not out
    waiting, given = await claim.one(Contestation), await claim.one(ReceivedContestation)
    with pytest.raises(NotInThisStage):
        await claim.do(RecordRefund("ana", days(20), "TED 992"))
    taken = await claim.pass_time(until=date(2026, 12, 11))
    asked = [each.places["month"] for each in await claim.all(Task) if each.finished_at is None]
    await inform(claim, NOVEMBER, "1.00")
    owed = await claim.one(ReceivedContestation)
    await claim.do(RecordRefund("ana", claim.today, "TED 992"))

    row, received = await claim.one(Contestation), await claim.one(ReceivedContestation)
    assert (waiting.stage, given.given, given.awaits_index) == (
        "awaiting_credit", Decimal("60.40"), True,
    )  # fmt: skip
    assert (taken, asked) == (["ask_index"], ["11/2026"])
    # 60.00 x 1.01, and twenty days of it at a thirtieth of 1 %
    assert (owed.refund, owed.left) == (Decimal("61.00"), Decimal("0.60"))
    assert (row.stage, row.credited, received.given) == (
        "closed", Decimal("61.00"), Decimal("61.00"),
    )  # fmt: skip
    assert {each.finished_at is None for each in await claim.all(Task)} == {False}


@pytest.mark.parametrize("rate", ["0.00", "-0.50"])
async def test_an_index_that_did_not_rise_adds_nothing_and_ends_it(claim: Claim, rate: str):
    await know_ipca(claim, {})
    await pay(claim, "100.00", on=days(0))
    await claim.contest("30.00", refund_channel=RefundChannel.BANK)
    await claim.do(AnswerCustomer("ana", Decimal("30.00")))
    await claim.letter_leaves()
    claim.today = days(20)
    await claim.do(RecordRefund("ana", days(20), "TED 991"))

    await inform(claim, NOVEMBER, rate)

    row, received = await claim.one(Contestation), await claim.one(ReceivedContestation)
    assert (row.stage, received.refund) == ("closed", Decimal("60.40"))


async def test_what_an_index_adds_to_a_credit_comes_on_a_later_invoice(claim: Claim):
    await know_ipca(claim, {NOVEMBER: "1.00"})
    await pay(claim, "100.00", on=date(2026, 11, 10))
    await claim.contest("30.00")
    await claim.do(AnswerCustomer("ana", Decimal("30.00")))
    await claim.letter_leaves()
    await owe(claim, "200.00", on=date(2027, 1, 10))
    await bill(claim, on=date(2027, 1, 10))
    claim.today = date(2027, 1, 10)
    await claim.do(News())

    await inform(claim, DECEMBER, "0.50")

    row = await claim.one(Contestation)
    charges = {each.key: each.amount for each in await claim.all(Charge)}
    # 62.14 with both months, 61.83 with November's alone
    assert (row.stage, row.credited) == ("awaiting_credit", Decimal("61.83"))
    assert charges["contestation/1/rest"] == Decimal("-0.31")


async def inform(claim: Claim, month: date, value: str) -> None:
    """A month of the index is typed, and whoever waited for it looks again."""
    async with claim.database.write() as session:
        index = (await session.exec(select(PriceIndex.id))).one()
        session.add(PriceIndexMonth(price_index_id=index, month=month, value=Decimal(value)))
        await session.flush()
        await months_informed(session, index or 0, [month], at=noon(claim.today))
        told = (await session.exec(select(OutboxEntry.news_id))).all()
    assert any(each and each.startswith("price-index/IPCA/") for each in told)
    await claim.do(News())
