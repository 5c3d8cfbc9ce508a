"""What people call a readjustment, its stages and its next steps."""

from __future__ import annotations

from rules.case_words.entries import NextSteps, Stages
from rules.readjustments import ReadjustmentStage, ReadjustmentStep
from rules.sentences import N_

NAME = N_("Reajuste")
STAGES: Stages = {
    ReadjustmentStage.WAITING: N_("Aguardando índice"),
    ReadjustmentStage.ASKED: N_("Aguardando decisão"),
    ReadjustmentStage.TOLD: N_("Comunicado"),
    ReadjustmentStage.UNTOLD: N_("Cliente não avisado"),
    ReadjustmentStage.IN_FORCE: N_("Em vigor"),
    ReadjustmentStage.KEPT: N_("Preço mantido"),
    ReadjustmentStage.WITHDRAWN: N_("Retirado"),
}
NEXT_STEPS: NextSteps = {
    ReadjustmentStep.DECIDE: (
        N_("Cálculo do reajuste"),
        N_("Com os índices informados, o novo preço é calculado e comunicado."),
    ),
    ReadjustmentStep.TAKE_EFFECT: (
        N_("Novo preço em vigor"),
        N_("As faturas emitidas a partir deste dia têm o novo preço."),
    ),
}
