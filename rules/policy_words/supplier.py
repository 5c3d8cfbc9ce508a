"""The words of what the messages and documents say of the company itself."""

from __future__ import annotations

from functools import partial

from rules.policy_values import Kind, Setting
from rules.policy_words.entries import HOUSE, Words, text
from rules.sentences import N_

LAW_42A = N_("CDC, art. 42-A")
PIX_MANUAL = N_("Banco Central, Manual do BR Code")

WORDS: Words = {
    "name": text(N_("Nome da empresa"), N_("Quem cobra, como dizem as mensagens."), 120, LAW_42A),
    "document": partial(
        Setting,
        label=N_("CNPJ da empresa"),
        help=N_("Aparece em todo documento de cobrança."),
        kind=Kind.DOCUMENT,
        source=LAW_42A,
    ),
    "address": text(
        N_("Endereço da empresa"), N_("Aparece em todo documento de cobrança."), 200, LAW_42A
    ),
    "city": text(N_("Cidade da empresa"), N_("Como o Pix a mostra a quem paga."), 60, PIX_MANUAL),
    "phone": text(N_("Telefone da empresa"), N_("Para onde o cliente liga."), 40, HOUSE),
    "bureau": text(N_("Nome do birô de crédito"), N_("Como as notificações o chamam."), 60, HOUSE),
}
