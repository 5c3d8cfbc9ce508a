"""What a carrier owes of what was paid: counted, looked for, gone back for, and given up."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import select

from activities.contestation_dues import count_dues
from activities.contestation_evidence import evidence_sheet
from activities.contestation_papers import Letter, letter_of
from models.carrier_invoices import invoice_of
from models.contestations import Contestation, ContestationItem, Correction, items_of
from models.database import Database
from models.messages import Message
from models.plans import PriceIndex, PriceIndexMonth
from models.policies import PolicyValue
from rules.contestation import Remedy
from rules.contestation_commands import (
    AcceptRefusal,
    ApprovalRequired,
    ChooseRemedy,
    FileContestation,
    ItemAnswer,
    RecordAnswer,
    RecordCorrectionRequest,
    RecordInvoicePayment,
    WithdrawContestation,
)
from rules.money import round_half_up
from rules.refusals import written_amount, written_date
from tests.support.contestations import (
    NEXT_ISSUED,
    RETURN_ISSUED,
    Dispute,
    a_protocol,
    accept_all,
    all_of,
    days,
    filed,
    next_bill,
    noon,
    open_tasks,
    whole_credits,
)


@pytest.fixture
async def dispute(database: Database, tmp_path: Path) -> Dispute:
    return await Dispute(database, tmp_path).begin()


async def test_the_double_without_correction_and_interest_is_short_and_its_rest_ends_it(
    dispute: Dispute,
):
    await an_index(dispute, date(2026, 11, 1), "2.00")
    await filed(dispute)
    await dispute.do(RecordInvoicePayment("ana", dispute.today))
    await accept_all(dispute)
    doubled = [(each.number, 2 * each.difference) for each in dispute.planted]
    dispute.today = days(30)

    # The double comes, without November's 2 % and the interest of thirty days: it goes back
    await dispute.receive(next_bill(dispute, *doubled))
    await dispute.hear()
    short = await dispute.row()
    items = await all_of(dispute, ContestationItem)
    await dispute.write_letter()
    letter = (await all_of(dispute, Message))[-1].text
    # The carrier gives in, and the rest comes a month later, with its own interest
    await dispute.do(a_protocol(noon(dispute.today), protocol="second"))
    await accept_all(dispute)
    asked = [(each.number, each.awaited) for each in await rest_on(dispute, RETURN_ISSUED)]
    dispute.today = RETURN_ISSUED
    await dispute.receive(
        next_bill(dispute, *((n, int(a * 100)) for n, a in asked), issued=RETURN_ISSUED)
    )
    await dispute.hear()

    row = await dispute.row()
    assert (short.stage, short.round) == ("filed", 2)
    assert {each.repeats for each in await all_of(dispute, Correction)} == {0}
    assert short.correction == sum(round_half_up(2 * each.claimed / 50) for each in items)
    assert short.credited == 2 * short.claimed
    assert [each.awaited for each in items] == [e.correction + e.interest for e in items]
    assert written_amount(short.correction) in letter
    assert row.stage == "closed"
    assert row.credited == 2 * row.claimed + row.correction + row.interest


async def more_came(dispute: Dispute, amount: int) -> None:
    """What an item got, beyond what it asks for."""
    async with dispute.database.write() as session:
        came = select(ContestationItem).where(ContestationItem.credited > 0)
        item = (await session.exec(came)).one()
        item.credited += amount
        session.add(item)


async def test_the_rest_of_a_short_credit_may_be_given_up_with_approval_if_it_is_much(
    dispute: Dispute,
):
    await filed(dispute)
    await dispute.do(RecordInvoicePayment("ana", dispute.today))
    await accept_all(dispute)
    first = dispute.planted[0]
    dispute.today = days(30)
    await dispute.receive(next_bill(dispute, (first.number, 2 * first.difference)))
    await dispute.hear()
    async with dispute.database.write() as session:
        at = noon(dispute.today)
        session.add(
            PolicyValue(
                name="ContestationPolicy.approval_above", value=0, changed_at=at, changed_by="a"
            )
        )
    await more_came(dispute, 100_000)  # which makes what is lost of the other item no smaller

    with pytest.raises(ApprovalRequired):
        await dispute.do(AcceptRefusal("ana", "Não vale a briga"))
    with pytest.raises(ApprovalRequired):
        await dispute.do(WithdrawContestation("ana", "Não vale a briga"))
    await more_came(dispute, -100_000)
    await dispute.do(AcceptRefusal("ana", "Não vale a briga", approves=True))

    row = await dispute.row()
    assert row.stage == "closed"
    assert row.credited == row.accepted + row.extra == Decimal(2 * first.difference) / 100
    assert {each.status for each in await dispute.findings()} >= {"credited", "refused"}
    assert "rest_forgone" in await dispute.story()


async def test_a_letter_about_a_short_credit_names_what_is_missing_alone(dispute: Dispute):
    await dispute.contest()
    await dispute.do(RecordInvoicePayment("ana", dispute.today))
    await dispute.do(FileContestation("ana"))
    async with dispute.database.read() as session:
        first = await letter_of(session, await session.get_one(Contestation, dispute.number))
    await dispute.write_letter()
    await dispute.do(a_protocol(noon(dispute.today)))
    await accept_all(dispute)
    whole = whole_credits(dispute, paid_on=dispute.today, day=NEXT_ISSUED)
    dispute.today = days(30)

    await dispute.receive(next_bill(dispute, whole[0]))
    await dispute.hear()
    async with dispute.database.read() as session:
        again = await letter_of(session, await session.get_one(Contestation, dispute.number))

    assert (first.paper["doubled"], len(first.paper["items"]), first.paper["sum"]) == (True, 2, [])
    assert (again.purpose, len(again.paper["items"])) == ("contestation_credit_missing", 1)
    assert (len(again.sheet.items), len(again.sheet.dues)) == (1, 2)
    assert again.paper["asked"] == again.paper["items"][0][-1]


async def test_the_evidence_is_written_for_people_and_each_item_keeps_its_number(
    dispute: Dispute,
):
    await dispute.contest()
    await dispute.do(RecordInvoicePayment("ana", dispute.today))
    await dispute.do(FileContestation("ana"))
    first = await the_letter(dispute)
    await dispute.write_letter()
    late = noon(dispute.today) + timedelta(hours=11)  # past midnight in Greenwich alone
    await dispute.do(a_protocol(late - timedelta(days=1), protocol="tarde"))
    await accept_all(dispute)
    credit, _ = whole_credits(dispute, paid_on=dispute.today, day=NEXT_ISSUED)
    dispute.today = days(30)
    await dispute.receive(next_bill(dispute, credit))
    await dispute.hear()
    again = await the_letter(dispute)

    told = words_in(evidence_sheet(first.sheet))
    assert {"Contestado", "Data", "Hora", "Alíquota", "25,00 %"} <= told
    assert not told & {"Pedido", "amount", "carrier_name", "issue_date", "net_amount"}
    assert [each for each in told if re.fullmatch(r"2026\d{4}", each)] == []
    assert [each.number for each in first.sheet.items] == [1, 2]
    assert {each.item for each in first.sheet.lines} == {1, 2}
    [left] = again.sheet.items
    assert {left.rule: left.number}.items() <= {e.rule: e.number for e in first.sheet.items}.items()
    assert "Pedido" in words_in(evidence_sheet(again.sheet))
    assert again.paper["protocols"] == [f"tarde ({written_date(days(-1))})"]


async def the_letter(dispute: Dispute) -> Letter:
    """What would be written now."""
    async with dispute.database.read() as session:
        return await letter_of(session, await session.get_one(Contestation, dispute.number))


def words_in(book: bytes) -> set[str]:
    """Every text of a workbook."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        strings = archive.read("xl/sharedStrings.xml").decode()
    return set(re.findall(r"<t[^>]*>([^<]*)</t>", strings))


