"""What happens while a contract is activated."""

from __future__ import annotations

from collections.abc import Mapping

from rules.history_words.entries import Told, told
from rules.sentences import N_

SENTENCES: Mapping[str, Told] = {
    "remind": told(
        N_("Prazo de ativação lembrado a %(told)s."),
        N_("Metade do prazo de ativação passou: lembrete enviado."),
    ),
    "remind_again": told(N_("O prazo de ativação está perto do fim: lembrete enviado.")),
    "breach": told(
        N_("O prazo de ativação estourou: avisado a %(told)s."),
        N_("O prazo de ativação estourou: gestão avisada."),
    ),
    "escalate": told(
        N_("Sem ativação depois do prazo: avisado a %(told)s."),
        N_("Sem ativação depois do prazo, e não há a quem avisar."),
    ),
}
