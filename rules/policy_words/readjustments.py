"""The words of the policies of readjustments."""

from __future__ import annotations

from rules.policy_words.entries import Words, days
from rules.sentences import N_

WORDS: Words = {
    "notice_days": days(
        N_("Reajuste: aviso antes do novo preço"),
        N_("O novo preço vale das faturas emitidas ao menos tantos dias depois do aviso."),
        365,
        source=N_("Resolução Anatel 765/2023: ao menos 30 dias antes do reajuste"),
    ),
}
