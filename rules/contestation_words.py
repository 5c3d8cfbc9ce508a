"""What people and letters call the rules, levels and channels of contestations; Portuguese ids."""

from __future__ import annotations

from collections.abc import Mapping

from rules.contestation import Direction, Level, Remedy
from rules.contestation_commands import ProtocolChannel
from rules.contestation_corrections import CorrectionStatus
from rules.contestation_numbers import Age, AnswerTime, Detail, Part
from rules.contestation_received import BillForm, RefundChannel
from rules.sentences import N_

LEVELS: Mapping[int, str] = {
    Level.CARRIER: N_("Operadora"),
    Level.SECOND_LEVEL: N_("Segundo nível da operadora"),
    Level.OMBUDSMAN: N_("Ouvidoria"),
    Level.REGULATOR: N_("Regulador"),
    Level.EXHAUSTED: N_("Instâncias esgotadas"),
}
LEVEL_NAMES: Mapping[str, str] = {level.name.lower(): LEVELS[level] for level in Level}
PARTS: Mapping[str, str] = {
    Part.CONTESTED: N_("Em contestação"),
    Part.RECOVERED: N_("Recuperado"),
    Part.LOST: N_("Perdido"),
    Part.UNTOUCHED: N_("Sem ação"),
    Detail.ACCEPTED: N_("Aceito"),
    Detail.CREDITED: N_("Creditado"),
    Detail.AVOIDED: N_("Evitado"),
}
AGES: Mapping[str, str] = {
    Age.NEW: N_("até 30 dias"),
    Age.SECOND_MONTH: N_("31 a 60 dias"),
    Age.THIRD_MONTH: N_("61 a 90 dias"),
    Age.OLDER: N_("mais de 90 dias"),
}
ANSWER_TIMES: Mapping[str, str] = {
    AnswerTime.SOON: N_("até 10 dias"),
    AnswerTime.SECOND: N_("11 a 20 dias"),
    AnswerTime.IN_TIME: N_("21 a 30 dias"),
    AnswerTime.LATE: N_("mais de 30 dias"),
    AnswerTime.NONE: N_("sem resposta"),
}
CHANNELS: Mapping[str, str] = {
    ProtocolChannel.PHONE: N_("Telefone"),
    ProtocolChannel.PORTAL: N_("Portal"),
    ProtocolChannel.EMAIL: N_("E-mail"),
    ProtocolChannel.CHAT: N_("Chat"),
    ProtocolChannel.LETTER: N_("Carta"),
    ProtocolChannel.IN_PERSON: N_("Presencial"),
}
REMEDIES: Mapping[str, str] = {
    Remedy.NEW_BARCODE: N_("Novo código de barras"),
    Remedy.CREDIT: N_("Crédito na próxima fatura"),
}
REFUND_CHANNELS: Mapping[str, str] = {
    RefundChannel.NEXT_INVOICE: N_("Crédito na próxima fatura"),
    RefundChannel.BANK: N_("Devolução por banco"),
    RefundChannel.PREPAID: N_("Crédito pré-pago"),
}
BILL_FORMS: Mapping[str, str] = {
    BillForm.ELECTRONIC: N_("Eletrônica"),
    BillForm.PRINTED: N_("Impressa"),
}
CORRECTIONS: Mapping[str, str] = {
    CorrectionStatus.OPEN: N_("Aguardando prova"),
    CorrectionStatus.CLOSED: N_("Corrigida"),
    CorrectionStatus.RETURNED: N_("O erro voltou"),
}
DIRECTIONS: Mapping[str, str] = {
    Direction.MADE: N_("Feita à operadora"),
    Direction.RECEIVED: N_("Recebida de cliente"),
}
