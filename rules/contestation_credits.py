"""Credits looked for on the next invoice: matched to what was accepted, by amount and words.

FEBRABAN's record 70 gives back under the categories 504 (adjustment of this invoice) and 505 (of
an earlier one); layouts without categories are read by their words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rules.carrier_records import ChargeKind
from rules.money import ZERO

CREDIT_CODES = frozenset({"504", "505", "AJU", "AJA"})
_WORDS = re.compile(r"contesta|ajuste|cr[eé]dito|estorno|devolu|reembolso", re.IGNORECASE)
_KINDS = frozenset({ChargeKind.ADJUSTMENT.word, ChargeKind.DISCOUNT.word, ChargeKind.SERVICE.word})


@dataclass(frozen=True)
class Credit:
    """What an invoice gives back: `amount` is above zero; `number` is empty for the account."""

    credit_id: int
    number: str
    description: str
    amount: Decimal


@dataclass(frozen=True)
class Awaited:
    """What is still to come for an item; `bare` is that without correction and interest."""

    item_id: int
    number: str
    amount: Decimal
    bare: Decimal = ZERO


@dataclass(frozen=True)
class Matched:
    """So much of a credit is an item's."""

    item_id: int
    credit_id: int
    amount: Decimal


def is_credit(*, kind: str, code: str, description: str, amount: Decimal) -> bool:
    """Whether a charge gives money back after a contestation; a plan's discount does not."""
    if amount >= 0 or kind not in _KINDS:
        return False
    if code in CREDIT_CODES:
        return True
    return kind != ChargeKind.DISCOUNT.word and bool(_WORDS.search(description))


def match_credits(
    awaited: Sequence[Awaited],
    credits: Sequence[Credit],
    *,
    protocols: Sequence[str] = (),
    tolerance: Decimal = ZERO,
) -> list[Matched]:
    """This will say which credit pays which item; no credit pays more than it is.

    An amount that is short by no more than the tolerance, for each item, is taken for the same
    once none is left that is the same.

    In this order: one credit for one item of its line by exact amount; one for several items (a
    line's, then everything) by their exact sum, either with correction and interest or without;
    then what names a protocol; then a line's credits for that line's items; then the account's for
    whatever is left.
    """
    ledger = _Ledger(awaited, credits)
    whole = {each.item_id: each.amount for each in awaited}
    bare = {each.item_id: each.bare for each in awaited}
    for within in dict.fromkeys((ZERO, tolerance)):
        ledger.pair_exactly(whole, within=within)
        ledger.pair_exactly(bare, within=within)
        ledger.pair_sums(whole, within=within)
        ledger.pair_sums(bare, within=within)
    named = [each for each in credits if any(p and p in each.description for p in protocols)]
    ledger.spread(named, any_line=True)
    ledger.spread([each for each in credits if each.number], any_line=False)
    ledger.spread([each for each in credits if not each.number], any_line=True)
    return ledger.matched


def is_settled(came: Sequence[tuple[Decimal, Decimal]], *, tolerance: Decimal) -> bool:
    """Whether what is short of the items, as (credited, awaited), is within their tolerance.

    An item of which nothing came is never settled by it.
    """
    short = [awaited for _, awaited in came if awaited]
    is_begun = all(credited for credited, awaited in came if awaited)
    return is_begun and sum(short, ZERO) <= tolerance * len(came)


class _Ledger:
    """What is still awaited, and what is left of each credit, while they are matched."""

    def __init__(self, awaited: Sequence[Awaited], credits: Sequence[Credit]) -> None:
        self.awaited, self.credits = awaited, credits
        self.due = {each.item_id: each.amount for each in awaited}
        self.left = {each.credit_id: each.amount for each in credits}
        self.matched: list[Matched] = []

    def pair_exactly(self, amounts: Mapping[int, Decimal], *, within: Decimal = ZERO) -> None:
        """One credit, one item, the same amount; the item's own line before the account."""
        paired = {each.item_id for each in self.matched}
        for own_line in (True, False):
            for item, credit in self._pairs():
                fits = credit.number == item.number if own_line else not credit.number
                short = amounts[item.item_id] - self.left[credit.credit_id]
                is_same = 0 <= short <= within
                if fits and is_same and item.item_id not in paired:
                    self._take(item, credit, within=within)
                    paired.add(item.item_id)

    def pair_sums(self, amounts: Mapping[int, Decimal], *, within: Decimal = ZERO) -> None:
        """One credit for all that is left of a line, or of the whole contestation."""
        paired = {each.item_id for each in self.matched}
        for credit in self.credits:
            items = [
                each
                for each in self._open()
                if each.item_id not in paired and credit.number in {"", each.number}
            ]
            total = sum((amounts[each.item_id] for each in items), ZERO)
            short = total - self.left[credit.credit_id]
            if total and 0 <= short <= within * len(items):
                for item in items:
                    self._take(item, credit, most=amounts[item.item_id], within=short)
                    paired.add(item.item_id)

    def spread(self, credits: Sequence[Credit], *, any_line: bool) -> None:
        """As far as each credit goes."""
        for credit in credits:
            for item in self._open():
                if any_line or item.number == credit.number:
                    self._take(item, credit)

    def _open(self) -> list[Awaited]:
        return [each for each in self.awaited if self.due[each.item_id] > 0]

    def _pairs(self) -> Iterator[tuple[Awaited, Credit]]:
        for item in self._open():
            for credit in self.credits:
                if self.due[item.item_id] > 0 and self.left[credit.credit_id] > 0:
                    yield item, credit

    def _take(
        self,
        item: Awaited,
        credit: Credit,
        *,
        most: Decimal | None = None,
        within: Decimal = ZERO,
    ) -> None:
        """As much as is due and left; what is short within the tolerance is due no more."""
        amount = min(self.due[item.item_id], self.left[credit.credit_id])
        amount = amount if most is None else min(amount, most)
        if amount <= 0:
            return
        self.due[item.item_id] -= amount
        self.left[credit.credit_id] -= amount
        if self.due[item.item_id] <= within:
            self.due[item.item_id] = ZERO
        self.matched.append(Matched(item.item_id, credit.credit_id, amount))
