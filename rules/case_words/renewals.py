"""What people call a renewal, its stages and its next steps."""

from __future__ import annotations

from rules.case_words.entries import NextSteps, Stages
from rules.renewals import RenewalStage, RenewalStep
from rules.sentences import N_

NAME = N_("Renovação")
STAGES: Stages = {
    RenewalStage.QUEUED: N_("Na fila"),
    RenewalStage.SUCCEEDING: N_("Sucessor feito"),
    RenewalStage.RENEWED: N_("Renovado"),
    RenewalStage.EXPIRED: N_("Vencido"),
    RenewalStage.WITHDRAWN: N_("Retirado"),
}
NEXT_STEPS: NextSteps = {
    RenewalStep.FIRST_NOTICE: (
        N_("Primeiro aviso de renovação"),
        N_("O cliente é avisado do fim do contrato e do novo valor."),
    ),
    RenewalStep.SECOND_NOTICE: (
        N_("Segundo aviso de renovação"),
        N_("O cliente é avisado de novo do fim do contrato e do novo valor."),
    ),
    RenewalStep.RENEW: (
        N_("Renovação"),
        N_("Com poucas faturas em aberto e os avisos dados, o contrato renova."),
    ),
    RenewalStep.TAKE_OVER: (
        N_("O contrato sucessor assume"),
        N_("Conexões, exceções da régua e faturas em aberto passam a ele, e este contrato vence."),
    ),
    RenewalStep.ASK: (
        N_("Tarefa para decidir a renovação"),
        N_("O contrato não renova sozinho: uma pessoa decide."),
    ),
    RenewalStep.EXPIRE: (
        N_("Fim do contrato"),
        N_("Sem renovação, o contrato vence e a conexão é desligada."),
    ),
}
