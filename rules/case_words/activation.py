"""What people call an activation, its stages and its next steps."""

from __future__ import annotations

from rules.activation import ActivationStage, ActivationStep
from rules.case_words.entries import BREACHED, ESCALATED, WARNED, NextSteps, Stages
from rules.sentences import N_

NAME = N_("Ativação")
STAGES: Stages = {
    ActivationStage.AWAITING: N_("Aguardando instalação"),
    ActivationStage.ACTIVATED: N_("Ativado"),
    ActivationStage.CANCELLED: N_("Cancelada"),
}
NEXT_STEPS: NextSteps = {
    ActivationStep.REMIND: (N_("Aviso: prazo da ativação"), WARNED),
    ActivationStep.BREACH: (N_("Prazo da ativação"), BREACHED),
    ActivationStep.ESCALATE: (N_("Aviso de ativação atrasada"), ESCALATED),
}
