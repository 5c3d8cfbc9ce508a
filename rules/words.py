"""What people call the processes, their stages and next steps; Portuguese is the message id."""

from __future__ import annotations

from rules import service_words
from rules.activation import ActivationStage, ActivationStep
from rules.cases import Process
from rules.contract_changes import ChangeStage, ChangeStep
from rules.messages import Channel
from rules.readjustments import ReadjustmentStage, ReadjustmentStep
from rules.renewals import RenewalStage, RenewalStep
from rules.tasks import Priority, TaskStatus


def _(sentence: str) -> str:
    """Marks a message id, which api/language.py says in the reader's language."""
    return sentence


PROCESSES: dict[str, str] = {
    Process.COLLECTIONS: _("Cobrança"),
    Process.AGREEMENTS: _("Acordo"),
    Process.BUREAU: _("SPC"),
    Process.TASKS: _("Tarefa"),
    Process.CONTESTATION: _("Contestação"),
    Process.ACTIVATION: _("Ativação"),
    Process.CONTRACT_CHANGES: _("Alteração de contrato"),
    Process.RENEWALS: _("Renovação"),
    Process.READJUSTMENTS: _("Reajuste"),
    Process.TICKETS: _("Suporte"),
    Process.KICKOFF: _("Implantação"),
}

#: Stages in the order of the journey; the strip of a case shows them so.
STAGES: dict[str, dict[str, str]] = {
    Process.COLLECTIONS: {
        "classified": _("Classificado"),
        "in_contact": _("Em contato"),
        "negotiating": _("Aguardando negociação"),
        "in_agreement": _("Em acordo"),
        "broken": _("Acordo não cumprido"),
        "at_bureau": _("Em SPC"),
        "closed": _("Encerrado"),
    },
    Process.AGREEMENTS: {
        "in_progress": _("Em andamento"),
        "broken": _("Não cumprido"),
        "fulfilled": _("Cumprido"),
        "fulfilled_late": _("Cumprido com atraso"),
        "renegotiated": _("Renegociado"),
        "restored": _("Originais restauradas"),
        "cancelled": _("Cancelado"),
    },
    Process.BUREAU: {
        "noticed": _("Notificado"),
        "registered": _("Em SPC"),
        "conflict": _("Crítica de SPC"),
        "removed": _("Removido"),
        "withdrawn": _("Desfeito antes de valer"),
    },
    Process.TASKS: {
        TaskStatus.OPEN: _("Aberta"),
        TaskStatus.CONCLUDED: _("Concluída"),
        TaskStatus.CANCELLED: _("Cancelada"),
    },
    Process.CONTESTATION: {
        "draft": _("Rascunho"),
        "filed": _("Enviada"),
        "awaiting_answer": _("Aguardando resposta"),
        "no_answer": _("Sem resposta"),
        "escalated": _("Em instância superior"),
        "refused": _("Recusada"),
        "partly_accepted": _("Aceita em parte"),
        "accepted": _("Aceita"),
        "awaiting_new_barcode": _("Aguardando novo código de barras"),
        "awaiting_credit": _("Aguardando crédito"),
        "verified": _("Conferida"),
        "correcting_root_cause": _("Correção de estrutura"),
        "closed": _("Encerrada"),
        "withdrawn": _("Desistida"),
    },
    Process.ACTIVATION: {
        ActivationStage.AWAITING: _("Aguardando instalação"),
        ActivationStage.ACTIVATED: _("Ativado"),
        ActivationStage.CANCELLED: _("Cancelada"),
    },
    Process.CONTRACT_CHANGES: {
        ChangeStage.SCHEDULED: _("Marcada"),
        ChangeStage.IN_EFFECT: _("Em vigor"),
        ChangeStage.DONE: _("Concluída"),
        ChangeStage.CALLED_OFF: _("Desmarcada"),
    },
    Process.RENEWALS: {
        RenewalStage.QUEUED: _("Na fila"),
        RenewalStage.RENEWED: _("Renovado"),
        RenewalStage.EXPIRED: _("Vencido"),
        RenewalStage.WITHDRAWN: _("Retirada"),
    },
    Process.READJUSTMENTS: {
        ReadjustmentStage.WAITING: _("Aguardando índice"),
        ReadjustmentStage.ASKED: _("Aguardando decisão"),
        ReadjustmentStage.TOLD: _("Comunicado"),
        ReadjustmentStage.KEPT: _("Preço mantido"),
        ReadjustmentStage.WITHDRAWN: _("Retirado"),
    },
    **service_words.STAGES,
}

