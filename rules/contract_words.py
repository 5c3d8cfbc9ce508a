"""What people call what a contract is made of; Portuguese is the message id."""

from __future__ import annotations

from rules.charges import ChargeKind, ChargeStatus, Recurrence
from rules.connections import ConnectionKind, ConnectionState
from rules.contract_changes import ChangeKind, ChangeStage
from rules.contracts import BillingMethod, MinimumTermMonths, Periodicity, PlanType, RenewalPrice
from rules.contracts import ContractStage as S
from rules.readjustment import Method, NegativePolicy
from rules.sla import SlaEvent, SlaUnit


def _(sentence: str) -> str:
    """Marks a message id, which api/language.py says in the reader's language."""
    return sentence


CONTRACT_STAGES: dict[str, str] = {
    S.DRAFT: _("Rascunho"),
    S.AWAITING_ACTIVATION: _("Aguardando ativação"),
    S.ACTIVE: _("Ativo"),
    S.REDUCED: _("Velocidade reduzida"),
    S.BLOCKED: _("Bloqueado"),
    S.SUSPENDED: _("Suspenso a pedido"),
    S.RENEWAL_QUEUE: _("Fila de renovação"),
    S.EXPIRED: _("Vencido"),
    S.CANCELLED: _("Cancelado"),
    S.TERMINATED: _("Rescindido"),
}
PLAN_TYPES: dict[str, str] = {
    PlanType.INTERNET: _("Internet"),
    PlanType.TV: _("TV"),
    PlanType.TELEPHONY: _("Telefonia"),
    PlanType.TEM: _("Gestão de telecom (TEM)"),
    PlanType.OTHER: _("Outro"),
}
PERIODS: dict[str, str] = dict(
    zip(
        (str(each.value) for each in Periodicity),
        (_("Mensal"), _("Bimestral"), _("Trimestral"), _("Semestral"), _("Anual")),
        strict=True,
    )
)
TERMS: dict[str, str] = dict(
    zip(
        (str(each.value) for each in MinimumTermMonths),
        (_("Sem fidelidade"), _("12 meses"), _("24 meses"), _("36 meses")),
        strict=True,
    )
)
BILLING: dict[str, str] = {
    BillingMethod.PER_CHARGE: _("Uma fatura por conta"),
    BillingMethod.GROUPED: _("Contas agrupadas"),
    BillingMethod.COURTESY: _("Não faturar (cortesia)"),
}
RENEWAL_PRICES: dict[str, str] = {
    RenewalPrice.BY_PLAN: _("Pelo valor atual do plano"),
    RenewalPrice.SUGGESTED: _("Pelo valor sugerido"),
}
METHODS: dict[str, str] = {
    Method.NUMBER_INDICES: _("Número-índice"),
    Method.MONTHLY_RATES: _("Variação mensal (%)"),
}
NEGATIVES: dict[str, str] = {
    NegativePolicy.ASK: _("Perguntar a uma pessoa"),
    NegativePolicy.KEEP: _("Manter o preço"),
    NegativePolicy.REDUCE: _("Reduzir o preço"),
}
CHARGE_KINDS: dict[str, str] = {
    ChargeKind.SETUP: _("Adesão"),
    ChargeKind.MONTHLY: _("Plano"),
    ChargeKind.SERVICE: _("Serviço adicional"),
    ChargeKind.PRO_RATA: _("Proporcional"),
    ChargeKind.FEE: _("Multa de fidelidade"),
    ChargeKind.CREDIT: _("Crédito"),
    ChargeKind.INSTALLATION: _("Instalação"),
}
CHARGE_STATUSES: dict[str, str] = {
    ChargeStatus.WAITING: _("Em espera"),
    ChargeStatus.OPEN: _("A faturar"),
    ChargeStatus.INVOICED: _("Faturada"),
    ChargeStatus.CANCELLED: _("Cancelada"),
}
RECURRENCES: dict[str, str] = {
    Recurrence.ONCE: _("Uma vez"),
    Recurrence.PERIODS: _("Por alguns períodos"),
    Recurrence.UNTIL_REMOVED: _("Até ser retirado"),
}
CONNECTION_KINDS: dict[str, str] = {
    ConnectionKind.INTERNET: _("Internet"),
    ConnectionKind.TV: _("TV"),
    ConnectionKind.SUBSCRIPTION: _("Assinatura"),
    ConnectionKind.PHONE: _("Telefone"),
}
CONNECTION_STATES: dict[str, str] = {
    ConnectionState.PENDING: _("A instalar"),
    ConnectionState.ACTIVE: _("Ativa"),
    ConnectionState.REDUCED: _("Velocidade reduzida"),
    ConnectionState.BLOCKED: _("Bloqueada"),
    ConnectionState.OFF: _("Desligada"),
}
CHANGES: dict[str, str] = {
    ChangeKind.SUSPENSION: _("Suspensão a pedido"),
    ChangeKind.UPGRADE: _("Plano temporário"),
    ChangeKind.PLAN_CHANGE: _("Troca de plano"),
    ChangeKind.CANCELLATION: _("Cancelamento"),
}
CHANGE_STAGES: dict[str, str] = {
    ChangeStage.SCHEDULED: _("Marcada"),
    ChangeStage.IN_EFFECT: _("Em vigor"),
    ChangeStage.DONE: _("Concluída"),
    ChangeStage.CALLED_OFF: _("Desmarcada"),
}
SLA_EVENTS: dict[str, str] = {
    SlaEvent.ACTIVATION: _("Ativação"),
    SlaEvent.FIRST_RESPONSE: _("Primeira resposta"),
    SlaEvent.RESOLUTION: _("Solução"),
    SlaEvent.KICKOFF_MEETING: _("Reunião de kickoff"),
    SlaEvent.INSTALLATION: _("Instalação"),
}
SLA_UNITS: dict[str, str] = {
    SlaUnit.BUSINESS_HOURS: _("Horas úteis"),
    SlaUnit.BUSINESS_DAYS: _("Dias úteis"),
    SlaUnit.HOURS: _("Horas corridas"),
}
SLA_PRIORITIES: dict[str, str] = {
    "0": _("Sem prioridade"),
    "1": _("Alta"),
    "2": _("Normal"),
    "3": _("Baixa"),
}
SETUP_COMPOSITIONS: dict[str, str] = {
    "nfcom": _("NFCom"),
    "nfse": _("NFS-e"),
    "debit_note": _("Nota de débito"),
}
