"""Return files of a believable bank, CNAB 240: a segment T and a segment U for each title."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rules.cnab_240 import (
    BATCH,
    COLUMNS,
    CREDITED_AMOUNT,
    CREDITED_ON,
    INTEREST,
    IS_RETURN,
    LAYOUTS,
    MOVEMENT,
    OCCURRED_ON,
    PAID_AMOUNT,
    RECORD,
    SEGMENT,
    SEQUENCE,
    TRAILER_COUNT,
    Layout240,
)
from rules.cnab_fields import Span
from rules.cnab_samples import SampleTitle, cents_in, code_of, line_of, spoilt_at
from rules.return_files import SAMPLE_COMPANY

#: What a line holds, by its columns.
Fields = Mapping[Span, str]

_BANK, _COMPANY, _NUMBER, _KIND = Span(1, 3), Span(33, 72), Span(158, 163), Span(9, 11)


def write_return_240(
    titles: Sequence[SampleTitle], *, bank: str, number: int = 0, company: str = SAMPLE_COMPANY
) -> list[str]:
    """This will write a file of one batch. Number 0: the bank does not count its files."""
    head: Fields = {RECORD: "0", _COMPANY: company, IS_RETURN: "2", _NUMBER: f"{number:06d}"}
    details = list(_segments(titles, LAYOUTS[bank]))
    frame_lines = 4
    lines: list[Fields] = [
        {BATCH: "0000", **head},
        {BATCH: "0001", RECORD: "1", _KIND: "T01"},
        *({BATCH: "0001", RECORD: "3", **each} for each in details),
        {BATCH: "0001", RECORD: "5"},
        {BATCH: "9999", RECORD: "9", TRAILER_COUNT: f"{len(details) + frame_lines:06d}"},
    ]
    return [line_of({_BANK: bank, **each}, columns=COLUMNS) for each in lines]


def spoil_240(line: str) -> str:
    """A segment U whose amount paid can no longer be read."""
    return spoilt_at(line, PAID_AMOUNT)


def _segments(titles: Sequence[SampleTitle], layout: Layout240) -> Iterator[Fields]:
    for number, title in enumerate(titles):
        for place, segment in enumerate((_segment_t, _segment_u)):
            yield {
                SEQUENCE: f"{2 * number + place + 1:05d}",
                MOVEMENT: code_of(title.outcome, layout.movements),
                **segment(title, layout),
            }


def _segment_t(title: SampleTitle, layout: Layout240) -> Fields:
    return {
        SEGMENT: "T",
        layout.our_number: title.our_number,
        layout.your_number: title.your_number,
        layout.due_date: f"{title.due_date:%d%m%Y}",
        layout.face_amount: cents_in(title.face, layout.face_amount),
        layout.fee: cents_in(title.fee, layout.fee),
    }


def _segment_u(title: SampleTitle, _layout: Layout240) -> Fields:
    amounts = {
        INTEREST: title.interest, PAID_AMOUNT: title.paid,
        CREDITED_AMOUNT: max(title.paid - title.fee, title.paid * 0),
    }  # fmt: skip
    day = f"{title.occurred_on:%d%m%Y}"
    return {
        SEGMENT: "U",
        **{span: cents_in(amount, span) for span, amount in amounts.items()},
        OCCURRED_ON: day,
        CREDITED_ON: day,
    }
