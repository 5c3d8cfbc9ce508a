"""What a contract's debts ask of its connections, and how long the network may take."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from rules.business_days import local_date
from rules.connections import ConnectionKind, ConnectionState
from rules.contracts import ContractStage
from rules.ladder_steps import Action


class OrderStatus(StrEnum):
    """Where an order to the network stands."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    REPLACED = "replaced"  #: a newer order of the same connection went instead


@dataclass(frozen=True)
class Asking:
    """A step of the ladder that was carried out, and what became of its invoice since.

    In an agreement the block stays until the first instalment is paid, whatever its due date; else
    what was postponed, and what the customer contests, asks for nothing. `is_excepted` while a
    contract that owes the invoice with this one is left alone. `label` is what it is called.
    """

    action: str
    is_open: bool
    in_agreement: bool = False
    is_first_paid: bool = False
    is_broken: bool = False
    is_contested: bool = False
    is_postponed: bool = False
    is_excepted: bool = False
    invoice_id: int = 0
    label: str = ""

    @property
    def asks(self) -> bool:
        """Whether the connection must still stand as the step left it."""
        if self.is_contested or self.is_postponed:
            return False
        if not (self.is_open or self.in_agreement):
            return False
        return not self.is_first_paid or (self.is_open and self.is_broken)


#: Stages in which the ladder has a say; a customer's own suspension is not its to touch.
GOVERNED = (
    ContractStage.ACTIVE,
    ContractStage.REDUCED,
    ContractStage.BLOCKED,
    ContractStage.RENEWAL_QUEUE,
)
#: What an operator or the activation put it into is theirs alone.
UNTOUCHED = (ConnectionState.PENDING, ConnectionState.OFF)

STAGES = {
    ConnectionState.ACTIVE: ContractStage.ACTIVE,
    ConnectionState.REDUCED: ContractStage.REDUCED,
    ConnectionState.BLOCKED: ContractStage.BLOCKED,
}


def asked_state(askings: Iterable[Asking], *, is_excepted: bool) -> ConnectionState:
    """This will give the state that a contract's debts ask for; an exception asks for nothing."""
    actions = {each.action for each in askings if each.asks and not each.is_excepted}
    if is_excepted or not actions:
        return ConnectionState.ACTIVE
    return ConnectionState.BLOCKED if Action.BLOCK in actions else ConnectionState.REDUCED


#: What a suspended telephone keeps all the time (Resolução 765/2023, arts. 72 and 73).
KEPT_BY_PHONES = ("number", "emergency_calls", "calls_to_provider")


def kept_by(kind: str, state: str) -> tuple[str, ...]:
    """What the law leaves a connection of this kind in this state; of the others nothing."""
    is_cut = kind == ConnectionKind.PHONE and state == ConnectionState.BLOCKED
    return KEPT_BY_PHONES if is_cut else ()


def receives_until(kind: str, state: str, *, since: datetime, days: int) -> date | None:
    """Before which day a suspended telephone still receives calls and SMS; None: it has no end."""
    return local_date(since) + timedelta(days=days) if kept_by(kind, state) else None


def due_by(state: ConnectionState, *, asked_at: datetime, restore_hours: int) -> datetime | None:
    """By when the network must have taken an order; None: the law does not say."""
    is_lift = state is ConnectionState.ACTIVE
    return asked_at + timedelta(hours=restore_hours) if is_lift else None
