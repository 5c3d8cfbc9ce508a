"""What happens to a bureau record."""

from __future__ import annotations

from collections.abc import Mapping

from rules.history_words.entries import Told, told
from rules.sentences import N_

SENTENCES: Mapping[str, Told] = {
    "register": told(N_("Passou o prazo da notificação.")),
    "ask_proof": told(N_("Tarefa criada para provar a entrega do aviso.")),
    "ask_removal": told(N_("Tarefa criada para remover do SPC.")),
    "alert_removal": told(N_("Prazo legal de remoção perto do fim: gestão avisada.")),
    "expire": told(N_("O registro completou o prazo máximo.")),
}
