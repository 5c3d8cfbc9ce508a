"""Who may see the cases of which process."""

from __future__ import annotations

from rules.cases import Process
from rules.permissions import is_permitted

#: What lets somebody see the cases of a process.
SEE = {
    Process.COLLECTIONS: "collections.account:see",
    Process.AGREEMENTS: "agreements:see",
    Process.BUREAU: "bureau:see",
    Process.TASKS: "tasks:see",
    Process.CONTESTATION: "contestations:see",
    Process.ACTIVATION: "contracts:see",
    Process.CONTRACT_CHANGES: "contracts:see",
    Process.RENEWALS: "contracts:see",
    Process.READJUSTMENTS: "contracts:see",
    Process.TICKETS: "tickets:see",
    Process.KICKOFF: "kickoffs:see",
    Process.ANONYMISATION: "privacy:see",
}


def visible_to(granted: frozenset[str]) -> tuple[str, ...]:
    """The processes whose cases these permissions let somebody see."""
    return tuple(
        process.value
        for process, permission in SEE.items()
        if is_permitted(permission, granted=granted)
    )
