"""Sample return files: what was written is what is read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from rules.cnab import read_return
from rules.cnab_samples import SampleTitle, as_sent, spoil, write_return
from rules.cnab_titles import LineProblem, TitleOutcome
from rules.return_files import look_at_return

DAY, DUE = date(2026, 11, 18), date(2026, 11, 20)


def title(number: int, **told: object) -> SampleTitle:
    values = {
        "paid": Decimal("101.17"),
        "fee": Decimal("1.90"),
        "interest": Decimal("1.17"),
        **told,
    }
    our_number = f"1238798{number:010d}"
    return SampleTitle(f"F{number:08d}", our_number, DUE, Decimal("100.00"), DAY, **values)  # type: ignore[arg-type]


def test_a_sample_is_read_as_it_was_written() -> None:
    lines = write_return(
        [title(1), title(2, outcome=TitleOutcome.ENTERED)], number=17, company="3286 75367"
    )

    read = read_return(as_sent(lines))
    head = look_at_return(as_sent(lines), name="CB.RET")

    assert (read.bank, read.problems, read.not_read) == ("001", (), [])
    assert (head.company, head.sequence) == ("3286 75367", "17")
    paid, entered = read.titles
    assert (paid.your_number, paid.our_number) == ("F00000001", "12387980000000001")
    assert (paid.due_date, paid.occurred_on, paid.credited_on) == (DUE, DAY, DAY)
    money = (paid.face_amount, paid.paid_amount, paid.fee, paid.interest)
    assert money == tuple(map(Decimal, ("100.00", "101.17", "1.90", "1.17")))
    assert entered.outcome is TitleOutcome.ENTERED


def test_a_spoilt_line_is_the_only_one_that_cannot_be_read() -> None:
    lines = write_return([title(1), title(2, outcome=TitleOutcome.REJECTED)], number=1, company="x")
    lines[1] = spoil(lines[1])

    read = read_return(as_sent(lines))

    assert [(line.number, line.problem) for line in read.not_read] == [(2, LineProblem.FIELD)]
    assert [each.outcome for each in read.titles] == [TitleOutcome.REJECTED]
