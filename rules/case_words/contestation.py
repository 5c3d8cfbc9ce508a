"""What people call a contestation, its stages and its next steps."""

from __future__ import annotations

from rules.case_words.entries import NextSteps, Stages
from rules.sentences import N_

NAME = N_("Contestação")
STAGES: Stages = {
    "draft": N_("Rascunho"),
    "filed": N_("Enviada"),
    "awaiting_answer": N_("Aguardando resposta"),
    "no_answer": N_("Sem resposta"),
    "escalated": N_("Em instância superior"),
    "refused": N_("Recusada"),
    "partly_accepted": N_("Aceita em parte"),
    "accepted": N_("Aceita"),
    "awaiting_new_barcode": N_("Aguardando novo código de barras"),
    "awaiting_credit": N_("Aguardando crédito"),
    "verified": N_("Conferida"),
    "correcting_root_cause": N_("Correção de estrutura"),
    "closed": N_("Encerrada"),
    "withdrawn": N_("Desistida"),
}
NEXT_STEPS: NextSteps = {
    "write": (N_("Carta à operadora"), N_("A carta e a planilha de provas são enviadas.")),
    "ask_filing": (N_("Tarefa para enviar"), N_("Pede-se que a contestação seja enviada.")),
    "ask_protocol": (
        N_("Tarefa para registrar o protocolo"),
        N_("Sem protocolo, pede-se que alguém o obtenha da operadora."),
    ),
    "remind": (
        N_("Cobrança da resposta"),
        N_("O prazo está perto do fim: pede-se que a operadora seja cobrada."),
    ),
    "miss_answer": (
        N_("Prazo da operadora vencido"),
        N_("A contestação conta como não respondida e sobe de instância."),
    ),
    "escalate": (
        N_("Instância seguinte"),
        N_("Nova carta, novo prazo e novo protocolo na instância acima."),
    ),
    "exhaust": (N_("Instâncias esgotadas"), N_("A gestão é chamada a decidir.")),
    "ask_manager": (N_("Aviso à gestão"), N_("A gestão é chamada a decidir.")),
    "chase_barcode": (
        N_("Cobrança do novo código de barras"),
        N_("O código corrigido não veio: pede-se que a operadora seja cobrada."),
    ),
    "miss_barcode": (
        N_("Fatura vencida sem novo código"),
        N_("Pede-se que alguém escolha como receber o que foi aceito."),
    ),
    "chase_credit": (
        N_("Cobrança do crédito"),
        N_("A fatura com o crédito não chegou: pede-se que seja procurada."),
    ),
    "chase_correction": (
        N_("Cobrança da correção de estrutura"),
        N_("Sem prova de que o erro acabou, a operadora é cobrada."),
    ),
    "ask_answer": (
        N_("Tarefa para responder ao cliente"),
        N_("O prazo legal corre: pede-se a resposta com razões."),
    ),
    "warn_manager": (
        N_("Gestão avisada do prazo do cliente"),
        N_("O prazo legal está perto do fim: a gestão é avisada."),
    ),
    "concede": (
        N_("Prazo legal vencido: o cliente tem razão"),
        N_("O valor contestado é cancelado ou devolvido, e o cliente é avisado."),
    ),
    "tell_customer": (
        N_("Tarefa para avisar o cliente"),
        N_("A resposta não chegou por mensagem: pede-se que o cliente seja avisado."),
    ),
    "chase_refund": (
        N_("Cobrança da devolução"),
        N_("O cliente ainda não recebeu: pede-se que a devolução seja feita."),
    ),
    "ask_index": (
        N_("Tarefa para informar o índice"),
        N_("Devolveu-se sem um mês do índice: o que ele acrescentar também volta."),
    ),
}
