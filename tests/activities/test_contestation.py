"""Contestations without the engine: every branch of their life, on the days on which it turns."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest

from activities.contestations import ContestationTooLate, NothingToContest
from models.attachments import Attachment
from models.carrier_agreements import CarrierAgreementRule
from models.carrier_invoices import CarrierFileAlreadyDone, CarrierInvoice
from models.contestations import ContestationItem, Correction
from models.database import Database
from models.messages import Message, MessageAttachment
from models.tasks import Task
from rules.boleto import Boleto, barcode
from rules.business_days import at_local_time
from rules.contestation import Level, Remedy
from rules.contestation_answers import NewBarcodeAmountWrong
from rules.contestation_commands import (
    AcceptRefusal,
    ChooseRemedy,
    Escalate,
    FileContestation,
    ItemAnswer,
    NotInThisStage,
    ProtocolIncomplete,
    RecordAnswer,
    RecordCorrectionRequest,
    RecordInvoicePayment,
    RecordNewBarcode,
    WithdrawContestation,
)
from tests.support.contestations import (
    NEXT_ISSUED,
    RETURN_ISSUED,
    RULES,
    Dispute,
    a_protocol,
    accept_all,
    all_of,
    bill_after,
    days,
    filed,
    next_bill,
    noon,
    open_tasks,
    same_errors_again,
    whole_credits,
    with_one_error,
)


@pytest.fixture
async def dispute(database: Database, tmp_path: Path) -> Dispute:
    return await Dispute(database, tmp_path).begin()


def a_code(amount: Decimal) -> str:
    return barcode(Boleto("001", date(2026, 12, 10), amount, "0" * 25))


async def test_findings_become_one_contestation_and_its_letter_goes_once(dispute: Dispute):
    made = await dispute.contest()

    await dispute.do(FileContestation("ana"))
    await dispute.write_letter()
    await dispute.write_letter()

    [message] = await all_of(dispute, Message)
    [pdf, sheet] = await all_of(dispute, MessageAttachment)
    attachments = await all_of(dispute, Attachment)
    findings = await dispute.findings()
    assert made.claimed == sum(each.difference for each in findings)
    assert {each.status for each in findings} == {"contested"}
    assert (message.to_address, message.status) == ("contesta@claro.example", "queued")
    assert "Contestamos cobranças" in message.text
    assert pdf.content.startswith(b"%PDF")
    assert sheet.content.startswith(b"PK")
    assert [each.name for each in attachments] == ["contestacao-1-1.pdf", "contestacao-1-1.xlsx"]
    assert (await dispute.row()).stage == "filed"


async def test_what_is_under_dispute_is_not_contested_twice(dispute: Dispute):
    await dispute.contest()

    with pytest.raises(NothingToContest):
        await dispute.contest()


async def test_after_three_years_nothing_is_contested(dispute: Dispute):
    dispute.today = date(2029, 11, 23)

    with pytest.raises(ContestationTooLate):
        await dispute.contest()
    dispute.today = date(2029, 11, 22)

    assert (await dispute.contest()).stage == "draft"


async def test_a_protocol_must_be_whole(dispute: Dispute):
    await dispute.contest()
    await dispute.do(FileContestation("ana"))

    with pytest.raises(ProtocolIncomplete) as refused:
        await dispute.do(a_protocol(noon(dispute.today), attendant=" "))

    assert refused.value.field == "attendant"
    assert (await dispute.row()).stage == "filed"


async def test_the_term_runs_from_the_day_of_the_protocol_not_of_its_recording(dispute: Dispute):
    await dispute.contest()
    await dispute.do(FileContestation("ana"))
    await dispute.write_letter()
    dispute.today = days(6)

    await dispute.do(a_protocol(noon(days(2))))
    assert (await dispute.row()).due_on == days(32)
    dispute.today = days(7)
    await dispute.do(a_protocol(noon(days(7)), protocol="again"))

    assert (await dispute.row()).due_on == days(32)


async def test_a_contact_before_the_letter_starts_no_term(dispute: Dispute):
    await dispute.contest()
    dispute.today = days(3)
    await dispute.do(FileContestation("ana"))
    await dispute.write_letter()

    await dispute.do(a_protocol(noon(days(1))))

    assert (await dispute.row()).due_on == days(33)


async def test_a_letter_tells_a_protocol_of_the_evening_by_its_own_day(dispute: Dispute):
    await dispute.contest()
    await dispute.do(FileContestation("ana"))
    await dispute.write_letter()
    evening = at_local_time(days(0), at=time(22, 30))
    dispute.today = days(1)
    await dispute.do(a_protocol(evening, protocol="NOITE1"))

    await dispute.do(Escalate("ana", "sem resposta"))
    await dispute.write_letter()

    assert f"NOITE1 ({days(0):%d/%m/%Y})" in (await all_of(dispute, Message))[-1].text


async def test_on_the_day_after_the_term_the_next_level_is_written_to(dispute: Dispute):
    await filed(dispute)

    assert (await dispute.pass_time(until=days(30)))[-1] == "remind"
    taken = await dispute.pass_time(until=days(31))

    row = await dispute.row()
    assert taken == ["miss_answer", "escalate", "write"]
    assert (row.level, row.deemed_accepted_on, row.letters) == (1, days(31), 2)


async def test_silence_rises_level_by_level_and_is_deemed_acceptance(dispute: Dispute):
    await filed(dispute)

    taken = await dispute.pass_time(until=days(120))

    row = await dispute.row()
    assert taken == [
        *("remind", "remind", "miss_answer", "escalate", "write"),
        *("remind", "remind", "escalate", "write", "remind", "remind", "escalate", "write"),
        *("remind", "remind", "exhaust"),
    ]
    assert (row.stage, row.level) == ("escalated", Level.EXHAUSTED)
    assert row.deemed_accepted_on == days(31)
    letters = [each.text for each in await all_of(dispute, Message)]
    assert [("considerada aceita" in text) for text in letters] == [False, True, True, True]
    assert (await all_of(dispute, Message))[-1].status == "suppressed"  # the regulator's own
    assert len([each for each in await all_of(dispute, Task) if each.status == "open"]) >= 1


async def test_accepted_before_the_due_day_a_new_barcode_changes_what_is_payable(dispute: Dispute):
    await filed(dispute)
    await accept_all(dispute)
    [invoice] = await all_of(dispute, CarrierInvoice)
    claimed = (await dispute.row()).claimed

    with pytest.raises(NewBarcodeAmountWrong):
        await dispute.do(RecordNewBarcode("ana", a_code(invoice.total)))
    await dispute.do(RecordNewBarcode("ana", a_code(invoice.total - claimed)))

    row, [invoice] = await dispute.row(), await all_of(dispute, CarrierInvoice)
    assert invoice.payable == invoice.total - claimed
    assert (row.stage, row.credited) == ("correcting_root_cause", claimed)
    assert {each.status for each in await dispute.findings()} == {"credited"}


async def test_paid_first_it_is_claimed_in_double_and_found_on_the_next_invoice(dispute: Dispute):
    await filed(dispute)
    await dispute.do(RecordInvoicePayment("ana", dispute.today))
    await accept_all(dispute)
    credits = whole_credits(dispute, paid_on=dispute.today, day=NEXT_ISSUED)
    await dispute.write_letter()
    dispute.today = days(30)

    await dispute.receive(next_bill(dispute, *credits))
    await dispute.hear()

    row = await dispute.row()
    assert row.extra == row.accepted == row.claimed
    assert (row.stage, row.credited) == ("closed", 2 * row.claimed + row.interest)
    assert row.interest > 0
    assert "em dobro, com correção monetária e juros" in (await all_of(dispute, Message))[-1].text
    assert {each.status for each in await all_of(dispute, Correction)} == {"closed"}


async def test_a_short_credit_goes_back_to_the_carrier_by_itself(dispute: Dispute):
    await filed(dispute)
    await dispute.do(RecordInvoicePayment("ana", dispute.today))
    await accept_all(dispute)
    first = dispute.planted[0]
    dispute.today = days(30)

    await dispute.receive(next_bill(dispute, (first.number, 2 * first.difference)))
    await dispute.hear()
    await dispute.write_letter()

    row = await dispute.row()
    assert (row.stage, row.round) == ("filed", 2)
    assert row.credited == Decimal(2 * first.difference) / 100
    assert {"credit_found", "credit_missing"} <= set(await dispute.story())
    assert "não veio inteiro" in (await all_of(dispute, Message))[-1].text
    await dispute.do(a_protocol(noon(dispute.today), protocol="second"))
    assert (await dispute.row()).stage == "awaiting_answer"


async def test_a_bill_that_is_dated_ahead_is_no_error_that_came_back(dispute: Dispute):
    dispute.today = days(-3)
    await filed(dispute)

    await accept_all(dispute)
    await dispute.hear()

    assert {(each.status, each.repeats) for each in await all_of(dispute, Correction)} == {
        ("open", 0)
    }


async def gone_back(dispute: Dispute, *, is_paid: bool) -> None:
    """Granted, and of two credits one came: the carrier was written to about the other."""
    await filed(dispute)
    if is_paid:
        await dispute.do(RecordInvoicePayment("ana", dispute.today))
    dispute.today = days(19)
    await accept_all(dispute)
    if not is_paid:
        await dispute.do(ChooseRemedy("ana", Remedy.CREDIT))
    first, dispute.today = dispute.planted[0], NEXT_ISSUED
    await dispute.receive(next_bill(dispute, (first.number, 2 * first.difference)))
    await dispute.hear()
    await dispute.write_letter()
    await dispute.do(a_protocol(noon(dispute.today), protocol="second"))


@pytest.mark.parametrize("is_paid", [True, False])
async def test_a_carrier_that_pays_what_it_was_written_about_need_not_answer(
    dispute: Dispute, is_paid: bool
):
    await gone_back(dispute, is_paid=is_paid)
    before, dispute.today = await dispute.row(), RETURN_ISSUED

    bill = bill_after(dispute.sample, ("", 100_000), issued=RETURN_ISSUED)
    await dispute.receive(bill)
    await dispute.hear()

    row = await dispute.row()
    assert (before.stage, before.round) == ("awaiting_answer", 2)
    assert (row.stage, row.round, row.letter_since) == ("closed", 2, None)
    assert row.credited == row.accepted + row.extra + row.correction + row.interest
    assert {each.kind for each in await open_tasks(dispute)} <= {"index_month"}


async def test_what_is_still_short_is_asked_for_once(dispute: Dispute):
    await gone_back(dispute, is_paid=False)
    before, dispute.today = await dispute.row(), RETURN_ISSUED

    bill = bill_after(dispute.sample, (dispute.planted[1].number, 1), issued=RETURN_ISSUED)
    await dispute.receive(bill)
    await dispute.hear()
    await dispute.hear()

    row = await dispute.row()
    assert (row.stage, row.round, row.due_on) == ("awaiting_answer", 2, before.due_on)
    assert row.credited == before.credited + Decimal("0.01")


async def test_a_credit_that_came_before_the_answer_is_found_with_it(dispute: Dispute):
    await filed(dispute)
    await dispute.do(RecordInvoicePayment("ana", dispute.today))
    whole = whole_credits(dispute, paid_on=dispute.today, day=NEXT_ISSUED)
    dispute.today = NEXT_ISSUED
    await dispute.receive(next_bill(dispute, *whole))
    await dispute.hear()
    before = await dispute.row()

    await accept_all(dispute)

    row = await dispute.row()
    assert (before.stage, before.credited) == ("awaiting_answer", Decimal(0))
    assert (row.stage, row.letter_since) == ("correcting_root_cause", None)
    assert row.credited == row.accepted + row.extra + row.correction + row.interest


@pytest.mark.parametrize(
    ("short", "stage", "told"),
    [(1, "closed", "credit_tolerated"), (2, "filed", "credit_missing")],
)
async def test_a_credit_short_by_a_cent_is_let_go_and_by_two_it_goes_back(
    dispute: Dispute, short: int, stage: str, told: str
):
    await filed(dispute)
    await dispute.do(RecordInvoicePayment("ana", dispute.today))
    await accept_all(dispute)
    dispute.today = NEXT_ISSUED
    paid_on = (await dispute.row()).counted_on
    whole = whole_credits(dispute, paid_on=paid_on, day=NEXT_ISSUED)

    await dispute.receive(next_bill(dispute, *((line, cents - short) for line, cents in whole)))
    await dispute.hear()

    told_of_it = {"credit_tolerated", "credit_missing"} & set(await dispute.story())
    assert ((await dispute.row()).stage, told_of_it) == (stage, {told})


async def test_past_due_and_unpaid_a_person_chooses(dispute: Dispute):
    await filed(dispute)
    dispute.today = days(19)  # due on the eighteenth day

    await accept_all(dispute)
    before = (await dispute.row()).stage
    asked = {each.kind for each in await open_tasks(dispute)}
    await dispute.do(ChooseRemedy("ana", Remedy.CREDIT))

    assert before == "accepted"
    assert asked == {"miss_barcode", "ask_correction"}
    assert (await dispute.row()).stage == "awaiting_credit"


async def test_a_barcode_that_did_not_come_by_the_due_day_leaves_a_choice(dispute: Dispute):
    await filed(dispute)
    await accept_all(dispute)

    taken = await dispute.pass_time(until=days(19))

    assert taken == ["chase_barcode", "miss_barcode"]
    assert (await dispute.row()).stage == "accepted"


async def test_a_part_is_accepted_and_the_rest_is_refused_with_a_reason(dispute: Dispute):
    await filed(dispute)
    [first, second] = await all_of(dispute, ContestationItem)

    await dispute.do(
        RecordAnswer(
            "ana", dispute.today, items=(ItemAnswer(first.id, first.claimed),),
            reason="Serviço contratado em 2025",
        )
    )  # fmt: skip

    row = await dispute.row()
    assert row.accepted == first.claimed
    assert row.stage == "awaiting_new_barcode"
    assert [each.status for each in await dispute.findings()] == ["accepted", "refused"]
    assert len(await all_of(dispute, Correction)) == 1
    assert second.accepted == 0


async def test_a_carrier_that_gives_in_about_a_credit_grants_what_it_granted_and_no_more(
    dispute: Dispute,
):
    await filed(dispute)
    await dispute.do(RecordInvoicePayment("ana", dispute.today))
    [first, _] = await all_of(dispute, ContestationItem)
    await dispute.do(
        RecordAnswer(
            "ana", dispute.today, items=(ItemAnswer(first.id, first.claimed),),
            reason="Serviço contratado em 2025",
        )
    )  # fmt: skip
    dispute.today = days(30)
    await dispute.receive(next_bill(dispute))
    await dispute.hear()
    missing = await dispute.row()
    await dispute.write_letter()
    await dispute.do(a_protocol(noon(dispute.today), protocol="second"))

    await dispute.do(RecordAnswer("ana", dispute.today, accepts_all=True))

    row = await dispute.row()
    assert (missing.stage, missing.round) == ("filed", 2)
    assert (row.stage, row.accepted, row.extra) == (
        "awaiting_credit", first.claimed, first.claimed,
    )  # fmt: skip
    assert row.reason == "Serviço contratado em 2025"
    assert [each.accepted for each in await all_of(dispute, ContestationItem)][1] == 0
    assert [each.status for each in await dispute.findings()][:2] == ["accepted", "refused"]


async def test_a_refusal_is_escalated_by_hand_or_taken_as_lost(dispute: Dispute):
    await filed(dispute)
    await dispute.do(RecordAnswer("ana", dispute.today, reason="Cobrança devida"))

    await dispute.do(Escalate("ana", "A tarifa do contrato é outra"))
    escalated = await dispute.row()
    asked = [each.kind for each in await open_tasks(dispute)]
    await dispute.do(AcceptRefusal("ana", "Sem provas"))

    row = await dispute.row()
    assert (escalated.stage, escalated.level) == ("escalated", Level.SECOND_LEVEL)
    assert asked == ["escalate"]  # its own protocol
    assert (row.stage, row.reason) == ("closed", "Sem provas")
    assert {each.status for each in await dispute.findings()} == {"refused"}


async def test_withdrawn_its_findings_may_be_contested_anew(dispute: Dispute):
    await filed(dispute)

    await dispute.do(WithdrawContestation("ana", "Aberta por engano"))

    assert (await dispute.row()).stage == "withdrawn"
    assert {each.status for each in await dispute.findings()} == {"picked"}
    assert (await dispute.contest()).number == 2


async def test_from_verified_on_nothing_is_withdrawn(dispute: Dispute):
    await filed(dispute)
    await accept_all(dispute)
    [invoice] = await all_of(dispute, CarrierInvoice)
    claimed = (await dispute.row()).claimed
    await dispute.do(RecordNewBarcode("ana", a_code(invoice.total - claimed)))

    with pytest.raises(NotInThisStage):
        await dispute.do(WithdrawContestation("ana", "Tarde demais"))


async def test_a_rule_that_is_off_proves_nothing_about_the_root_cause(dispute: Dispute):
    await filed(dispute)
    await accept_all(dispute)
    async with dispute.database.write() as session:
        session.add_all(
            CarrierAgreementRule(agreement_id=1, rule=rule, is_on=False) for rule in RULES
        )

    dispute.today = days(30)
    await dispute.receive(next_bill(dispute))
    await dispute.hear()

    assert {each.status for each in await all_of(dispute, Correction)} == {"open"}


async def test_the_root_cause_is_closed_by_evidence_and_opened_again_by_the_error(
    dispute: Dispute,
):
    await filed(dispute)
    await accept_all(dispute)
    [invoice] = await all_of(dispute, CarrierInvoice)
    claimed = (await dispute.row()).claimed
    await dispute.do(RecordNewBarcode("ana", a_code(invoice.total - claimed)))
    asked = RecordCorrectionRequest("ana", "C-9", "Rita", "phone", noon(dispute.today))
    await dispute.do(asked)

    # The next invoice is clean: proved
    dispute.today = days(30)
    await dispute.receive(next_bill(dispute))
    await dispute.hear()
    proved = await dispute.row()
    # The one after has the error again
    dispute.today = days(61)
    await dispute.receive(same_errors_again(dispute))
    await dispute.hear()

    corrections = await all_of(dispute, Correction)
    assert proved.stage == "closed"
    assert (await dispute.row()).stage == "correcting_root_cause"
    assert "returned" in {each.status for each in corrections}
    assert max(each.repeats for each in corrections) == 1
    assert {"correction_requested", "correction_proved", "reopened", "correction_returned"} <= set(
        await dispute.story()
    )


async def test_a_bill_that_came_as_its_preview_said_is_taken_all_the_same(
    database: Database, tmp_path: Path
):
    dispute = await Dispute(database, tmp_path).begin(is_preview=True)
    dispute.number = 1

    await dispute.receive(dispute.sample)
    await dispute.hear()
    with pytest.raises(CarrierFileAlreadyDone):
        await dispute.receive(dispute.sample)
    with pytest.raises(CarrierFileAlreadyDone):
        await dispute.receive(dispute.sample, is_preview=True)

    row = await dispute.row()
    assert [each.is_preview for each in await all_of(dispute, CarrierInvoice)] == [True, False]
    assert (row.stage, row.avoided) == ("closed", Decimal(0))
    assert {each.status for each in await dispute.findings()} == {"refused", "open"}


async def test_a_preview_goes_out_at_once_and_what_the_final_file_mends_was_avoided(
    database: Database, tmp_path: Path
):
    dispute = await Dispute(database, tmp_path).begin(is_preview=True)
    dispute.number = 1
    [preview] = await all_of(dispute, CarrierInvoice)
    begun = await dispute.row()
    await dispute.write_letter()

    # The final file has one of the two errors still
    await dispute.receive(with_one_error())
    [still] = [each for each in await dispute.findings() if each.invoice_id != preview.id]
    await dispute.hear()

    row = await dispute.row()
    assert (begun.stage, begun.is_preview, begun.closing_on) == (
        "filed", True, preview.period_end,
    )  # fmt: skip
    assert (row.stage, row.avoided) == ("closed", row.claimed - still.difference)
    assert row.avoided > 0
    assert still.status == "open"
    assert {each.status for each in await dispute.findings()} == {"avoided", "refused", "open"}
