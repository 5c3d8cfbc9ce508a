"""The words of the policies of collections."""

from __future__ import annotations

from functools import partial

from rules.message_templates import BY_CODE
from rules.policy_values import Kind, Setting
from rules.policy_words.entries import HOUSE, Words, business_days, team
from rules.sentences import N_

CADENCE = tuple((code, BY_CODE[code].label) for code in BY_CODE if code.startswith("contact_cad"))
WORDS: Words = {
    "team": team(N_("Equipe de cobrança"), N_("A equipe que recebe as tarefas da cobrança.")),
    "start_task_business_days": business_days(
        N_("Ninguém deu início: tarefa após"),
        N_("Prazo desde a classificação até a tarefa para a equipe dar início à cobrança."),
        60,
        source=HOUSE,
    ),
    "escalate_business_days": business_days(
        N_("Ninguém deu início: gestor avisado após"),
        N_(
            "Prazo desde a classificação até o gestor ser avisado; o processo fica com prazo "
            "descumprido."
        ),
        90,
        source=HOUSE,
    ),
    "confirm_task_business_days": business_days(
        N_("Início não confirmado: tarefa após"),
        N_("Prazo desde o início da cobrança até a tarefa de confirmar o processo."),
        60,
        source=HOUSE,
    ),
    "follow_up_business_days": business_days(
        N_("Silêncio na negociação: tarefa após"),
        N_("Prazo sem contato nem mensagem até a tarefa de acompanhamento."),
        60,
        source=HOUSE,
    ),
    "task_due_business_days": business_days(
        N_("Prazo das tarefas de cobrança"),
        N_("Em quanto tempo vence uma tarefa criada pelo sistema na cobrança."),
        30,
        source=HOUSE,
    ),
    "cadence": partial(
        Setting,
        label=N_("Cadência de contato"),
        help=N_("Em que dia da negociação sai cada mensagem; em branco, a mensagem não sai."),
        kind=Kind.CADENCE,
        least=1,
        most=365,
        source=HOUSE,
        choices=CADENCE,
    ),
}
