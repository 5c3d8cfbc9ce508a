from dataclasses import replace

import pytest

from rules.boleto_banks import (
    BANKS,
    BankAccount,
    BankDigitsWrong,
    BankNumbersExhausted,
    BankWithoutBoleto,
    bank_title,
    check_account,
)

pytestmark = pytest.mark.once

BB = BankAccount("001", "4042", "61900", agreement="1238798", wallet="18")
SANTANDER = BankAccount("033", "0000", agreement="1899775", wallet="102")
AILOS = BankAccount("085", "0101", "356156", agreement="234", wallet="1")
CAIXA = BankAccount("104", "1825", agreement="245274", wallet="1")
BRADESCO = BankAccount("237", "4042", "61900", wallet="3")
ITAU = BankAccount("341", "810", "53678", wallet="175")
SICOOB = BankAccount("756", "4327", agreement="229385", wallet="1", unit="2")


@pytest.mark.parametrize(
    ("account", "sequence", "free_field"),
    [
        (BB, 7777700168, "0000001238798777770016818"),
        (SANTANDER, 9000026, "9189977500000900002690102"),
        (SANTANDER, 9000272, "9189977500000900027250102"),
        (AILOS, 1, "0002340356156900000000101"),
        (CAIXA, 1, "2452740000100040000000017"),
        (BRADESCO, 777700168, "4042030077770016800619000"),
        (ITAU, 12345678, "1751234567840810536789000"),
        (ITAU, 258281, "1750025828170810536789000"),
        (replace(ITAU, wallet="168"), 258281, "1680025828120810536789000"),
        (SICOOB, 2, "1432702022938500000024001"),
        (
            BankAccount("756", "4134", agreement="148180", wallet="1", unit="05"),
            110,
            "1413405014818000001104001",
        ),
    ],
)
def test_the_free_field_is_that_of_published_boletos(account, sequence, free_field):
    assert bank_title(account, sequence=sequence).free_field == free_field


@pytest.mark.parametrize(
    ("account", "sequence", "our_number", "company_code"),
    [
        (BB, 1, "12387980000000001", "4042/00061900"),
        (SANTANDER, 9000026, "0000090000269", "0000/1899775"),
        (AILOS, 1, "03561569000000001", "0101/0356156-9"),
        (CAIXA, 1, "14000000000000001-4", "1825/245274-0"),
        (replace(BRADESCO, wallet="9"), 51350000004, "09/51350000004-P", "4042/0061900"),
        (replace(BRADESCO, wallet="9"), 51350000007, "09/51350000007-4", "4042/0061900"),
        (replace(BRADESCO, wallet="9"), 51350000009, "09/51350000009-0", "4042/0061900"),
        (ITAU, 258281, "175/00258281-7", "0810/53678-9"),
        (SICOOB, 7, "00000070", "4327/0229385"),
    ],
)
def test_the_number_is_written_as_the_bank_prints_it(account, sequence, our_number, company_code):
    title = bank_title(account, sequence=sequence)

    assert (title.our_number, title.company_code) == (our_number, company_code)


@pytest.mark.parametrize("bank", BANKS)
def test_every_bank_fills_its_25_digits_up_to_its_last_number(bank):
    account = BankAccount(bank, **dict.fromkeys(BANKS[bank].digits, "1"))
    last = 10 ** BANKS[bank].sequence_digits - 1

    free_field = bank_title(account, sequence=last).free_field

    assert len(free_field) == 25
    assert free_field.isdigit()
    with pytest.raises(BankNumbersExhausted):
        bank_title(account, sequence=last + 1)


@pytest.mark.parametrize(
    ("account", "field"),
    [
        (replace(BB, agreement=""), "agreement"),
        (replace(BB, agreement="12345678"), "agreement"),
        (replace(BB, branch="404-2"), "branch"),
        (replace(ITAU, wallet="1A5"), "wallet"),
        (replace(SICOOB, unit=""), "unit"),
    ],
)
def test_an_account_that_is_not_whole_is_refused_by_its_field(account, field):
    with pytest.raises(BankDigitsWrong) as refused:
        check_account(account)

    assert refused.value.field == field


def test_what_a_bank_does_not_use_may_be_empty():
    check_account(replace(CAIXA, account="", unit=""))


def test_a_bank_that_is_not_known_is_refused():
    with pytest.raises(BankWithoutBoleto, match="999"):
        check_account(replace(BB, bank="999"))
