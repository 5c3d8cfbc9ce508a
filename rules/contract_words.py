"""What people call what a contract is made of; Portuguese is the message id."""

from __future__ import annotations

from rules.charges import ChargeKind, ChargeStatus, Recurrence
from rules.contract_changes import ChangeKind
from rules.contract_terms import WelcomeKeep
from rules.contracts import BillingMethod, MinimumTermMonths, Periodicity, PlanType, RenewalPrice
from rules.contracts import ContractStage as S
from rules.price_indices import Method, NegativePolicy
from rules.sentences import N_
from rules.sla import SlaEvent, SlaUnit

CONTRACT_STAGES: dict[str, str] = {
    S.DRAFT: N_("Rascunho"),
    S.AWAITING_ACTIVATION: N_("Aguardando ativação"),
    S.ACTIVE: N_("Ativo"),
    S.REDUCED: N_("Velocidade reduzida"),
    S.BLOCKED: N_("Bloqueado"),
    S.SUSPENDED: N_("Suspenso a pedido"),
    S.RENEWAL_QUEUE: N_("Fila de renovação"),
    S.EXPIRED: N_("Vencido"),
    S.CANCELLED: N_("Cancelado"),
    S.TERMINATED: N_("Rescindido"),
}
PLAN_TYPES: dict[str, str] = {
    PlanType.INTERNET: N_("Internet"),
    PlanType.TV: N_("TV"),
    PlanType.TELEPHONY: N_("Telefonia"),
    PlanType.TEM: N_("Gestão de telecom (TEM)"),
    PlanType.OTHER: N_("Outro"),
}
PERIODS: dict[str, str] = dict(
    zip(
        (str(each.value) for each in Periodicity),
        (N_("Mensal"), N_("Bimestral"), N_("Trimestral"), N_("Semestral"), N_("Anual")),
        strict=True,
    )
)
TERMS: dict[str, str] = dict(
    zip(
        (str(each.value) for each in MinimumTermMonths),
        (N_("Sem fidelidade"), N_("12 meses"), N_("24 meses"), N_("36 meses")),
        strict=True,
    )
)
BILLING: dict[str, str] = {
    BillingMethod.PER_CHARGE: N_("Uma fatura por conta"),
    BillingMethod.GROUPED: N_("Contas agrupadas"),
    BillingMethod.COURTESY: N_("Não faturar (cortesia)"),
}
RENEWAL_PRICES: dict[str, str] = {
    RenewalPrice.BY_PLAN: N_("Pelo valor atual do plano"),
    RenewalPrice.SUGGESTED: N_("Pelo valor sugerido"),
}
METHODS: dict[str, str] = {
    Method.NUMBER_INDICES: N_("Número-índice"),
    Method.MONTHLY_RATES: N_("Variação mensal (%)"),
}
NEGATIVES: dict[str, str] = {
    NegativePolicy.ASK: N_("Perguntar a uma pessoa"),
    NegativePolicy.KEEP: N_("Manter o preço"),
    NegativePolicy.REDUCE: N_("Reduzir o preço"),
}
CHARGE_KINDS: dict[str, str] = {
    ChargeKind.SETUP: N_("Adesão"),
    ChargeKind.MONTHLY: N_("Plano"),
    ChargeKind.SERVICE: N_("Serviço adicional"),
    ChargeKind.PRO_RATA: N_("Proporcional"),
    ChargeKind.FEE: N_("Multa de fidelidade"),
    ChargeKind.CREDIT: N_("Crédito"),
    ChargeKind.INSTALLATION: N_("Instalação"),
}
CHARGE_STATUSES: dict[str, str] = {
    ChargeStatus.WAITING: N_("Em espera"),
    ChargeStatus.OPEN: N_("A faturar"),
    ChargeStatus.INVOICED: N_("Faturada"),
    ChargeStatus.CANCELLED: N_("Cancelada"),
}
RECURRENCES: dict[str, str] = {
    Recurrence.ONCE: N_("Uma vez"),
    Recurrence.PERIODS: N_("Por alguns períodos"),
    Recurrence.UNTIL_REMOVED: N_("Até ser retirado"),
}
CHANGES: dict[str, str] = {
    ChangeKind.SUSPENSION: N_("Suspensão a pedido"),
    ChangeKind.UPGRADE: N_("Plano temporário"),
    ChangeKind.PLAN_CHANGE: N_("Troca de plano"),
    ChangeKind.ADDRESS: N_("Mudança de endereço"),
    ChangeKind.OWNERSHIP: N_("Troca de titularidade"),
    ChangeKind.CANCELLATION: N_("Cancelamento"),
}
SLA_EVENTS: dict[str, str] = {
    SlaEvent.ACTIVATION: N_("Ativação"),
    SlaEvent.FIRST_RESPONSE: N_("Primeira resposta"),
    SlaEvent.RESOLUTION: N_("Solução"),
    SlaEvent.KICKOFF_MEETING: N_("Reunião de início"),
    SlaEvent.INSTALLATION: N_("Instalação"),
}
SLA_UNITS: dict[str, str] = {
    SlaUnit.BUSINESS_HOURS: N_("Horas úteis"),
    SlaUnit.BUSINESS_DAYS: N_("Dias úteis"),
    SlaUnit.HOURS: N_("Horas corridas"),
}
SLA_PRIORITIES: dict[str, str] = {
    "0": N_("Sem prioridade"),
    "1": N_("Alta"),
    "2": N_("Normal"),
    "3": N_("Baixa"),
}
WELCOME_KEEPS: dict[str, str] = {
    WelcomeKeep.TEMPLATE: N_("Como modelo da casa"),
    WelcomeKeep.PLAN: N_("Como padrão deste plano"),
    WelcomeKeep.ALL: N_("Como padrão de todos os planos"),
}
SETUP_COMPOSITIONS: dict[str, str] = {
    "nfcom": N_("NFCom"),
    "nfse": N_("NFS-e"),
    "debit_note": N_("Nota de débito"),
}
