"""The words of what orders the worklist of collections."""

from __future__ import annotations

from functools import partial

from rules.policy_values import Setting, Unit
from rules.policy_words.entries import HOUSE, Words, days, flag, number
from rules.sentences import N_

HELP = N_(
    "Em %; valor vezes chance ordena a fila de cobrança. A taxa observada está em Resultados."
)

_chance = partial(Setting, help=HELP, unit=Unit.PERCENT, most=100, source=HOUSE)

WORDS: Words = {
    "up_to_30_days": partial(_chance, label=N_("Chance: até 30 dias de atraso")),
    "up_to_60_days": partial(_chance, label=N_("Chance: até 60 dias de atraso")),
    "up_to_90_days": partial(_chance, label=N_("Chance: até 90 dias de atraso")),
    "up_to_180_days": partial(_chance, label=N_("Chance: até 180 dias de atraso")),
    "up_to_365_days": partial(_chance, label=N_("Chance: até 365 dias de atraso")),
    "older": partial(_chance, label=N_("Chance: mais de 365 dias de atraso")),
    "left_by_broken_promise": number(
        N_("O que uma promessa não cumprida deixa da chance (%)"),
        N_("Uma segunda promessa não cumprida reduz outra vez."),
        100,
        source=HOUSE,
    ),
    "uses_observed": flag(
        N_("Fila: chance observada"),
        N_(
            "Onde houver faturas bastantes, vale o que se pagou delas em 90 dias; senão, o que "
            "está aqui."
        ),
        HOUSE,
    ),
    "least_invoices": number(
        N_("Fila: faturas para valer a chance observada"),
        N_("Com menos faturas daquela idade há 90 dias, vale a chance configurada."),
        100_000,
        source=HOUSE,
    ),
    "promises_within_days": days(
        N_("Fila: promessas não cumpridas contadas"),
        N_("Em quantos dias as promessas não cumpridas de um cliente são contadas."),
        730,
        least=1,
        source=HOUSE,
    ),
}

HAND_OUT: Words = {
    "hold_minutes": partial(
        Setting,
        label=N_("Fila: conta reservada por"),
        help=N_("Por quanto tempo a conta aberta pela fila fica com quem a abriu."),
        unit=Unit.MINUTES,
        least=1,
        most=240,
        source=HOUSE,
    ),
}
