"""The words of the policies of tasks."""

from __future__ import annotations

from rules.policy_values import Unit
from rules.policy_words.entries import HOUSE, Words, business_days, number
from rules.sentences import N_

WORDS: Words = {
    "remind_hours_before": number(
        N_("Lembrete antes do prazo"),
        N_("Horas de expediente antes de a tarefa vencer."),
        80,
        unit=Unit.WORKING_HOURS,
        source=HOUSE,
    ),
    "lead_after_business_days": business_days(
        N_("Líder avisado após"), N_("Depois do prazo da tarefa."), 30, source=HOUSE
    ),
    "manager_after_business_days": business_days(
        N_("Gestor avisado após"), N_("Depois do prazo da tarefa."), 60, source=HOUSE
    ),
    "gather_minutes": number(
        N_("Lembretes reunidos em um e-mail"),
        N_("A quem já recebeu um, os seguintes vão juntos ao fim deste tempo. 0: um a um."),
        1440,
        unit=Unit.MINUTES,
        source=HOUSE,
    ),
}
