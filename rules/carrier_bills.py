"""A bill as a carrier knows it, before it is written into any layout: what samples are made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rules.audit_subject import Period
from rules.carrier_records import ChargeKind, FieldType, RecordType


@dataclass
class BilledCharge:
    """One charge; amounts in cents, `quantity` in seconds for a call, percentages times 100.

    `unit` is what the quantity of all else counts; `granted` a plan's allowance of it.
    """

    kind: ChargeKind
    number: str
    category: str
    initials: str
    description: str
    amount: int
    day: date
    time: int = 0
    called: str = ""
    quantity: int = 1
    until: date | None = None
    tax_rate: int = 0
    net: int = 0
    base: int = 0
    percent: int = 0
    plan: str = ""
    unit: str = ""
    granted: int = 0


@dataclass
class Bill:
    """One account's month; `overstated` is what the total says above its charges, in cents.

    `ended` are the last days of lines, as the carrier itself knows them.
    """

    account: str
    invoice_number: str
    issue_date: date
    due_date: date
    period: Period
    lines: list[str]
    charges: list[BilledCharge] = field(default_factory=list)
    overstated: int = 0
    ended: dict[str, date] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """What is to be paid, in cents."""
        return sum(each.amount for each in self.charges) + self.overstated

    def of_line(self, number: str, *kinds: ChargeKind) -> list[BilledCharge]:
        """The charges of a line, or of the account where the number is empty."""
        return [
            each
            for each in self.charges
            if each.number == number and (not kinds or each.kind in kinds)
        ]

    def of_kind(self, *kinds: ChargeKind) -> list[BilledCharge]:
        """The charges of some kinds."""
        return [each for each in self.charges if each.kind in kinds]


def write_record(record: RecordType, values: Mapping[str, Any]) -> str:
    """This will write one line of a fixed layout; what has no value is zeros or blanks."""
    return record.code + "".join(
        _cell(each.type, each.end - each.start + 1, values.get(each.name))
        for each in record.fields[1:]
    )


def _cell(kind: FieldType, width: int, value: Any) -> str:
    if kind is FieldType.SIGN:
        return "-" if value is not None and value < 0 else "+"
    if kind is FieldType.TEXT:
        return str(value or "")[:width].ljust(width)
    if isinstance(value, date):
        value = value.strftime("%Y%m" if kind is FieldType.MONTH else "%Y%m%d")
    return str(abs(int(value or 0))).zfill(width)


def numbered(lines: Iterator[tuple[RecordType, Mapping[str, Any]]]) -> Iterator[str]:
    """This will write records, each with its place in the file as its sequence."""
    for sequence, (record, values) in enumerate(lines, start=1):
        yield write_record(record, {**values, "sequence": sequence})
