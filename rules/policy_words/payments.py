"""The words of the policies of payments."""

from __future__ import annotations

from rules.policy_words.entries import HOUSE, Words, business_days, team
from rules.sentences import N_

WORDS: Words = {
    "team": team(
        N_("Equipe dos pagamentos"),
        N_("A equipe que confere o que um arquivo de retorno deixa em aberto."),
    ),
    "look_business_days": business_days(
        N_("Conferir o retorno em"),
        N_("Prazo da tarefa que um arquivo de retorno abre quando há linhas a conferir."),
        10,
        source=HOUSE,
    ),
}
