"""A second person's word on an agreement beyond its author's limit."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from rules.refusals import Refusal


class RequestStatus(StrEnum):
    """What became of what was asked."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


class AgreementRequestNotFound(Refusal):
    message = "Este pedido de aprovação não existe."


class AgreementRequestAlreadyDone(Refusal):
    message = "Este pedido já foi decidido por %(by)s."


class RequestUnderWay(Refusal):
    message = "Já há um pedido de aprovação deste cliente à espera."


class OwnRequestRefused(Refusal):
    message = "Quem pediu não aprova, nem quem o substitui hoje: a decisão é de outra pessoa."


class NothingToApprove(Refusal):
    message = "Este acordo está dentro do seu limite: efetive-o sem pedir aprovação."


class RefusalReasonRequired(Refusal):
    message = "Diga o motivo da recusa."
    field = "reason"


def check_decision(status: str, *, decided_by: str, by: str, askers: Collection[str]) -> None:
    """This will refuse a second decision, one's own, and that of who stands in for the asker."""
    if status != RequestStatus.WAITING:
        raise AgreementRequestAlreadyDone(by=decided_by)
    if by in askers:
        raise OwnRequestRefused
