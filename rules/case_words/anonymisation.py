"""What people call a request to anonymise a customer, its stages and its next steps."""

from __future__ import annotations

from rules.anonymisation import AnonymisationStage, AnonymisationStep
from rules.case_words.entries import NextSteps, Stages
from rules.sentences import N_

NAME = N_("Anonimização")
STAGES: Stages = {
    AnonymisationStage.WAITING: N_("Aguardando prazo legal"),
    AnonymisationStage.HELD: N_("Impedida"),
    AnonymisationStage.DONE: N_("Anonimizado"),
    AnonymisationStage.WITHDRAWN: N_("Retirada"),
}
NEXT_STEPS: NextSteps = {
    AnonymisationStep.LOOK: (
        N_("Conferir e anonimizar"),
        N_("Sem dívida, processo nem prazo legal em curso, os dados pessoais são substituídos."),
    ),
}