async def test_an_item_answered_again_after_its_double_came_is_not_taken_for_too_little(
    dispute: Dispute,
):
    await filed(dispute)
    await dispute.do(RecordInvoicePayment("ana", dispute.today))
    await accept_all(dispute)
    first = dispute.planted[0]
    dispute.today = days(30)
    await dispute.receive(next_bill(dispute, (first.number, 2 * first.difference)))
    await dispute.hear()
    items = await all_of(dispute, ContestationItem)

    told = tuple(ItemAnswer(each.id, each.claimed) for each in items)
    await dispute.do(RecordAnswer("ana", dispute.today, items=told))

    assert (await dispute.row()).stage == "awaiting_credit"


async def test_paid_while_the_credit_is_awaited_it_is_claimed_in_double(dispute: Dispute):
    await filed(dispute)
    dispute.today = days(19)
    await accept_all(dispute)
    await dispute.do(ChooseRemedy("ana", Remedy.CREDIT))
    unpaid = await dispute.row()

    await dispute.do(RecordInvoicePayment("ana", dispute.today))

    row = await dispute.row()
    async with dispute.database.write() as session:
        invoice = await invoice_of(session, row.invoice_id or 0)
        invoice.paid_on = None  # a slip, taken back on the invoice's own page
        session.add(invoice)
    await dispute.hear()
    taken_back = await dispute.row()
    assert (taken_back.extra, taken_back.counted_on) == (unpaid.extra, None)
    assert unpaid.extra == 0
    assert unpaid.counted_on is None
    assert (row.extra, row.counted_on) == (row.accepted, dispute.today)


async def test_an_accepted_error_asks_for_its_correction_until_it_is_requested(dispute: Dispute):
    await filed(dispute)
    await accept_all(dispute)
    asked = [each.kind for each in await open_tasks(dispute)]

    await dispute.do(RecordCorrectionRequest("ana", "C-9", "Rita", "phone", noon(dispute.today)))

    assert asked == ["ask_correction"]
    assert await open_tasks(dispute) == []


async def an_index(dispute: Dispute, month: date, value: str) -> None:
    """The index that corrects credits did so much in a month."""
    async with dispute.database.write() as session:
        index = PriceIndex(code="IPCA", name="IPCA", series=433)
        session.add(index)
        await session.flush()
        session.add(
            PriceIndexMonth(
                price_index_id=index.id or 0, kind="monthly_rates", month=month,
                value=Decimal(value), source="csv",
            )
        )  # fmt: skip


async def rest_on(dispute: Dispute, day: date):
    """The items as they would be counted on a day; nothing of it is written."""
    async with dispute.database.read() as session:
        contestation = await session.get_one(Contestation, dispute.number)
        found = await items_of(session, dispute.number)
        await count_dues(session, contestation, found, day=day, at=noon(dispute.issued))
        told = [_Rest(finding.number, item.awaited) for item, finding in found]
        session.expunge_all()
    return told


@dataclass(frozen=True)
class _Rest:
    number: str
    awaited: Decimal
