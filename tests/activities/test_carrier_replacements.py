"""An invoice that its carrier issued anew: one file counts, and nothing of it twice."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from activities.carrier_replacements import (
    CarrierInvoiceReplaced,
    ContestationGranted,
    PreviewNotReplaced,
)
from activities.carrier_requests import begin_audit
from activities.carriers import carry_out
from activities.contestation_invoices import note_payment
from activities.contestation_replacements import ReplacementUnaudited
from activities.contestations import NothingToContest, contest_findings
from activities.cost_allocation import share_month
from models.bulk import BulkRun
from models.carrier_invoices import CarrierInvoice, CarrierInvoiceItem
from models.carrier_scores import score_cards
from models.contestation_numbers import five_numbers
from models.contestations import (
    ContestationCredit,
    ContestationItem,
    Correction,
)
from models.customers import Customer
from models.database import Database
from models.import_list import select_import_errors
from models.people import Deed
from models.rows import rows_of
from models.tasks import Task
from models.usage_limits import LineLimit
from rules.carrier_errors import plant
from rules.carrier_samples import Sample, make_sample
from rules.contestation import ContestationStage
from rules.contestation_commands import (
    RecordAnswer,
    RecordInvoicePayment,
    WithdrawContestation,
)
from rules.findings import FindingStatus
from tests.support.contestations import (
    ISSUED,
    NEXT_ISSUED,
    RULES,
    Dispute,
    all_of,
    bill_after,
    days,
    filed,
    next_bill,
    noon,
    reissue,
    whole_credits,
    with_one_error,
)

S = ContestationStage


@pytest.fixture
async def dispute(database: Database, tmp_path: Path) -> Dispute:
    return await Dispute(database, tmp_path).begin()


async def refusal(dispute: Dispute, run: BulkRun) -> str:
    """Why a file was refused once it had been read."""
    async with dispute.database.read() as session:
        [error] = await rows_of(session, select_import_errors(run.number))
    return str(error["code"])


async def numbers(dispute: Dispute) -> dict[str, Decimal]:
    """The five numbers of everything."""
    async with dispute.database.read() as session:
        rows = await five_numbers(session)
    names = ("identified", "contested", "recovered", "lost", "untouched", "avoided")
    told = {name: sum((row[name] for row in rows), Decimal(0)) for name in names}
    parts = told["contested"] + told["recovered"] + told["lost"] + told["untouched"]
    assert told["identified"] == parts
    return told


async def test_the_new_file_counts_alone_and_the_old_one_is_kept(dispute: Dispute) -> None:
    before = await numbers(dispute)

    run = await reissue(dispute, with_one_error())

    old, new = await all_of(dispute, CarrierInvoice)
    assert run.status == "done"
    assert (old.replaced_by_id, old.replaced_by, old.replaced_reason) == (2, "ana", "corrigida")
    assert old.replaced_at == noon(dispute.today)
    assert new.replaced_by_id is None
    [left] = [each for each in await dispute.findings() if each.invoice_id == 2]
    assert (await numbers(dispute))["untouched"] == left.difference < before["identified"]
    assert {each.status for each in await dispute.findings() if each.invoice_id == 1} == {
        FindingStatus.REPLACED
    }
    async with dispute.database.read() as session:
        [score] = await score_cards(session)
        company = await session.get_one(Customer, dispute.account.customer_id)
        month = await share_month(session, company, new.month)
    assert (score.invoices, score.billed) == (1, new.total)
    assert [each.invoice.id for each in month.invoices] == [2]


async def test_a_filed_contestation_follows_to_what_is_left_with_its_protocol(
    dispute: Dispute,
) -> None:
    await filed(dispute)
    waited = (await dispute.row()).due_on
    claimed = (await dispute.row()).claimed

    await reissue(dispute, with_one_error())
    await dispute.hear()

    row, items = await dispute.row(), await all_of(dispute, ContestationItem)
    [left] = [each for each in await dispute.findings() if each.invoice_id == 2]
    assert (row.stage, row.due_on, row.invoice_id) == (S.AWAITING_ANSWER, waited, 2)
    assert row.claimed == left.difference
    assert row.avoided == claimed - left.difference
    assert left.status == FindingStatus.CONTESTED
    assert sorted((each.claimed > 0, each.avoided > 0) for each in items) == [
        (False, True), (True, False),
    ]  # fmt: skip
    assert "invoice_replaced" in await dispute.story()
    told = await numbers(dispute)
    assert (told["identified"], told["contested"]) == (claimed, left.difference)
    assert told["recovered"] == told["avoided"] == row.avoided

    # The rest is answered like any other contestation: what was mended is not asked about.
    await dispute.do(RecordAnswer("ana", dispute.today, accepts_all=True))
    assert (await dispute.row()).accepted == left.difference
    assert [each.status for each in await dispute.findings() if each.invoice_id == 1] == [
        FindingStatus.AVOIDED if each.avoided else FindingStatus.REPLACED
        for each in sorted(items, key=lambda item: item.id or 0)
    ]


async def test_until_the_new_file_is_audited_nothing_is_written_of_the_old_one(
    dispute: Dispute,
) -> None:
    await filed(dispute)
    run = await reissue(dispute, with_one_error(), audits=False)
    answer = RecordAnswer("ana", dispute.today, accepts_all=True)

    for command in (answer, RecordInvoicePayment("ana", dispute.today)):
        with pytest.raises(ReplacementUnaudited):
            await dispute.do(command)
    await carry_out(dispute.database, run.number, at=noon(dispute.today))
    await dispute.do(answer)

    row = await dispute.row()
    assert (row.invoice_id, row.stage) == (2, S.AWAITING_NEW_BARCODE)
    assert row.accepted == row.claimed > 0


async def test_with_nothing_left_the_contestation_ends_and_the_file_was_its_answer(
    dispute: Dispute,
) -> None:
    await filed(dispute)
    claimed = (await dispute.row()).claimed
    dispute.today = days(5)

    await reissue(dispute, make_sample(issue_date=ISSUED))
    await dispute.hear()

    row, told = await dispute.row(), await numbers(dispute)
    assert row.stage == S.CLOSED
    assert (row.answered_on, row.claimed, row.avoided) == (days(5), Decimal(0), claimed)
    assert told["identified"] == told["recovered"] == claimed


async def test_a_contestation_is_followed_over_several_new_files(dispute: Dispute) -> None:
    await filed(dispute)
    await reissue(dispute, with_one_error())

    again = make_sample(issue_date=ISSUED)
    again.bill.invoice_number = "outra"
    await reissue(dispute, again, of=2)
    await dispute.hear()

    row = await dispute.row()
    assert (row.stage, row.invoice_id) == (S.CLOSED, 3)
    assert (await numbers(dispute))["recovered"] == row.avoided


async def test_what_was_replaced_is_neither_contested_nor_paid_nor_audited(
    dispute: Dispute,
) -> None:
    old = [each.id for each in await dispute.findings()]
    await reissue(dispute, with_one_error())

    async with dispute.database.write() as session:
        with pytest.raises(NothingToContest):
            await contest_findings(session, old, by="ana", at=noon(dispute.today))
    async with dispute.database.write() as session:
        with pytest.raises(CarrierInvoiceReplaced):
            await note_payment(session, 1, ISSUED, deed=Deed("ana", noon(dispute.today), ""))
    async with dispute.database.write() as session:
        invoice = await session.get_one(CarrierInvoice, 1)
        with pytest.raises(CarrierInvoiceReplaced):
            await begin_audit(session, invoice, by="ana", at=noon(dispute.today), starts=False)
    with pytest.raises(CarrierInvoiceReplaced):
        await reissue(dispute, make_sample(issue_date=ISSUED))


async def test_once_something_was_granted_the_invoice_stays(dispute: Dispute) -> None:
    await filed(dispute)
    await dispute.do(RecordAnswer("ana", dispute.today, accepts_all=True))

    with pytest.raises(ContestationGranted):
        await reissue(dispute, with_one_error())

    assert len(await all_of(dispute, CarrierInvoice)) == 1


async def test_a_refused_or_withdrawn_contestation_is_no_hindrance(dispute: Dispute) -> None:
    await filed(dispute)
    await dispute.do(RecordAnswer("ana", dispute.today, reason="não"))
    await dispute.do(WithdrawContestation("ana", "reemitida"))

    run = await reissue(dispute, make_sample(issue_date=ISSUED))

    assert run.status == "done"
    assert (await numbers(dispute))["identified"] == 0


async def test_a_preview_is_not_replaced(database: Database, tmp_path: Path) -> None:
    dispute = await Dispute(database, tmp_path).begin(is_preview=True)

    with pytest.raises(PreviewNotReplaced):
        await reissue(dispute, with_one_error())


async def test_a_file_of_another_month_replaces_nothing(dispute: Dispute) -> None:
    run = await reissue(dispute, make_sample(issue_date=NEXT_ISSUED))

    assert run.status == "failed"
    assert await refusal(dispute, run) == "ReplacementOfAnother"
    [invoice] = await all_of(dispute, CarrierInvoice)
    assert invoice.replaced_by_id is None


async def test_what_is_paid_is_replaced_by_the_same_amount_alone(dispute: Dispute) -> None:
    async with dispute.database.write() as session:
        deed = Deed("ana", noon(dispute.today), "")
        await note_payment(session, 1, ISSUED, deed=deed)
    same = deepcopy(dispute.sample)
    same.bill.due_date += timedelta(days=2)

    other = await reissue(dispute, with_one_error())
    run = await reissue(dispute, same)

    assert await refusal(dispute, other) == "ReplacedPaidOtherwise"
    assert run.status == "done"
    assert (await all_of(dispute, CarrierInvoice))[-1].paid_on == ISSUED


async def credited(dispute: Dispute) -> Sample:
    """The next bill gives all of it back."""
    await filed(dispute)
    async with dispute.database.write() as session:
        await note_payment(session, 1, ISSUED, deed=Deed("ana", noon(dispute.today), ""))
    await dispute.do(RecordAnswer("ana", dispute.today, accepts_all=True))
    dispute.today = NEXT_ISSUED
    credits = whole_credits(dispute, paid_on=ISSUED, day=NEXT_ISSUED)
    bill = next_bill(dispute, *credits)
    await dispute.receive(bill)
    await dispute.hear()
    return bill


async def test_a_credit_that_was_found_is_the_new_files_and_is_found_once(
    dispute: Dispute,
) -> None:
    bill = await credited(dispute)
    before = await dispute.row()
    again = deepcopy(bill)
    again.bill.due_date += timedelta(days=2)

    run = await reissue(dispute, again, of=2)
    await dispute.hear()

    charges = {each.id: each for each in await all_of(dispute, CarrierInvoiceItem)}
    taken = await all_of(dispute, ContestationCredit)
    assert run.status == "done"
    assert {charges[each.charge_id].invoice_id for each in taken} == {3}
    assert (await dispute.row()).credited == before.credited


async def test_a_file_without_a_credit_that_was_taken_is_refused(dispute: Dispute) -> None:
    await credited(dispute)

    run = await reissue(dispute, bill_after(dispute.sample, issued=NEXT_ISSUED), of=2)

    assert await refusal(dispute, run) == "CreditNotIssuedAnew"
    assert {each.replaced_by_id for each in await all_of(dispute, CarrierInvoice)} == {None}


async def test_an_error_that_came_back_by_mistake_is_no_repeat(dispute: Dispute) -> None:
    await credited(dispute)
    wrong = make_sample(issue_date=NEXT_ISSUED + timedelta(days=31))
    for rule in RULES:
        plant(wrong, rule)
    right = make_sample(issue_date=wrong.bill.issue_date)
    dispute.today = wrong.bill.issue_date
    invoice = await dispute.receive(wrong)
    await dispute.hear()
    assert {each.repeats for each in await all_of(dispute, Correction)} == {1}

    await reissue(dispute, right, of=invoice.key)
    await dispute.hear()

    told = {(each.status, each.repeats) for each in await all_of(dispute, Correction)}
    assert told == {("closed", 0)}


async def test_a_broken_limit_is_asked_about_once(dispute: Dispute) -> None:
    async with dispute.database.write() as session:
        session.add(LineLimit(code="tudo", name="Tudo", amount=Decimal("0.01")))
    await reissue(dispute, with_one_error())
    again = make_sample(issue_date=ISSUED)
    again.bill.invoice_number = "outra"
    await reissue(dispute, again, of=2)

    asked = [each for each in await all_of(dispute, Task) if each.kind == "usage_limit"]
    assert [each.finished_at is None for each in asked] == [False, True]
