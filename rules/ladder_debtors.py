"""What a step on an invoice does to the contracts that owe some of it beside its own.

The ladder of the contract that an invoice is booked to says when. What is done to another contract
is what that contract's own ladder does to who does not pay: one whose ladder never blocks is not
blocked with the others, and one that is only reduced is reduced when they are blocked.
"""

from __future__ import annotations

from dataclasses import dataclass

from rules.contracts import OVER
from rules.ladder_steps import SUSPENSIONS, Action

#: What is done to contracts, and needs one in force.
ON_CONTRACTS = frozenset({*SUSPENSIONS, Action.TERMINATE})


@dataclass(frozen=True)
class Debtor:
    """A contract that owes some of an invoice booked to another. `own` is what its ladder does to
    contracts, `was_suspended` whether a step on this invoice suspended it."""

    contract_id: int
    stage: str
    own: frozenset[str]
    is_telecom: bool
    was_suspended: bool = False


def reached_by(action: str, debtor: Debtor) -> str | None:
    """What a step does to the contract; None: it is not touched.

    A telecom contract is not ended before it was suspended, whatever its ladder says by now.
    """
    if debtor.stage in OVER:
        return None
    if action == Action.TERMINATE and debtor.is_telecom and not debtor.was_suspended:
        return None
    if action == Action.BLOCK and Action.BLOCK not in debtor.own:
        return Action.REDUCE if Action.REDUCE in debtor.own else None
    return action if action in debtor.own else None
