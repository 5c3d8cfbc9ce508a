"""What sets a customer apart from every other: then nobody is chased by routine.

docs/decisions/0016 says what each mark stops, and why.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from rules.refusals import Refusal
from rules.sentences import N_

LONGEST_REASON = 300


class MarkKind(StrEnum):
    """Why a customer is not like the others."""

    DECEASED = "deceased"
    FRAUD = "fraud"
    IN_COURT = "in_court"
    PUBLIC_BODY = "public_body"


#: What people call each.
NAMES: dict[str, str] = {
    MarkKind.DECEASED: N_("Falecido"),
    MarkKind.FRAUD: N_("Fraude: a dívida não é do cliente"),
    MarkKind.IN_COURT: N_("Recuperação judicial ou falência"),
    MarkKind.PUBLIC_BODY: N_("Órgão público"),
}
#: With these everything that chases stands still: ladder, classification, cadence, reminders and
#: ends of agreements, tasks to call, worklist. All of them keep out of the bureau.
STILL = (MarkKind.DECEASED, MarkKind.FRAUD, MarkKind.IN_COURT)
#: What is asked of a person instead, by its kind of task.
TASKS: dict[str, str] = {kind: f"marked_{kind}" for kind in STILL}


class CustomerMarkNotFound(Refusal):
    message = "Esta marca do cliente não existe."


class CustomerMarkAlreadyDone(Refusal):
    message = "Esta marca já foi retirada."


class CustomerAlreadyMarked(Refusal):
    message = "O cliente já tem esta marca."
    field = "kind"


class MarkReasonRequired(Refusal):
    message = "Diga como se sabe, em até %(most)s caracteres."
    field = "reason"


def check_mark(kind: str, *, reason: str, present: Collection[str]) -> None:
    """This will refuse a mark without a (short) reason, and one that the customer has."""
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise MarkReasonRequired(most=LONGEST_REASON)
    if kind in present:
        raise CustomerAlreadyMarked