#: The stages of invoices, which have words of their own where a customer's case has none.
INVOICE_STAGES: dict[str, str] = {
    **STAGES[Process.COLLECTIONS],
    **STAGES[Process.BUREAU],
    "fulfilled": _("Acordo cumprido"),
    "recovered": _("Recuperada"),
    "withdrawn": _("Fora da cobrança"),
    "replaced": _("Substituída"),
}

#: What comes next if nobody acts: what happens, and what that means.
NEXT_STEPS: dict[str, dict[str, tuple[str, str]]] = {
    Process.COLLECTIONS: {
        "start_task": (
            _("Tarefa para a equipe de cobrança"),
            _("A equipe é chamada a dar início ao processo de cobrança."),
        ),
        "escalate": (
            _("Aviso à gestão"),
            _("O caso sobe para a gestão e conta como prazo estourado."),
        ),
        "confirm_task": (
            _("Tarefa para confirmar o processo"),
            _("Quem deu início é lembrado de confirmar o processo."),
        ),
        "follow_up": (
            _("Tarefa de acompanhamento"),
            _("Sem contato registrado, pede-se a quem cuida do caso que procure o cliente."),
        ),
        "cadence": (
            _("Mensagem ao cliente"),
            _("A próxima mensagem da sequência de contatos é enviada ao cliente."),
        ),
    },
    Process.AGREEMENTS: {
        "remind": (_("Lembrete ao cliente"), _("O cliente é lembrado do vencimento.")),
        "check_promise": (
            _("Conferência da promessa"),
            _("No dia da tolerância, confere-se o que ainda falta pagar."),
        ),
        "break": (
            _("Acordo não cumprido"),
            _("O acordo passa a não cumprido e abre-se uma tarefa para decidir o que fazer."),
        ),
    },
    Process.BUREAU: {
        "register": (
            _("Registro no controle de SPC"),
            _("Vencido o prazo da notificação, o registro passa a valer no controle interno."),
        ),
        "ask_removal": (
            _("Tarefa de remoção"),
            _("A fatura foi paga: pede-se a remoção do registro dentro do prazo legal."),
        ),
        "alert_removal": (
            _("Aviso à gestão"),
            _("O prazo legal de remoção está perto do fim; a gestão é avisada."),
        ),
        "expire": (
            _("Remoção por prazo"),
            _("O registro completa cinco anos e deixa de valer."),
        ),
    },
    Process.TASKS: {
        "remind": (_("Lembrete por e-mail"), _("Quem tem a tarefa é lembrado do prazo.")),
        "tell_lead": (
            _("Aviso à liderança"),
            _("A tarefa conta como atrasada e a liderança da equipe é avisada."),
        ),
        "tell_manager": (_("Aviso à gestão"), _("A tarefa atrasada é levada à gestão.")),
    },
    Process.CONTESTATION: {
        "write": (_("Carta à operadora"), _("A carta e a planilha de provas são enviadas.")),
        "ask_filing": (_("Tarefa para enviar"), _("Pede-se que a contestação seja enviada.")),
        "ask_protocol": (
            _("Tarefa para registrar o protocolo"),
            _("Sem protocolo, pede-se que alguém o obtenha da operadora."),
        ),
        "remind": (
            _("Cobrança da resposta"),
            _("O prazo está perto do fim: pede-se que a operadora seja cobrada."),
        ),
        "miss_answer": (
            _("Prazo da operadora vencido"),
            _("A contestação conta como não respondida e sobe de instância."),
        ),
        "escalate": (
            _("Instância seguinte"),
            _("Nova carta, novo prazo e novo protocolo na instância acima."),
        ),
        "exhaust": (_("Instâncias esgotadas"), _("A gestão é chamada a decidir.")),
        "ask_manager": (_("Aviso à gestão"), _("A gestão é chamada a decidir.")),
        "chase_barcode": (
            _("Cobrança do novo código de barras"),
            _("O código corrigido não veio: pede-se que a operadora seja cobrada."),
        ),
        "miss_barcode": (
            _("Fatura vencida sem novo código"),
            _("Pede-se que alguém escolha como receber o que foi aceito."),
        ),
        "chase_credit": (
            _("Cobrança do crédito"),
            _("A fatura com o crédito não chegou: pede-se que seja procurada."),
        ),
        "chase_correction": (
            _("Cobrança da correção de estrutura"),
            _("Sem prova de que o erro acabou, a operadora é cobrada."),
        ),
    },
    Process.ACTIVATION: {
        ActivationStep.REMIND: (
            _("Lembrete de metade do prazo"),
            _("Quem tem a instalação é lembrado: metade do prazo de ativação passou."),
        ),
        ActivationStep.REMIND_AGAIN: (
            _("Lembrete perto do fim do prazo"),
            _("Quem tem a instalação é lembrado: o prazo de ativação está perto do fim."),
        ),
        ActivationStep.BREACH: (
            _("Prazo de ativação estourado"),
            _("O atraso fica registrado e a gestão recebe uma tarefa."),
        ),
    },
    Process.CONTRACT_CHANGES: {
        ChangeStep.BEGIN: (
            _("Início da alteração"),
            _("A alteração passa a valer, com os proporcionais do período."),
        ),
        ChangeStep.END: (
            _("Fim da alteração"),
            _("O contrato volta ao que era, com os proporcionais do período."),
        ),
    },
    Process.RENEWALS: {
        RenewalStep.FIRST_NOTICE: (
            _("Primeiro aviso de renovação"),
            _("O cliente é avisado do fim do contrato e do novo valor."),
        ),
        RenewalStep.SECOND_NOTICE: (
            _("Segundo aviso de renovação"),
            _("O cliente é avisado de novo do fim do contrato e do novo valor."),
        ),
        RenewalStep.RENEW: (
            _("Renovação"),
            _("Com poucas faturas em aberto e os avisos dados, o contrato renova."),
        ),
        RenewalStep.ASK: (
            _("Tarefa para decidir a renovação"),
            _("O contrato não renova sozinho: uma pessoa decide."),
        ),
        RenewalStep.EXPIRE: (
            _("Fim do contrato"),
            _("Sem renovação, o contrato vence e a conexão é desligada."),
        ),
    },
    Process.READJUSTMENTS: {
        ReadjustmentStep.DECIDE: (
            _("Cálculo do reajuste"),
            _("Com os índices informados, o novo preço é calculado e comunicado."),
        ),
    },
    **service_words.NEXT_STEPS,
}

