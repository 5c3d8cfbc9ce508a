"""The steps that a dunning ladder is made of, and the settings that it keeps to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rules.classification import FORWARD
from rules.message_templates import BY_CODE


class Action(StrEnum):
    """What a step does."""

    MESSAGE = "message"
    REDUCE = "reduce"
    BLOCK = "block"
    TERMINATE = "terminate"
    TASK = "task"
    FORWARD = FORWARD
    PROPOSE_BUREAU = "propose_bureau"
    PROPOSE_PROTEST = "propose_protest"


#: What changes a connection; a speed reduction counts as a suspension under Resolução 765/2023.
SUSPENSIONS = frozenset({Action.REDUCE, Action.BLOCK})


@dataclass(frozen=True)
class LadderPolicy:
    """The legal minima of a telecom contract's ladder, and the house's own limits.

    `waits_for_approval`: a day's steps run only on invoices that somebody approved for that day;
    those of others come on the first day for which they are. Of journeys likewise, what reaches
    customers. `clearing_business_days`: a payment of the last free day is known so much later.
    A suspended telephone receives calls and SMS for `incoming_days`.
    A chain whose notice came before `regime_effective_from` keeps to the days that are called old.
    """

    suspend_after_notice_days: int = 15
    terminate_after_suspension_days: int = 60
    bureau_only_after_termination: bool = True
    restore_hours: int = 24
    release_days: int = 3
    release_every_days: int = 30
    team: str = "cobranca"
    task_due_business_days: int = 2
    waits_for_approval: bool = False
    clearing_business_days: int = 1
    incoming_days: int = 30
    regime_effective_from: date = date(2025, 9, 1)
    old_reduce_after_notice_days: int = 15
    old_block_after_reduction_days: int = 30
    old_terminate_after_block_days: int = 30
    old_proof_days: int = 7


@dataclass(frozen=True)
class Rung:
    """One step of a ladder. `after` is the step whose execution it follows; None: the due date.

    Only before the due date may the offset be negative. `position` is its place in the ladder.
    A message that is new or was moved speaks only to those whose day comes `since` then; a legal
    notice, and whatever is not a message, is made up for.
    """

    id: int
    action: str
    offset_days: int
    after: int | None = None
    name: str = ""
    purpose: str = ""
    channels: tuple[str, ...] = ()
    position: int = 0
    since: date | None = None

    @property
    def is_message(self) -> bool:
        """Whether it writes to the customer."""
        return self.action == Action.MESSAGE

    @property
    def treats_as_late(self) -> bool:
        """Whether it is for who did not pay in time alone; words and tasks may come before."""
        return self.action not in (Action.MESSAGE, Action.TASK) or self.is_legal_notice

    @property
    def is_legal_notice(self) -> bool:
        """Whether the law wants it: never dropped, and free of limit and opt-out."""
        purpose = BY_CODE.get(self.purpose)
        return self.is_message and purpose is not None and purpose.is_legal_notice
