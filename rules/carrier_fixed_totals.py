"""Header and trailer of a fixed layout, and the trailer's totals beside what the records say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rules.carrier_charges import Charges
from rules.carrier_reading import (
    CheckedTotal,
    Faults,
    HeaderMissing,
    RecordCount,
    RecordRepeated,
    Summaries,
    TrailerMissing,
    note_differences,
    note_line_differences,
    place_of,
)
from rules.carrier_records import DeclaredTotal, FixedLayout, Role

if TYPE_CHECKING:
    from rules.carrier_fixed import Records

#: Manuals differ on whether header and trailer count among the records; either is right.
FRAME = 2


class Totals:
    """Counts records while they are read, and compares at the end."""

    def __init__(self, layout: FixedLayout, faults: Faults) -> None:
        self.layout, self.faults = layout, faults
        self.header: Mapping[str, str] = {}
        self.checked: list[CheckedTotal] = []
        self.others = 0
        self._counts: dict[str, int] = {}
        self._amounts: dict[str, int] = {}
        self._declared: dict[str, int] = {}
        self._trailer_line = 0

    def count(self, records: Records) -> None:
        """This will add some records of a type."""
        code, adds = records.type.code, records.type.adds
        self._counts[code] = self._counts.get(code, 0) + len(records)
        if adds:
            sign = "total_sign" if adds == "total" else "sign"
            amount = int(records.signed(adds, sign).sum())
            self._amounts[code] = self._amounts.get(code, 0) + amount

    def frame(self, records: Records, cells: Mapping[str, str]) -> None:
        """This will take in the header or the trailer, of which there is one each."""
        if self._counts[records.type.code] > 1:
            line = int(records.numbers[-1])
            self.faults.add(line, RecordRepeated(record=records.type.code))
        if records.type.role is Role.HEADER:
            self.header = cells
            return
        self._trailer_line = int(records.numbers[0])
        for total in self.layout.totals:
            self._declared[total.field] = int(records.signed(total.field, total.sign)[0])

    def records(self) -> list[RecordCount]:
        """How many records of each type there are."""
        return [
            RecordCount(each.code, each.role, self._counts[each.code], self._amounts.get(each.code))
            for each in self.layout.records
            if each.code in self._counts
        ]

    def check(self, charges: Charges, summaries: Summaries | None, *, lines: int) -> None:
        """This will compare the trailer with the records, and note what is missing or differs."""
        if not self.header:
            self.faults.add(1, HeaderMissing())
        if not self._trailer_line:
            self.faults.add(lines, TrailerMissing())
            return
        if self.faults.blocking:  # sums of what could not be read say nothing
            return
        self.checked = [self._checked(total, charges) for total in self.layout.totals]
        self.checked += self._notes_beside_total()
        note_differences(self.checked, self.faults)
        if summaries is not None:
            note_line_differences(charges, summaries, self.faults)

    def _checked(self, total: DeclaredTotal, charges: Charges) -> CheckedTotal:
        field = self.layout.of_role(Role.TRAILER).by_name[total.field]
        declared = self._declared[total.field]
        return CheckedTotal(
            total.field, "+".join(total.of), total.is_count, declared,
            self._found(total, charges, declared), self._trailer_line, place_of(field),
        )  # fmt: skip

    def _notes_beside_total(self) -> list[CheckedTotal]:
        """The fiscal notes must come to what is to be paid."""
        notes = next((each for each in self.layout.records if each.role is Role.NOTE), None)
        if notes is None or notes.code not in self._counts:
            return []
        place = place_of(self.layout.of_role(Role.TRAILER).by_name["total"])
        return [
            CheckedTotal(
                "notes", notes.code, is_count=False, declared=self._declared["total"],
                found=self._amounts[notes.code], line=self._trailer_line, place=place,
            )
        ]  # fmt: skip

    def _found(self, total: DeclaredTotal, charges: Charges, declared: int) -> int:
        if not total.of and not total.is_count:
            return int(charges.amount.sum())
        if not total.of:
            counted = sum(self._counts.values()) + self.others
            return declared if declared == counted - FRAME else counted
        kept = self._counts if total.is_count else self._amounts
        return sum(kept.get(code, 0) for code in total.of)
