"""Contestations received, without the engine: money, letters, every way to an end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select

from activities.boleto_instructions import gather
from models.boleto_instructions import BoletoInstruction
from models.boleto_numbers import BoletoNumber, number_boleto
from models.charges import Charge
from models.contestations import Contestation
from models.customers import Customer
from models.database import Database
from models.invoice_contracts import InvoiceContract
from models.invoices import Invoice, InvoiceEvent
from models.ladders import LadderPause
from models.messages import Message
from models.received_contestations import ReceivedContestation
from models.registries import PaymentProfile
from models.tasks import Task
from rules.business_days import local_date
from rules.cases import News
from rules.contestation_commands import ApprovalRequired, NotInThisStage, WithdrawContestation
from rules.contestation_received import BillForm, RefundChannel
from rules.contestation_received_commands import (
    AlreadyContested,
    AnswerCustomer,
    AnsweredReasonRequired,
    AnswerTooLate,
    ContestedAmountWrong,
    ContestedTooLate,
    InvoiceInAgreementContested,
    InvoiceNotContestable,
    JustifiedNeedsApproval,
    RecordCustomerTold,
    RecordRefund,
    UpheldTooMuch,
)
from tests import builders
from tests.support.bank_returns import ITAU
from tests.support.received_claims import (
    DAY_0,
    DUE,
    Claim,
    bill,
    days,
    know_ipca,
    noon,
    owe,
    pay,
)


@pytest.fixture
async def claim(database: Database) -> Claim:
    return await Claim(database).begin()


async def test_a_part_is_contested_and_the_rest_gets_a_bill_of_its_own(claim: Claim):
    async with claim.database.write() as session:
        invoice = await session.get_one(Invoice, (await claim.invoice()).id)
        other = await builders.a_contract(
            session, await session.get_one(Customer, invoice.customer_id)
        )
        session.add(InvoiceContract(invoice_id=invoice.key, contract_id=other.key))

    await claim.contest("40.00")

    [received] = await claim.all(ReceivedContestation)
    shares = await claim.all(InvoiceContract)
    assert {each.invoice_id for each in shares} == {invoice.key, received.bill_id}
    bill = await claim.one(Invoice, received.bill_id)
    letters = await claim.all(Message)
    assert (await claim.invoice()).open_amount == Decimal("40.00")
    assert (bill.amount, bill.due_date) == (Decimal("60.00"), days(10))
    assert await claim.is_frozen()
    assert [each.purpose for each in letters] == ["contestation_received"] * 2
    assert received.protocol in letters[0].text
    assert "R$\xa060,00" in letters[0].text
    row = await claim.one(Contestation)
    assert (row.stage, row.due_on) == ("awaiting_answer", days(30))


@pytest.mark.parametrize(
    ("amount", "form", "asked"),
    [
        ("40.00", BillForm.PRINTED, [(days(5), "open")]),
        ("40.00", BillForm.ELECTRONIC, []),
        ("100.00", BillForm.PRINTED, []),  # all of it is contested: there is no bill
    ],
)
async def test_who_wants_the_bill_on_paper_has_it_five_days_before_it_is_due(
    claim: Claim, amount: str, form: BillForm, asked: list[tuple[date, str]]
):
    await claim.contest(amount, bill_form=form)

    tasks = [each for each in await claim.all(Task) if each.kind == "print_bill"]
    assert [(local_date(each.due_at), each.status) for each in tasks] == asked


async def test_upheld_and_unpaid_it_is_cancelled_and_over_once_the_customer_knows(claim: Claim):
    await claim.contest()

    await claim.do(AnswerCustomer("ana", Decimal("100.00")))
    frozen = await claim.is_frozen()
    await claim.letter_leaves()

    row, invoice = await claim.one(Contestation), await claim.invoice()
    assert frozen
    assert (invoice.status, invoice.open_amount) == ("cancelled", Decimal(0))
    assert (row.stage, row.credited) == ("closed", Decimal("100.00"))
    assert not await claim.is_frozen()


async def test_upheld_after_it_was_paid_it_goes_back_in_double_with_interest(claim: Claim):
    await pay(claim, "100.00", on=days(-5))
    await claim.contest("30.00")
    claim.today = days(25)

    await claim.do(AnswerCustomer("ana", Decimal("30.00")))
    await claim.letter_leaves()

    [charge] = await claim.all(Charge)
    row, received = await claim.one(Contestation), await claim.one(ReceivedContestation)
    assert (received.was_paid, received.interest) == (Decimal("30.00"), Decimal("0.60"))
    assert (charge.amount, charge.status) == (Decimal("-60.60"), "open")
    assert row.stage == "awaiting_credit"

    async with claim.database.write() as session:
        session.add(charge)
        charge.status, charge.invoice_id = "invoiced", claim.invoice_id
    await claim.do(News())

    row = await claim.one(Contestation)
    assert (row.stage, row.credited) == ("closed", Decimal("60.60"))


async def test_each_payment_bears_interest_from_its_own_day(claim: Claim):
    await pay(claim, "60.00", on=days(-35))
    await pay(claim, "40.00", on=days(-5))
    await claim.contest()
    claim.today = days(25)

    await claim.do(AnswerCustomer("ana", Decimal("100.00")))

    received = await claim.one(ReceivedContestation)
    # 80.00 for 30 days and 120.00 for 60, at 1 % a month: 0.80 and 2.40
    assert (received.was_paid, received.interest) == (Decimal("100.00"), Decimal("3.20"))
    assert (received.refund, received.paid_on) == (Decimal("203.20"), days(-5))


async def test_late_charges_on_what_was_not_due_go_back_with_it(claim: Claim):
    await pay(claim, "102.20", on=DAY_0, charges="2.20")
    await claim.contest("50.00")

    await claim.do(AnswerCustomer("ana", Decimal("50.00")))

    received = await claim.one(ReceivedContestation)
    assert (received.was_paid, received.refund) == (Decimal("51.10"), Decimal("102.20"))


async def test_what_was_forgiven_for_paying_in_time_was_not_paid_and_does_not_go_back(
    database: Database,
):
    claim = await Claim(database).begin(pay_on_time_discount=Decimal("10.00"))
    await pay(claim, "90.00", on=DUE)
    await claim.contest()

    await claim.do(AnswerCustomer("ana", Decimal("100.00")))

    received = await claim.one(ReceivedContestation)
    assert (await claim.invoice()).status == "settled"
    assert received.was_paid == Decimal("90.00")


async def test_correction_and_interest_run_until_the_credit_is_on_an_invoice(claim: Claim):
    await know_ipca(claim, {date(2026, 11, 1): "1.00", date(2026, 12, 1): "0.50"})
    await pay(claim, "100.00", on=date(2026, 11, 10))
    await claim.contest("30.00")
    await claim.do(AnswerCustomer("ana", Decimal("30.00")))
    await claim.letter_leaves()
    promised = await claim.one(ReceivedContestation)
    await owe(claim, "200.00", on=date(2027, 1, 10))

    await bill(claim, on=date(2027, 1, 10))

    [made] = [each for each in await claim.all(Invoice) if each.id != claim.invoice_id]
    received, row = await claim.one(ReceivedContestation), await claim.one(Contestation)
    assert (promised.correction, promised.interest) == (Decimal(0), Decimal("0.12"))  # six days
    # 60.00 x 1.01 x 1.005 is 60.90; 61 days of it at a thirtieth of 1 %
    assert (received.correction, received.interest) == (Decimal("0.90"), Decimal("1.24"))
    assert (received.refund, received.refund_on) == (Decimal("62.14"), date(2027, 1, 10))
    assert made.amount == Decimal("137.86")
    assert row.extra == Decimal("32.14")


async def test_by_bank_it_is_counted_until_the_day_of_the_receipt(claim: Claim):
    await pay(claim, "100.00", on=days(0))
    await claim.contest("30.00", refund_channel=RefundChannel.BANK)
    await claim.do(AnswerCustomer("ana", Decimal("30.00")))
    await claim.letter_leaves()
    claim.today = days(12)

    await claim.do(RecordRefund("ana", days(10), "TED 991"))

    received = await claim.one(ReceivedContestation)
    assert (received.interest, received.refund) == (Decimal("0.20"), Decimal("60.20"))
    assert (await claim.one(Contestation)).credited == Decimal("60.20")


async def test_a_mistake_that_is_justified_goes_back_once_by_permission_and_with_reasons(
    claim: Claim,
):
    await pay(claim, "100.00", on=days(0))
    await claim.contest("30.00")
    said = AnswerCustomer("gil", Decimal("30.00"), is_justified=True)

    with pytest.raises(JustifiedNeedsApproval):
        await claim.do(replace(said, reason="O cadastro veio errado do cliente."))
    with pytest.raises(AnsweredReasonRequired):
        await claim.do(replace(said, approves=True))
    await claim.do(replace(said, approves=True, reason="O cadastro veio errado do cliente."))

    received = await claim.one(ReceivedContestation)
    assert (received.times, received.refund) == (1, Decimal("30.00"))
    assert "em dobro" not in (await claim.all(Message))[-2].text


async def test_the_boleto_of_a_contested_invoice_is_called_back_for_good(claim: Claim):
    first = await number_the_boleto(claim)
    await claim.contest("40.00")
    await claim.do(AnswerCustomer("ana", Decimal(0), "O plano inclui a TV."))
    await claim.letter_leaves()

    again = await number_the_boleto(claim)

    [told] = await claim.all(BoletoInstruction)
    assert (told.boleto_number_id, told.kind, told.status) == (first.id, "write_off", "pending")
    assert (again.id, again.sequence) == (2, first.sequence + 1)
    events = [each.kind for each in await claim.all(InvoiceEvent)]
    assert events.count("boleto_called_back") == 1
    async with claim.database.write() as session:
        await gather(session, at=noon(days(1)))
    assert len(await claim.all(BoletoInstruction)) == 1


@pytest.mark.parametrize(
    ("channel", "says"),
    [
        (RefundChannel.BANK, "por banco, em dobro"),
        (RefundChannel.PREPAID, "em crédito pré-pago, válido por ao menos 90 dias, em dobro"),
    ],
)
async def test_what_is_given_by_hand_waits_for_the_receipt(claim: Claim, channel, says):
    await pay(claim, "100.00", on=days(0))
    await claim.contest("30.00", refund_channel=channel)
    await claim.do(AnswerCustomer("ana", Decimal("30.00")))
    await claim.letter_leaves()

    taken = await claim.pass_time(until=days(6))
    await claim.do(RecordRefund("ana", claim.today, "TED 991"))

    received = await claim.one(ReceivedContestation)
    assert taken == ["chase_refund"]
    assert any(says in each.text for each in await claim.all(Message))
    assert (received.refund, received.receipt) == (Decimal("60.12"), "TED 991")  # six days
    assert (await claim.one(Contestation)).stage == "closed"
    assert {each.status for each in await claim.all(Task)} == {"cancelled"}


async def test_a_credit_taken_off_the_books_goes_by_bank_instead(claim: Claim):
    await pay(claim, "100.00", on=days(0))
    await claim.contest("30.00")
    await claim.do(AnswerCustomer("ana", Decimal("30.00")))
    await claim.letter_leaves()

    async with claim.database.write() as session:
        [charge] = (await session.exec(select(Charge).order_by("id"))).all()
        charge.status = "cancelled"
    await claim.do(News())

    received = await claim.one(ReceivedContestation)
    assert (received.refund_channel, received.charge_id) == ("bank", None)
    assert (await claim.one(Contestation)).due_on == days(5)


async def test_unanswered_at_the_limit_the_customer_is_right(claim: Claim):
    await claim.contest()

    taken = await claim.pass_time(until=days(31))

    row = await claim.one(Contestation)
    async with claim.database.read() as session:
        case = await claim.case(session)
    assert taken == ["ask_answer", "warn_manager", "concede"]
    assert (row.stage, row.accepted) == ("accepted", Decimal("100.00"))
    assert case.breached_at is not None
    assert (await claim.invoice()).status == "cancelled"
    assert "Não respondemos no prazo" in (await claim.all(Message))[-2].text


async def test_refused_with_reasons_it_is_owed_again_once_the_customer_knows(claim: Claim):
    await claim.contest()
    claim.today = days(12)

    await claim.do(AnswerCustomer("ana", Decimal(0), "O plano inclui a TV."))
    before = await claim.is_frozen()
    claim.today = days(13)
    await claim.letter_leaves()

    [pause] = await claim.all(LadderPause)
    assert before
    assert (pause.since, pause.until) == (DAY_0, days(13))
    assert ((await claim.invoice()).open_amount, (await claim.one(Contestation)).stage) == (
        Decimal("100.00"),
        "closed",
    )


async def test_a_customer_who_cannot_be_written_to_is_told_by_a_person(database: Database):
    claim = await Claim(database).begin()
    async with database.write() as session:
        session.add(claim.customer)
        claim.customer.email = ""
    await claim.contest()
    await claim.do(AnswerCustomer("ana", Decimal(0), "O plano inclui a TV."))

    taken = await claim.pass_time(until=days(1))
    frozen = await claim.is_frozen()
    await claim.do(RecordCustomerTold("ana", claim.today, "Por telefone"))

    assert taken == ["tell_customer"]
    assert frozen
    assert not await claim.is_frozen()
    assert (await claim.one(Contestation)).stage == "closed"


async def test_partly_upheld_the_rest_stays_owed(claim: Claim):
    await claim.contest("40.00")

    await claim.do(AnswerCustomer("ana", Decimal("15.00"), "O resto é do plano."))
    await claim.letter_leaves()

    invoice = await claim.invoice()
    assert (invoice.amount, invoice.open_amount) == (Decimal("25.00"), Decimal("25.00"))
    assert invoice.status == "open"
    assert (await claim.one(Contestation)).credited == Decimal("15.00")


async def test_the_customer_gives_it_up_and_the_clocks_go_on(claim: Claim):
    await claim.contest()
    claim.today = days(4)

    await claim.do(WithdrawContestation("ana", "Entendeu a cobrança"))

    assert (await claim.one(Contestation)).stage == "withdrawn"
    assert not await claim.is_frozen()


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (AnswerCustomer("ana", Decimal("100.01")), UpheldTooMuch),
        (AnswerCustomer("ana", Decimal("99.00")), AnsweredReasonRequired),
        (RecordCustomerTold("ana", DAY_0, "Telefone"), NotInThisStage),
        (RecordRefund("ana", DAY_0, "TED"), NotInThisStage),
    ],
)
async def test_what_cannot_be_answered_changes_nothing(claim: Claim, command, refusal):
    await claim.contest()

    with pytest.raises(refusal):
        await claim.do(command)

    assert (await claim.one(Contestation)).stage == "awaiting_answer"


async def test_after_the_term_only_yes_is_left(claim: Claim):
    await claim.contest()
    claim.today = days(31)

    with pytest.raises(AnswerTooLate):
        await claim.do(AnswerCustomer("ana", Decimal(0), "Tarde"))


async def test_giving_much_away_needs_approval(database: Database):
    claim = await Claim(database).begin(amount=Decimal("60000.00"), open_amount=Decimal("60000.00"))
    await claim.contest()

    with pytest.raises(ApprovalRequired):
        await claim.do(AnswerCustomer("ana", Decimal("60000.00")))
    await claim.do(AnswerCustomer("gil", Decimal("60000.00"), approves=True))

    assert (await claim.invoice()).status == "cancelled"


@pytest.mark.parametrize(
    ("values", "amount", "refusal"),
    [
        ({"status": "cancelled"}, None, InvoiceNotContestable),
        (
            {"collection_stage": "in_agreement", "stage_since": noon(DAY_0)},
            None,
            InvoiceInAgreementContested,
        ),
        ({"status": "replaced"}, None, InvoiceNotContestable),
        ({"issue_date": date(2023, 11, 15)}, None, ContestedTooLate),
        ({}, "100.01", ContestedAmountWrong),
        ({}, "0.00", ContestedAmountWrong),
    ],
)
async def test_what_cannot_be_contested_is_refused(database: Database, values, amount, refusal):
    claim = await Claim(database).begin(**values)

    with pytest.raises(refusal):
        await claim.contest(amount)

    assert await claim.all(Contestation) == []


async def test_an_invoice_is_contested_once_at_a_time(claim: Claim):
    await claim.contest("40.00")

    with pytest.raises(AlreadyContested):
        await claim.contest("10.00")


async def number_the_boleto(claim: Claim) -> BoletoNumber:
    """The number that the invoice's boleto has now, as its document asks for it."""
    async with claim.database.write() as session:
        found = select(PaymentProfile).where(PaymentProfile.code == "ITAU")
        profile = (await session.exec(found)).one_or_none()
        if profile is None:
            profile = await builders.a_payment_profile(session, code="ITAU", **ITAU)
        invoice = await session.get_one(Invoice, claim.invoice_id)
        return await number_boleto(session, invoice, profile=profile, at=noon(claim.today))
