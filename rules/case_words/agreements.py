"""What people call an agreement, its stages and its next steps."""

from __future__ import annotations

from rules.case_words.entries import NextSteps, Stages
from rules.sentences import N_

NAME = N_("Acordo")
STAGES: Stages = {
    "in_progress": N_("Em andamento"),
    "broken": N_("Não cumprido"),
    "fulfilled": N_("Cumprido"),
    "fulfilled_late": N_("Cumprido com atraso"),
    "renegotiated": N_("Renegociado"),
    "restored": N_("Originais restauradas"),
    "cancelled": N_("Cancelado"),
}
NEXT_STEPS: NextSteps = {
    "remind": (N_("Lembrete ao cliente"), N_("O cliente é lembrado do vencimento.")),
    "check_promise": (
        N_("Conferência da promessa"),
        N_("No dia da tolerância, confere-se o que ainda falta pagar."),
    ),
    "break": (
        N_("Acordo não cumprido"),
        N_("O acordo passa a não cumprido e abre-se uma tarefa para decidir o que fazer."),
    ),
}
