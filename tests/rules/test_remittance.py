"""CNAB 240 remittances: every field where FEBRABAN and the bank have it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from rules.boleto_banks import BankAccount, BankDigitsWrong
from rules.cnab import NotAReturnFile, read_return
from rules.cnab_240 import problems_of
from rules.cnab_fields import DateOrder, Span, amount_in, day_in
from rules.remittance import Remittance, as_sent, write_remittance
from rules.remittance_banks import RemittanceBankNotKnown, RemittanceNeeds, remittance_bank
from rules.remittance_titles import Company, Movement, Payer, RemittedTitle, plain

pytestmark = pytest.mark.once

BANKS = {
    "001": BankAccount("001", "1234", "12345", "1234567", "12", variation="123"),
    "085": BankAccount("085", "1234", "1234567", "123456", "01"),
    "104": BankAccount("104", "1234", "", "123456", "1"),
    "756": BankAccount("756", "4327", "3666", "1234567", "1", unit="01"),
}
PAYER = Payer("João Ção da Silva", "52998224725", "Rua Áurea, 10", "São Paulo", "SP", "01310-100")
TITLE = RemittedTitle(
    Movement.ENTRY, 123, "FAT-77", "2026/0001", date(2026, 12, 10), Decimal("199.90"),
    date(2026, 11, 30), PAYER, discount=Decimal(5), fine_percent=Decimal(2),
    interest_percent=Decimal(1),
)  # fmt: skip


def written(bank: str = "001", *titles: RemittedTitle) -> list[str]:
    account = BANKS[bank]
    return write_remittance(
        Remittance(
            remittance_bank(account), account, Company("Acerto Telecom", "11222333000181"), 7,
            datetime(2026, 11, 30, 9, 5, tzinfo=UTC), titles=titles or (TITLE,),
        )
    )  # fmt: skip


@pytest.mark.parametrize("bank", sorted(BANKS))
def test_every_line_is_whole_and_counted(bank: str) -> None:
    lines = written(bank, TITLE, TITLE)

    assert {len(line) for line in lines} == {240}
    assert [line[13] for line in lines[2:-2]] == list("PQRPQR")
    assert problems_of(lines) == ()
    assert [line[:8] for line in lines[:2]] == [f"{bank}00000", f"{bank}00011"]
    assert (lines[-2][17:23], lines[-2][23:29]) == ("000008", "000002")
    assert lines[-2][29:46] == "00000000000039980"


def test_our_own_reader_knows_it_for_a_remittance() -> None:
    with pytest.raises(NotAReturnFile):
        read_return(as_sent(written()))


def test_a_title_says_what_is_owed_by_whom_and_when() -> None:
    p, q, r = written()[2:5]

    assert [line[13:17] for line in (p, q, r)] == ["P 01", "Q 01", "R 01"]
    assert [line[8:13] for line in (p, q, r)] == ["00001", "00002", "00003"]
    assert Span(63, 77).of(p) == "2026/0001"
    assert day_in(p, Span(78, 85), order=DateOrder.DAY_FIRST) == date(2026, 12, 10)
    assert amount_in(p, Span(86, 100)) == Decimal("199.90")
    assert (p[117:126], amount_in(p, Span(127, 141))) == ("211122026", Decimal(1))
    assert (p[141:150], amount_in(p, Span(151, 165))) == ("110122026", Decimal(5))
    assert Span(196, 220).of(p) == "FAT-77"
    assert (q[17:33], Span(34, 73).of(q)) == ("1000052998224725", "JOAO CAO DA SILVA")
    assert (Span(74, 113).of(q), q[128:136]) == ("RUA AUREA, 10", "01310100")
    assert (Span(137, 151).of(q), q[151:153]) == ("SAO PAULO", "SP")
    assert (r[65:74], amount_in(r, Span(75, 89))) == ("211122026", Decimal(2))


@pytest.mark.parametrize(
    ("bank", "holder", "number", "portfolio"),
    [
        ("001", "0123430000000123455 ", "12345670000000123", "71 00"),
        ("085", "0123430000012345679 ", "12345679000000123", "10122"),
        ("104", "01234312345600000000", "00014000000000000123", "11220"),
        ("756", "0432730000000036668 ", "000000123501014", "10 22"),
    ],
)
def test_account_and_number_are_written_as_each_bank_has_them(
    bank: str, holder: str, number: str, portfolio: str
) -> None:
    p = written(bank)[2]

    assert (p[17:37], p[37:57].rstrip(), p[57:62]) == (holder, number, portfolio)


def test_banco_do_brasil_is_told_agreement_wallet_and_variation() -> None:
    assert Span(33, 52).of(written("001")[0]) == "001234567001412123"


def test_what_is_instructed_later_has_no_segment_of_fines() -> None:
    moved = RemittedTitle(
        Movement.NEW_DUE_DATE, 123, "FAT-77", "1", date(2026, 12, 20), Decimal("199.90"),
        date(2026, 11, 30), PAYER, rebate=Decimal("9.90"),
    )  # fmt: skip

    lines = written("001", moved)

    assert [line[13:17] for line in lines[2:-2]] == ["P 06", "Q 06"]
    assert amount_in(lines[2], Span(181, 195)) == Decimal("9.90")
    assert problems_of(lines) == ()


def test_without_fine_and_interest_none_is_told() -> None:
    free = replace(TITLE, fine_percent=Decimal(0), interest_percent=Decimal(0))

    lines = written("001", free)

    assert [line[13] for line in lines[2:-2]] == ["P", "Q"]
    assert lines[2][117:126] == "300000000"


@pytest.mark.parametrize(
    ("account", "refusal"),
    [
        (BankAccount("341", "1234", "12345", wallet="109"), RemittanceBankNotKnown),
        (BankAccount("001", "1234", "12345", "1234567", "17"), RemittanceNeeds),
        (BankAccount("756", "1234", "", "1234567", "1", unit="01"), RemittanceNeeds),
        (BankAccount("001", "1234", "12345", "x", "17", variation="19"), BankDigitsWrong),
    ],
)
def test_an_account_that_no_remittance_can_be_made_of_is_refused(account, refusal) -> None:
    with pytest.raises(refusal):
        remittance_bank(account)


def test_letters_lose_their_accents_and_what_has_none_is_left_out() -> None:
    assert plain("Padaria  São João & Filhos — Ltda.", 24) == "PADARIA SAO JOAO & FILHO"
