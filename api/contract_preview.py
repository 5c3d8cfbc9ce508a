"""What a contract will charge, in words, beside the steps of its wizard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from activities.contract_preview import ForeseenCharge
from activities.contracts import Filled
from api import language
from api.language import N_, gettext
from rules import contract_words as words
from rules.business_days import ONE_DAY
from rules.contract_terms import amount_of_term


@dataclass(frozen=True)
class Foreseen:
    """A charge that the contract will make, in words."""

    what: str
    due_date: date
    amount: Decimal


def price_of(filled: Filled) -> str:
    """What a period costs, and how long one is; "" while there is no plan."""
    if filled.new is None:
        return ""
    period = words.PERIODS.get(str(filled.new.periodicity_months), "")
    return f"{language.brl(amount_of_term(filled.new))} {gettext(period) if period else ''}".strip()


def in_words(charges: Sequence[ForeseenCharge] | None) -> list[Foreseen] | None:
    """The charges as the page tells them; None while something stands against the contract."""
    if charges is None:
        return None
    return [Foreseen(_charged_for(each), each.planned.due_date, each.net) for each in charges]


def _charged_for(charge: ForeseenCharge) -> str:
    """What a charge is for: an instalment of the setup, or days of the plan."""
    period = charge.planned.period
    if period is None:
        return gettext(N_("Adesão, parcela %(n)s"), n=charge.planned.ordinal)
    first, last = language.day(period.start), language.day(period.until - ONE_DAY)
    return gettext(N_("Plano, %(start)s a %(end)s"), start=first, end=last)
