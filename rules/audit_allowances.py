"""Audit: allowances beside the use that the file measures, line by line and in shared pools.

Use that the file lists is covered the earliest first. Where the plan's own record says that more
was used than is listed, what is not listed came first: carriers leave out what is free. A service
that charges the excess as one sum is judged by what the plan's record measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rules.audit_subject import Subject
from rules.carrier_charges import Column, sum_by
from rules.carrier_measures import GRAINS_OF, counts_in, grains_each, written_use
from rules.carrier_records import ChargeKind
from rules.carrier_terms import Crossing, Sharing, Tariff, TariffKind

#: In place of a sum: the charge is no sum of an excess.
NO_SUM = -1
_NONE = -1


@dataclass(frozen=True)
class _Pool:
    """Whose an allowance is: the pool of each line (-1: none), and in grains what each has.

    `measured` and `granted` are the carrier's own figures, zero where it told none.
    """

    of_line: Column
    allowed: Column
    measured: Column
    granted: Column
    lines: Column
    record: Column


class Allowances:
    """What allowances do to each charge: the grains of it that are covered, or what a sum may be.

    `covered` of a call that goes beyond is nothing, or what is within: the tariff says which.
    """

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.tariffs = subject.terms.of_kind(TariffKind.ALLOWANCE)
        count = len(subject.charges)
        self.covered = np.zeros(count, np.int64)
        self.sums = np.full(count, NO_SUM, np.int64)
        self._used = np.zeros(count, np.int64)
        self._tariff = np.full(count, _NONE, np.int32)
        self._pools: list[_Pool] = []
        for place, tariff in enumerate(self.tariffs):
            self._apply(place, tariff)

    @property
    def matters(self) -> Column:
        """True for charges that an allowance has a word about."""
        found: Column = (self.covered > 0) | (self.sums != NO_SUM)
        return found

    def told(self, row: int) -> Mapping[str, str]:
        """How a charge was judged, for its evidence."""
        place = int(self._tariff[row])
        if place < 0:
            return {}
        tariff, pool = self.tariffs[place], self._pools[place]
        at = int(pool.of_line[self.subject.charges.resource[row]])
        told = {
            "agreed_allowance": written_use(int(pool.allowed[at]), tariff.unit),
            "use_so_far": written_use(int(self._used[row]), tariff.unit),
            "plan_line": str(int(pool.record[at])),
        }
        if pool.granted[at]:
            told["given_allowance"] = written_use(int(pool.granted[at]), tariff.unit)
        if tariff.sharing is not Sharing.LINE:
            told["sharing_lines"] = str(int(pool.lines[at]))
        return told

    def _apply(self, place: int, tariff: Tariff) -> None:
        subject, charges = self.subject, self.subject.charges
        pool = self._pool(tariff)
        self._pools.append(pool)
        owner = pool.of_line[charges.resource]
        used = charges.of_kind(ChargeKind.CALL, ChargeKind.SERVICE) & (owner >= 0)
        meant = used & subject.called(tariff.base_code) & subject.is_valid(tariff)
        counted = meant & counts_in(charges.measure, tariff.unit)
        listed = self._cover(place, pool, owner, counted)
        self._sum_up(place, pool, owner, meant & ~counted, listed)

    def _pool(self, tariff: Tariff) -> _Pool:
        subject, charges = self.subject, self.subject.charges
        plans = charges.of_kind(ChargeKind.PLAN) & subject.called(tariff.code)
        rows = np.flatnonzero(plans & subject.is_valid(tariff))
        has_plan = np.zeros(len(charges.resources), np.bool_)
        has_plan[charges.resource[rows]] = True
        if tariff.sharing is not Sharing.LINE and any(
            not charges.resources[each] for each in np.flatnonzero(has_plan).tolist()
        ):
            has_plan[:] = True  # the account's own plan is for all its lines
        lines = np.flatnonzero(has_plan)
        of_line = np.full(len(charges.resources), _NONE, np.int64)
        of_line[lines] = np.arange(len(lines)) if tariff.sharing is Sharing.LINE else 0
        return self._figures(tariff, of_line, rows)

    def _figures(self, tariff: Tariff, of_line: Column, rows: Column) -> _Pool:
        charges = self.subject.charges
        members = of_line[of_line >= 0]
        lines = np.bincount(members) if len(members) else np.zeros(1, np.int64)
        told = rows[counts_in(charges.measure[rows], tariff.unit)]
        pool, grains = of_line[charges.resource[told]], grains_each(charges.measure[told])
        record = np.zeros(len(lines), np.int64)
        record[of_line[charges.resource[rows[::-1]]]] = charges.line[rows[::-1]]
        times = lines if tariff.sharing is Sharing.SUMMED else np.minimum(lines, 1)
        return _Pool(
            of_line, times * tariff.quantity * GRAINS_OF[tariff.unit],
            sum_by(pool, charges.quantity[told] * grains, len(lines)),
            sum_by(pool, charges.granted[told] * grains, len(lines)), lines, record,
        )  # fmt: skip

    def _cover(self, place: int, pool: _Pool, owner: Column, counted: Column) -> Column:
        """The earliest use first, call by call and kilobyte by kilobyte; gives what is listed."""
        charges = self.subject.charges
        every = np.flatnonzero(counted)
        listed = sum_by(owner[every], self.grains(every), len(pool.lines))
        rows = self.subject.unclaimed(counted)
        order = rows[np.lexsort((charges.time[rows], charges.date[rows], owner[rows]))]
        grains, pools = self.grains(order), owner[order]
        before = np.maximum(pool.measured - listed, 0)  # free of charge, and not listed
        used = running_sum(grains, pools) + before[pools]
        left = np.clip(pool.allowed[pools] - (used - grains), 0, grains)
        is_whole = charges.kind[order] == ChargeKind.CALL
        is_whole &= self.tariffs[place].crossing is Crossing.WHOLE
        covered = np.where(is_whole & (left < grains), 0, left)
        new = order[covered > self.covered[order]]
        self.covered[order] = np.maximum(self.covered[order], covered)
        self._used[order], self._tariff[new] = used, place
        return listed

    def _sum_up(
        self, place: int, pool: _Pool, owner: Column, others: Column, listed: Column
    ) -> None:
        """What one sum for the excess may be, by the use that the plan's record measured."""
        charges = self.subject.charges
        excess = others & charges.of_kind(ChargeKind.SERVICE) & (charges.amount > 0)
        rows = self.subject.unclaimed(excess)
        rows = rows[(pool.measured[owner[rows]] > 0) & (listed[owner[rows]] == 0)]
        if not len(rows):
            return
        measured, allowed = pool.measured[owner[rows]], pool.allowed[owner[rows]]
        granted = pool.granted[owner[rows]]
        beyond, charged = np.maximum(measured - allowed, 0), np.maximum(measured - granted, 1)
        is_told = (beyond == 0) | ((granted > 0) & (granted < allowed))
        share = charges.amount[rows] * beyond // charged
        rows, share = rows[is_told], np.minimum(share, charges.amount[rows])[is_told]
        self.sums[rows] = share
        self._used[rows], self._tariff[rows] = pool.measured[owner[rows]], place

    def grains(self, rows: Column) -> Column:
        """The use of charges in grains; a service that counts pieces is at least one."""
        charges = self.subject.charges
        pieces = np.maximum(charges.quantity[rows], charges.kind[rows] == ChargeKind.SERVICE)
        found: Column = pieces * grains_each(charges.measure[rows])
        return found


def running_sum(values: Column, groups: Column) -> Column:
    """The sum of the values so far within each group; rows of a group stand together."""
    if not len(values):
        return values
    total = np.cumsum(values)
    starts = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]])
    before = np.repeat(total[starts] - values[starts], np.diff(np.r_[starts, len(values)]))
    running: Column = total - before
    return running
