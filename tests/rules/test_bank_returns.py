"""Return files as a whole, the numbers they name boletos by, and what becomes of each payment."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rules.bank_returns import Candidate, LineOutcome, is_about, paid_outcome
from rules.boleto_banks import BankAccount, bank_title
from rules.cnab import BankNotKnown, NotABankFile, NotAReturnFile, read_return
from rules.payment_application import Taken
from rules.payments import InvoiceAlreadySettled, PaymentSource, payable_of
from rules.refusals import Refusal
from rules.return_files import (
    ReturnCut,
    ReturnEmpty,
    ReturnNotText,
    ReturnTooLarge,
    ReturnWithoutTitles,
    look_at_return,
)
from rules.return_numbers import sequence_in
from tests.support.cnab import file_240, file_400, liquidation_400, sent, t_segment, u_segment

PAID_400 = file_400("341", liquidation_400("00000001"))
PAID_240 = file_240("001", t_segment(), u_segment())


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", ReturnEmpty),
        (b" \r\n\r\n", ReturnEmpty),
        (b"x" * (65 << 20), ReturnTooLarge),
        (b"PK\x03\x04 a workbook", ReturnNotText),
        (sent(PAID_400).decode("latin-1").encode("utf-16"), ReturnNotText),
        (b"codigo;valor\nF1;10,00\n", NotABankFile),
        (sent(["01REMESSA01COBRANCA"]), NotAReturnFile),
        (sent(file_400("999", liquidation_400("00000001"))), BankNotKnown),
        (sent(PAID_400[:-1]), ReturnCut),
        (sent(PAID_240[:-1]), ReturnCut),
        (sent([PAID_400[0], PAID_400[-1]]), ReturnWithoutTitles),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(content: bytes, refusal: type[Refusal]):
    with pytest.raises(refusal):
        look_at_return(content, name="a.ret")


def test_a_file_is_known_by_bank_account_number_and_digest():
    header = PAID_400[0][:26] + "12340056789 " + PAID_400[0][38:108] + "00025" + PAID_400[0][113:]
    content = sent([header, *PAID_400[1:]])

    head = look_at_return(content, name="a.ret")

    assert (head.bank, head.columns, head.sequence) == ("341", 400, "25")
    assert head.company == "12340056789"
    assert head.digest == read_return(content).digest


def test_the_number_of_a_240_file_stands_in_its_header():
    header = PAID_240[0][:157] + "000007" + PAID_240[0][163:]

    assert look_at_return(sent([header, *PAID_240[1:]]), name="a.ret").sequence == "7"


@pytest.mark.parametrize(
    ("account", "columns", "told"),
    [
        ({"bank": "001", "account": "1", "agreement": "1234567", "wallet": "17"}, 400, "{0}"),
        ({"bank": "001", "account": "1", "agreement": "1234567", "wallet": "17"}, 240, "{0}   "),
        ({"bank": "033", "agreement": "1234567", "wallet": "101"}, 240, "{0}"),
        ({"bank": "033", "agreement": "1234567", "wallet": "101"}, 400, "{0:.8}"),
        ({"bank": "085", "account": "1234567", "agreement": "101004", "wallet": "1"}, 240, "{0}"),
        ({"bank": "104", "agreement": "123456", "wallet": "1"}, 400, "{0:.17}"),
        ({"bank": "237", "account": "1234567", "wallet": "9"}, 400, "{0}"),
        ({"bank": "237", "account": "1234567", "wallet": "9"}, 240, "00900000{0}"),
        ({"bank": "341", "account": "12345", "wallet": "109"}, 400, "{0}"),
        ({"bank": "756", "agreement": "1234567", "wallet": "1", "unit": "1"}, 240, "00{0}"),
    ],
)
def test_the_running_number_is_found_however_a_bank_tells_it(account, columns, told):
    title = bank_title(BankAccount(branch="1234", **account), sequence=4321)
    number = "".join(letter for letter in title.our_number if letter.isalnum())
    # The report leaves out what stands before the number on paper, and Itaú its digit.
    shorter = {"033": number[-8:] if columns == 400 else number, "237": number[2:]}
    number = {"341": number[3:-1]}.get(account["bank"], shorter.get(account["bank"], number))

    found = sequence_in(told.format(number).strip(), bank=account["bank"], columns=columns)

    assert found == 4321


@pytest.mark.parametrize("number", ["", "0", "ABC", "²²²²²²²²"])
def test_a_number_that_is_none_leads_nowhere(number: str):
    assert sequence_in(number, bank="341", columns=400) is None


def test_another_banks_boletos_are_not_of_our_making():
    assert sequence_in("1234567", bank="041", columns=400) is None


@pytest.mark.parametrize(
    ("status", "owed", "paid", "applied", "outcome"),
    [
        ("open", "100.00", "99.99", "99.99", LineOutcome.PARTIAL),
        ("open", "100.00", "100.00", "100.00", LineOutcome.SETTLED),
        ("open", "100.00", "100.01", "100.00", LineOutcome.OVER),
        ("settled", "0.00", "100.00", "0.00", LineOutcome.DOUBLE),
        ("settled", "100.00", "100.00", "100.00", LineOutcome.SETTLED),
        ("cancelled", "0.00", "100.00", "0.00", LineOutcome.NOT_OWED),
        ("replaced", "0.00", "100.00", "0.00", LineOutcome.NOT_OWED),
    ],
)
def test_what_a_payment_is_reported_as(status, owed, paid, applied, outcome):
    taken = Taken(Decimal(applied))

    assert outcome is paid_outcome(
        status=status, owed=Decimal(owed), paid=Decimal(paid), taken=taken
    )


def test_a_discount_in_time_settles_although_less_came_in():
    taken = Taken(Decimal("95.00"), Decimal("5.00"))

    outcome = paid_outcome(
        status="open", owed=Decimal("100.00"), paid=Decimal("95.00"), taken=taken
    )

    assert outcome is LineOutcome.SETTLED


def test_only_money_at_hand_is_taken_by_an_invoice_that_owes_nothing():
    debt = {"invoice": "F1", "open_amount": Decimal("0.00")}

    assert payable_of(PaymentSource.BANK, "settled", **debt) == Decimal("0.00")
    with pytest.raises(InvoiceAlreadySettled):
        payable_of(PaymentSource.HAND, "settled", **debt)


def test_a_number_alone_does_not_say_whose_boleto_it_is():
    title = read_return(sent(PAID_400)).titles[0]
    hundred = Decimal("100.00")
    ours = Candidate(1, frozenset({"F1"}), date(2026, 12, 1), hundred, hundred)
    others = Candidate(2, frozenset({"F2"}), date(2026, 12, 1), Decimal("70.00"), Decimal("70.00"))

    assert is_about(title, ours)
    assert not is_about(title, others)
