"""Remittances: CNAB 240 files by which a bank hears of boletos (FEBRABAN, segments P, Q and R).

A title is a P and a Q, and at its entry an R where a fine is due. What banks write in their own way
is declared in rules/remittance_banks.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from rules.boleto_banks import BankAccount
from rules.cnab_240 import COLUMNS
from rules.cnab_fields import Span
from rules.money import ZERO, to_cents
from rules.remittance_banks import BankRemittance
from rules.remittance_titles import Company, Movement, RemittedTitle, plain

#: What a line holds, by its columns.
Fields = Mapping[Span, str]


@dataclass(frozen=True)
class Remittance:
    """A file: the so many-th of its account, written at an instant of the local clock."""

    bank: BankRemittance
    account: BankAccount
    company: Company
    number: int
    at: datetime
    titles: Sequence[RemittedTitle]


def write_remittance(remittance: Remittance) -> list[str]:
    """This will write the file's lines: its header, one batch with every title, its trailer."""
    details = list(_details(remittance))
    lines = [
        _file_header(remittance), _batch_header(remittance), *details,
        _batch_trailer(remittance, records=len(details) + 2),
        _file_trailer(remittance, records=len(details) + 4),
    ]  # fmt: skip
    return [_line(fields) for fields in lines]


def as_sent(lines: Sequence[str]) -> bytes:
    """The file as banks take it."""
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _details(remittance: Remittance) -> Iterator[Fields]:
    number = 0
    for title in remittance.titles:
        for segment in (_segment_p, _segment_q, _segment_r):
            fields = segment(remittance, title)
            if fields is None:
                continue
            number += 1
            yield {
                **_record(remittance, batch="0001", kind="3"), Span(9, 13): f"{number:05d}",
                Span(16, 17): title.movement, **fields,
            }  # fmt: skip


def _record(remittance: Remittance, *, batch: str, kind: str) -> dict[Span, str]:
    return {Span(1, 3): remittance.account.bank, Span(4, 7): batch, Span(8, 8): kind}


def _file_header(remittance: Remittance) -> Fields:
    bank, company = remittance.bank, remittance.company
    return {
        **_record(remittance, batch="0000", kind="0"),
        Span(18, 18): _kind_of(company.document),
        Span(19, 32): company.document.rjust(14, "0"),
        Span(33, 52): bank.agreement(remittance.account),
        Span(53, 72): bank.holder(remittance.account),
        Span(73, 102): plain(company.name, 30),
        Span(103, 132): plain(bank.name, 30),
        Span(143, 143): "1",
        Span(144, 157): f"{remittance.at:%d%m%Y%H%M%S}",
        Span(158, 163): f"{remittance.number:06d}",
        Span(164, 166): bank.file_version,
        Span(167, 171): "00000",
        Span(172, 211): bank.reserved,
    }


def _batch_header(remittance: Remittance) -> Fields:
    bank, company = remittance.bank, remittance.company
    return {
        **_record(remittance, batch="0001", kind="1"),
        Span(9, 11): "R01",  # remittance of collection
        Span(12, 13): bank.batch_use,
        Span(14, 16): bank.batch_version,
        Span(18, 18): _kind_of(company.document),
        Span(19, 33): company.document.rjust(15, "0"),
        Span(34, 53): bank.batch_agreement(remittance.account),
        Span(54, 73): bank.holder(remittance.account),
        Span(74, 103): plain(company.name, 30),
        Span(184, 191): f"{remittance.number:08d}",
        Span(192, 199): f"{remittance.at:%d%m%Y}",
        Span(200, 207): "0" * 8,
    }


def _segment_p(remittance: Remittance, title: RemittedTitle) -> Fields:
    bank, account = remittance.bank, remittance.account
    late, off = title.interest_percent > ZERO, title.discount > ZERO
    return {
        Span(14, 14): "P",
        Span(18, 57): bank.title(account, title.sequence),
        Span(58, 62): bank.portfolio,
        Span(63, 77): plain(title.number, bank.longest_number),
        Span(78, 85): _day(title.due_date),
        Span(86, 100): _cents(title.amount),
        Span(101, 105): "0" * 5,
        Span(107, 109): f"{bank.kind}N",  # not accepted by the payer
        Span(110, 117): _day(title.issued_on),
        Span(118, 118): "2" if late else "3",  # so much a month, or none
        Span(119, 126): _day(title.due_date + timedelta(days=1)) if late else "0" * 8,
        Span(127, 141): _cents(title.interest_percent),
        Span(142, 142): "1" if off else "0",  # a fixed amount until a day
        Span(143, 150): _day(title.due_date) if off else "0" * 8,
        Span(151, 165): _cents(title.discount),
        Span(166, 180): _cents(ZERO),
        Span(181, 195): _cents(title.rebate),
        Span(196, 220): plain(title.label, 25),
        Span(221, 223): "300",  # no protest
        Span(224, 227): bank.write_off,
        Span(228, 229): "09",  # reais
        Span(230, 239): "0" * 10,
    }


def _segment_q(_remittance: Remittance, title: RemittedTitle) -> Fields:
    payer = title.payer
    return {
        Span(14, 14): "Q",
        Span(18, 18): _kind_of(payer.document),
        Span(19, 33): payer.document.rjust(15, "0"),
        Span(34, 73): plain(payer.name, 40),
        Span(74, 113): plain(payer.street, 40),
        Span(129, 136): payer.postal_code.replace("-", "").rjust(8, "0"),
        Span(137, 151): plain(payer.city, 15),
        Span(152, 153): payer.uf,
        Span(154, 169): "0" * 16,  # nobody stands behind the company
        Span(210, 212): "000",
    }


def _segment_r(_remittance: Remittance, title: RemittedTitle) -> Fields | None:
    """The fine, a per cent from the day after the due date; none: no segment."""
    if title.movement is not Movement.ENTRY or title.fine_percent <= ZERO:
        return None
    return {
        Span(14, 14): "R",
        Span(18, 65): "0" * 48,  # no second and third discount
        Span(66, 66): "2",
        Span(67, 74): _day(title.due_date + timedelta(days=1)),
        Span(75, 89): _cents(title.fine_percent),
        Span(200, 215): "0" * 16,
        Span(217, 228): "0" * 12,
        Span(231, 231): "0",
    }


def _batch_trailer(remittance: Remittance, *, records: int) -> Fields:
    titles = remittance.titles
    total = sum((each.amount for each in titles), ZERO)
    return {
        **_record(remittance, batch="0001", kind="5"),
        Span(18, 23): f"{records:06d}",
        Span(24, 29): f"{len(titles):06d}",
        Span(30, 46): str(to_cents(total)).zfill(17),
        Span(47, 115): "0" * 69,
    }


def _file_trailer(remittance: Remittance, *, records: int) -> Fields:
    return {
        **_record(remittance, batch="9999", kind="9"),
        Span(18, 23): "000001",
        Span(24, 29): f"{records:06d}",
        Span(30, 35): "000000",
    }


def _kind_of(document: str) -> str:
    return "1" if len(document) == 11 else "2"


def _day(day: date) -> str:
    return f"{day:%d%m%Y}"


def _cents(amount: Decimal) -> str:
    return str(to_cents(amount)).zfill(15)


def _line(fields: Fields) -> str:
    line = " " * COLUMNS
    for span, text in fields.items():
        width = span.last - span.first + 1
        line = line[: span.first - 1] + text.ljust(width)[:width] + line[span.last :]
    return line
