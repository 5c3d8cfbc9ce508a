"""What should be charged: tariffs, their validity, and each audit rule's switch and tolerance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from rules.audit_rules import Rule
from rules.carrier_charges import Label


class TariffKind(StrEnum):
    """What a tariff fixes."""

    FEE = "fee"
    RATE = "rate"
    ALLOWANCE = "allowance"
    DISCOUNT = "discount"
    TAX = "tax"
    INSTALMENT = "instalment"


class TariffUnit(StrEnum):
    """What a price is for, or an allowance of."""

    EACH = "each"
    MINUTE = "minute"
    CALL = "call"
    MESSAGE = "message"
    MEGABYTE = "megabyte"


class Sharing(StrEnum):
    """Whose an allowance is: each line's own, its lines' together, or one for all of them."""

    LINE = "line"
    SUMMED = "summed"
    ACCOUNT = "account"


class Crossing(StrEnum):
    """What a call costs that begins within an allowance and ends beyond it: all, or the rest."""

    WHOLE = "whole"
    REST = "rest"


@dataclass(frozen=True)
class Tariff:
    """One price, discount, allowance or tax rate. `valid_until` is the first day it no longer is.

    `code` is any name of the charge in the carrier's file: category, initials, plan, description.
    `price` is in reais with four decimals; a discount has a price or a percentage of the charges
    `base_code`; an allowance has `quantity` minutes, messages or megabytes of the use `base_code`,
    for each line of the plan or `sharing` one among them, and `crossing` says what a call costs
    that goes beyond it; instalments end after `quantity` of them.
    A call is at least `minimum_seconds`, then goes in `step_seconds` (30 and 6: Anatel's Resolução
    477/2007, art. 45). `number`: of that line alone, before any tariff that names none.
    """

    kind: TariffKind
    code: str
    price: Decimal = Decimal(0)
    percent: Decimal = Decimal(0)
    quantity: int = 0
    unit: TariffUnit = TariffUnit.EACH
    base_code: str = ""
    minimum_seconds: int = 30
    step_seconds: int = 6
    valid_from: date = date.min
    valid_until: date | None = None
    number: str = ""
    sharing: Sharing = Sharing.LINE
    crossing: Crossing = Crossing.WHOLE

    @property
    def ten_thousandths(self) -> int:
        """The price as a whole number."""
        return int(self.price.scaleb(4))


@dataclass(frozen=True)
class RuleSetting:
    """Whether a rule is on, and up to which difference of a charge (in reais) it says nothing."""

    is_on: bool = True
    tolerance: Decimal = Decimal(0)


@dataclass(frozen=True)
class Terms:
    """What an agreement says. Calls older than `max_age_days` at the issue are not due at all;

    younger ones may be charged up to `late_call_days` after their period has ended. A late invoice
    costs `fine_percent` once, and `interest_percent` a month by the day.
    """

    tariffs: tuple[Tariff, ...] = ()
    settings: Mapping[Rule, RuleSetting] = field(default_factory=dict)
    max_age_days: int = 60
    late_call_days: int = 0
    fine_percent: Decimal = Decimal(2)
    interest_percent: Decimal = Decimal(1)

    def setting(self, rule: Rule) -> RuleSetting:
        """A rule's switch and tolerance; on, and exact, unless the agreement says otherwise."""
        return self.settings.get(rule, RuleSetting())

    def of_kind(self, *kinds: TariffKind) -> list[Tariff]:
        """The tariffs of some kinds."""
        return [each for each in self.tariffs if each.kind in kinds]


@dataclass(frozen=True)
class InventoryLine:
    """A line that the company has; `active_until` is the first day on which it no longer does."""

    number: str
    active_from: date | None = None
    active_until: date | None = None


def is_called(label: Label, code: str) -> bool:
    """Whether a tariff of this code is meant by the label: one of its codes, or its first words."""
    wanted = code.strip().casefold()
    if not wanted:
        return False
    named = label.description.casefold()
    return wanted in (each.casefold() for each in label.codes) or (
        named == wanted or (len(wanted) >= 4 and named.startswith(wanted))
    )
