"""Notices before a bureau record: when one counts as given, and proof by other means than ours.

CDC art. 43 § 2 and Súmula 359 want the notice; STJ Tema 1.315 lets it be electronic if sending and
delivery are proven. How strict a house is, it says state by state.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from rules.bureau import RecordStage
from rules.messages import NoticeState
from rules.refusals import Refusal, written_date

LONGEST_PROOF = 300


class NoticeTold(StrEnum):
    """Where a notice stands, as the list of notices tells it."""

    PROVEN = "proven"
    DELIVERED = "delivered"
    SENT = "sent"
    WAITING = "waiting"
    LOST = "lost"


@dataclass(frozen=True)
class GivenNotice:
    """What is known of a notice: what became of it, and when it left, arrived, was proven."""

    state: NoticeState
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    proven_at: datetime | None = None


class NoticeNotWanted(Refusal):
    message = "Este registro de SPC não espera mais pelo aviso."


class NoticeProofRequired(Refusal):
    message = "Diga como o aviso foi entregue, em até %(most)s caracteres."
    field = "proof"


class NoticeProvenOnNotPossible(Refusal):
    message = "O aviso pode ter sido entregue de %(first)s a %(last)s."
    field = "proven_on"


def check_proof(stage: str, *, proven_on: date, proof: str, noticed_on: date, today: date) -> None:
    """This will refuse proof of no notice, of an impossible day, or without a word on how."""
    if stage != RecordStage.NOTICED:
        raise NoticeNotWanted
    check_told(proven_on, proof, noticed_on=noticed_on, today=today)


def check_told(proven_on: date, proof: str, *, noticed_on: date, today: date) -> None:
    """This will refuse a notice given by other means on an impossible day, or nobody knows how."""
    if not proof.strip() or len(proof) > LONGEST_PROOF:
        raise NoticeProofRequired(most=LONGEST_PROOF)
    if not noticed_on <= proven_on <= today:
        raise NoticeProvenOnNotPossible(first=written_date(noticed_on), last=written_date(today))


def counted(notice: GivenNotice, *, wants_proof: bool) -> tuple[NoticeState, datetime | None]:
    """What a notice is worth, and from when its period runs: proven by hand it always counts.

    Where proof is wanted, what left without having been delivered is unproven.
    """
    if notice.proven_at is not None:
        return NoticeState.SENT, notice.proven_at
    if not wants_proof or notice.state is not NoticeState.SENT:
        return notice.state, notice.sent_at
    if notice.delivered_at is not None:
        return NoticeState.SENT, notice.delivered_at
    return NoticeState.UNPROVEN, notice.sent_at
