"""What people call a bureau record, its stages and its next steps."""

from __future__ import annotations

from rules.case_words.entries import NextSteps, Stages
from rules.sentences import N_

NAME = N_("SPC")
STAGES: Stages = {
    "noticed": N_("Notificado"),
    "registered": N_("Em SPC"),
    "conflict": N_("Crítica de SPC"),
    "removed": N_("Removido"),
    "withdrawn": N_("Desfeito antes de valer"),
}
#: What a stage's name does not tell.
NOTES: Stages = {
    "conflict": N_(
        "Um registro que continua de pé embora a dívida esteja paga: remova-o no prazo."
    ),
}
NEXT_STEPS: NextSteps = {
    "register": (
        N_("Registro no controle de SPC"),
        N_("Vencido o prazo da notificação, o registro passa a valer no controle interno."),
    ),
    "ask_proof": (
        N_("Pedido de prova do aviso"),
        N_("Vencido o prazo sem prova de entrega, pede-se a alguém que a registre."),
    ),
    "ask_removal": (
        N_("Tarefa de remoção"),
        N_("A fatura foi paga: pede-se a remoção do registro dentro do prazo legal."),
    ),
    "alert_removal": (
        N_("Aviso à gestão"),
        N_("O prazo legal de remoção está perto do fim; a gestão é avisada."),
    ),
    "expire": (
        N_("Remoção por prazo"),
        N_("O registro completa cinco anos e deixa de valer."),
    ),
}
