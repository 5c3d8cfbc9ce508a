"""When a person may end an agreement: called off while it lives, undone only once it is broken."""

from __future__ import annotations

from rules.agreements import AgreementStatus
from rules.refusals import Refusal
from rules.tasks import check_reason

LONGEST_REASON = 500


class AgreementNotBroken(Refusal):
    message = "Só um acordo não cumprido pode ser renegociado ou desfeito."


class CancellationReasonTooLong(Refusal):
    message = "O motivo pode ter no máximo %(most)s caracteres."
    field = "reason"


class AgreementEnded(Refusal):
    message = "Este acordo já foi encerrado."


class OriginalsNotHere(Refusal):
    message = (
        "Este acordo veio de outro sistema sem as faturas originais: renegocie as parcelas, "
        "que voltam à negociação."
    )


def check_cancellation(status: AgreementStatus, *, reason: str) -> None:
    """This will refuse to call off an agreement that has ended, or without a (short) reason."""
    check_live(status)
    check_reason(reason)
    if len(reason) > LONGEST_REASON:
        raise CancellationReasonTooLong(most=LONGEST_REASON)


def check_broken(status: AgreementStatus) -> None:
    """This will refuse to renegotiate or undo an agreement that is not broken."""
    check_live(status)
    if status != AgreementStatus.BROKEN:
        raise AgreementNotBroken


def check_restorable(status: AgreementStatus, *, has_originals: bool) -> None:
    """This will refuse to undo an agreement that is not broken, or has nothing to restore."""
    check_broken(status)
    if not has_originals:
        raise OriginalsNotHere


def check_live(status: AgreementStatus) -> None:
    """This will refuse to change an agreement that has ended."""
    if not status.is_live:
        raise AgreementEnded
