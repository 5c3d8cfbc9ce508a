"""What a quantity of a carrier's file counts: seconds, messages, data; and allowances of each."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import IntEnum

import numpy as np

from rules.carrier_charges import Column
from rules.carrier_terms import TariffUnit
from rules.money import round_places
from rules.refusals import written_amount


class Measure(IntEnum):
    """A unit as a file counts in it; the numbers stand in arrays."""

    NONE = 0
    SECONDS = 1
    MINUTES = 2
    PIECES = 3
    KILOBYTES = 4
    MEGABYTES = 5
    GIGABYTES = 6


#: How files write units. FEBRABAN's layouts leave the two letters to the carriers.
_WORDS: Mapping[str, Measure] = {
    **dict.fromkeys(("S", "SE", "SG", "SEG"), Measure.SECONDS),
    **dict.fromkeys(("M", "MI", "MN", "MIN", "MINUT"), Measure.MINUTES),
    **dict.fromkeys(("UN", "QT", "EV", "MS", "UNID", "SMS", "MSG"), Measure.PIECES),
    **dict.fromkeys(("K", "KB", "KBYTE"), Measure.KILOBYTES),
    **dict.fromkeys(("MB", "MBYTE"), Measure.MEGABYTES),
    **dict.fromkeys(("G", "GB", "GBYTE"), Measure.GIGABYTES),
}
#: What each counts in an allowance's own grain: seconds, messages, kilobytes.
_GRAINS = {
    Measure.NONE: 0, Measure.SECONDS: 1, Measure.MINUTES: 60, Measure.PIECES: 1,
    Measure.KILOBYTES: 1, Measure.MEGABYTES: 1 << 10, Measure.GIGABYTES: 1 << 20,
}  # fmt: skip
_COUNTED = {
    TariffUnit.MINUTE: (Measure.SECONDS, Measure.MINUTES),
    TariffUnit.MESSAGE: (Measure.PIECES,),
    TariffUnit.MEGABYTE: (Measure.KILOBYTES, Measure.MEGABYTES, Measure.GIGABYTES),
}
#: Grains in one unit of an allowance.
GRAINS_OF: Mapping[TariffUnit, int] = {
    TariffUnit.MINUTE: 60, TariffUnit.MESSAGE: 1, TariffUnit.MEGABYTE: 1 << 10,
}  # fmt: skip
_SHORT = {TariffUnit.MINUTE: "min", TariffUnit.MESSAGE: "un", TariffUnit.MEGABYTE: "MB"}


def measure_of(text: str) -> Measure:
    """What a file's unit means; NONE for one that nobody knows, so that nothing is guessed."""
    return _WORDS.get(text.strip().upper(), Measure.NONE)


def grains_each(measure: Column) -> Column:
    """How many grains one of each charge's quantity is; 0 where the unit is not known."""
    table = np.array([_GRAINS[each] for each in Measure], np.int64)
    found: Column = table[measure]
    return found


def counts_in(measure: Column, unit: TariffUnit) -> Column:
    """True where a charge is counted in what an allowance of the unit is about."""
    return np.isin(measure, np.array(_COUNTED[unit], np.uint8))


def written_use(grains: int, unit: TariffUnit) -> str:
    """So much use as people write it: 18,5 min; 1.024 MB."""
    amount = round_places(Decimal(grains) / GRAINS_OF[unit], places=1)
    bare = amount.to_integral_value() if amount == amount.to_integral_value() else amount
    return f"{written_amount(bare)} {_SHORT[unit]}"
