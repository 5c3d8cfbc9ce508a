"""What people call a kickoff, its stages and its next steps."""

from __future__ import annotations

from rules.case_words.entries import BREACHED, ESCALATED, WARNED, NextSteps, Stages
from rules.sentences import N_

NAME = N_("Implantação")
STAGES: Stages = {
    "scheduling": N_("Marcando a reunião"),
    "scheduled": N_("Reunião marcada"),
    "parametrising": N_("Em parametrização"),
    "waiting_client": N_("Aguardando o cliente"),
    "installed": N_("Instalada"),
    "in_service": N_("Em operação"),
    "cancelled": N_("Cancelada"),
}
NEXT_STEPS: NextSteps = {
    "warn_meeting": (N_("Aviso: prazo da reunião"), WARNED),
    "breach_meeting": (N_("Prazo da reunião"), BREACHED),
    "escalate_meeting": (N_("Aviso de reunião atrasada"), ESCALATED),
    "warn_installation": (N_("Aviso: prazo da implantação"), WARNED),
    "breach_installation": (N_("Prazo da implantação"), BREACHED),
    "escalate_installation": (N_("Aviso de implantação atrasada"), ESCALATED),
    "ask_acceptance": (
        N_("Pedido de aceite"),
        N_("O cliente e quem cuida do caso são lembrados do aceite."),
    ),
}
