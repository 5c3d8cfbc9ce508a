"""CNAB 400, collection: one line a title, in columns that are the bank's own.

Each bank has its own map of movements: 17 is a liquidation at Bradesco and a rejection at Itaú, 10
a liquidation at Itaú and a write-off at Bradesco.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rules.cnab_fields import DateOrder, FieldNotReadable, Span, amount_in, day_in
from rules.cnab_titles import (
    FileProblem,
    LineKind,
    LineProblem,
    ReturnLine,
    Title,
    TitleOutcome,
    field_not_read,
    movements,
    not_read,
)
from rules.money import ZERO

COLUMNS = 400
RECORD = Span(1, 1)
SEQUENCE = Span(395, 400)
_SHORT = DateOrder.DAY_FIRST_SHORT
_FRAME = {"0": LineKind.HEADER, "9": LineKind.TRAILER}


@dataclass(frozen=True)
class Layout400:
    """Where a bank's lines have what, and what its movements mean.

    `titles` and `extras` are the records that are titles, and those that say nothing about money.
    Where `pays_net_of_fee`, the bank writes as paid what is left after its fee. None: not told.
    """

    our_number: Span
    movements: Mapping[str, TitleOutcome]
    titles: str = "1"
    extras: str = ""
    movement: Span = Span(109, 110)
    occurred_on: Span = Span(111, 116)
    your_number: Span = Span(117, 126)
    due_date: Span = Span(147, 152)
    face_amount: Span = Span(153, 165)
    fee: Span | None = Span(176, 188)
    rebate: Span | None = Span(228, 240)
    discount: Span | None = Span(241, 253)
    paid_amount: Span = Span(254, 266)
    interest: Span | None = Span(267, 279)
    fine: Span | None = Span(280, 292)
    credited_on: Span = Span(296, 301)
    credited_on_order: DateOrder = _SHORT
    pays_net_of_fee: bool = False


LAYOUTS: dict[str, Layout400] = {
    "001": Layout400(  # Banco do Brasil, agreements of seven digits (record 7)
        our_number=Span(64, 80),
        movements=movements(
            entered="02",
            rejected="03",
            liquidated="05 06 07 08 15",
            written_off="09 10",
            protested="61",
        ),
        titles="7",
        fee=Span(182, 188),
        credited_on=Span(176, 181),
    ),
    "033": Layout400(  # Santander; record 2 is the Pix of the title before it
        our_number=Span(63, 70),
        movements=movements(
            entered="02",
            rejected="03",
            liquidated="06 07 08 16 17",
            written_off="09",
            protested="10",
        ),
        extras="2",
    ),
    "041": Layout400(  # Banrisul
        our_number=Span(63, 72),
        movements=movements(
            entered="02 47",
            rejected="03 24",
            liquidated="06 08 25",
            written_off="04 10",
            protested="40",
        ),
    ),
    "077": Layout400(  # Inter: shorter lines, no fee, no interest of their own
        our_number=Span(71, 81),
        movements=movements(entered="02", rejected="03", liquidated="06", written_off="07"),
        movement=Span(90, 91),
        occurred_on=Span(92, 97),
        your_number=Span(98, 107),
        due_date=Span(119, 124),
        face_amount=Span(125, 137),
        paid_amount=Span(160, 172),
        credited_on=Span(173, 178),
        fee=None,
        rebate=None,
        discount=None,
        interest=None,
        fine=None,
    ),
    "104": Layout400(  # Caixa
        our_number=Span(57, 73),
        movements=movements(
            entered="01",
            rejected="99",
            liquidated="21 22",
            written_off="02 23 24 25",
            protested="56",
        ),
        credited_on=Span(294, 299),
    ),
    "237": Layout400(  # Bradesco; record 4 is the Pix of the title before it
        our_number=Span(71, 82),
        movements=movements(
            entered="02",
            rejected="03 24 27 30 32",
            liquidated="06 15 17",
            written_off="09 10",
            protested="23",
        ),
        extras="4",
    ),
    "341": Layout400(  # Itaú; record 3 is the Pix of the title before it
        our_number=Span(63, 70),
        movements=movements(
            entered="02 64 71 73",
            rejected="03 15 16 17 18 60",
            liquidated="06 07 08 10 59",
            written_off="05 09 47 72",
            protested="32",
        ),
        extras="3",
        pays_net_of_fee=True,
    ),
    "748": Layout400(  # Sicredi
        our_number=Span(48, 62),
        movements=movements(
            entered="02",
            rejected="03 24 27 30 32",
            liquidated="06 15 16",
            written_off="09 10",
            protested="23",
        ),
        credited_on=Span(329, 336),
        credited_on_order=DateOrder.YEAR_FIRST,
    ),
    "756": Layout400(  # Sicoob
        our_number=Span(63, 73),
        movements=movements(
            entered="02",
            rejected="03 24 27 30 32",
            liquidated="05 06",
            written_off="09",
            protested="23",
        ),
        fee=Span(182, 188),
        credited_on=Span(176, 181),
    ),
}


def read_lines(lines: Sequence[str], *, layout: Layout400) -> list[ReturnLine]:
    """This will report every line of the file, in order."""
    return [_report(number, line, layout) for number, line in enumerate(lines, start=1)]


def problems_of(lines: Sequence[str]) -> tuple[FileProblem, ...]:
    """This will say whether the file was cut: its trailer is missing, or numbered otherwise."""
    trailers = [line for line in lines if RECORD.of(line) == "9"]
    if not trailers:
        return (FileProblem.NO_TRAILER,)
    counted = SEQUENCE.of(trailers[-1])
    return () if counted == f"{len(lines):06d}" else (FileProblem.COUNT_DIFFERS,)


def _report(number: int, line: str, layout: Layout400) -> ReturnLine:
    record = RECORD.of(line)
    if record in _FRAME:
        return ReturnLine(number, _FRAME[record])
    if record and record in layout.extras:
        return ReturnLine(number, LineKind.EXTRA, detail=record)
    if not record or record not in layout.titles:
        return not_read(number, LineProblem.UNKNOWN_RECORD, record)
    try:
        return ReturnLine(number, LineKind.TITLE, title=_title(line, layout))
    except FieldNotReadable as error:
        return field_not_read(number, error)


def _title(line: str, layout: Layout400) -> Title:
    movement = layout.movement.of(line)
    paid, fee = amount_in(line, layout.paid_amount), _optional(line, layout.fee)
    return Title(
        our_number=layout.our_number.of(line),
        your_number=layout.your_number.of(line),
        movement=movement,
        outcome=layout.movements.get(movement, TitleOutcome.OTHER),
        due_date=day_in(line, layout.due_date, order=_SHORT),
        face_amount=amount_in(line, layout.face_amount),
        fee=fee,
        interest=_optional(line, layout.interest) + _optional(line, layout.fine),
        discount=_optional(line, layout.discount),
        rebate=_optional(line, layout.rebate),
        paid_amount=paid + fee if layout.pays_net_of_fee else paid,
        credited_amount=paid if layout.pays_net_of_fee else None,
        occurred_on=day_in(line, layout.occurred_on, order=_SHORT),
        credited_on=day_in(line, layout.credited_on, order=layout.credited_on_order),
        sequence=SEQUENCE.of(line),
    )


def _optional(line: str, span: Span | None) -> Decimal:
    return ZERO if span is None else amount_in(line, span)
