"""What people call a collections account, its stages and its next steps."""

from __future__ import annotations

from rules.case_words.entries import NextSteps, Stages
from rules.sentences import N_

NAME = N_("Cobrança")
STAGES: Stages = {
    "classified": N_("Classificado"),
    "in_contact": N_("Em contato"),
    "negotiating": N_("Aguardando negociação"),
    "in_agreement": N_("Em acordo"),
    "broken": N_("Acordo não cumprido"),
    "at_bureau": N_("Em SPC"),
    "closed": N_("Encerrado"),
}
NEXT_STEPS: NextSteps = {
    "start_task": (
        N_("Tarefa para a equipe de cobrança"),
        N_("A equipe é chamada a dar início ao processo de cobrança."),
    ),
    "escalate": (
        N_("Aviso à gestão"),
        N_("O caso sobe para a gestão e conta como prazo descumprido."),
    ),
    "confirm_task": (
        N_("Tarefa para confirmar o processo"),
        N_("Quem deu início é lembrado de confirmar o processo."),
    ),
    "follow_up": (
        N_("Tarefa de acompanhamento"),
        N_("Sem contato registrado, pede-se a quem cuida do caso que procure o cliente."),
    ),
    "cadence": (
        N_("Mensagem ao cliente"),
        N_(
            "A próxima mensagem da sequência de contatos é escrita ao cliente; fora do horário de"
            " contato, sai no próximo."
        ),
    ),
}
