"""What people call a ticket, its stages and its next steps."""

from __future__ import annotations

from rules.case_words.entries import BREACHED, ESCALATED, WARNED, NextSteps, Stages
from rules.sentences import N_

NAME = N_("Suporte")
STAGES: Stages = {
    "open": N_("Aberto"),
    "in_progress": N_("Em atendimento"),
    "waiting_customer": N_("Aguardando o cliente"),
    "resolved": N_("Resolvido"),
    "closed": N_("Encerrado"),
    "merged": N_("Unido a outro"),
}
NEXT_STEPS: NextSteps = {
    "warn_response": (N_("Aviso: primeira resposta"), WARNED),
    "breach_response": (N_("Prazo da primeira resposta"), BREACHED),
    "escalate_response": (N_("Aviso de primeira resposta atrasada"), ESCALATED),
    "warn_resolution": (N_("Aviso: solução"), WARNED),
    "breach_resolution": (N_("Prazo de solução"), BREACHED),
    "escalate_resolution": (N_("Aviso de solução atrasada"), ESCALATED),
    "legal_day": (
        N_("Último dia da lei para responder"),
        N_("A gestão é chamada: a demanda completa sete dias corridos."),
    ),
    "nudge": (N_("Lembrete ao cliente"), N_("O cliente é lembrado de responder.")),
    "give_up": (
        N_("Resolvido sem resposta"),
        N_("Sem resposta do cliente, o chamado é dado por resolvido."),
    ),
    "close": (N_("Encerramento"), N_("Se o cliente não reabrir, o chamado é encerrado.")),
}
