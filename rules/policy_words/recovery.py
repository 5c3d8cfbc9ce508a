"""The words of what reaching a customer costs."""

from __future__ import annotations

from functools import partial

from rules.policy_values import Setting
from rules.policy_words.entries import HOUSE, Words
from rules.sentences import N_

HELP = N_("Em centavos; entra no custo da cobrança, em Resultados.")

_cost = partial(Setting, help=HELP, most=100_000, source=HOUSE)

WORDS: Words = {
    "email_cents": partial(_cost, label=N_("Custo de um e-mail")),
    "sms_cents": partial(_cost, label=N_("Custo de um SMS")),
    "app_cents": partial(_cost, label=N_("Custo de uma mensagem no aplicativo")),
    "contact_cents": partial(_cost, label=N_("Custo de um contato")),
}
