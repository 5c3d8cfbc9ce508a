"""Return files of a believable bank, CNAB 400: written by the columns by which they are read.

They are for demonstrations and training. Each names SAMPLE_COMPANY as whoever collects, by which
a house in production refuses it (rules/return_files.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules.cnab_400 import COLUMNS, LAYOUTS, RECORD, SEQUENCE, Layout400
from rules.cnab_fields import DateOrder, Span
from rules.cnab_titles import TitleOutcome
from rules.money import ZERO, to_cents
from rules.return_files import SAMPLE_COMPANY, SEQUENCES_400

BANK = "001"
_START, _COMPANY, _BANK, _END = Span(1, 19), Span(27, 46), Span(77, 79), Span(1, 7)
#: Codes that most banks share, and that are asked for before a bank's others.
_USUAL = ("06", "02", "03", "09")


@dataclass(frozen=True)
class SampleTitle:
    """What the bank tells of one boleto; `paid` is what the payer paid, late charges in it."""

    your_number: str
    our_number: str
    due_date: date
    face: Decimal
    occurred_on: date
    outcome: TitleOutcome = TitleOutcome.LIQUIDATED
    paid: Decimal = ZERO
    fee: Decimal = ZERO
    interest: Decimal = ZERO


def write_return(
    titles: Sequence[SampleTitle], *, number: int, company: str = SAMPLE_COMPANY, bank: str = BANK
) -> list[str]:
    """This will write the so many-th file of a company: a header, a line a title, a trailer.

    Number 0: the bank does not count its files.
    """
    layout, counted = LAYOUTS[bank], SEQUENCES_400.get(bank)
    head = {_START: "02RETORNO01COBRANCA", _COMPANY: company, _BANK: bank}
    if counted is not None:
        head[counted] = str(number).zfill(counted.last - counted.first + 1)
    details = [_fields(each, layout) for each in titles]
    lines = [head, *details, {_END: f"9201{bank}"}]
    numbered = ({**each, SEQUENCE: f"{n:06d}"} for n, each in enumerate(lines, start=1))
    return [line_of(each, columns=COLUMNS) for each in numbered]


def spoil(line: str, *, bank: str = BANK) -> str:
    """The line as a bad connection leaves it: what was paid can no longer be read."""
    return spoilt_at(line, LAYOUTS[bank].paid_amount)


def spoilt_at(line: str, span: Span) -> str:
    """The line with a field that holds what it must not."""
    return line[: span.first - 1] + "?" + line[span.first :]


def as_sent(lines: Sequence[str]) -> bytes:
    """The file as banks send it."""
    return "".join(f"{line}\r\n" for line in lines).encode("latin-1")


def code_of(outcome: TitleOutcome, movements: Mapping[str, TitleOutcome]) -> str:
    """A bank's own code for what happened; the one that most banks use, where it has it."""
    return next(code for code in (*_USUAL, *movements) if movements.get(code) is outcome)


def cents_in(amount: Decimal, span: Span) -> str:
    """An amount as it fills its columns."""
    return str(to_cents(amount)).zfill(span.last - span.first + 1)


def line_of(fields: Mapping[Span, str], *, columns: int) -> str:
    """A line with each text where its columns begin, and no further than they reach."""
    line = " " * columns
    for span, text in fields.items():
        width = span.last - span.first + 1
        line = line[: span.first - 1] + text[:width].ljust(width) + line[span.last :]
    return line


def _fields(title: SampleTitle, layout: Layout400) -> Mapping[Span, str]:
    optional = ((layout.fee, title.fee), (layout.interest, title.interest))
    paid = title.paid - title.fee if layout.pays_net_of_fee else title.paid
    amounts = ((layout.face_amount, title.face), (layout.paid_amount, paid), *optional)
    is_year_first = layout.credited_on_order is DateOrder.YEAR_FIRST
    return {
        RECORD: layout.titles,
        layout.our_number: title.our_number,
        layout.movement: code_of(title.outcome, layout.movements),
        layout.occurred_on: f"{title.occurred_on:%d%m%y}",
        layout.your_number: title.your_number,
        layout.due_date: f"{title.due_date:%d%m%y}",
        layout.credited_on: f"{title.occurred_on:{'%Y%m%d' if is_year_first else '%d%m%y'}}",
        **{span: cents_in(amount, span) for span, amount in amounts if span},
    }
