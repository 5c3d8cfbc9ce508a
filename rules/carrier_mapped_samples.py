"""Bills written as a mapping says them: a sample of the carrier's CSV, to try the mapping with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from rules.carrier_bills import Bill, BilledCharge
from rules.carrier_mappings import KINDS, REST, CsvMapping, DayForm, DurationForm, Point, Target
from rules.carrier_records import ChargeKind

_DAYS: Mapping[DayForm, str] = {
    DayForm.DAY_MONTH_YEAR: "%d/%m/%Y", DayForm.SHORT_YEAR: "%d/%m/%y", DayForm.ISO: "%Y-%m-%d",
    DayForm.DIGITS: "%Y%m%d", DayForm.DIGITS_FROM_DAY: "%d%m%Y",
}  # fmt: skip
_TARGETS: Mapping[ChargeKind, Target] = {kind: target for target, kind in KINDS.items()}


def mapped_file(bill: Bill, mapping: CsvMapping, *, encoding: str = "cp1252") -> bytes:
    """This will write what of a bill the mapping can say: some lines of title, header, charges."""
    words = _words(mapping)
    kept = [each for each in bill.charges if _TARGETS[each.kind] in words]
    said = replace(bill, charges=kept)
    rows = [*_titles(said), mapping.columns, *_charges(said, mapping, words)]
    if Target.TOTAL in words and Target.TOTAL in mapping.words.values():
        rows.append({"row_kind": words[Target.TOTAL], "amount": _amount(said.total, mapping)})
    cells = list(mapping.columns)
    lines = (_line([row.get(cell, "") for cell in cells], mapping) for row in rows)
    return "".join(f"{line}\r\n" for line in lines).encode(encoding, errors="replace")


def _words(mapping: CsvMapping) -> dict[Target, str]:
    """What the column of kinds says for each kind of row; no word where any other will do."""
    told = {target: word.removesuffix(REST) for word, target in reversed([*mapping.words.items()])}
    return told if mapping.otherwise is None else {mapping.otherwise: "", **told}


def _titles(bill: Bill) -> Iterator[dict[str, str]]:
    yield {"number": f"Fatura {bill.invoice_number}"}
    yield {"number": f"Período {bill.period.start:%d/%m/%Y} a {bill.period.end:%d/%m/%Y}"}


def _charges(
    bill: Bill, mapping: CsvMapping, words: Mapping[Target, str]
) -> Iterator[dict[str, str]]:
    for each in bill.charges:
        yield {
            "account": bill.account, "invoice_number": bill.invoice_number,
            "month": f"{bill.issue_date:%m/%Y}", "issue_date": _day(bill.issue_date, mapping),
            "due_date": _day(bill.due_date, mapping), "row_kind": words[_TARGETS[each.kind]],
            **_charge(each, mapping),
        }  # fmt: skip


def _charge(each: BilledCharge, mapping: CsvMapping) -> dict[str, str]:
    is_call, clock = each.kind is ChargeKind.CALL, f"{each.time:06}"
    counts = each.kind in (ChargeKind.SERVICE, ChargeKind.PLAN)
    return {
        "number": each.number, "category": each.initials, "description": each.description,
        "plan_name": each.plan, "date": _day(each.day, mapping),
        "until_date": _day(each.until, mapping) if each.until else "",
        "time": f"{clock[:2]}:{clock[2:4]}:{clock[4:]}" if each.time else "",
        "called": each.called, "duration": _duration(each.quantity, mapping) if is_call else "",
        "quantity": str(each.quantity) if counts else "", "unit": each.unit,
        "allowance": str(each.granted) if each.granted else "",
        "amount": _amount(each.amount, mapping),
        "tax_rate": _amount(each.tax_rate, mapping) if each.tax_rate else "",
    }  # fmt: skip


def _day(day: date, mapping: CsvMapping) -> str:
    return day.strftime(_DAYS[mapping.day_form])


def _amount(cents: int, mapping: CsvMapping) -> str:
    text = f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02}"
    return text.replace(".", ",") if mapping.point is Point.COMMA else text


def _duration(seconds: int, mapping: CsvMapping) -> str:
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    match mapping.duration_form:
        case DurationForm.CLOCK:
            return f"{hours:02}:{minutes:02}:{rest:02}"
        case DurationForm.SECONDS:
            return str(seconds)
        case DurationForm.MINUTES:
            return _amount(-(-seconds * 100 // 60), mapping)
        case DurationForm.LETTERS:
            return f"{seconds // 60:02}m{rest:02}s"


def _line(cells: list[str], mapping: CsvMapping) -> str:
    sign = mapping.separator.sign
    return sign.join(f'"{cell}"' if sign in cell else cell for cell in cells)
