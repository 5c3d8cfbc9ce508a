"""Return files to train with: each bank's own, read as written, and refused in earnest."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rules import cnab_240, cnab_400
from rules.boleto_banks import BankAccount, bank_title
from rules.cnab import BankNotKnown, read_return
from rules.cnab_titles import TitleOutcome as T
from rules.return_files import SampleReturnRefused, check_is_of_a_bank, look_at_return
from rules.return_numbers import our_number_in_file, sequence_in
from rules.sample_returns import (
    NOBODYS,
    Fate,
    Owed,
    check_bank,
    columns_of,
    our_number_width,
    titles_of,
    unknown_title,
    write_sample,
)

PAID_ON, DUE = date(2026, 11, 18), date(2026, 10, 5)
OWED = Owed("00000017", "F17", DUE, Decimal("100.00"), Decimal("103.47"), Decimal("3.47"))
FORMS = [(bank, 400) for bank in cnab_400.LAYOUTS] + [(bank, 240) for bank in cnab_240.LAYOUTS]
ACCOUNT = {"branch": "1234", "account": "56789", "agreement": "123456", "wallet": "1", "unit": "1"}


@pytest.mark.parametrize(("bank", "columns"), FORMS)
def test_every_bank_that_is_read_can_be_trained_with(bank: str, columns: int) -> None:
    fates = (Fate.DUE, Fate.REJECTED, Fate.WRITTEN_OFF)
    titles = [title for fate in fates for title in titles_of(OWED, fate, on=PAID_ON)]

    content = write_sample(titles, bank=bank, columns=columns)
    read = read_return(content)

    assert (read.bank, read.columns, read.problems, read.not_read) == (bank, columns, (), [])
    assert [each.outcome for each in read.titles] == [T.LIQUIDATED, T.REJECTED, T.WRITTEN_OFF]
    paid, *_ = read.titles
    assert (paid.our_number.lstrip("0"), paid.your_number) == ("17", "F17")
    assert (paid.due_date, paid.occurred_on, paid.credited_on) == (DUE, PAID_ON, PAID_ON)
    assert (paid.face_amount, paid.paid_amount) == (Decimal("100.00"), Decimal("103.47"))
    with pytest.raises(SampleReturnRefused):
        check_is_of_a_bank(look_at_return(content, name="x.ret"))


@pytest.mark.parametrize(
    ("fate", "paid", "charges"),
    [
        (Fate.DUE, ["103.47"], "3.47"),
        (Fate.OPEN, ["100.00"], "0"),
        (Fate.SHORT, ["50.00"], "0"),
        (Fate.OVER, ["113.47"], "3.47"),
        (Fate.TWICE, ["103.47", "103.47"], "3.47"),
        (Fate.REJECTED, ["0"], "0"),
        (Fate.WRITTEN_OFF, ["0"], "0"),
    ],
)
def test_what_is_paid_follows_the_fate(fate: Fate, paid: list[str], charges: str) -> None:
    titles = titles_of(OWED, fate, on=PAID_ON)

    assert [title.paid for title in titles] == [Decimal(amount) for amount in paid]
    assert {title.interest for title in titles} == {Decimal(charges)}


@pytest.mark.parametrize("columns", [240, 400])
def test_the_line_that_cannot_be_read_is_nobodys(columns: int) -> None:
    strangers = [unknown_title(on=PAID_ON)] * 2
    titles = [*titles_of(OWED, Fate.DUE, on=PAID_ON), *strangers]

    read = read_return(write_sample(titles, bank="756", columns=columns, spoils_last=True))

    assert len(read.not_read) == 1
    assert [each.our_number for each in read.titles][1] == NOBODYS[: len(read.titles[1].our_number)]
    assert read.titles[0].your_number == "F17"


@pytest.mark.parametrize(
    ("bank", "columns"),
    [(b, c) for b in ("001", "033", "104", "237", "341", "756") for c in (240, 400)]
    + [("085", 240)],
)
@pytest.mark.parametrize("sequence", [1, 3, 123_456])
def test_a_boletos_number_in_a_file_leads_back_to_it(
    bank: str, columns: int, sequence: int
) -> None:
    number = bank_title(BankAccount(bank, **ACCOUNT), sequence=sequence).our_number

    width = our_number_width(bank, columns=columns)

    written = our_number_in_file(sequence, number, bank=bank, columns=columns, width=width)

    assert written is not None
    assert len(written) <= width
    assert sequence_in(written, bank=bank, columns=columns) == sequence


def test_a_bank_is_written_only_as_it_is_read() -> None:
    assert (columns_of("085"), columns_of("341"), columns_of("999")) == (240, 400, 400)
    assert our_number_in_file(1, "1", bank="748", columns=400, width=15) is None
    with pytest.raises(BankNotKnown):
        check_bank("085", columns=400)
