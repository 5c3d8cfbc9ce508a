"""The words of the policies of customers' own links."""

from __future__ import annotations

from rules.policy_words.entries import HOUSE, Words, days, flag
from rules.sentences import N_

WORDS: Words = {
    "valid_days": days(
        N_("Link do cliente: vale por"),
        N_("Depois disso o endereço não abre mais; quem cria o link pode pedir outro prazo."),
        60,
        least=1,
        source=HOUSE,
    ),
    "most_days": days(
        N_("Link do cliente: no máximo"),
        N_("O maior prazo que se pode dar a um link."),
        365,
        least=1,
        source=HOUSE,
    ),
    "shows_days_ahead": days(
        N_("Link do cliente: faturas a vencer"),
        N_("Além das vencidas e das parcelas de acordo, mostra as que vencem em até tantos dias."),
        120,
        source=HOUSE,
    ),
    "takes_promises": flag(
        N_("Promessa pelo link"), N_("O cliente pode prometer pagar pelo próprio link."), HOUSE
    ),
    "takes_releases": flag(
        N_("Liberação em confiança pelo link"),
        N_("O cliente pode religar por alguns dias, dentro do limite da régua."),
        HOUSE,
    ),
    "takes_agreements": flag(
        N_("Acordo pelo link"), N_("O cliente pode aceitar uma oferta de acordo."), HOUSE
    ),
    "takes_contestations": flag(
        N_("Contestação pelo link"), N_("O cliente pode contestar uma fatura."), HOUSE
    ),
}
