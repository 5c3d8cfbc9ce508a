"""Billing: which charges stand together on an invoice, and which stay off, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import groupby

from rules.charges import ChargeStatus
from rules.contracts import BillingMethod
from rules.money import ZERO
from rules.refusals import Refusal

#: When the daily run starts, on the clocks of Brasília: after the contracts' own upkeep.
DAILY_AT = time(5)

DESCRIPTION = 200


class SkipReason(StrEnum):
    """Why charges whose issue date has come are on no invoice."""

    COURTESY = "courtesy"
    REVIEW = "review"
    SUSPENDED = "suspended"
    CREDIT = "credit"
    BY_COMMAND = "by_command"


class NothingToBill(Refusal):
    message = (
        "Nada a faturar com vencimento até %(until)s. Contas em espera precisam ser liberadas, e "
        "um crédito espera por cobranças."
    )
    field = "until"


@dataclass(frozen=True)
class DueCharge:
    """A charge to be billed, with what its contract says about billing. A credit is below zero."""

    id: int
    customer_id: int
    contract_id: int
    contract_code: str
    group_id: int | None
    method: str
    profile_id: int | None
    status: str
    issue_date: date
    due_date: date
    description: str
    net: Decimal
    pay_on_time_discount: Decimal
    held: str = ""  #: why it waits, if not for review

    @property
    def payer(self) -> tuple[int, bool, int]:
        """Whose charges may stand together: those of a customer's group, or of one contract."""
        if self.method == BillingMethod.GROUPED and self.group_id is not None:
            return self.customer_id, True, self.group_id
        return self.customer_id, False, self.contract_id


@dataclass(frozen=True)
class Bundle:
    """Charges that make one invoice."""

    charges: tuple[DueCharge, ...]
    today: date

    @property
    def code(self) -> str:
        """Named after its first charge, which no second invoice can hold."""
        return f"FAT-{min(each.id for each in self.charges)}"

    @property
    def first(self) -> DueCharge:
        """The charge whose contract and payment profile the invoice carries: of who owes some."""
        mine = (each for each in self.charges if each.contract_id == self.owing[0])
        return min(mine, key=lambda each: each.id)

    @cached_property
    def owing(self) -> list[int]:
        """The contracts that owe some of it; one that only has a credit on it owes nothing."""
        owed: dict[int, Decimal] = {}
        for each in self.charges:
            owed[each.contract_id] = owed.get(each.contract_id, ZERO) + each.net
        return sorted(contract_id for contract_id, net in owed.items() if net > ZERO)

    @property
    def amount(self) -> Decimal:
        """What the charges come to, direct discounts and credits taken off."""
        return _total(self.charges)

    @property
    def pay_on_time_discount(self) -> Decimal:
        """What is forgiven when it is paid by its due date, never more than it is."""
        return min(sum((each.pay_on_time_discount for each in self.charges), ZERO), self.amount)

    @property
    def due_date(self) -> date:
        """The latest: what was carried over is owed with what came after it."""
        return max(each.due_date for each in self.charges)

    @property
    def issue_date(self) -> date:
        """The charges' own, also when they are billed late; today for what is billed ahead."""
        return min(max(each.issue_date for each in self.charges), self.today)

    @property
    def description(self) -> str:
        """What a single charge says; of several the first, and how many more."""
        others = len(self.charges) - 1
        more = f" e mais {others}" if others else ""
        return self.first.description[: DESCRIPTION - len(more)] + more


@dataclass(frozen=True)
class Skipped:
    """Charges of one contract that stay off, and what they come to."""

    contract_code: str
    reason: SkipReason
    charges: int
    amount: Decimal


@dataclass(frozen=True)
class Gathered:
    """What becomes of charges."""

    bundles: list[Bundle]
    skipped: list[Skipped]


def gather(charges: Iterable[DueCharge], *, today: date, leaves_grouped: bool = False) -> Gathered:
    """This will sort charges into invoices by their contracts' billing methods.

    One invoice a charge, or one a due date of a contract or group; none for a courtesy. What comes
    to nothing, or to less, is carried over to the payer's next invoice: nobody is billed a credit.
    A run that `leaves_grouped` bills no grouped charges: the house does so by command.
    """
    billable, bundles, left = [], [], []
    for charge in charges:
        reason = _kept_off(charge, leaves_grouped=leaves_grouped)
        if reason is None:
            billable.append(charge)
        else:
            left.append((charge, reason))
    for _, own in groupby(sorted(billable, key=_in_order), key=lambda each: each.payer):
        held: list[DueCharge] = []
        for together in _parts(list(own)):
            held += together
            if _total(held) > ZERO:
                bundles.append(Bundle(tuple(held), today))
                held = []
        left += [(charge, SkipReason.CREDIT) for charge in held]
    return Gathered(bundles, list(_told(left)))


def _kept_off(charge: DueCharge, *, leaves_grouped: bool) -> SkipReason | None:
    if charge.method == BillingMethod.COURTESY:
        return SkipReason.COURTESY
    if charge.status != ChargeStatus.WAITING:
        is_left = leaves_grouped and charge.method == BillingMethod.GROUPED
        return SkipReason.BY_COMMAND if is_left else None
    return SkipReason.SUSPENDED if charge.held else SkipReason.REVIEW


def _in_order(charge: DueCharge) -> tuple[tuple[int, bool, int], date, Decimal, int]:
    """Credits before the charges of their day, so that they come off them."""
    return charge.payer, charge.due_date, charge.net, charge.id


def _parts(charges: Sequence[DueCharge]) -> Iterator[list[DueCharge]]:
    """What would make an invoice each, if it came to more than nothing."""
    for _, due in groupby(charges, key=lambda each: each.due_date):
        own = list(due)
        if own[0].method == BillingMethod.PER_CHARGE:
            yield from ([each] for each in own)
        else:
            yield own


def _told(left: Iterable[tuple[DueCharge, SkipReason]]) -> Iterator[Skipped]:
    def of(each: tuple[DueCharge, SkipReason]) -> tuple[str, SkipReason]:
        return each[0].contract_code, each[1]

    for (code, reason), own in groupby(sorted(left, key=of), key=of):
        charges = [charge for charge, _ in own]
        yield Skipped(code, reason, len(charges), _total(charges))


def _total(charges: Iterable[DueCharge]) -> Decimal:
    return sum((each.net for each in charges), ZERO)
