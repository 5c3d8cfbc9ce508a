"""What people call a task, its stages and its next steps."""

from __future__ import annotations

from rules.case_words.entries import NextSteps, Stages
from rules.sentences import N_
from rules.tasks import TaskStatus

NAME = N_("Tarefa")
STAGES: Stages = {
    TaskStatus.OPEN: N_("Aberta"),
    TaskStatus.CONCLUDED: N_("Concluída"),
    TaskStatus.CANCELLED: N_("Cancelada"),
}
NEXT_STEPS: NextSteps = {
    "untaken": (
        N_("Aviso de tarefa sem responsável"),
        N_("Ninguém assumiu a tarefa; quem a política nomeia é avisado."),
    ),
    "remind": (N_("Lembrete por e-mail"), N_("Quem tem a tarefa é lembrado do prazo.")),
    "tell": (
        N_("Aviso de atraso"),
        N_("A tarefa conta como atrasada e quem a política nomeia é avisado."),
    ),
    "tell_lead": (
        N_("Aviso à liderança"),
        N_("A tarefa conta como atrasada e a liderança da equipe é avisada."),
    ),
    "tell_manager": (N_("Aviso à gestão"), N_("A tarefa atrasada é levada à gestão.")),
}
