"""Return files of a believable bank: CNAB 400 of Banco do Brasil, written where they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules.cnab_400 import COLUMNS, LAYOUTS, RECORD, SEQUENCE
from rules.cnab_fields import Span
from rules.money import ZERO, to_cents
from rules.return_files import SEQUENCES_400

BANK = "001"
ENTERED, REJECTED, PAID, WRITTEN_OFF = "02", "03", "06", "09"
_LAYOUT = LAYOUTS[BANK]
_START, _COMPANY, _BANK, _END = Span(1, 19), Span(27, 46), Span(77, 79), Span(1, 7)


@dataclass(frozen=True)
class SampleTitle:
    """What the bank tells of one boleto; `paid` is what the payer paid, late charges in it."""

    your_number: str
    our_number: str
    due_date: date
    face: Decimal
    occurred_on: date
    movement: str = PAID
    paid: Decimal = ZERO
    fee: Decimal = ZERO
    interest: Decimal = ZERO


def write_return(titles: Sequence[SampleTitle], *, number: int, company: str) -> list[str]:
    """This will write the so many-th file of a company: a header, a line a title, a trailer."""
    counted = SEQUENCES_400[BANK]
    head = {
        _START: "02RETORNO01COBRANCA", _COMPANY: company, _BANK: BANK,
        counted: str(number).zfill(counted.last - counted.first + 1),
    }  # fmt: skip
    lines = [head, *(_fields(each) for each in titles), {_END: f"9201{BANK}"}]
    return [_line({**each, SEQUENCE: f"{n:06d}"}) for n, each in enumerate(lines, start=1)]


def spoil(line: str) -> str:
    """The line as a bad connection leaves it: what was paid can no longer be read."""
    first = _LAYOUT.paid_amount.first
    return line[: first - 1] + "?" + line[first:]


def as_sent(lines: Sequence[str]) -> bytes:
    """The file as banks send it."""
    return "".join(f"{line}\r\n" for line in lines).encode("latin-1")


def _fields(title: SampleTitle) -> Mapping[Span, str]:
    optional = ((_LAYOUT.fee, title.fee), (_LAYOUT.interest, title.interest))
    amounts = ((_LAYOUT.face_amount, title.face), (_LAYOUT.paid_amount, title.paid), *optional)
    return {
        RECORD: _LAYOUT.titles,
        _LAYOUT.our_number: title.our_number,
        _LAYOUT.movement: title.movement,
        _LAYOUT.occurred_on: f"{title.occurred_on:%d%m%y}",
        _LAYOUT.your_number: title.your_number,
        _LAYOUT.due_date: f"{title.due_date:%d%m%y}",
        _LAYOUT.credited_on: f"{title.occurred_on:%d%m%y}",
        **{span: _cents(amount, span) for span, amount in amounts if span},
    }


def _cents(amount: Decimal, span: Span) -> str:
    return str(to_cents(amount)).zfill(span.last - span.first + 1)


def _line(fields: Mapping[Span, str]) -> str:
    line = " " * COLUMNS
    for span, text in fields.items():
        line = line[: span.first - 1] + text + line[span.first - 1 + len(text) :]
    return line
