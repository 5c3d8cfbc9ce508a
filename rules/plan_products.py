"""What a plan is made of: its price shared among its products, each with its fiscal document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from rules.money import ZERO, round_half_up


@dataclass(frozen=True)
class PlanPart:
    """A product of a plan and what of the price it is; `fiscal` "" follows the contract."""

    name: str
    amount: Decimal
    fiscal: str = ""


def shares(total: Decimal, parts: Sequence[PlanPart]) -> list[tuple[PlanPart, Decimal]]:
    """This will share a charge among its products as their amounts are, to the cent.

    Each share is what the rounded running total grew by, so that they come to the charge. No
    products, or none that costs anything: no shares.
    """
    whole = sum((part.amount for part in parts), ZERO)
    if whole <= ZERO:
        return []
    found, running, given = [], ZERO, ZERO
    for part in parts:
        running += part.amount
        reached = round_half_up(total * running / whole)
        found.append((part, reached - given))
        given = reached
    return found


def written(parts: Sequence[PlanPart], *, last: Sequence[PlanPart] = ()) -> dict[str, Any]:
    """The products as a charge keeps them: its plan may be made of others once it is billed.

    `last` are those of the plan of its last days, where the plan changes within it.
    """
    kept = {"products": parts, "last": last}
    return {name: [_told(each) for each in told] for name, told in kept.items() if told}


def read(kept: Mapping[str, Any]) -> list[PlanPart]:
    """The products that a charge keeps."""
    return [_part(each) for each in kept.get("products", [])]


@dataclass(frozen=True)
class PlanAfter:
    """The plan of a charge's days from a change on, by the names of both plans.

    `before` is what the charge was until then, `gone` what those days cost of it, `amount` what
    they cost now.
    """

    was: str
    name: str
    parts: Sequence[PlanPart]
    before: Decimal
    gone: Decimal
    amount: Decimal


def with_plan_after(kept: Mapping[str, Any], after: PlanAfter) -> dict[str, Any]:
    """This will share a charge among the products of both plans, as their days are, to the cent.

    A plan that is one price counts as one product; if both are, there is nothing to share.
    """
    of_days = [_part(each) for each in kept.get("last", kept.get("products", []))]
    if not of_days and not after.parts:
        return {}
    amounts: dict[tuple[str, str], Decimal] = {}
    for sign, parts in (
        (1, _scaled(read(kept), after.before, name=after.was)),
        (-1, _scaled(of_days, after.gone, name=after.was)),
        (1, _scaled(after.parts, after.amount, name=after.name)),
    ):
        for part in parts:
            key = part.name, part.fiscal
            amounts[key] = amounts.get(key, ZERO) + sign * part.amount
    found = [PlanPart(name, owed, fiscal) for (name, fiscal), owed in amounts.items() if owed > 0]
    return written(found, last=after.parts or [PlanPart(after.name, after.amount)])


def _scaled(parts: Sequence[PlanPart], amount: Decimal, *, name: str) -> list[PlanPart]:
    found = [replace(part, amount=share) for part, share in shares(amount, parts)]
    return found or [PlanPart(name, amount)]


def _told(part: PlanPart) -> dict[str, str]:
    return {"name": part.name, "amount": str(part.amount), "fiscal": part.fiscal}


def _part(told: Mapping[str, str]) -> PlanPart:
    return PlanPart(told["name"], Decimal(told["amount"]), told["fiscal"])
