"""The words of the policies of tickets."""

from __future__ import annotations

from functools import partial

from rules.policy_values import Setting, Unit
from rules.policy_words.entries import (
    HOUSE,
    Words,
    calendar,
    promise_reminders,
    promised_days,
    promised_hours,
    team,
)
from rules.sentences import N_

RESPONSE_HELP = N_("Sem tabela de SLA no contrato, até a primeira resposta.")
RESOLUTION_HELP = N_("Sem tabela de SLA no contrato, até a solução.")

WORDS: Words = {
    "team": team(N_("Equipe de suporte"), N_("A equipe que recebe os chamados.")),
    "calendar": calendar,
    "response_hours_high": partial(
        promised_hours, label=N_("Primeira resposta, prioridade alta"), help=RESPONSE_HELP
    ),
    "response_hours_normal": partial(
        promised_hours, label=N_("Primeira resposta, prioridade normal"), help=RESPONSE_HELP
    ),
    "response_hours_low": partial(
        promised_hours, label=N_("Primeira resposta, prioridade baixa"), help=RESPONSE_HELP
    ),
    "resolution_hours_high": partial(
        promised_hours, label=N_("Solução, prioridade alta"), help=RESOLUTION_HELP
    ),
    "resolution_hours_normal": partial(
        promised_hours, label=N_("Solução, prioridade normal"), help=RESOLUTION_HELP
    ),
    "resolution_hours_low": partial(
        promised_hours, label=N_("Solução, prioridade baixa"), help=RESOLUTION_HELP
    ),
    "response_reminders": partial(
        promise_reminders, label=N_("Lembretes e avisos da primeira resposta")
    ),
    "resolution_reminders": partial(promise_reminders, label=N_("Lembretes e avisos da solução")),
    "legal_answer_days": partial(
        Setting,
        label=N_("Resposta que a lei quer em"),
        help=N_(
            "Dias corridos desde a demanda, sem parar à espera do cliente; no último, a gestão"
            " recebe uma tarefa."
        ),
        unit=Unit.DAYS,
        most=30,
        least=1,
        source=N_("Decreto 11.034/2022, art. 13 (SAC)"),
    ),
    "nudge_business_days": partial(
        promised_days,
        label=N_("Cliente em silêncio: lembrete após"),
        help=N_("Contados de quando o chamado passou a esperar pelo cliente."),
    ),
    "give_up_business_days": partial(
        promised_days,
        label=N_("Cliente em silêncio: resolvido após"),
        help=N_("Contados de quando o chamado passou a esperar pelo cliente."),
    ),
    "reopen_business_days": partial(
        promised_days,
        label=N_("Reabertura em até"),
        help=N_("Depois de resolvido; passado esse prazo o chamado é encerrado."),
    ),
    "mails_per_hour": partial(
        Setting,
        label=N_("E-mails de um remetente por hora"),
        help=N_("Acima disso os e-mails são guardados e uma pessoa é chamada: pode ser um laço."),
        least=1,
        most=500,
        source=HOUSE,
    ),
}
