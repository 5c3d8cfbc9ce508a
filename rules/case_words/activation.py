"""What people call an activation, its stages and its next steps."""

from __future__ import annotations

from rules.activation import ActivationStage, ActivationStep
from rules.case_words.entries import NextSteps, Stages
from rules.sentences import N_

NAME = N_("Ativação")
STAGES: Stages = {
    ActivationStage.AWAITING: N_("Aguardando instalação"),
    ActivationStage.ACTIVATED: N_("Ativado"),
    ActivationStage.CANCELLED: N_("Cancelada"),
}
NEXT_STEPS: NextSteps = {
    ActivationStep.REMIND: (
        N_("Lembrete de metade do prazo"),
        N_("Quem tem a instalação é lembrado: metade do prazo de ativação passou."),
    ),
    ActivationStep.REMIND_AGAIN: (
        N_("Lembrete perto do fim do prazo"),
        N_("Quem tem a instalação é lembrado: o prazo de ativação está perto do fim."),
    ),
    ActivationStep.BREACH: (
        N_("Prazo de ativação estourado"),
        N_("O atraso fica registrado e a gestão recebe uma tarefa."),
    ),
}
