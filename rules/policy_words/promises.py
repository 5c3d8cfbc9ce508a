"""The words of the policies of promises to pay."""

from __future__ import annotations

from rules.policy_words.entries import HOUSE, Words, days, number
from rules.sentences import N_

WORDS: Words = {
    "days_ahead": days(
        N_("Promessa: no máximo"),
        N_("Quantos dias à frente o cliente pode prometer pagar."),
        60,
        source=HOUSE,
    ),
    "grace_days": days(
        N_("Promessa: dias de graça"),
        N_("Quantos dias depois do prometido ela ainda pode ser cumprida."),
        30,
        source=HOUSE,
    ),
    "kept_percent": number(
        N_("Promessa: parte que a cumpre (%)"),
        N_("Que parte do valor prometido precisa ser paga."),
        100,
        least=1,
        source=HOUSE,
    ),
    "most": number(
        N_("Promessas por cliente"),
        N_("Quantas promessas um cliente pode fazer no período."),
        20,
        least=1,
        source=HOUSE,
    ),
    "within_days": days(
        N_("Promessas: período contado"),
        N_("Em quantos dias as promessas de um cliente são contadas."),
        365,
        source=HOUSE,
    ),
}
