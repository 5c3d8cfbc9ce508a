"""What people and letters call the rules, levels and channels of contestations; Portuguese ids."""

from __future__ import annotations

from collections.abc import Mapping

from rules.carrier_terms import Rule
from rules.contestation import Direction, Level, Remedy
from rules.contestation_commands import ProtocolChannel
from rules.contestation_corrections import CorrectionStatus


def _(sentence: str) -> str:
    """Marks a message id, which api/language.py says in the reader's language."""
    return sentence


RULES: Mapping[str, str] = {
    Rule.LINE_UNKNOWN: _("Linha fora do inventário"),
    Rule.LINE_INACTIVE: _("Linha cancelada ou ainda não ativa"),
    Rule.DUPLICATE: _("Cobrança em duplicidade"),
    Rule.TOO_OLD: _("Uso mais antigo que o limite"),
    Rule.OUTSIDE_PERIOD: _("Uso fora do período"),
    Rule.INSTALMENT_BEYOND: _("Parcela além do combinado"),
    Rule.FINE_NOT_DUE: _("Multa ou juros indevidos"),
    Rule.NOT_CONTRACTED: _("Serviço não contratado"),
    Rule.TAX_DIFFERS: _("Alíquota diferente"),
    Rule.ALLOWANCE_NOT_APPLIED: _("Franquia não aplicada"),
    Rule.DURATION_WRONG: _("Duração ou arredondamento"),
    Rule.RATE_DIFFERS: _("Tarifa diferente"),
    Rule.FEE_DIFFERS: _("Assinatura diferente"),
    Rule.DISCOUNT_MISSING: _("Desconto não concedido"),
    Rule.TOTAL_WRONG: _("Total não confere"),
}
LEVELS: Mapping[int, str] = {
    Level.CARRIER: _("Operadora"),
    Level.SECOND_LEVEL: _("Segundo nível da operadora"),
    Level.OMBUDSMAN: _("Ouvidoria"),
    Level.REGULATOR: _("Regulador"),
    Level.EXHAUSTED: _("Instâncias esgotadas"),
}
LEVEL_NAMES: Mapping[str, str] = {level.name.lower(): LEVELS[level] for level in Level}
CHANNELS: Mapping[str, str] = {
    ProtocolChannel.PHONE: _("Telefone"),
    ProtocolChannel.PORTAL: _("Portal"),
    ProtocolChannel.EMAIL: _("E-mail"),
    ProtocolChannel.CHAT: _("Chat"),
    ProtocolChannel.LETTER: _("Carta"),
    ProtocolChannel.IN_PERSON: _("Presencial"),
}
REMEDIES: Mapping[str, str] = {
    Remedy.NEW_BARCODE: _("Novo código de barras"),
    Remedy.CREDIT: _("Crédito na próxima fatura"),
}
CORRECTIONS: Mapping[str, str] = {
    CorrectionStatus.OPEN: _("Aguardando prova"),
    CorrectionStatus.CLOSED: _("Corrigida"),
    CorrectionStatus.RETURNED: _("O erro voltou"),
}
DIRECTIONS: Mapping[str, str] = {
    Direction.MADE: _("Feita à operadora"),
    Direction.RECEIVED: _("Recebida de cliente"),
}
