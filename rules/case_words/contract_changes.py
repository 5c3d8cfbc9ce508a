"""What people call a dated change of a contract, its stages and its next steps."""

from __future__ import annotations

from rules.case_words.entries import NextSteps, Stages
from rules.contract_changes import ChangeStage, ChangeStep
from rules.sentences import N_

NAME = N_("Alteração de contrato")
STAGES: Stages = {
    ChangeStage.SCHEDULED: N_("Marcada"),
    ChangeStage.IN_EFFECT: N_("Em vigor"),
    ChangeStage.DONE: N_("Concluída"),
    ChangeStage.CALLED_OFF: N_("Desmarcada"),
}
NEXT_STEPS: NextSteps = {
    ChangeStep.BEGIN: (
        N_("Início da alteração"),
        N_("A alteração passa a valer, com os proporcionais do período."),
    ),
    ChangeStep.END: (
        N_("Fim da alteração"),
        N_("O contrato volta ao que era, com os proporcionais do período."),
    ),
}
