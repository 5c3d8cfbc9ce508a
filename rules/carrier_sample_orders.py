"""Samples to order: a carrier's file with errors and credits, and the tables it is right by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from rules.audit_rules import Rule
from rules.carrier_bills import Bill, BilledCharge
from rules.carrier_errors import Planted, plant
from rules.carrier_mapped_samples import mapped_file
from rules.carrier_mappings import CsvMapping
from rules.carrier_records import ChargeKind, Layout
from rules.carrier_samples import CLOSING_DAY, RATES, TERMS, Sample, file_of, make_sample
from rules.carrier_spoils import Spoil, spoil
from rules.carrier_tables import (
    CROSSINGS,
    LINES,
    SHARINGS,
    TARIFF_KINDS,
    TARIFF_UNITS,
    TARIFFS,
    sample_of,
)
from rules.carrier_terms import Tariff, TariffKind

Word = TypeVar("Word", bound=StrEnum)
#: A line of no inventory, charged where a company's own lines are billed.
STRANGE_LINE = "11900000001"
#: The carrier's code of what it gives back of an earlier invoice, and its initials.
_GIVEN_BACK = ("505", "AJA")


@dataclass(frozen=True)
class GivenBack:
    """A credit of an earlier invoice, in cents; `number` empty: of the account as a whole."""

    cents: int
    number: str = ""
    told: str = "Ajuste fatura anterior"


@dataclass(frozen=True)
class SampleOrder:
    """What a sample is to be. `numbers`: lines that a company has; none: made up, `lines` many."""

    issue_date: date
    account: str
    closing_day: int = CLOSING_DAY
    numbers: tuple[str, ...] = ()
    lines: int = 12
    calls: int = 40
    seed: int = 2018
    wrong: tuple[Rule, ...] = ()
    credits: tuple[GivenBack, ...] = ()


def make_ordered(order: SampleOrder) -> tuple[Sample, list[Planted]]:
    """This will make the bill with its errors and credits; the same order gives the same bill.

    A line that a company has is not taken out of its inventory, nor ended: a strange one is billed
    in its place, and the rule about ended lines is left out.
    """
    sample = _clean(order, order.numbers)
    planted = [plant(sample, rule, seed=order.seed) for rule in order.wrong if _may(rule, order)]
    if order.numbers and Rule.LINE_UNKNOWN in order.wrong:
        planted.append(_bill_strange_line(sample.bill, order))
    _give_back(sample.bill, order.credits)
    return sample, planted


def _clean(order: SampleOrder, numbers: tuple[str, ...]) -> Sample:
    return make_sample(
        order.seed, lines=order.lines, calls=order.calls, issue_date=order.issue_date,
        account=order.account, closing_day=order.closing_day, numbers=numbers,
    )  # fmt: skip


def _bill_strange_line(bill: Bill, order: SampleOrder) -> Planted:
    """After all others, so that no other error stands on a line that nobody has."""
    charges = _clean(order, (STRANGE_LINE,)).bill.of_line(STRANGE_LINE)
    bill.lines.append(STRANGE_LINE)
    bill.charges += charges
    return Planted(Rule.LINE_UNKNOWN, STRANGE_LINE, sum(each.amount for each in charges))


def _may(rule: Rule, order: SampleOrder) -> bool:
    return not order.numbers or rule not in (Rule.LINE_UNKNOWN, Rule.LINE_INACTIVE)


def _give_back(bill: Bill, credits: Iterable[GivenBack]) -> None:
    category, initials = _GIVEN_BACK
    bill.charges += [
        BilledCharge(
            ChargeKind.ADJUSTMENT, each.number, category, initials, each.told, -each.cents,
            bill.period.start,
        )
        for each in credits
    ]  # fmt: skip


def written(sample: Sample, layout: Layout, *, spoiled: Spoil | None = None) -> bytes:
    """This will write a sample as the carrier's file, spoiled on its way or whole."""
    if isinstance(layout, CsvMapping):
        raw = mapped_file(sample.bill, layout)
    else:
        raw = file_of(sample.bill, layout.key)
    return spoil(raw, spoiled) if spoiled else raw


def lines_table(sample: Sample) -> str:
    """The inventory that the sample is right by, as the import of lines reads it."""
    rows = [
        (each.number, "movel", "cancelada" if each.active_until else "ativa", "",
         _day(each.active_from), _day(each.active_until), "", "", "")
        for each in sample.inventory.values()
    ]  # fmt: skip
    return sample_of(LINES, *rows)


def tariffs_table() -> str:
    """The tariffs that samples are right by, as the import of tariffs reads them."""
    return sample_of(TARIFFS, *map(_tariff, TERMS.tariffs))


def _tariff(each: Tariff) -> Sequence[str]:
    told = RATES[each.code][1] if each.kind is TariffKind.RATE else ""
    return (
        _word(TARIFF_KINDS, each.kind), each.code, told, _figure(each.price),
        _word(TARIFF_UNITS, each.unit), _figure(each.percent), str(each.quantity or ""),
        each.base_code, str(each.minimum_seconds), str(each.step_seconds), "01/01/2024", "",
        each.number, _word(SHARINGS, each.sharing), _word(CROSSINGS, each.crossing),
    )  # fmt: skip


def _word(words: Mapping[str, Word], value: Word) -> str:
    return next(word for word, each in words.items() if each == value)


def _figure(value: Decimal) -> str:
    return f"{value:f}".replace(".", ",") if value else ""


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
