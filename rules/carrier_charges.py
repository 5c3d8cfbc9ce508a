"""What a carrier charges, as columns: a million charges in some seventy bytes each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.carrier_records import ChargeKind

Column = NDArray[Any]

#: The columns and how each is kept. Dates are 20261122, times 142359, 0 where there is none.
COLUMNS: Mapping[str, type[np.generic]] = {
    "line": np.int32,  # of the file, from 1
    "kind": np.uint8,  # ChargeKind
    "resource": np.int32,  # place in Charges.resources
    "label": np.int32,  # place in Charges.labels
    "date": np.int32,
    "until": np.int32,
    "time": np.int32,
    "called": np.uint64,  # a digest: equal numbers have equal ones
    "quantity": np.int64,  # seconds of a call; of all else in the file's own unit
    "measure": np.uint8,  # rules.carrier_measures.Measure: what the quantity counts
    "granted": np.int64,  # of a plan's use, as allowance, by the carrier's word
    "amount": np.int64,  # cents, with tax, negative where it is a credit
    "net": np.int64,  # ten-thousandths of a real, without tax; 0 where it is not told
    "tax_rate": np.int32,  # hundredths of a per cent; 0 where it is not told
    "base": np.int64,  # cents that a discount or a fine is reckoned on
}


@dataclass(frozen=True)
class Label:
    """What a charge is called: `codes` is every name that a tariff may know it by."""

    kind: ChargeKind
    codes: tuple[str, ...]
    description: str

    @property
    def code(self) -> str:
        """The first of its codes, which lists show."""
        return self.codes[0] if self.codes else ""


@dataclass(frozen=True)
class Charges:
    """Every charge of a file, in the file's order, as columns of one length."""

    columns: Mapping[str, Column]
    resources: Sequence[str]
    labels: Sequence[Label]

    def __len__(self) -> int:
        return len(self.columns["line"])

    def __getattr__(self, name: str) -> Column:
        try:
            return self.columns[name]
        except KeyError:
            raise AttributeError(name) from None

    def of_kind(self, *kinds: ChargeKind) -> Column:
        """True where a charge is of one of the kinds."""
        return np.isin(self.columns["kind"], np.array(kinds, np.uint8))


class Ledger:
    """Takes charges as they are read, and gives them together."""

    def __init__(self) -> None:
        self._parts: dict[str, list[Column]] = {name: [] for name in COLUMNS}
        self.resources: dict[str, int] = {}
        self.labels: dict[Label, int] = {}

    def add(self, part: Mapping[str, Column]) -> None:
        """This will take in some charges; a column that is left out is zeros."""
        length = len(part["line"])
        for name, kind in COLUMNS.items():
            column = part.get(name)
            self._parts[name].append(
                np.zeros(length, kind) if column is None else column.astype(kind, copy=False)
            )

    def resource(self, text: str) -> int:
        """The place of a line's number, however it is written."""
        return self.resources.setdefault(normalise_number(text), len(self.resources))

    def label(self, label: Label) -> int:
        """The place of a label."""
        return self.labels.setdefault(label, len(self.labels))

    def charges(self) -> Charges:
        """This will give all charges, and let go of the parts. Called once, at the end."""
        columns = {name: _joined(self._parts.pop(name), kind) for name, kind in COLUMNS.items()}
        order = np.argsort(columns["line"], kind="stable")
        if len(order) and (np.diff(order) < 0).any():
            for name in COLUMNS:  # one at a time: both orders of all of them are too much at once
                columns[name] = columns[name][order]
        return Charges(columns, list(self.resources), list(self.labels))


def _joined(parts: Iterable[Column], kind: type[np.generic]) -> Column:
    kept = list(parts)
    return np.concatenate(kept) if kept else np.zeros(0, kind)


def sum_by(groups: Column, values: Column, count: int) -> Column:
    """This will add the values up by group, exactly: floats hold cents up to ninety trillion."""
    return np.bincount(groups, weights=values, minlength=count).astype(np.int64)


def normalise_number(text: str) -> str:
    """This will write a line's number one way: digits without zeros in front, nine for a mobile.

    Mobile numbers had eight digits until 2016, and some files still write them so. What is no
    number (a circuit) stays as it is, in upper case.
    """
    bare = text.strip().upper()
    digits = bare.translate(_PUNCTUATION).lstrip("0")
    if not digits.isdecimal():
        return bare
    if len(digits) in (12, 13) and digits.startswith("55"):
        digits = digits[2:]
    if len(digits) == 10 and digits[2] in "6789":
        return f"{digits[:2]}9{digits[2:]}"
    return digits


_PUNCTUATION = str.maketrans("", "", " ()-.+")
