"""What people call what a contract is made of; Portuguese is the message id."""

from __future__ import annotations

from rules.charges import ChargeKind, ChargeStatus, Recurrence, ServiceKind
from rules.contract_changes import ChangeKind
from rules.contract_welcome import WelcomeKeep
from rules.contracts import (
    BillingMethod,
    PaymentMethod,
    Periodicity,
    PlanType,
    RenewalForm,
    RenewalPrice,
    TermMonths,
)
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
MONTHS = {
    str(TermMonths.ONE_YEAR.value): N_("12 meses"),
    str(TermMonths.TWO_YEARS.value): N_("24 meses"),
    str(TermMonths.THREE_YEARS.value): N_("36 meses"),
}
MINIMUM_TERMS: dict[str, str] = {str(TermMonths.NONE.value): N_("Sem fidelidade"), **MONTHS}
TERMS: dict[str, str] = {str(TermMonths.NONE.value): N_("Sem prazo"), **MONTHS}
PAYMENT_METHODS: dict[str, str] = {
    PaymentMethod.BOLETO_PIX: N_("Boleto com Pix"),
    PaymentMethod.BOLETO: N_("Boleto"),
    PaymentMethod.PIX: N_("Pix"),
    PaymentMethod.PIX_AUTOMATIC: N_("Pix Automático"),
    PaymentMethod.DEBIT: N_("Débito automático"),
    PaymentMethod.CARD: N_("Cartão de crédito"),
    PaymentMethod.COUNTER: N_("No balcão"),
}
LAGS: dict[str, str] = {
    "1": N_("O mês anterior ao reajuste"),
    "2": N_("Dois meses antes do reajuste"),
    "3": N_("Três meses antes do reajuste"),
}
BILLING: dict[str, str] = {
    BillingMethod.PER_CHARGE: N_("Uma fatura por conta"),
    BillingMethod.GROUPED: N_("Contas agrupadas"),
    BillingMethod.COURTESY: N_("Não faturar (cortesia)"),
}
RENEWAL_PRICES: dict[str, str] = {
    RenewalPrice.BY_PLAN: N_("Pelo valor atual do plano"),
    RenewalPrice.SUGGESTED: N_("Pelo valor sugerido"),
}
RENEWAL_FORMS: dict[str, str] = {
    RenewalForm.EXTENSION: N_("Prorrogar este contrato"),
    RenewalForm.SUCCESSOR: N_("Fazer um contrato sucessor"),
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
SERVICE_KINDS: dict[str, str] = {
    ServiceKind.ACCESS_POINT: N_("Ponto adicional"),
    ServiceKind.SPEED: N_("Aumento de velocidade"),
    ServiceKind.SUPPORT: N_("Suporte"),
    ServiceKind.SUBSCRIPTION: N_("Assinatura"),
    ServiceKind.OTHER: N_("Outro"),
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
    ChangeKind.PERIODICITY: N_("Troca de periodicidade"),
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
#: The fields of a contract.
LABELS: dict[str, str] = {
    "plan_id": N_("Plano"), "plan_type": N_("Tipo"), "adhesion_date": N_("Data de adesão"),
    "signed_on": N_("Data de assinatura"), "starts_on": N_("Início"),
    "ends_on": N_("Fim"), "term_months": N_("Prazo"), "periodicity_months": N_("Periodicidade"),
    "due_day_rule_id": N_("Regra de vencimento"), "sla_table_id": N_("Tabela de SLA"),
    "ladder_id": N_("Régua"), "inactivity_discount": N_("Desconto por inatividade"),
    "payment_method": N_("Forma de pagamento"),
    "payment_profile_id": N_("Profile de pagamento"),
    "billing_method": N_("Método de faturamento"), "billing_group_id": N_("Agrupador"),
    "discount_table_id": N_("Tabela de descontos"),
    "fiscal_document": N_("Emitir documento fiscal automaticamente"),
    "notes": N_("Observações"), "fiscal_note": N_("Observação no documento fiscal"),
    "setup_fee": N_("Taxa de adesão"), "setup_instalments": N_("Parcelas da adesão"),
    "setup_charged_before": N_("Parcelas da adesão cobradas antes"),
    "setup_account_id": N_("Plano de contas da adesão"),
    "setup_composition": N_("Composição fiscal da adesão"),
    "generate_setup_now": N_("Gerar as parcelas da adesão já, sem esperar a ativação"),
    "phone_terminal": N_("Terminal telefônico"), "consultant_id": N_("Consultor de vendas"),
    "welcome": N_("Enviar mensagem de boas-vindas"), "welcome_to": N_("E-mail"),
    "welcome_sender_id": N_("Conta de envio"),
    "welcome_subject": N_("Assunto"), "welcome_text": N_("Texto"),
    "welcome_keep": N_("Guardar o texto"),
    "renewal_form": N_("Forma da renovação"), "renewal_price": N_("Valor na renovação"),
    "suggested_amount": N_("Valor sugerido"),
    "charges_suggested": N_("Gerar as contas já pelo valor sugerido"),
    "ignore_automatic_renewal": N_("Ignorar renovação automática"),
    "wait_for_activation": N_("Esperar a ativação para gerar as contas"),
    "review_charges": N_("Revisar as contas antes de faturar"),
    "ledger_account_id": N_("Plano de contas"), "minimum_term_months": N_("Fidelidade"),
    "minimum_term_fee": N_("Multa de fidelidade"),
    "minimum_term_from": N_("A fidelidade conta de"), "price_index_id": N_("Índice de reajuste"),
    "readjustment_method": N_("Método do reajuste"),
    "readjustment_decimals": N_("Casas decimais da variação"),
    "readjustment_lag_months": N_("Último mês do índice"),
    "negative_readjustment": N_("Se o índice cair"),
    "kept_price_resets_base": N_("Preço mantido recomeça a contagem do índice"),
    "data_base_month": N_("Mês da data-base"),
}  # fmt: skip