NOTHING_BY_ITSELF = (
    _("Nada acontece sozinho"),
    _("O caso espera por uma pessoa, um pagamento ou outra novidade."),
)
CLOSED = (_("Encerrado"), _("Nada mais acontece neste caso."))

PRIORITIES: dict[int, str] = {
    Priority.HIGH: _("Alta"),
    Priority.NORMAL: _("Normal"),
    Priority.LOW: _("Baixa"),
}

CHANNELS: dict[str, str] = {
    Channel.EMAIL: _("e-mail"),
    Channel.SMS: _("SMS"),
    "phone": _("telefone"),
    "whatsapp": _("WhatsApp"),
    "in_person": _("presencial"),
    "letter": _("carta"),
}

DIRECTIONS: dict[str, str] = {"active": _("ativo"), "reactive": _("receptivo")}

TASK_RESULTS: dict[str, str] = {
    "done": _("Feita"),
    "no_answer": _("Sem resposta"),
    "promised": _("Cliente prometeu pagar"),
    "disputed": _("Cliente contesta"),
    "wrong_contact": _("Contato errado"),
    "not_needed": _("Não era mais necessária"),
    "cancelled": _("Cancelada"),
    "withdrawn": _("Retirada pelo sistema"),
}

#: Why something was done or left undone, as it is written into history.
REASONS: dict[str, str] = {
    "paid": _("já pago"),
    "opted_out": _("o cliente não quer este canal"),
    "no_address": _("sem endereço"),
    "switched_off": _("modelo desligado"),
    "withdrawn": _("deixou de ser necessária"),
    "expired": _("só valia para aquele dia"),
    "superseded": _("outra mais recente diz o mesmo"),
    "overdue": _("em atraso"),
    "started": _("início da cobrança"),
    "confirmed": _("processo confirmado"),
    "settled": _("paga"),
    "cancelled": _("cancelada"),
    "suspended": _("suspensa"),
    "agreement_made": _("acordo efetivado"),
    "agreement_broken": _("acordo não cumprido"),
    "agreement_renegotiated": _("acordo renegociado"),
    "agreement_restored": _("originais restauradas"),
    "agreement_cancelled": _("acordo cancelado"),
    "payment_reversed": _("pagamento estornado"),
}
TASK_FIELDS: dict[str, str] = {
    "title": _("o título"),
    "description": _("a descrição"),
    "due_at": _("o prazo"),
    "priority": _("a prioridade"),
}


def stage_label(process: str, stage: str) -> str:
    """What people call a stage; a stage without a word is shown as it is stored."""
    return STAGES.get(process, {}).get(stage, stage)


def next_step_words(process: str, kind: str | None, *, is_closed: bool = False) -> tuple[str, str]:
    """What happens next to a case if nobody acts, and what that means."""
    if is_closed:
        return CLOSED
    if kind is None:
        return NOTHING_BY_ITSELF
    return NEXT_STEPS.get(process, {}).get(kind, (kind, ""))
