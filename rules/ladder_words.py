"""What people call the states and kinds of connections, and what the ladder stands still for."""

from __future__ import annotations

from rules.connections import ConnectionKind, ConnectionState
from rules.ladder import PauseReason
from rules.sentences import N_

CONNECTION_STATES: dict[str, str] = {
    ConnectionState.PENDING: N_("Aguarda ativação"),
    ConnectionState.ACTIVE: N_("Ativa"),
    ConnectionState.REDUCED: N_("Velocidade reduzida"),
    ConnectionState.BLOCKED: N_("Bloqueada"),
    ConnectionState.OFF: N_("Desligada"),
}
CONNECTION_KINDS: dict[str, str] = {
    ConnectionKind.INTERNET: N_("Internet"),
    ConnectionKind.TV: N_("TV"),
    ConnectionKind.SUBSCRIPTION: N_("Assinatura"),
    ConnectionKind.PHONE: N_("Telefone"),
}
#: Why a connection is as it is, where no person said so.
REASONS: dict[str, str] = {
    "ladder": N_("falta de pagamento, pela régua"),
    "lifted": N_("nada vencido pede mais o bloqueio"),
    "terminated": N_("contrato rescindido"),
    "cancelled": N_("contrato cancelado"),
    "expired": N_("contrato vencido"),
}
PAUSES: dict[str, str] = {
    PauseReason.AGREEMENT: N_("Em acordo"),
    PauseReason.PROMISE: N_("Promessa de pagamento"),
    PauseReason.CONTESTATION: N_("Em contestação"),
    PauseReason.EXCEPTION: N_("Exceção"),
    PauseReason.MARK: N_("Cliente marcado"),
    PauseReason.RENEGOTIATION: N_("Vencimento renegociado"),
}


def reason_of(reason: str, *, state: str) -> str:
    """Why a connection or its contract is as it is: the ladder blocks for what is not paid, and
    restores because nothing asks for it any more."""
    return "lifted" if reason == "ladder" and state == ConnectionState.ACTIVE else reason
