"""Contestations: clocks on their days, remedies, answers, barcodes, credits and corrections."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from rules import contestation_commands as commands
from rules import contestation_received_commands as received
from rules.boleto import Boleto, barcode, typed_line
from rules.contestation import (
    ContestationFacts,
    ContestationPolicy,
    ContestationStage,
    ContestationStep,
    Level,
    Remedy,
    due_of,
    is_deemed_accepted,
    last_day_to_contest,
    next_step,
    remedy_of,
)
from rules.contestation_answers import (
    AcceptedBelowCredited,
    AcceptedTooMuch,
    AnswerContradictsItself,
    AnsweredBeforeAsked,
    AnsweredInFuture,
    AnswerItemUnknown,
    ClaimedItem,
    NewBarcodeAmountWrong,
    NewBarcodeNotReadable,
    NewBarcodeWithoutAmount,
    RefusalReasonRequired,
    accepted_amounts,
    check_answered_on,
    read_new_barcode,
    stage_after,
)
from rules.contestation_commands import ItemAnswer, ProtocolChannel, RecordAnswer, RecordProtocol
from rules.contestation_corrections import Cause, CorrectionStatus, judge
from rules.contestation_credits import Awaited, Credit, Matched, is_credit, match_credits

S, N = ContestationStage, ContestationStep
POLICY = ContestationPolicy()
DAY = date(2026, 11, 2)


def after(days: int) -> date:
    return DAY + timedelta(days=days)


def step_of(stage: ContestationStage, **values) -> tuple[str, date] | None:
    told = {"stage": stage, "since": DAY, "due_on": after(30), **values}
    step = next_step(ContestationFacts(**told), POLICY)
    return (step.kind, step.at.date()) if step else None


@pytest.mark.parametrize(
    ("stage", "values", "expected"),
    [
        (S.DRAFT, {"due_on": after(2)}, (N.ASK_FILING, after(2))),
        (S.DRAFT, {"due_on": after(2), "reminded": 1}, None),
        (S.FILED, {}, (N.ASK_PROTOCOL, after(2))),
        (S.FILED, {"reminded": 1}, (N.MISS_ANSWER, after(31))),
        (S.FILED, {"due_on": after(1)}, (N.ASK_PROTOCOL, after(2))),
        (S.FILED, {"due_on": after(0)}, (N.MISS_ANSWER, after(1))),
        (S.AWAITING_ANSWER, {}, (N.REMIND, after(25))),
        (S.AWAITING_ANSWER, {"reminded": 1}, (N.REMIND, after(29))),
        (S.AWAITING_ANSWER, {"reminded": 2}, (N.MISS_ANSWER, after(31))),
        (S.AWAITING_ANSWER, {"due_on": after(3)}, (N.REMIND, after(2))),
        (S.NO_ANSWER, {"due_on": None}, (N.ESCALATE, after(0))),
        (S.NO_ANSWER, {"due_on": None, "level": Level.REGULATOR}, (N.EXHAUST, after(0))),
        (S.ESCALATED, {"level": Level.SECOND_LEVEL, "reminded": 2}, (N.ESCALATE, after(31))),
        (S.ESCALATED, {"level": Level.REGULATOR, "reminded": 2}, (N.EXHAUST, after(31))),
        (S.ESCALATED, {"level": Level.EXHAUSTED}, None),
        (S.REFUSED, {"due_on": after(5)}, (N.ASK_MANAGER, after(5))),
        (S.ACCEPTED, {"due_on": after(5), "reminded": 1}, None),
        (S.AWAITING_CREDIT, {"due_on": after(45)}, (N.CHASE_CREDIT, after(45))),
        (S.CORRECTING_ROOT_CAUSE, {"due_on": after(60)}, (N.CHASE_CORRECTION, after(60))),
        (S.VERIFIED, {"due_on": None}, None),
        (S.CLOSED, {"due_on": None}, None),
    ],
)
def test_what_comes_next_when_nobody_acts(stage, values, expected):
    assert step_of(stage, **values) == expected


def test_a_new_barcode_is_chased_and_given_up_the_day_after_the_invoice_was_due():
    facts = {"due_on": after(5), "invoice_due_on": after(9)}

    assert step_of(S.AWAITING_NEW_BARCODE, **facts) == (N.CHASE_BARCODE, after(5))
    assert step_of(S.AWAITING_NEW_BARCODE, **facts, reminded=1) == (N.MISS_BARCODE, after(10))
    assert step_of(S.AWAITING_NEW_BARCODE, due_on=after(5), reminded=1) is None


def test_a_letter_that_is_decided_goes_first():
    at = POLICY.instant_on(DAY)

    step = next_step(
        ContestationFacts(S.FILED, DAY, after(30), letter_due=True, letter_since=at), POLICY
    )

    assert step is not None
    assert (step.kind, step.at) == (N.WRITE, at)


@pytest.mark.parametrize(
    ("stage", "level", "expected"),
    [
        (S.DRAFT, Level.CARRIER, after(2)),
        (S.AWAITING_ANSWER, Level.CARRIER, after(30)),
        (S.ESCALATED, Level.SECOND_LEVEL, after(10)),
        (S.AWAITING_CREDIT, Level.CARRIER, after(45)),
        (S.VERIFIED, Level.CARRIER, None),
    ],
)
def test_each_wait_has_its_last_day(stage, level, expected):
    assert due_of(stage, level=level, today=DAY, policy=POLICY) == expected


def test_a_preview_is_due_by_the_day_its_invoice_closes_and_a_barcode_by_its_due_day():
    told = {"level": Level.CARRIER, "today": DAY, "policy": POLICY}

    assert due_of(S.FILED, **told, closing_on=after(4)) == after(4)
    assert due_of(S.AWAITING_NEW_BARCODE, **told, invoice_due_on=after(3)) == after(3)
    assert due_of(S.AWAITING_NEW_BARCODE, **told, invoice_due_on=after(9)) == after(5)


@pytest.mark.parametrize(
    ("accepted_on", "paid_on", "expected"),
    [
        (after(8), None, Remedy.NEW_BARCODE),
        (after(9), None, Remedy.NEW_BARCODE),
        (after(10), None, Remedy.DECIDE),
        (after(8), after(1), Remedy.CREDIT),
        (after(10), after(9), Remedy.CREDIT),
    ],
)
def test_the_remedy_follows_due_day_and_payment(accepted_on, paid_on, expected):
    assert remedy_of(accepted_on=accepted_on, due_on=after(9), paid_on=paid_on) == expected


def test_it_is_deemed_accepted_the_day_after_the_legal_term():
    assert not is_deemed_accepted(filed_on=DAY, today=after(30), policy=POLICY)
    assert is_deemed_accepted(filed_on=DAY, today=after(31), policy=POLICY)


def test_a_charge_may_be_contested_for_three_years():
    assert last_day_to_contest(date(2026, 11, 2), years=3) == date(2029, 11, 2)
    assert last_day_to_contest(date(2028, 2, 29), years=3) == date(2031, 3, 1)


ITEMS = [ClaimedItem(1, Decimal(100)), ClaimedItem(2, Decimal(50), credited=Decimal(20))]


def answer(*items: ItemAnswer, **values) -> RecordAnswer:
    return RecordAnswer("ana", DAY, items=items, **values)


def test_an_answer_says_how_much_of_each_item():
    told = answer(ItemAnswer(1, Decimal(60), "parte do período"), reason="o resto é devido")

    assert accepted_amounts(ITEMS, answer(accepts_all=True)) == {1: 100, 2: 50}
    assert accepted_amounts(ITEMS, told) == {1: 60, 2: 20}


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        (answer(ItemAnswer(9, Decimal(1))), AnswerItemUnknown),
        (answer(ItemAnswer(1, Decimal("100.01"))), AcceptedTooMuch),
        (answer(ItemAnswer(2, Decimal("19.99"))), AcceptedBelowCredited),
        (answer(ItemAnswer(1, Decimal(100))), RefusalReasonRequired),
        (answer(), RefusalReasonRequired),
        (answer(ItemAnswer(1, Decimal(60)), accepts_all=True), AnswerContradictsItself),
    ],
)
def test_an_answer_that_cannot_be_is_refused(told, refusal):
    with pytest.raises(refusal):
        accepted_amounts(ITEMS, told)


def test_the_stage_after_an_answer():
    assert stage_after(claimed=Decimal(10), accepted=Decimal(10)) is S.ACCEPTED
    assert stage_after(claimed=Decimal(10), accepted=Decimal("0.01")) is S.PARTLY_ACCEPTED
    assert stage_after(claimed=Decimal(10), accepted=Decimal(0)) is S.REFUSED


def a_code(amount: str) -> str:
    return barcode(Boleto("001", after(9), Decimal(amount), "0" * 25))


def test_a_new_barcode_must_be_of_the_corrected_amount():
    code = a_code("90.50")

    assert read_new_barcode(code, expected=Decimal("90.50"), today=DAY) == code
    typed = typed_line(code)
    assert read_new_barcode(typed, expected=Decimal("90.50"), today=DAY) == typed
    with pytest.raises(NewBarcodeAmountWrong, match="90,50"):
        read_new_barcode(code, expected=Decimal("90.51"), today=DAY)
    with pytest.raises(NewBarcodeWithoutAmount):
        read_new_barcode(a_code("0"), expected=Decimal("90.50"), today=DAY)
    with pytest.raises(NewBarcodeNotReadable):
        read_new_barcode("123", expected=Decimal("90.50"), today=DAY)


def credit(number: int, amount: str, line: str = "", told: str = "") -> Credit:
    return Credit(number, line, told, Decimal(amount))


def awaited(number: int, amount: str, line: str = "11", bare: str = "0") -> Awaited:
    return Awaited(number, line, Decimal(amount), Decimal(bare))


@pytest.mark.parametrize(
    ("items", "credits", "expected"),
    [
        # the line's own credit before the account's of the same amount
        ([awaited(1, "5")], [credit(8, "5"), credit(9, "5", "11")], [(1, 9, "5")]),
        # one credit for everything
        ([awaited(1, "5"), awaited(2, "3", "12")], [credit(9, "8")], [(1, 9, "5"), (2, 9, "3")]),
        # one credit for what is left of a line
        (
            [awaited(1, "5"), awaited(2, "2"), awaited(3, "1", "12")],
            [credit(9, "7", "11")],
            [(1, 9, "5"), (2, 9, "2")],
        ),
        # short: as far as it goes
        ([awaited(1, "5")], [credit(9, "4", "11")], [(1, 9, "4")]),
        # the double alone, of two items of a line: each its own, and the interest is missing
        (
            [
                awaited(1, "10.10", bare="10"),
                awaited(2, "10.10", bare="10"),
                awaited(3, "4.04", bare="4"),
            ],
            [credit(7, "4", "11"), credit(8, "10", "11"), credit(9, "10", "11")],
            [(1, 8, "10"), (2, 9, "10"), (3, 7, "4")],
        ),
        # the double of a line in one credit
        (
            [awaited(1, "10.10", bare="10"), awaited(3, "4.04", bare="4")],
            [credit(9, "14", "11")],
            [(1, 9, "10"), (3, 9, "4")],
        ),
        # too much is not taken
        ([awaited(1, "5")], [credit(9, "50", "11")], [(1, 9, "5")]),
        # another line's credit pays nothing, unless it names the protocol
        ([awaited(1, "5")], [credit(9, "4", "99")], []),
        ([awaited(1, "5")], [credit(9, "4", "99", "AJUSTE P-77")], [(1, 9, "4")]),
    ],
)
def test_credits_are_matched_by_amount_and_words(items, credits, expected):
    found = match_credits(items, credits, protocols=["P-77"])

    assert found == [Matched(item, each, Decimal(amount)) for item, each, amount in expected]


@pytest.mark.parametrize(
    ("kind", "code", "description", "amount", "expected"),
    [
        ("adjustment", "505", "AJUSTE FATURA ANTERIOR", "-5", True),
        ("adjustment", "504", "", "-5", True),
        ("adjustment", "502", "MULTA", "5", False),
        ("adjustment", "502", "MULTA", "-5", False),
        ("service", "", "Crédito de contestação", "-5", True),
        ("discount", "404", "Desconto ajuste", "-5", False),
        ("call", "505", "", "-5", False),
    ],
)
def test_what_counts_as_a_credit(kind, code, description, amount, expected):
    told = is_credit(kind=kind, code=code, description=description, amount=Decimal(amount))

    assert told is expected


def test_a_correction_is_closed_by_evidence_alone_and_returns_with_its_error():
    cause = Cause("rate_differs", "11", "143", "VC1")

    assert judge(CorrectionStatus.OPEN, cause, {cause}) is CorrectionStatus.OPEN
    assert judge(CorrectionStatus.OPEN, cause, set()) is CorrectionStatus.CLOSED
    assert judge(CorrectionStatus.CLOSED, cause, {cause}) is CorrectionStatus.RETURNED
    assert judge(CorrectionStatus.RETURNED, cause, set()) is CorrectionStatus.CLOSED
    assert judge(CorrectionStatus.OPEN, cause, {replace(cause, number="12")}) == "closed"


@pytest.mark.parametrize(
    ("before", "after", "is_same"),
    [
        ("PARC APARELHO 13/12", "PARC APARELHO 14/12", True),
        ("Juros 10/2026", "Juros 11/2026", True),
        ("Parcela 3 de 2", "Parcela 4 de 2", True),
        ("Pacote 5 GB", "Pacote 10 GB", False),
        ("VC1", "VC2", False),
    ],
)
def test_a_charge_that_counts_on_is_the_same_error_next_month(before, after, is_same):
    first, second = (Cause("instalment_beyond", "11", "299", told) for told in (before, after))

    assert (first == second) is is_same
    assert judge(CorrectionStatus.OPEN, first, {second}) == ("open" if is_same else "closed")


def test_large_amounts_need_approval():
    told = {"claimed": Decimal("50000.01"), "limit": 50_000}

    with pytest.raises(commands.ApprovalRequired):
        commands.check_filing(S.DRAFT, **told, approves=False)
    commands.check_filing(S.DRAFT, **told, approves=True)
    with pytest.raises(commands.NotInThisStage):
        commands.check_filing(S.FILED, **told, approves=True)


def test_what_lies_in_the_future_is_refused():
    now = datetime(2026, 11, 22, 15, tzinfo=UTC)
    said = RecordProtocol(
        by="ana", contacted_at=now + timedelta(minutes=1), request="Contestação", account="1",
        protocol="2", attendant="Rui", channel=ProtocolChannel.PHONE,
    )  # fmt: skip

    with pytest.raises(commands.ProtocolInFuture):
        commands.check_protocol(S.FILED, said, now=now)
    with pytest.raises(commands.PaidInFuture):
        commands.check_payment(S.FILED, paid_on=after(1), issued_on=DAY, today=DAY)
    with pytest.raises(commands.PaidBeforeIssued, match="02/11/2026"):
        commands.check_payment(S.FILED, paid_on=after(-1), issued_on=DAY, today=DAY)
    commands.check_payment(S.FILED, paid_on=DAY, issued_on=DAY, today=DAY)
    with pytest.raises(commands.InvoiceNotPaid):
        commands.check_choice(S.ACCEPTED, Remedy.DECIDE)


@pytest.mark.parametrize(
    ("stage", "round_", "allowed"),
    [
        (S.DRAFT, 1, False), (S.FILED, 1, False), (S.FILED, 2, True),
        (S.AWAITING_ANSWER, 1, False), (S.AWAITING_ANSWER, 2, True), (S.REFUSED, 1, True),
        (S.ESCALATED, 1, True), (S.AWAITING_CREDIT, 1, True), (S.AWAITING_NEW_BARCODE, 1, False),
        (S.VERIFIED, 2, False), (S.CLOSED, 2, False),
    ],
)  # fmt: skip
def test_what_did_not_come_may_be_given_up_once_the_carrier_has_spoken(stage, round_, allowed):
    assert commands.may_forgo(stage, round=round_) is allowed


def test_levels_rise_one_by_one_to_the_regulator():
    told = {"reason": "recusaram sem razão"}

    assert commands.check_escalation(S.REFUSED, level=Level.CARRIER, **told) == Level.SECOND_LEVEL
    with pytest.raises(commands.NothingHigher):
        commands.check_escalation(S.ESCALATED, level=Level.REGULATOR, **told)


@pytest.mark.parametrize(
    ("status", "stage", "refusal"),
    [
        ("open", "in_agreement", received.InvoiceInAgreementContested),
        ("replaced", None, received.InvoiceReplacedContested),
    ],
)
def test_what_stands_in_an_agreement_is_told_with_its_number(status, stage, refusal):
    facts = received.InvoiceFacts("F1", Decimal(100), status, stage, False, agreement_id=12)
    today = date(2026, 11, 16)

    with pytest.raises(refusal, match="acordo 12"):
        received.check_new(facts, claimed=Decimal(10), last_day=today, text="Não", today=today)


def test_who_gives_in_about_a_credit_takes_back_nothing_that_was_refused():
    items = [
        ClaimedItem(1, Decimal(100), granted=Decimal(60)),
        ClaimedItem(2, Decimal(50), credited=Decimal(20), granted=Decimal(50)),
        ClaimedItem(3, Decimal(10), granted=Decimal(0)),
    ]
    same = answer(ItemAnswer(1, Decimal(60)), ItemAnswer(2, Decimal(50)))

    assert accepted_amounts(items, answer(accepts_all=True)) == {1: 60, 2: 50, 3: 0}
    assert accepted_amounts(items, same) == {1: 60, 2: 50, 3: 0}
    more = answer(ItemAnswer(1, Decimal(100)), ItemAnswer(2, Decimal(50)))
    assert accepted_amounts(items, more) == {1: 100, 2: 50, 3: 0}
    with pytest.raises(RefusalReasonRequired):
        accepted_amounts(items, answer(ItemAnswer(1, Decimal(60))))


def test_an_answer_is_neither_of_tomorrow_nor_from_before_the_carrier_knew():
    check_answered_on(DAY, since=DAY, today=DAY)
    check_answered_on(DAY, since=None, today=DAY)
    with pytest.raises(AnsweredInFuture):
        check_answered_on(after(1), since=DAY, today=DAY)
    with pytest.raises(AnsweredBeforeAsked, match="02/11/2026"):
        check_answered_on(after(-1), since=DAY, today=DAY)
