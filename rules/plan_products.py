"""What a plan is made of: its price shared among its products, each with its fiscal document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


def written(parts: Sequence[PlanPart]) -> dict[str, Any]:
    """The products as a charge keeps them: its plan may be made of others once it is billed."""
    if not parts:
        return {}
    told = [{"name": p.name, "amount": str(p.amount), "fiscal": p.fiscal} for p in parts]
    return {"products": told}


def read(kept: Mapping[str, Any]) -> list[PlanPart]:
    """The products that a charge keeps."""
    return [
        PlanPart(each["name"], Decimal(each["amount"]), each["fiscal"])
        for each in kept.get("products", [])
    ]
