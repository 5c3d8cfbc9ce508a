"""CNAB 240, collection: a title is a segment T and the segment U that follows it (FEBRABAN).

Each bank has its own map of movements, even where two happen to be alike today: 17 is a
liquidation at most banks and a rejection at Itaú.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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

COLUMNS = 240
RECORD = Span(8, 8)
BATCH = Span(4, 7)
SEQUENCE = Span(9, 13)
SEGMENT = Span(14, 14)
MOVEMENT = Span(16, 17)
IS_RETURN = Span(143, 143)
TRAILER_COUNT = Span(24, 29)
#: Of segment U, which is alike at all banks.
INTEREST = Span(18, 32)
PAID_AMOUNT = Span(78, 92)
CREDITED_AMOUNT = Span(93, 107)
OCCURRED_ON = Span(138, 145)
CREDITED_ON = Span(146, 153)
_KINDS = {
    "0": LineKind.HEADER,
    "1": LineKind.HEADER,
    "2": LineKind.EXTRA,
    "4": LineKind.EXTRA,
    "5": LineKind.TRAILER,
    "9": LineKind.TRAILER,
}


@dataclass(frozen=True)
class Layout240:
    """Where a bank's segment T has what, and what its movements mean; U is alike at all."""

    movements: Mapping[str, TitleOutcome]
    our_number: Span = Span(38, 57)
    your_number: Span = Span(59, 73)
    due_date: Span = Span(74, 81)
    face_amount: Span = Span(82, 96)
    fee: Span = Span(199, 213)


LAYOUTS: dict[str, Layout240] = {
    "001": Layout240(  # Banco do Brasil
        movements(entered="02", rejected="03", liquidated="06 17", written_off="09", protested="25")
    ),
    "033": Layout240(  # Santander: from the number on, T stands four or five columns to the left
        movements(entered="02", rejected="03", liquidated="06 17", written_off="09"),
        our_number=Span(41, 53),
        your_number=Span(55, 69),
        due_date=Span(70, 77),
        face_amount=Span(78, 92),
        fee=Span(194, 208),
    ),
    "041": Layout240(  # Banrisul
        movements(entered="02", rejected="03", liquidated="06 17", written_off="09", protested="25")
    ),
    "085": Layout240(  # Ailos
        movements(entered="02", rejected="03", liquidated="06 17", written_off="09", protested="25")
    ),
    "104": Layout240(  # Caixa: 46 is a liquidation on line
        movements(
            entered="02", rejected="03", liquidated="06 17 46", written_off="09", protested="25"
        ),
        our_number=Span(40, 56),
    ),
    "237": Layout240(  # Bradesco
        movements(entered="02", rejected="03", liquidated="06 17", written_off="09", protested="25")
    ),
    "341": Layout240(  # Itaú: 15 to 18 are rejections
        movements(
            entered="02",
            rejected="03 15 16 17 18",
            liquidated="06 08 10",
            written_off="09",
            protested="32",
        ),
        our_number=Span(41, 48),
    ),
    "748": Layout240(  # Sicredi
        movements(entered="02", rejected="03", liquidated="06 17", written_off="09", protested="25")
    ),
    "756": Layout240(  # Sicoob
        movements(
            entered="02", rejected="03", liquidated="06 17", written_off="09", protested="25"
        ),
        our_number=Span(38, 47),
    ),
}


def read_lines(lines: Sequence[str], *, layout: Layout240) -> list[ReturnLine]:
    """This will report every line, in order; a T is reported with the title it makes with its U."""
    reports: list[ReturnLine] = []
    waiting: str | None = None  # a T whose U has not come; its report is the last but extras
    for number, line in enumerate(lines, start=1):
        segment = SEGMENT.of(line) if RECORD.of(line) == "3" else ""
        if segment == "T":
            reports.append(not_read(number, LineProblem.WITHOUT_PAIR, "T"))
            waiting = line
        elif segment == "U" and waiting is not None and _is_pair(waiting, line):
            t_number = _number_of_waiting(reports)
            reports[t_number - 1] = _title_line(t_number, waiting, line, layout)
            reports.append(ReturnLine(number, LineKind.PART))
            waiting = None
        else:
            reports.append(_other_line(number, line, segment))
    return reports


def problems_of(lines: Sequence[str]) -> tuple[FileProblem, ...]:
    """This will say whether the file was cut: its trailer is missing, or counts other lines."""
    trailers = [line for line in lines if RECORD.of(line) == "9"]
    if not trailers:
        return (FileProblem.NO_TRAILER,)
    counted = TRAILER_COUNT.of(trailers[-1])
    return () if counted == f"{len(lines):06d}" else (FileProblem.COUNT_DIFFERS,)


def _is_pair(t_line: str, u_line: str) -> bool:
    return all(span.of(t_line) == span.of(u_line) for span in (BATCH, MOVEMENT))


def _number_of_waiting(reports: Sequence[ReturnLine]) -> int:
    return next(report.number for report in reversed(reports) if report.detail == "T")


def _other_line(number: int, line: str, segment: str) -> ReturnLine:
    if segment == "U":
        return not_read(number, LineProblem.WITHOUT_PAIR, "U")
    if segment:
        return ReturnLine(number, LineKind.EXTRA, detail=segment)
    kind = _KINDS.get(RECORD.of(line))
    if kind is None:
        return not_read(number, LineProblem.UNKNOWN_RECORD, RECORD.of(line))
    return ReturnLine(number, kind)


def _title_line(number: int, t: str, u: str, layout: Layout240) -> ReturnLine:
    try:
        return ReturnLine(number, LineKind.TITLE, title=_title(t, u, layout))
    except FieldNotReadable as error:
        return field_not_read(number, error)


def _title(t: str, u: str, layout: Layout240) -> Title:
    movement = MOVEMENT.of(t)
    return Title(
        our_number=layout.our_number.of(t),
        your_number=layout.your_number.of(t),
        movement=movement,
        outcome=layout.movements.get(movement, TitleOutcome.OTHER),
        due_date=day_in(t, layout.due_date, order=DateOrder.DAY_FIRST),
        face_amount=amount_in(t, layout.face_amount),
        fee=amount_in(t, layout.fee),
        interest=amount_in(u, INTEREST),
        discount=amount_in(u, Span(33, 47)),
        rebate=amount_in(u, Span(48, 62)),
        paid_amount=amount_in(u, PAID_AMOUNT),
        credited_amount=amount_in(u, CREDITED_AMOUNT),
        occurred_on=day_in(u, OCCURRED_ON, order=DateOrder.DAY_FIRST),
        credited_on=day_in(u, CREDITED_ON, order=DateOrder.DAY_FIRST),
        sequence=f"{BATCH.of(t)}{SEQUENCE.of(t)}",
    )
